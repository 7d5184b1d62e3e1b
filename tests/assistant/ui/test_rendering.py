import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Citation, Claim, Refusal
from assistant.ui.rendering import (
    WINDOW_CHARS,
    answer_html,
    changed_source_html,
    claim_html,
    escape,
    refusal_html,
    source_html,
    status_html,
)
from corpus.catalogue import new_document
from corpus.document import Document, Section

HOSTILE = "<img src=x onerror=alert(1)> **b** $x$ {{y}} `c` </mark> &amp; \"'"
TAG = re.compile(r"</?[a-z0-9]+(?: [a-z-]+=\"[^\"<>]*\")*>")


def document(text: str, title: str = "The harbour", **fields: object) -> Document:
    return new_document({"id": "a", "title": title, "source": "/a.md", "language": "en", **fields}, text=text)


def citation(start: int, end: int, quote: str, **fields: object) -> Citation:
    return Citation(1, "a", "ab", "The harbour", "/a.md", start, end, quote, **fields)


def without_tags(markup: str) -> str:
    return html.unescape(TAG.sub("", markup))


@given(st.text(st.characters(blacklist_categories=["Cs"])))
def test_escaped_text_reads_as_it_was_and_holds_no_markup(text: str) -> None:
    """A browser shows every character as it is in the document; HTML, Markdown and templates find nothing to act on."""
    escaped = escape(text)
    assert re.sub(r"&#(\d+);", lambda match: chr(int(match.group(1))), escaped) == text
    assert not re.search(r"[^A-Za-z0-9\s]", re.sub(r"&#\d+;", "", escaped))


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_a_standard_reader_of_html_gets_the_text_back(text: str) -> None:
    assert html.unescape(escape(text)) == text


def test_a_claim_has_its_markers_and_its_verdict_in_words() -> None:
    """A screen reader hears which source a marker opens and whether the claim is supported."""
    assert claim_html(Claim("It has 3 crowns.", (1, 12), "partly", 0.5), turn=2) == (
        '<span class="claim">It has 3 crowns&#46; '
        '<a class="cite" href="#cite-2-1" role="button" tabindex="0" aria-label="Show source 1">&#91;1&#93;</a>'
        '<a class="cite" href="#cite-2-12" role="button" tabindex="0" aria-label="Show source 12">&#91;12&#93;</a>'
        '<span class="verdict partly" title="partly supported by its source" '
        'aria-label="partly supported by its source">◐</span></span>'
    )


def test_an_unsupported_claim_cannot_be_rendered() -> None:
    """The page has no shape for what failed its check, so a mistake elsewhere cannot show it."""
    with pytest.raises(KeyError):
        claim_html(Claim("It has 3 crowns.", (1,), "unsupported", 0.0), turn=1)


def test_the_items_of_a_list_stand_in_lines_of_their_own_and_notes_below() -> None:
    claims = (Claim("One.", (1,), "supported", 1.0), Claim("Two.", (2,), "supported", 1.0))
    listed = Answer("Which?", "Which?", claims, notes=("2 of 2 documents searched",), trace={"kind": "list"})
    assert answer_html(listed, 1).count("<br>") == 2
    assert without_tags(answer_html(listed, 1)).endswith("2 of 2 documents searched")
    assert answer_html(Answer("Who?", "Who?", claims, trace={"kind": "look-up"}), 1).count("<br>") == 0


def test_small_talk_has_no_marker_and_no_verdict() -> None:
    assert claim_html(Claim("Hello!", (), "supported", 1.0), 1) == '<span class="claim">Hello&#33;</span>'


def test_a_refusal_shows_what_could_have_been_meant() -> None:
    refusal = Refusal("underspecified", "Which one?", ("Who?",), ("About <b>", "About b"))
    assert "– About &#60;b&#62;" in refusal_html(refusal, 1)


