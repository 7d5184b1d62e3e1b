import html
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from assistant.answer import Answer, Claim, Refusal
from assistant.home import Home
from assistant.ui.xray import choices, turn_shown, turns_of
from assistant.ui.xray_html import NUM_SHOWN, xray_html
from tests.assistant.conftest import HARBOUR, add_rows
from tests.assistant.ui.conftest import OpenPage
from tests.fakes import HashEncoder
from tests.fakes_page import cited, conversation_served, kept_conversation

ME = "my key"
BUDGET = "It has a budget of 12 million crowns for three years."
PASSAGE = {
    "id": "p",
    "document_id": "harbour",
    "start": 0,
    "end": len(HARBOUR),
    "text": HARBOUR,
    "title": "About harbour",
}
REQUEST = {
    "task": "write",
    "model": "small",
    "prompt": {"system": "Answer from quotes.", "user": "[k1d] It has a\n  budget."},
    "output": "It has a budget [k1d].",
    "usage": {"prompt_tokens": 812, "completion_tokens": 17},
    "seconds": 1.25,
    "failure": "",
}


def hit(score: float, dropped: str | None = None, **scores: float) -> dict[str, object]:
    return {
        "passage": PASSAGE,
        "score": score,
        "dense": None,
        "lexical": None,
        "rerank": None,
        "dropped": dropped,
    } | scores


def traced(**parts: object) -> Answer:
    return Answer(
        "Who?", "Who runs it?", timings_ms={"retrieve": 8.0, "total": 16.0}, trace={"kind": "look-up"} | parts
    )


