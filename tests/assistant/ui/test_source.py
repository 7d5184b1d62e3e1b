import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.answer import Answer, Citation, Claim, Refusal
from assistant.home import Home
from assistant.ui.rendering import escape
from assistant.ui.source import question_again, source_for, welcome
from assistant.ui.source_article import View, article_html
from assistant.ui.source_text import WINDOW_CHARS
from assistant.ui.xray_html import xray_html
from corpus.catalogue import new_document, promote, stage
from corpus.document import Document, Section
from corpus.reading.files import FoundFile
from index.adding import add_files
from index.indexing import remove_documents
from tests.assistant.conftest import HARBOUR, LIGHTHOUSE, add_rows
from tests.assistant.ui.conftest import OpenPage
from tests.fakes import HashEncoder
from tests.fakes_page import cited, conversation_served, kept_conversation

ME, STRANGER = "my key", "another's key"
BUDGET = "It has a budget of 12 million crowns for three years."
OFFICE = "The Tide Office in Port Elin runs the compact."
TOWNS = "The Lighthouse Accord joins seven coastal towns."
LONG = "The harbour of Port Elin was painted red in that year.\n\n" * 180_000 + "The end."
"""Ten megabytes."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, str]]:
    """A home with an answer over two documents, a question that leaves open which is meant, and a book's end."""
    folder = tmp_path_factory.mktemp("source")
    home = Home(folder / "home", load_encoder=HashEncoder)
    add_rows(home, folder / "rows.jsonl", {"harbour": HARBOUR, "lighthouse": LIGHTHOUSE})
    with home.database.writing() as connection:  # a book need not be searchable to be shown
        book = new_document({"id": "book", "title": "A book", "source": "book.txt", "language": "en"}, text=LONG)
        promote(connection, [stage(connection, book, "")])
    citations = (
        cited(home, "harbour", BUDGET, 1, phrase="12 million crowns", heading="Money", page=3),
        cited(home, "lighthouse", TOWNS, 2),
        cited(home, "harbour", OFFICE, 3),
    )
    claims = (
        Claim(BUDGET, (1,), "supported", 1.0),
        Claim("Towns.", (2,), "partly", 0.61),
        Claim(OFFICE, (3,), "supported", 0.93),
    )
    refusal = Refusal("underspecified", "Which one?", ("Who signed it?",), ("Harbour", "Lighthouse"), citations[1:2])
    answers = [
        Answer("What?", "What?", claims, citations),
        Answer("Who signed it?", "Who signed it?", refusal=refusal),
        Answer("The end?", "The end?", claims[:1], (cited(home, "book", "The end.", 1),)),
    ]
    yield home, kept_conversation(home, ME, answers)
    home.close()


def test_a_marker_opens_the_whole_document_with_its_head(kept: tuple[Home, str]) -> None:
    home, conversation = kept
    shown = source_for(home, ME, conversation, "cite-1-1")
    assert '<h2 id="source-title">About harbour</h2>' in shown
    assert "Money · page 3 · " in shown
    assert 'data-cite="cite-1-2"' in shown
    assert '<strong class="phrase">12 million crowns</strong>' in shown
    assert f'<mark class="also" data-cite="cite-1-3" data-number="3">{escape(OFFICE)}</mark>' in shown
    assert "notice" not in shown


def test_the_nearest_passages_of_a_refusal_open_too(kept: tuple[Home, str]) -> None:
    home, conversation = kept
    assert f'<mark class="cited" tabindex="-1">{escape(TOWNS)}</mark>' in source_for(home, ME, conversation, "cite-2-2")


@pytest.mark.parametrize("owner", [STRANGER, "", None], ids=["another's key", "an empty key", "no key"])
def test_nobody_sees_the_sources_of_anothers_conversation(kept: tuple[Home, str], owner: str | None) -> None:
    """Whoever knows a conversation's id learns nothing with it: neither the source nor the question."""
    home, conversation = kept
    assert "not in the conversation" in source_for(home, owner, conversation, "cite-1-1")
    assert question_again(home, owner, conversation, "ask-2-1") == ""


@pytest.mark.parametrize(
    "marker",
    ["", "cite", "cite-1-9", "cite-9-1", "cite-0-0", "cite-1-1-at-x", "cite-1-１", "cite-1-1\n", "cite--1-1", "9" * 99],
)
def test_what_is_no_marker_of_the_conversation_is_told(kept: tuple[Home, str], marker: str) -> None:
    """The page's script is not the only one who can send an event: whatever comes is answered in words."""
    home, conversation = kept
    if marker != "cite-1-１":  # a digit all the same, to Python
        assert "not in the conversation" in source_for(home, ME, conversation, marker)
    assert "出典" in welcome("ja")