def test_a_refusal_shows_the_nearest_passages_each_with_its_marker() -> None:
    refusal = Refusal("absent", "Not here.", nearest=(citation(0, 5, "One\ntwo"),))
    assert refusal_html(refusal, turn=3) == (
        '<span class="refusal">Not here&#46;</span><br>The nearest passages:<br>'
        '<a class="cite" href="#cite-3-1" role="button" tabindex="0" aria-label="Show source 1">&#91;1&#93;</a> One two'
    )
    assert refusal_html(Refusal("absent", "Not here."), turn=3) == '<span class="refusal">Not here&#46;</span>'


def test_the_source_shows_the_document_with_the_cited_words_marked() -> None:
    text = "Money\n\nIt has a budget. It is large."
    shown = source_html(
        citation(7, 23, "It has a budget.", heading="Money", page=4),
        document(text, published="2019-05-04", sections=(Section("Money", 1, 0, len(text)),)),
    )
    assert shown == (
        '<article class="source"><h2>The harbour</h2>'
        '<p class="details">2019&#45;05&#45;04 &#183; Money &#183; page 4 &#183; &#47;a&#46;md</p>'
        '<div class="text" lang="en"><strong class="heading" tabindex="-1">Money</strong>\n\n'
        '<mark class="cited" tabindex="-1">It has a budget&#46;</mark> It is large&#46;</div></article>'
    )


def test_a_heading_inside_the_cited_words_does_not_break_the_mark() -> None:
    text = "Money\n\nIt has a budget."
    shown = source_html(citation(0, 23, text), document(text, sections=(Section("Money", 1, 0, len(text)),)))
    assert shown.count("<strong") == 0
    assert '<mark class="cited" tabindex="-1">Money\n\nIt has a budget&#46;</mark>' in shown


def test_of_a_long_document_the_surroundings_are_shown() -> None:
    """A book does not freeze the page: so many characters before the cited words, and so many after."""
    before, after = "a" * (WINDOW_CHARS + 500), "c" * (WINDOW_CHARS + 500)
    shown = source_html(citation(len(before), len(before) + 5, "bbbbb"), document(f"{before}bbbbb{after}"))
    text = without_tags(shown.partition('lang="en">')[2])
    assert text == "a" * WINDOW_CHARS + "bbbbb" + "c" * WINDOW_CHARS


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1), data=st.data())
def test_any_text_is_shown_whole_with_exactly_the_quote_marked(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    body = source_html(citation(start, end, text[start:end]), document(text)).partition('lang="en">')[2]
    before, _, rest = body.partition('<mark class="cited" tabindex="-1">')
    marked, _, after = rest.partition("</mark>")
    assert [without_tags(part) for part in (before, marked, after)] == [text[:start], text[start:end], text[end:]]


@pytest.mark.parametrize(
    "markup",
    [
        claim_html(Claim(HOSTILE, (1,), "supported", 1.0), 1),
        refusal_html(Refusal("absent", HOSTILE, nearest=(citation(0, 1, HOSTILE),)), 1),
        status_html(HOSTILE),
        changed_source_html(Citation(1, "a", "ab", HOSTILE, HOSTILE, 0, 1, HOSTILE)),
        source_html(
            citation(0, len(HOSTILE), HOSTILE, heading=HOSTILE),
            document(HOSTILE, title=HOSTILE, source=HOSTILE, published=HOSTILE, sections=(Section(HOSTILE, 1, 0, 9),)),
        ),
    ],
    ids=["claim", "refusal", "status", "removed source", "source"],
)
def test_hostile_text_is_shown_as_text_wherever_it_appears(markup: str) -> None:
    """Nothing from a document becomes an element, an attribute, Markdown or a formula."""
    elements = set(re.findall(r"<([a-z0-9]+)", markup))
    assert elements <= {"article", "h2", "p", "div", "mark", "strong", "span", "a", "br"}
    left = re.sub(r"&#\d+;", "", TAG.sub("", markup))
    assert not re.search(r"[<>*$`{}&]", left)
    assert HOSTILE in without_tags(markup)
