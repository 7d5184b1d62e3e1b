import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.catalogue import new_document
from corpus.document import Document
from corpus.errors import UnknownDocument
from evals.cases.placing import NotPlaced, Placed, Places, shown

TEXT = "The tide is high. The boats are out at sea. The tide is low.\n\nNobody fishes in “Port Elin” on Sundays."


def places(text: str = TEXT) -> Places:
    """The places of one document, `sea`."""

    def document(document_id: str) -> Document:
        if document_id != "sea":
            raise UnknownDocument(f"there is no document {document_id!r}")
        return new_document({"id": "sea", "title": "Sea", "source": "/sea", "language": "en"}, text=text)

    return Places(document)


def test_a_quote_that_is_there_once_is_placed() -> None:
    assert places().place("sea", quote="The boats are out") == Placed(18, 35)


def test_a_quote_that_is_not_there_leads_to_the_nearest_sentence() -> None:
    """A curly quotation mark that was typed as a straight one shows in what is offered."""
    with pytest.raises(NotPlaced) as raised:
        places().place("sea", quote='fishes in "Port Elin"')
    assert str(raised.value) == (
        "the quote 'fishes in \"Port Elin\"' is not in 'sea': "
        "the nearest sentence there is 'Nobody fishes in “Port Elin” on Sundays.'"
    )
    with pytest.raises(NotPlaced, match="no sentence there shares a word with it"):
        places().place("sea", quote="Zorblax!")


def test_a_quote_that_is_there_twice_needs_its_span() -> None:
    with pytest.raises(NotPlaced, match=r"occurs 2 times in 'sea': make it longer, .* \(0 to 11 or 44 to 55\)$"):
        places().place("sea", quote="The tide is")
    assert places().place("sea", quote="The tide is", span=(44, 55)) == Placed(44, 55)


def test_of_a_quote_and_a_span_the_quote_decides() -> None:
    """A document that was changed moves words: they are found anew, with a remark; words that are gone are an error."""
    moved = places().place("sea", quote="The boats are out", span=(3, 20))
    assert moved == Placed(18, 35, "the quote is at 18 to 35 of 'sea' now, not at 3: it moved")
    with pytest.raises(NotPlaced, match=r"the quote 'The boats are in' is no longer in 'sea': the nearest sentence"):
        places().place("sea", quote="The boats are in", span=(18, 34))
    with pytest.raises(NotPlaced, match="occurs 2 times"):
        places().place("sea", quote="The tide is", span=(3, 14))


@pytest.mark.parametrize("span", [(40, 400), (4, 4), (-1, 4), (9, 3), (10**30, 10**31)])
def test_a_span_outside_its_document_is_told_with_its_length(span: tuple[int, int]) -> None:
    with pytest.raises(
        NotPlaced, match=rf"^the span {span[0]} to {span[1]} is not in 'sea', which has {len(TEXT)} char"
    ):
        places().place("sea", span=span)


@pytest.mark.parametrize("span", [(-9, 35), (18, 10**30), (-(10**30), 0)])
def test_an_impossible_span_beside_a_good_quote_does_no_harm(span: tuple[int, int]) -> None:
    placed = places().place("sea", quote="The boats are out", span=span)
    assert (placed.start, placed.end) == (18, 35)


def test_a_document_that_is_not_there_is_looked_up_once() -> None:
    asked = []

    def document(document_id: str) -> Document:
        asked.append(document_id)
        raise UnknownDocument("there is no document 'lake'")

    finder = Places(document)
    for _ in range(3):
        with pytest.raises(NotPlaced, match="there is no document 'lake'"):
            finder.place("lake", quote="x")
    assert asked == ["lake"]


@given(st.text("ab .\n", min_size=1, max_size=60), st.integers(0, 59), st.integers(1, 20))
def test_what_is_placed_is_the_quote(text: str, start: int, length: int) -> None:
    """Whatever is copied from a document is found in it, or said to be there more than once."""
    quote = text[start : start + length]
    if not quote.strip():
        return
    try:
        placed = places(text).place("sea", quote=quote)
    except NotPlaced as error:
        assert f"occurs {text.count(quote)} times" in str(error)
        assert text.count(quote) > 1
    else:
        assert text[placed.start : placed.end] == quote


@pytest.mark.parametrize("unit", ["word " * 20, "a.", "(1) ", "日本", "\n\n- x"])
def test_the_nearest_sentence_of_a_long_text_is_found_in_time(unit: str) -> None:
    """A document without sentence ends, or of nothing but them, takes a second or two, and once for many quotes."""
    finder = places(unit * (600_000 // len(unit)))
    started = time.process_time()
    for number in range(50):
        with pytest.raises(NotPlaced):
            finder.place("sea", quote=f"word a 日 x {number} nowhere")
    assert time.process_time() - started < 20


def test_what_is_shown_is_one_short_line() -> None:
    assert shown("a\n b" * 10_000) == ("a b" + "a b" * 100)[:159] + "…"
