import json
from pathlib import Path
from random import Random

from evals.claims.documents import Collection, around, split, without

SENTENCES = ["One is here.", "Two is there.", "Three is gone.", "Four came back."]


def test_near_documents_share_words_and_those_to_avoid_are_left_out(tmp_path: Path) -> None:
    texts = {"a": "penguins live in antarctica", "b": "penguins swim in antarctica", "c": "steam engines need coal"}
    rows = [{"id": id_, "title": id_, "text": text} for id_, text in texts.items()]
    (tmp_path / "documents.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert Collection(tmp_path).near("penguins in antarctica", {"a"}) == [texts["b"], texts["c"]]


def test_quotes_around_a_sentence_hold_it() -> None:
    """Alone, with neighbours on both sides, one by one, or the whole paragraph."""
    found = {tuple(around(SENTENCES, 1, Random(seed))) for seed in range(40)}  # noqa: S311  (nothing here is secret)
    assert all("Two is there." in " ".join(quotes) for quotes in found)
    assert ("Two is there.",) in found
    assert (" ".join(SENTENCES),) in found
    assert tuple(SENTENCES[:3]) in found


def test_what_is_left_of_a_passage_does_not_bear_the_claim() -> None:
    passage = " ".join(SENTENCES)
    assert split(passage) == SENTENCES
    assert without(passage, ["Two is there."], "Three things were gone.") == "One is here. Four came back."
    assert without("Two is there.", ["Two is there."], "Two.") == ""