def rows(markup: str, heading: str) -> list[list[str]]:
    """The cells of the tables in the section of that heading."""
    section = next(part for part in markup.split("<section>") if part.startswith(f"<h3>{heading}"))
    found = re.findall(r"<tr>(.*?)</tr>", section)
    return [
        [html.unescape(re.sub(r"<[^>]*>", "", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", r)] for r in found
    ]


def test_every_candidate_is_listed_with_its_scores_and_the_stage_that_dropped_it() -> None:
    shown = xray_html(traced(hits=[hit(0.75, dense=0.5, lexical=12.0)], dropped=[hit(0.25, "fusion: too low")]))
    head, read, head_left, left = rows(shown, "Passages found")
    assert (head, head_left) == ([], [])
    assert (read[0], read[1], read[3:]) == ("1", "About harbour", ["0.750", "0.500", "12.000", "–"])
    assert (left[0], left[2], left[-1]) == ("About harbour", "0.250", "fusion: too low")


def test_the_sentences_that_were_weighed_are_read_with_what_became_of_them() -> None:
    """The words come from the passage that holds them; a place whose words were not kept is given by its offsets."""
    start = HARBOUR.index(BUDGET)
    evidence = [
        {"document_id": "harbour", "start": start, "end": start + len(BUDGET), "probability": 0.9, "dropped": None},
        {"document_id": "other", "start": 3, "end": 9, "probability": 0.1, "dropped": "writing: less probable"},
    ]
    _, first, second = rows(xray_html(traced(hits=[hit(1.0)], evidence=evidence)), "Sentences weighed")
    assert first == ["About harbour", BUDGET, "0.900", "shown"]
    assert second == ["other", "3–9", "0.100", "writing: less probable"]


def test_claims_that_failed_are_shown_with_the_reason() -> None:
    dropped = [{"text": "It is blue.", "reason": "nothing supports it", "support": 0.125}]
    assert rows(xray_html(traced(dropped_claims=dropped)), "Sentences written")[1] == [
        "It is blue.",
        "nothing supports it",
        "0.12",
    ]


def test_timings_are_bars_beside_their_numbers() -> None:
    shown = xray_html(traced())
    assert [row[:2] for row in rows(shown, "Time taken")[1:]] == [["retrieve", "8.0"], ["total", "16.0"]]
    assert re.findall(r"inline-size: ([\d.]+)%", shown) == ["50.0", "100.0"]


def test_the_prompt_and_the_reply_are_shown_word_for_word_with_tokens() -> None:
    """White space and all: what is shown is what was sent."""
    shown = xray_html(traced(llm=[REQUEST]))
    said = [html.unescape(text) for text in re.findall(r'<div class="verbatim">(.*?)</div>', shown, re.DOTALL)]
    assert said == ["Answer from quotes.", "[k1d] It has a\n  budget.", "It has a budget [k1d]."]
    assert "Tokens&#58; 812 read&#44; 17 written" in shown
    assert "1. write, small, 1.2 s" in html.unescape(shown)
    assert "No LLM was asked" in html.unescape(xray_html(traced()))


def test_a_long_table_shows_its_first_rows_and_folds_the_others_away() -> None:
    shown = xray_html(traced(hits=[hit(1.0)] * (NUM_SHOWN + 3)))
    before, _, after = shown.partition("<summary>Show 3 more</summary>")
    assert before.count("About harbour") == NUM_SHOWN
    assert after.count("About harbour") == 3


def test_a_turn_without_a_trace_is_shown_too() -> None:
    shown = xray_html(Answer("Who?", "Who?", refusal=Refusal("absent", "Not here.")))
    assert "absent&#58; Not here&#46;" in shown
    assert "not kept" in shown


def test_the_last_turn_is_shown_where_none_is_chosen(home: Home) -> None:
    id_ = kept_conversation(home, ME, [traced(), Answer("Then?", "Then?")])
    turns = turns_of(home, ME, id_)
    assert choices(turns) == [("1. Who?", 1), ("2. Then?", 2)]
    assert turn_shown(turns, 1, "en")[0] == 1
    assert turn_shown(turns, None, "en")[0] == 2
    assert turn_shown(turns, 99, "en")[0] == 2
    assert turn_shown((), 1, "en")[0] is None
    assert [turns_of(home, key, id_) for key in ("another's", "", None)] == [[], (), ()]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page over a conversation of two turns, the first of them written by an LLM."""
    folder = tmp_path_factory.mktemp("xray")
    home = Home(folder / "home", load_encoder=HashEncoder)
    add_rows(home, folder / "rows.jsonl", {"harbour": HARBOUR})
    claim = Claim(BUDGET, (1,), "supported", 1.0)
    trace = {"kind": "look-up", "llm": [REQUEST], "hits": [hit(1.0)]}
    answers = [
        Answer("What budget?", "What budget?", (claim,), (cited(home, "harbour", BUDGET, 1),), trace=trace),
        Answer("And then?", "And then?", refusal=Refusal("absent", "Not here.")),
    ]
    with conversation_served(home, kept_conversation(home, ME, answers), owner=ME) as served:
        yield served
    home.close()


@pytest.mark.slow
def test_the_button_at_an_answer_opens_the_view_at_that_turn(open_page: OpenPage, address: str) -> None:
    """And the choice of turns leads to the others; closed and opened again, the last turn stands there."""
    page = open_page(address)
    expect(page.locator("a.cite[aria-label]")).to_have_count(1)
    view = page.locator("#xray .xray")
    page.get_by_role("button", name="How this answer came about").first.click()
    expect(view).to_contain_text("What budget?")
    expect(view).to_be_focused()
    page.get_by_text("1. write, small").click()
    expect(page.locator(".verbatim").nth(1)).to_have_text("[k1d] It has a budget.")
    page.get_by_label("Question").click()
    page.get_by_role("option", name="2. And then?").click()
    expect(view).to_contain_text("Not here.")
    page.get_by_role("button", name="How this answer came about").first.click()
    expect(view).to_contain_text("What budget?")


@pytest.mark.slow
def test_the_accordion_opens_at_the_last_turn(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    expect(page.locator("a.cite[aria-label]")).to_have_count(1)
    box = page.get_by_role("button", name="How an answer came about")
    box.click()
    expect(page.locator("#xray .xray")).to_contain_text("And then?")