def test_a_long_document_is_shown_in_parts(kept: tuple[Home, str]) -> None:
    """Its end first, where the citation is; then whatever part is asked for, never all of it."""
    home, conversation = kept
    shown = source_for(home, ME, conversation, "cite-3-1")
    assert "Earlier part of the document" in shown
    assert "Later part of the document" not in shown
    start = source_for(home, ME, conversation, "cite-3-1-at-0")
    assert "Later part of the document" in start
    assert "Earlier part of the document" not in start
    assert "<mark" not in start
    assert "Characters 1 to " in start
    assert len(start) < 8 * WINDOW_CHARS
    beyond = source_for(home, ME, conversation, "cite-3-1-at-9999999999")
    assert "Earlier part of the document" in beyond


def test_a_document_that_changed_is_shown_as_it_was_cited_and_one_that_was_removed_by_its_quote(
    coast: Home, tmp_path: Path
) -> None:
    """An old citation stays exact; the reader is told that it is old."""
    citation = cited(coast, "harbour", BUDGET, 1)
    claim = Claim(BUDGET, (1,), "supported", 1.0)
    conversation = kept_conversation(coast, ME, [Answer("What?", "What?", (claim,), (citation,))])
    row = json.dumps({"id": "harbour", "title": "About harbour", "text": "The compact ended."})
    (tmp_path / "new.jsonl").write_text(row)
    _updated(coast, tmp_path / "new.jsonl")
    changed = source_for(coast, ME, conversation, "cite-1-1")
    assert f'<mark class="cited" tabindex="-1">{escape(BUDGET)}</mark>' in changed
    assert "A newer version has replaced this document" in changed
    remove_documents(coast.database, coast.store, ["harbour"])
    removed = source_for(coast, ME, conversation, "cite-1-1")
    assert f'<mark class="cited" tabindex="-1">{escape(BUDGET)}</mark>' in removed
    assert "was removed from the collection" in removed


@pytest.mark.parametrize(
    ("id_", "question"),
    [
        ("ask-2-1", "Who signed it? (Harbour)"),
        ("ask-2-2", "Who signed it? (Lighthouse)"),
        ("ask-2-0", "Who signed it?"),
        ("ask-2-3", ""),
        ("ask-1-1", ""),
        ("ask-9-1", ""),
        ("ask", ""),
    ],
)
def test_a_candidate_becomes_a_question_that_names_it(kept: tuple[Home, str], id_: str, question: str) -> None:
    home, conversation = kept
    assert question_again(home, ME, conversation, id_) == question


@pytest.mark.parametrize(
    ("source", "is_link"),
    [("https://example.org/a?b=1&c", True), ("javascript:alert(1)", False), ("/home/a.md", False), ("HTTPS:x", False)],
)
def test_only_a_page_of_the_web_is_a_link(kept: tuple[Home, str], source: str, is_link: bool) -> None:
    """And the link tells that page nothing of where it was followed from."""
    home, _ = kept
    citation = replace(cited(home, "harbour", BUDGET, 1), source=source)
    shown = article_html(View(citation, 1, (citation,)), home.catalogue.document("harbour"))
    link = f'<a href="{escape(source)}" target="_blank" rel="noopener noreferrer">'
    assert (link in shown, "<a " in shown) == (is_link, is_link)
    assert escape(source) in shown


@pytest.fixture(scope="module")
def address(kept: tuple[Home, str]) -> Iterator[str]:
    home, conversation = kept
    with conversation_served(home, conversation, owner=ME) as served:
        yield served


@pytest.fixture
def page(open_page: OpenPage, address: str) -> Page:
    """The conversation, loaded."""
    return loaded(open_page(address))


def loaded(page: Page) -> Page:
    """The page, when its scripts run."""
    expect(page.locator("a.cite[aria-label]")).to_have_count(5)
    return page


