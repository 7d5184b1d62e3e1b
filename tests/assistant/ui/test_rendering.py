import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Citation, Claim, Refusal
from assistant.ui.rendering import answer_html, cards_html, claim_html, escape, line, refusal_html, status_html

HOSTILE = "<img src=x onerror=alert(1)> **b** $x$ {{y}} ${z} `c` </mark> &amp; \"'\n\n# h"
TAG = re.compile(r"</?[a-z0-9]+(?: [a-z-]+=\"[^\"<>]*\"| hidden)*>")


def citation(number: int = 1, **fields: object) -> Citation:
    given = {"document_id": "a", "sha256": "ab", "title": "The harbour", "source": "/a.md", "start": 0, "end": 5}
    return Citation(number, **{**given, "quote": "Three crowns.", **fields})


def without_tags(markup: str) -> str:
    return html.unescape(TAG.sub("", markup))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_escaped_text_reads_as_it_was_and_holds_no_markup(text: str) -> None:
    """A browser shows every character as it is in the document; HTML, Markdown and templates find nothing to act on."""
    escaped = escape(text)
    assert re.sub(r"&#(\d+);", lambda match: chr(int(match.group(1))), escaped) == text
    left = re.sub(r"&#\d+;", "", escaped)
    assert all(c.isalnum() or c.isspace() or "\x80" <= c <= "\x9f" for c in left)


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_a_standard_reader_of_html_gets_the_text_back(text: str) -> None:
    assert html.unescape(escape(text)) == text


def test_a_character_that_html_cannot_hold_is_seen_to_be_missing() -> None:
    assert html.unescape(escape("a\0b")) == "a\ufffdb"


def test_a_claim_has_its_markers_and_its_verdict_in_words() -> None:
    """A shape says how far the sources bear the sentence out, and words say it to those who cannot see it."""
    assert claim_html(Claim("It has 3 crowns.", (1, 12), "partly", 0.5), 2) == (
        '<span class="claim">It has 3 crowns&#46; '
        '<a class="cite" href="#cite-2-1" role="button" tabindex="0">&#91;1&#93;</a>'
        '<a class="cite" href="#cite-2-12" role="button" tabindex="0">&#91;12&#93;</a>'
        '<span class="verdict partly" role="img" title="Partly supported by its source &#40;50 &#37;&#41;">◐</span>'
        "</span>"
    )
    assert "出典が裏付けています" in claim_html(Claim("三。", (1,), "supported", 1.0), 1, language="ja")


def test_an_unsupported_claim_cannot_be_rendered() -> None:
    """The page has no shape for what failed its check, so a mistake elsewhere cannot show it."""
    with pytest.raises(KeyError):
        claim_html(Claim("It has 3 crowns.", (1,), "unsupported", 0.0), 1)


def test_the_items_of_a_list_stand_in_lines_of_their_own_and_notes_below() -> None:
    claims = (Claim("One.", (1,), "supported", 1.0), Claim("Two.", (2,), "supported", 1.0))
    listed = Answer("Which?", "Which?", claims, notes=("2 of 2 documents searched",), trace={"kind": "list"})
    assert answer_html(listed, 1).count("<br>") == 2
    assert "2 of 2 documents searched" in without_tags(answer_html(listed, 1))
    assert answer_html(Answer("Who?", "Who?", claims, trace={"kind": "look-up"}), 1).count("<br>") == 0


def test_small_talk_has_no_marker_and_no_verdict() -> None:
    assert claim_html(Claim("Hello!", (), "supported", 1.0), 1) == '<span class="claim">Hello&#33;</span>'


def test_a_card_holds_the_quote_and_where_it_stands() -> None:
    """Hidden in the message, under the marker's number: the quote with its phrase, the title, date and place."""
    one = citation(3, start=10, end=25, quote="It has\n3 crowns", heading="Money, 4.", page=7, phrase=(17, 25))
    assert cards_html([one], 2, dates={("a", "ab"): "2019-05-04"}) == (
        '<span class="cards" hidden><span id="card-2-3">'
        '<span class="card-quote">It has <strong>3 crowns</strong></span><span class="card-title">The harbour</span>'
        '<span class="card-place">4 May 2019 &#183; Money&#44; 4&#46; &#183; page 7</span></span></span>'
    )
    assert cards_html([], 2) == ""
    assert "page xii<" in cards_html([citation(page=14, page_label="xii")], 2)


