from dataclasses import asdict

from index.passage import Hit, Passage, hit_json, hit_row


def test_a_row_is_what_the_hit_holds() -> None:
    """Key by key, in order: other programs read it."""
    passage = Passage("a#1.0", "a", 3, 9, "the sea", heading="Water", page=2, title="Seas")
    hit = Hit(passage, 1.5, dense=0.7, lexical=None, dropped="merging: within another")
    assert list(hit_row(hit).items()) == list(asdict(hit).items())
    assert list(hit_row(hit)["passage"]) == list(asdict(passage))
    assert hit_json(hit) == {
        "document_id": "a",
        "start": 3,
        "end": 9,
        "text": "the sea",
        "heading": "Water",
        "page": 2,
        "title": "Seas",
        "passage_id": "a#1.0",
        "score": 1.5,
        "dense": 0.7,
        "lexical": None,
        "rerank": None,
        "dropped": "merging: within another",
    }
    assert hit_row(hit, max_chars=3)["passage"] == asdict(passage) | {"text": "the"}