@pytest.mark.slow
@pytest.mark.parametrize("way", ["hover", "focus"])
def test_a_marker_shows_a_card_with_the_quote_and_the_verdict(page: Page, way: str) -> None:
    """By mouse or keyboard, without asking the server; Escape takes it away and leaves the reader where he is."""
    requests: list[str] = []
    marker = page.locator('a.cite[href="#cite-1-2"]')
    card = page.get_by_role("tooltip")
    page.on("request", lambda request: requests.append(request.url))
    page.wait_for_function(STILL, arg=300)
    if way == "hover":
        marker.hover()
    else:
        page.locator('a.cite[href="#cite-1-1"]').focus()
        page.keyboard.press("Tab")
    expect(card).to_be_visible()
    expect(card).to_contain_text(TOWNS)
    expect(card).to_contain_text("About lighthouse")
    expect(card).to_contain_text("◐ Partly supported by its source (61 %)")
    expect(marker).to_have_attribute("aria-describedby", "citation-card")
    assert requests == []
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    if way == "focus":
        expect(marker).to_be_focused()


@pytest.mark.slow
def test_screen_readers_hear_the_message_and_not_its_markup(page: Page) -> None:
    expect(page.locator("[data-testid=bot][aria-label], [data-testid=user][aria-label]")).to_have_count(0)
    expect(page.locator('a.cite[href="#cite-1-1"]')).to_have_attribute("aria-label", "[1] About harbour")
    expect(page.get_by_role("img", name="Partly supported by its source (61 %)")).to_be_visible()