def test_a_follow_up_says_how_it_was_understood() -> None:
    shown = answer_html(Answer("Who?", "Who runs it?", (Claim("A.", (1,), "supported", 1.0),), (citation(),)), 4)
    assert "Understood as: Who runs it?" in without_tags(shown)
    assert 'value="look-4"' in shown


def test_a_line_says_which_citations_are_of_versions_that_are_not_current() -> None:
    answer = Answer("Who?", "Who?", (Claim("A.", (1, 2, 3), "supported", 1.0),), (citation(1), citation(2)))
    states = {1: "changed", 2: "current", 3: "changed"}
    shown = without_tags(answer_html(answer, 1, states=states))
    assert "[1] [3]: a newer version has replaced this since" in shown
    assert "removed" not in shown
    assert "since" not in without_tags(answer_html(answer, 1, states=dict.fromkeys(states, "current")))


@pytest.mark.parametrize(
    ("refusal", "question", "hint"),
    [
        (Refusal("absent", "No.", nearest=(citation(),)), "What does Zorblax eat?", "Look up how “Zorblax” is written"),
        (Refusal("absent", "No.", nearest=(citation(),)), "what is eaten?", "Try other words"),
        (Refusal("insufficient", "No.", nearest=(citation(),)), "Who?", "Ask for what the nearest passages do say"),
        (Refusal("underspecified", "No.", (), ("A", "B"), (citation(),)), "Who?", "Say which document"),
        (Refusal("absent", "No."), "Who?", "Add documents"),
    ],
    ids=["unknown name", "absent", "insufficient", "underspecified", "no documents"],
)
def test_a_refusal_says_what_to_try(refusal: Refusal, question: str, hint: str) -> None:
    assert hint in without_tags(refusal_html(refusal, 1, question=question))


def test_a_refusal_shows_what_was_searched_and_what_could_have_been_meant_as_buttons() -> None:
    refusal = Refusal("underspecified", "Which one?", ("Who signed?",), ("About <b>", "About b"), (citation(),))
    shown = refusal_html(refusal, 6)
    assert "Searched for: “Who signed?”" in without_tags(shown)
    assert '<button type="button" class="ask" value="ask-6-1">About &#60;b&#62;</button>' in shown
    assert '<button type="button" class="ask" value="ask-6-2">About b</button>' in shown


def test_a_refused_question_whose_documents_changed_can_be_asked_again() -> None:
    assert 'value="ask-6-0">Ask again</button>' in refusal_html(Refusal("unsupported", "Changed."), 6)


def test_a_refusal_shows_the_nearest_passages_each_with_its_marker_and_card() -> None:
    shown = refusal_html(Refusal("absent", "Not here.", nearest=(citation(quote="One\ntwo"),)), 3)
    marker = '<a class="cite" href="#cite-3-1" role="button" tabindex="0">&#91;1&#93;</a>'
    assert f"<li>{marker} One two</li>" in shown
    assert '<span id="card-3-1"><span class="card-quote">One two</span>' in shown
    assert "nearest" not in refusal_html(Refusal("absent", "Not here."), 3)


@pytest.mark.parametrize(
    "markup",
    [
        claim_html(Claim(HOSTILE, (1,), "supported", 1.0), 1),
        refusal_html(
            Refusal("absent", HOSTILE, (HOSTILE,), (HOSTILE,), (citation(quote=HOSTILE),)), 1, question=HOSTILE
        ),
        cards_html([citation(title=HOSTILE, quote=HOSTILE, heading=HOSTILE, phrase=(0, 5))], 1),
        status_html(HOSTILE),
        answer_html(Answer(HOSTILE, HOSTILE + "?", notes=(HOSTILE,)), 1),
    ],
    ids=["claim", "refusal", "card", "status", "answer"],
)
def test_hostile_text_is_shown_as_text_wherever_it_appears(markup: str) -> None:
    """Nothing from a document becomes an element, an attribute, Markdown or a formula, and no line of its own."""
    elements = set(re.findall(r"<([a-z0-9]+)", markup))
    assert elements <= {"div", "span", "a", "br", "button", "ul", "li", "p", "strong"}
    left = re.sub(r"&#\d+;", "", TAG.sub("", markup))
    assert not re.search(r"[<>*$`{}&#\n]", left)
    assert " ".join(HOSTILE.split()) in without_tags(markup)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_a_line_is_one_line(text: str) -> None:
    """Markdown never meets a blank line or an indent that a document brought along."""
    assert line(text) == escape(" ".join(text.split()))
    assert len(line(text).splitlines()) <= 1
