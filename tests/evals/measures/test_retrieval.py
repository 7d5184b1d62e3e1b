import json
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.answering import answer
from assistant.home import Home
from corpus.reading.files import FoundFile
from evals.case import Case, Judgement, Score
from evals.measures.retrieval import RETRIEVAL_MEASURES
from index.adding import add_files

CASE = Case(
    id="c",
    question="Q?",
    history=(),
    judgements=(Judgement("a", 0, 20, "x"), Judgement("b", 50, 60, "x"), Judgement("c", 100, 120, "y")),
    references=(),
    answerable=True,
)


def found(*spans: tuple[str, int, int], kind: str = "look-up") -> Answer:
    """An answer after a search that found these passages, best first."""
    hits = [{"passage": {"document_id": id_, "start": start, "end": end}} for id_, start, end in spans]
    return Answer("Q?", "Q?", trace={"kind": kind, "hits": hits})


def scores(got: Answer, case: Case = CASE) -> list[float | None]:
    """Every measure's value: R, nDCG, RR of documents, of spans; recall, precision, IoU of characters."""
    return [measure(case, got).value for measure in RETRIEVAL_MEASURES.values()]


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        # relevant documents: a, b, c. 0.6309 = 1 / log2(3); of the spans x is met at rank 2, y at 3
        (
            found(("z", 0, 100), ("a", 0, 100), ("c", 90, 140)),
            [2 / 3, (0.6309 + 0.5) / 2.1309, 1 / 2, 1.0, (0.6309 + 0.5) / 1.6309, 1 / 2, 1.0, 40 / 250, 40 / 250],
        ),
        # the other alternative of x, twice; of y's document other words; wanted are 10 + 20 characters, 10 are found
        (
            found(("b", 40, 70), ("b", 45, 75), ("c", 0, 40)),
            [2 / 3, 1.6309 / 2.1309, 1.0, 1 / 2, 1 / 1.6309, 1.0, 10 / 30, 10 / 100, 10 / 120],
        ),
        # the sixth is past the cut, but for RR
        (
            found(*[(id_, 0, 10) for id_ in "uvwxz"], ("c", 100, 120)),
            [0.0, 0.0, 1 / 6, 0.0, 0.0, 1 / 6, 0.0, 0.0, 0.0],
        ),
        (found(), [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, None, 0.0]),
    ],
    ids=["all the words", "half of them", "too late", "nothing"],
)
def test_hits_are_scored_as_by_hand(got: Answer, expected: list[float | None]) -> None:
    assert scores(got) == pytest.approx(expected, abs=1e-4)


def test_two_things_found_at_once_are_found_as_well_as_can_be() -> None:
    """A passage that holds both groups is as good a ranking of them as there is."""
    case = Case("c", "Q?", (), (Judgement("a", 0, 20, "x"), Judgement("a", 30, 50, "y")), (), answerable=True)
    assert scores(found(("a", 0, 100), ("z", 0, 9)), case)[3:6] == [1.0, 1.0, 1.0]
    assert scores(found(("z", 0, 9), ("a", 0, 100)), case)[3:6] == pytest.approx([1.0, 0.6309, 0.5], abs=1e-4)


@pytest.mark.parametrize(
    "got", [Answer("Q?", "Q?"), found(kind="list"), found(kind="small talk")], ids=["no trace", "a list", "small talk"]
)
def test_what_was_not_searched_is_not_scored(got: Answer) -> None:
    """An answer of another kind was not searched for; one from a file may have lost its trace."""
    given = {measure(CASE, got) for measure in RETRIEVAL_MEASURES.values()}
    assert given == {Score(None, "nothing was searched, or no trace was kept")}


def test_the_trace_of_a_real_answer_is_read(home: Home, tmp_path: Path) -> None:
    """The passages that answering found are what is scored: the right one of two documents comes first."""
    texts = {"sea": "The tide office in Port Elin runs the harbour.", "hill": "Sheep graze on the hills of Norvale."}
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps({"id": id_, "title": id_, "text": text}) + "\n" for id_, text in texts.items()))
    list(add_files([FoundFile(path, path.name)], home.catalogue, lambda: home.indexer))
    case = Case("one", "What runs the harbour?", (), (Judgement("sea", 0, 46),), (), answerable=True)
    got = scores(answer(case.question, home.sources), case)
    assert got[:7] == [1.0] * 7
    assert got[7] == got[8] in {1.0, 46 / (46 + len(texts["hill"]))}
