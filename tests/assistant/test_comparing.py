import json
from collections.abc import Callable

import pytest

from assistant.comparing import Cell, ComparedDocument, compare, matrix_json
from assistant.errors import InvalidCall
from assistant.home import Home
from assistant.sources import Sources
from corpus.errors import UnknownDocument
from tests.fakes_packs import LONG, MATRIX, SHORT

Certain = Callable[[Home], Sources]

BUDGET = "How large is the budget?"
NOBODY = "Who is Yuggoth?"


def test_each_document_is_asked_alone(coast: Home, certain: Certain) -> None:
    """A cell quotes its own document, character for character; citations are numbered through the matrix."""
    matrix = compare(certain(coast), ["lighthouse", "harbour"], [BUDGET])
    assert [document.id for document in matrix.documents] == ["lighthouse", "harbour"]
    assert matrix.questions == (BUDGET,)
    for number, (document, (cell,)) in enumerate(zip(matrix.documents, matrix.cells, strict=True), start=1):
        citation = cell.citation
        assert citation is not None
        assert (citation.document_id, citation.sha256, citation.number) == (document.id, document.sha256, number)
        assert coast.catalogue.document(document.id).text[citation.start : citation.end] == citation.quote
        assert (cell.verdict, cell.searched) == ("supported", (BUDGET,))


def test_one_span_has_one_number(coast: Home, certain: Certain) -> None:
    matrix = compare(certain(coast), ["harbour"], [BUDGET, BUDGET.upper()])
    cells = matrix.cells[0]
    assert cells[0].citation == cells[1].citation
    assert cells[0].citation is not None


def test_a_document_that_says_nothing_is_silent_and_says_what_was_searched(coast: Home) -> None:
    """Silence is a result, not an error."""
    matrix = compare(coast.sources, ["harbour"], [NOBODY])
    assert matrix.cells == ((Cell(None, (NOBODY,), "silent"),),)


def test_what_is_named_twice_is_asked_once(coast: Home, certain: Certain) -> None:
    asked: list[tuple[str, str]] = []
    matrix = compare(
        certain(coast),
        ["harbour", "lighthouse", "harbour"],
        [BUDGET, f" {BUDGET} "],
        progress=lambda pairs: (asked.append(pair) or pair for pair in pairs),
    )
    assert asked == [("harbour", BUDGET), ("lighthouse", BUDGET)]
    assert (len(matrix.documents), len(matrix.questions)) == (2, 1)


def test_a_document_that_is_not_there_is_named_before_anything_is_asked(coast: Home) -> None:
    with pytest.raises(UnknownDocument, match="there is no document 'harbor': did you mean harbour"):
        compare(coast.sources, ["lighthouse", "harbor"], [BUDGET], progress=lambda _: pytest.fail("asked"))


@pytest.mark.parametrize(
    ("documents", "questions", "message"),
    [
        ([], [BUDGET], "there are no documents"),
        (["harbour"], [], "there are no questions"),
        (["harbour"], [BUDGET, "  "], "the question is empty"),
        (["harbour"], ["\ud800"], "the question is not UTF-8"),
    ],
)
def test_what_cannot_be_compared_is_told(coast: Home, documents: list[str], questions: list[str], message: str) -> None:
    with pytest.raises(InvalidCall, match=message):
        compare(coast.sources, documents, questions)


def test_a_document_is_described_as_it_is(coast: Home) -> None:
    sha256 = coast.catalogue.document("harbour").sha256
    matrix = compare(coast.sources, ["harbour"], [NOBODY])
    assert matrix.documents == (ComparedDocument("harbour", "About harbour", None, sha256),)


def test_a_matrix_for_programs() -> None:
    """Cells by document, then by question; citations as the contract has them, silence as null."""
    content = json.loads(json.dumps(matrix_json(MATRIX)))
    assert set(content) == {"documents", "questions", "cells"}
    assert content["documents"][0] == {
        "id": "harbour",
        "title": "The <harbour> | `x`",
        "published": "2021-03",
        "sha256": "ab" * 32,
    }
    assert content["questions"] == ["Which | one?", "=Q2"]
    assert content["cells"][0][1] == {"citation": None, "searched": ["=Q2", "q|2"], "verdict": "silent"}
    assert [row[0]["citation"]["quote"] for row in content["cells"]] == [LONG.quote, SHORT.quote]
    assert set(content["cells"][0][0]["citation"]) == {
        *("number", "document_id", "sha256", "title", "source", "start", "end", "quote", "heading", "page", "phrase")
    }
