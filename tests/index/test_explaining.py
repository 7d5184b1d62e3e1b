import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.home import Home
from index.explaining import Explanation, explain
from index.retrieval import Retriever
from index.scope import Scope
from tests.fakes import HashEncoder, WordReranker
from tests.index.conftest import add_paths

_QUERY = "the rain in the harbour"


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home of more documents than are candidates: most are about rain in harbours, two are not."""
    texts = {f"rain-{i}": f"The rain in the harbour of town {i} fell." for i in range(400)}
    texts |= {"brass": "Twelve gauges were made.", "wet": "Such rain!", "boat": "The rain in the harbour hid a boat."}
    path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    path.write_text("".join(json.dumps({"id": id_, "title": "", "text": text}) + "\n" for id_, text in texts.items()))
    home = Home(tmp_path_factory.mktemp("home"), load_encoder=HashEncoder)
    add_paths(home, path)
    yield home
    home.close()


def _explained(
    home: Home, document_id: str, *, query: str = _QUERY, k: int = 3, scope: Scope | None = None, word: str = ""
) -> Explanation:
    reranker = WordReranker(word) if word else None
    retriever = Retriever(home.database, home.store, home.encoder, reranker=reranker)
    return explain(retriever, query, document_id, found=retriever.search(query, k, scope=scope), scope=scope)


def test_a_document_that_is_used_has_its_rank(crowded: Home) -> None:
    """What is among the hits is told with its place."""
    found = crowded.sources.retriever.search(_QUERY, 3)
    for rank, hit in enumerate(found.hits, start=1):
        id_ = hit.passage.document_id
        expected = Explanation(id_, "used", f"it is used: hit {rank} of 3", best=hit)
        assert explain(crowded.sources.retriever, _QUERY, id_, found=found) == expected


def test_a_candidate_that_is_dropped_has_the_stage_and_the_scores(crowded: Home) -> None:
    """Who misses a document reads which stage dropped it, and by how much."""
    found = crowded.sources.retriever.search(_QUERY, 3)
    dropped = found.dropped[0]
    got = explain(crowded.sources.retriever, _QUERY, dropped.passage.document_id, found=found)
    assert (got.outcome, got.stage, got.best) == ("dropped", "fusion", dropped)
    assert got.text == (
        f"fusion dropped it (below the first 3): its best passage scores {dropped.score:.2f}; "
        f"hit 3 has {found.hits[-1].score:.2f}"
    )


def test_what_no_half_of_the_search_lists_is_told_with_its_cosine(crowded: Home) -> None:
    """A document about other things is compared with the candidates there are."""
    got = _explained(crowded, "brass")
    assert (got.outcome, got.stage) == ("no candidate", "candidates")
    assert got.best is not None
    assert got.best.passage.text == "Twelve gauges were made."
    start = f"it is no candidate in either half of the search: its nearest passage has a cosine of {got.best.dense:.2f}"
    assert got.text.startswith(f"{start}, the candidates have ")
    assert got.text.endswith("; none of the query's words is in it")


def test_what_holds_a_word_and_is_no_candidate_is_told_with_both_scores(crowded: Home) -> None:
    """One common word is not enough among many that have all of them."""
    found = crowded.sources.retriever.search("harbour fell town rain", 3)
    assert "wet" not in {hit.passage.document_id for hit in found.windows}
    got = explain(crowded.sources.retriever, "harbour fell town rain", "wet", found=found)
    assert got.outcome == "no candidate"
    assert got.best is not None
    assert got.best.lexical is not None
    assert f"; full text gives it {got.best.lexical:.2f}, and the candidates " in got.text


def test_what_is_outside_the_scope_is_told_so(crowded: Home) -> None:
    """Where the user's own conditions left a document out, no score is blamed."""
    scope = Scope(document_ids=("rain-1", "rain-2"))
    got = _explained(crowded, "boat", scope=scope)
    assert got == Explanation("boat", "outside the scope", "the search was kept within other documents")
    assert _explained(crowded, "rain-1", scope=scope).outcome == "used"


@pytest.mark.parametrize("query", ["", " \n"], ids=["empty", "blank"])
def test_a_search_for_nothing_is_told_so(crowded: Home, query: str) -> None:
    """No score is made up where nothing was searched."""
    got = _explained(crowded, "boat", query=query)
    assert got == Explanation("boat", "no candidate", "nothing of it can be searched for this query")


def test_what_the_reranker_dropped_is_told_with_its_score(home: Home, tmp_path: Path) -> None:
    """The stage is the last one that the document reached, though windows of it were merged before."""
    text = " ".join(f"On day {day} it rained on the harbour of Oslo and nobody came." for day in range(60))
    rows = [{"id": "long", "title": "", "text": text}]
    rows += [{"id": f"boat-{i}", "title": "", "text": "It rained on a boat."} for i in range(3)]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    add_paths(home, tmp_path / "rows.jsonl")
    got = _explained(home, "long", query="it rained", word="boat")
    assert (got.outcome, got.stage) == ("dropped", "reranking")
    assert got.text == "reranking dropped it (below the first 3): its best passage scores 0.00; hit 3 has 1.00"
    assert _explained(home, "boat-0", query="it rained", word="boat").outcome == "used"
