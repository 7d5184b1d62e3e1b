import dataclasses

import pytest

from assistant.answer import Citation
from assistant.conflicts import at_odds, side_by_side
from assistant.evidence import Evidence
from corpus.document import Document
from index.passage import Passage

START = "When will the Tidal Array start operation?"
HOW_MANY = "How many towns joined the Coast Pact in the first year?"


def evidence(*rows: tuple[str, float], title: str = "The Tidal Array") -> list[Evidence]:
    """The sentences, each of a document of its own, with their probabilities."""
    return [
        Evidence(f"d{i}", 0, len(text), text, p, Passage("p", f"d{i}", 0, len(text), text, title=title))
        for i, (text, p) in enumerate(rows)
    ]


IN_2027, IN_2028 = "The array will start operation in 2027.", "Its start of operation was moved to 2028."


@pytest.mark.parametrize(
    ("question", "rows", "sides"),
    [
        (START, [(IN_2027, 0.7), (IN_2028, 0.4)], [IN_2027, IN_2028]),
        (START, [(IN_2027, 0.7), ("The start of operation is planned for March 2027.", 0.4)], []),
        (START, [(IN_2027, 0.7), (IN_2028, 0.1)], []),
        (START, [(IN_2027, 0.1), (IN_2028, 0.09)], []),
        (START, [(IN_2027, 0.7), ("The office of the array moved in 2019.", 0.6)], []),
        (
            HOW_MANY,
            [("Nine towns joined the Coast Pact in that year.", 0.6), ("Eleven towns joined the Coast Pact.", 0.5)],
            ["Nine towns joined the Coast Pact in that year.", "Eleven towns joined the Coast Pact."],
        ),
        (HOW_MANY, [("Nine towns joined the Coast Pact.", 0.6), ("Eleven towns joined the River Pact.", 0.5)], []),
        ("Who runs the Tidal Array?", [("Ann Orre runs it since 2020.", 0.7), ("Bo Vale ran it in 2019.", 0.6)], []),
        ("", [], []),
    ],
    ids=[
        "two years",
        "one says more than the other",
        "the other is improbable",
        "none is probable",
        "the other is about something else",
        "two numbers",
        "the other has another name",
        "neither number nor date is asked for",
        "nothing",
    ],
)
def test_sentences_that_answer_with_other_figures_are_at_odds(
    question: str, rows: list[tuple[str, float]], sides: list[str]
) -> None:
    """Figures differ only where both are of what is asked, and neither is a part of the other."""
    assert [side.text for side in at_odds(question, evidence(*rows))] == sides


def test_a_figure_that_several_give_stands_for_one_side() -> None:
    rows = [(IN_2027, 0.7), ("They hope to start operation in 2027.", 0.6), (IN_2028, 0.5)]
    assert [side.text for side in at_odds(START, evidence(*rows))] == [IN_2027, IN_2028]


def test_the_note_names_the_sides_with_their_dates() -> None:
    """One without a date says so; with one side alone there is nothing to note."""
    sides = evidence((IN_2027, 0.7), (IN_2028, 0.5))
    cited = [
        Citation(n, side.document_id, "ab", f"Report {n}", "/r.md", side.start, side.end, side.text, None, None, None)
        for n, side in enumerate(sides, start=1)
    ]
    fields = {field.name: "" for field in dataclasses.fields(Document)} | {"sections": (), "metadata": {}}
    kept = {
        "d0": Document(**fields | {"id": "d0", "published": "2024-03"}),
        "d1": Document(**fields | {"id": "d1", "published": None}),
    }
    assert side_by_side(sides, cited, kept.__getitem__) == (
        "more than one answer stands in the documents: [1] Report 1 (2024-03); [2] Report 2 (undated)"
    )
    assert side_by_side(sides, cited[:1], kept.__getitem__) == ""
