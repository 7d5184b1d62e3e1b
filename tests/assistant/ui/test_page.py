"""The page in a real browser, over a real server and the real model."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.assistant.cli.conftest import HARBOUR, called, started

pytestmark = pytest.mark.slow

CANARY = "window.canary = 1"
HOSTILE_TITLE = f'<img src=x onerror="{CANARY}"> **Ferry** $x$'
HOSTILE = (
    f'The ferry <img src=x onerror="{CANARY}"> costs **nine** crowns <style>body {{display: none}}</style> a [day](x). '
    f"<script>{CANARY}</script> The ferry sails twice a day."
)
FILLER = "".join(
    f"Paragraph {n} of the annex lists the buoys that were painted red in that year.\n\n" for n in range(150)
)
MONEY = "What budget does the Harbour Compact have for three years?"
QUOTE = "The Harbour Compact has a budget of 12 million crowns for three years."


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over a long document, whose cited words lie far down, and a hostile one."""
    folder = tmp_path_factory.mktemp("page")
    title, _, rest = HARBOUR.partition("\n")
    (folder / "harbour.md").write_text(f"{title}\n\n## Annex\n\n{FILLER}{rest}")
    (folder / "rows.jsonl").write_text(json.dumps({"id": "ferry", "title": HOSTILE_TITLE, "text": HOSTILE}))
    home = folder / "home"
    added = called("add", folder / "harbour.md", folder / "rows.jsonl", home=home)
    assert added.returncode == 0, added
    server = started("chat", "--port", 0, home=home)
    try:
        yield re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline()).group()
    finally:
        server.terminate()
        server.communicate(timeout=30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of the page."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=Path(executable), args=["--no-sandbox", "--disable-background-networking"]
        )
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page, freshly loaded; at the end, nothing was asked of any other machine and nothing ran from a document."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    requested: list[str] = []
    opened.on("request", lambda request: requested.append(request.url))
    opened.goto(address)
    yield opened
    assert opened.evaluate("window.canary === undefined")
    strangers = {url for url in requested if urlsplit(url).hostname not in {"127.0.0.1", None}}
    assert strangers == set()
    assert len(requested) > 1
    context.close()


def ask(page: Page, question: str) -> Locator:
    """Asks, waits for the whole answer, and gives its message."""
    before = page.locator(".message.bot").count()
    page.get_by_label("Question").fill(question)
    page.get_by_label("Question").press("Enter")
    answer = page.locator(".message.bot").nth(before)
    expect(answer.locator(".claim, .refusal").first).to_be_visible()
    expect(page.get_by_label("Question")).to_have_value("")
    return answer


def check_source(page: Page, quote: str) -> None:
    """The source panel shows exactly the quote marked, in view and focused."""
    cited = page.locator("#source mark.cited")
    expect(cited).to_have_count(1)
    expect(cited).to_have_text(quote)
    expect(cited).to_be_in_viewport()
    assert cited.evaluate("element => element.textContent") == quote


def test_an_answer_comes_with_numbered_markers_that_open_their_source(page: Page) -> None:
    """A click brings the cited words into view, marked, however far down in the document they are."""
    answer = ask(page, MONEY)
    expect(answer.locator(".claim").first).to_contain_text("12 million")
    expect(answer.locator(".claim").nth(1)).to_contain_text(QUOTE)
    markers = answer.locator("a.cite")
    assert markers.all_inner_texts() == ["[1]", *(f"[{number}]" for number in range(1, markers.count()))]
    markers.first.click()
    check_source(page, QUOTE)
    expect(page.locator("#source h2")).to_have_text("The Harbour Compact")


@pytest.mark.parametrize("key", ["Enter", " "], ids=["Enter", "space"])
def test_a_marker_works_from_the_keyboard(page: Page, key: str) -> None:
    """Without a mouse: the Tab key reaches the marker, and Enter or the space bar opens its source."""
    answer = ask(page, MONEY)
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement === document.querySelector('a.cite')"):
            break
    expect(answer.locator("a.cite").first).to_be_focused()
    page.keyboard.press(key)
    check_source(page, QUOTE)


def test_a_follow_up_says_how_it_was_understood(page: Page) -> None:
    """The reader sees what was searched, and old markers still open their own turn's source."""
    first = ask(page, MONEY)
    second = ask(page, "Who runs it?")
    expect(second).to_contain_text("Understood as: Who runs Harbour Compact?")
    expect(second).to_contain_text("The Tide Office in Port Elin runs the Harbour Compact.")
    second.locator("a.cite").first.click()
    check_source(page, "The Tide Office in Port Elin runs the Harbour Compact.")
    first.locator("a.cite").first.click()
    check_source(page, QUOTE)


def test_what_was_understood_can_be_changed_and_asked_again(page: Page) -> None:
    """A reader who was misunderstood edits the question that is searched, and the same turn is asked anew."""
    ask(page, MONEY)
    understood = page.get_by_role("textbox", name="Understood as")
    expect(understood).to_have_count(0)
    ask(page, "Who runs it?")
    expect(understood).to_have_value("Who runs Harbour Compact?")
    before = page.locator(".message.bot").count()
    understood.fill("Where is the Tide Office?")
    understood.press("Enter")
    again = page.locator(".message.bot").nth(before)
    expect(again).to_contain_text("Understood as: Where is the Tide Office?")
    expect(again).to_contain_text("Port Elin")


def test_what_the_documents_do_not_answer_is_refused_with_the_nearest_passages(page: Page) -> None:
    """The refusal names what is not mentioned; each of the nearest passages opens at its place."""
    answer = ask(page, "What does Zorblax eat?")
    expect(answer.locator(".refusal")).to_have_text("The 2 documents searched do not mention “Zorblax”.")
    expect(answer.locator(".claim")).to_have_count(0)
    expect(answer).to_contain_text("The nearest passages:")
    assert answer.locator("a.cite").count() == 3
    answer.locator("a.cite").first.click()
    cited = page.locator("#source mark.cited")
    expect(cited).to_be_in_viewport()
    assert " ".join(cited.text_content().split()) in " ".join(answer.inner_text().split())


def test_a_hostile_document_is_shown_as_text(page: Page) -> None:
    """Its markup is read, not run: in the question, the answer, the title and the source alike."""
    answer = ask(page, f"How much does the ferry cost? <img src=x onerror='{CANARY}'>")
    expect(page.locator(".message.user")).to_contain_text("<img src=x onerror=")
    expect(answer).to_contain_text("costs **nine** crowns <style>body {display: none}</style>")
    answer.locator("a.cite").first.click()
    expect(page.locator("#source h2")).to_have_text(HOSTILE_TITLE)
    assert page.locator("#source .text").text_content() == HOSTILE
    assert page.locator("#source img, #source style, #source script, .message img, .message strong").count() == 0
    expect(page.locator("body")).to_be_visible()


def test_an_empty_question_is_told_and_changes_nothing(page: Page) -> None:
    page.get_by_label("Question").fill("  ")
    page.get_by_label("Question").press("Enter")
    expect(page.get_by_text("the question is empty: ask something")).to_be_visible()
    assert page.locator(".message").count() == 0