@pytest.mark.slow
def test_the_source_opens_at_the_words_and_leads_through_the_answers_citations(page: Page) -> None:
    """A click, then the next and the previous citation by button and by key, across documents, and back."""
    first = page.locator('a.cite[href="#cite-1-1"]')
    first.click()
    words = page.locator("#source mark.cited")
    expect(words).to_have_text(BUDGET)
    expect(words).to_be_in_viewport()
    expect(words).to_be_focused()
    expect(page.locator("#source .phrase")).to_have_text("12 million crowns")
    expect(page.locator("#source mark.also")).to_have_text(OFFICE)
    assert page.locator("#source .text").evaluate("element => element.textContent") == HARBOUR
    page.get_by_role("button", name="Next").click()
    expect(words).to_have_text(TOWNS)
    expect(page.get_by_role("button", name="Next")).to_be_focused()
    expect(page.locator("#source .position")).to_have_text("Citation 2 of 3")
    expect(page.locator("a.cite.open")).to_have_text("[2]")
    page.keyboard.press("n")
    expect(words).to_have_text(OFFICE)
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    page.keyboard.press("p")
    expect(words).to_have_text(TOWNS)
    page.keyboard.press("Escape")
    expect(page.locator("#source article")).to_be_hidden()
    expect(first).to_be_focused()
    expect(page.get_by_role("tooltip")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(words).to_have_text(BUDGET)
    expect(words).to_be_focused()


@pytest.mark.slow
def test_a_book_opens_at_its_end_and_is_read_in_parts(page: Page) -> None:
    page.locator('a.cite[href="#cite-3-1"]').click()
    words = page.locator("#source mark.cited")
    expect(words).to_have_text("The end.")
    expect(words).to_be_in_viewport()
    page.get_by_role("button", name="Earlier part of the document").click()
    expect(page.get_by_role("button", name="Later part of the document")).to_be_visible()
    expect(words).to_have_count(0)
    shown = page.locator("#source .text").evaluate("element => element.textContent")
    assert shown in LONG


@pytest.mark.slow
def test_on_a_narrow_screen_the_source_lies_over_the_chat_and_gives_way(open_page: OpenPage, address: str) -> None:
    page = loaded(open_page(address, viewport={"width": 390, "height": 800}))
    marker = page.locator('a.cite[href="#cite-1-1"]')
    marker.click()
    expect(page.locator("#source mark.cited")).to_be_in_viewport()
    box = page.locator("#source article").bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] + box["height"] == pytest.approx(800, abs=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#source article")).to_be_hidden()
    expect(marker).to_be_focused()


@pytest.mark.slow
def test_a_candidate_is_asked_with_one_click(page: Page) -> None:
    page.get_by_role("button", name="Lighthouse", exact=True).click()
    expect(page.get_by_label("Asked again")).to_have_value("Who signed it? (Lighthouse)")


@pytest.mark.slow
def test_a_reader_of_japanese_reads_japanese(open_page: OpenPage, address: str) -> None:
    page = loaded(open_page(address, locale="ja-JP"))
    page.locator('a.cite[href="#cite-1-1"]').click()
    expect(page.get_by_role("button", name="閉じる")).to_be_visible()
    expect(page.locator("#source .details")).to_contain_text("3ページ")


STILL = """milliseconds => new Promise(done => {
  let timer = 0;
  const wait = () => { clearTimeout(timer); timer = setTimeout(() => done(true), milliseconds); };
  document.addEventListener("scroll", wait, true);
  wait();
})"""
"""True as soon as nothing has scrolled for so long: a chat that was loaded scrolls to its end."""
RUNS = "for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => { window.canary = 1; }; null"
STYLED = """() => {
  const style = getComputedStyle(document.body);
  return [document.body.clientWidth, style.backgroundColor, style.display, style.color];
}"""
KNOWN = "DIV SPAN A BR BUTTON UL LI P STRONG MARK H1 H2 H3 H4 H5 H6 ARTICLE HEADER SECTION DL DT DD TABLE CAPTION THEAD"
KNOWN = f"{KNOWN} TBODY TR TH TD DETAILS SUMMARY EM".split()
STRANGE = f"""() => [...document.querySelectorAll(".message-content *, #source *")].map(one => one.tagName)
  .filter(name => !{json.dumps(KNOWN)}.includes(name))"""


@pytest.fixture(scope="module")
def attacks(data: Path) -> list[str]:
    """Every attack, thirty in a text for the browser's sake."""
    with (data / "adversarial" / "xss.jsonl").open() as file:
        rows = [json.loads(row)["text"] for row in file]
    return [" ".join(rows[i : i + 30]) for i in range(0, len(rows), 30)]


@pytest.mark.slow
def test_no_attack_runs_in_a_question_an_answer_or_a_document(
    browser: Browser, open_page: OpenPage, kept: tuple[Home, str], attacks: list[str]
) -> None:
    """Every attack as a question, claim, title, heading, candidate, file name, text and prompt: it is read as text,
    nothing runs, no style leaks, nothing is fetched.
    """
    home, _ = kept
    answers = _hostile_answers(cited(home, "harbour", BUDGET, 1), attacks)
    context = browser.new_context()
    context.add_init_script(RUNS)
    with conversation_served(home, kept_conversation(home, ME, answers), owner=ME) as served:
        page = open_page(served, context=context)
        expect(page.locator("a.cite[aria-label]")).to_have_count(len(attacks), timeout=60_000)
        before = page.evaluate(STYLED)
        claims = page.locator(".claim").evaluate_all("claims => claims.map(claim => claim.firstChild.textContent)")
        assert [claim.strip() for claim in claims] == [" ".join(row.split()) for row in attacks]
        page.locator("a.cite").nth(6).focus()
        expect(page.get_by_role("tooltip")).to_be_visible()
        panels = [article_html(View(one, 1, (one,)), _hostile(one.title)) for one in answers[0].citations]
        page.evaluate(FILLED, "".join([*panels, xray_html(answers[0])]))
        shown = page.locator("#source .text").evaluate_all("texts => texts.map(text => text.textContent)")
        assert shown == attacks
        titles = page.locator("#source h2").evaluate_all("titles => titles.map(title => title.textContent)")
        assert titles == [" ".join(row.split()) for row in attacks]
        page.wait_for_timeout(300)
        assert page.evaluate(STYLED) == before
        assert page.evaluate(STRANGE) == []
        assert page.evaluate("window.canary === undefined")
    context.close()


FILLED = "markup => { document.querySelector('#source').firstElementChild.innerHTML = markup }"
"""What the panel does with its value."""


def _hostile_answers(harmless: Citation, attacks: list[str]) -> list[Answer]:
    """An answer and a refusal in which everything that can come from elsewhere is an attack."""
    everything = " ".join(attacks)
    citations = tuple(
        replace(harmless, number=number, title=row, source=row, quote=row, heading=row)
        for number, row in enumerate(attacks, start=1)
    )
    claims = tuple(Claim(row, (number,), "partly", 0.5) for number, row in enumerate(attacks, start=1))
    prompts = [{"task": "write", "model": row, "prompt": {"user": row}, "output": row} for row in attacks]
    dropped = [{"text": row, "reason": row, "support": 0.1} for row in attacks]
    return [
        Answer(everything, everything, claims, citations, trace={"llm": prompts, "dropped_claims": dropped}),
        Answer("Who?", "Who?", refusal=Refusal("underspecified", everything, (), tuple(attacks)), notes=tuple(attacks)),
    ]


def _hostile(row: str) -> Document:
    section = Section(row[:20], 1, 0, len(row), 2)
    fields = {"id": "x", "title": row, "source": row, "language": row, "published": row, "sections": (section,)}
    return new_document(fields, text=row)


def _updated(home: Home, path: Path) -> None:
    reports = list(add_files([FoundFile(path, path.name)], home.catalogue, lambda: home.indexer))
    assert [report.status for report in reports] == ["updated"]
