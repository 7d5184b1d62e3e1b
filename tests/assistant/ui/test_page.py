"""The chat in a real browser, over a real server and the real model."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from assistant.ui.wording import text
from tests.assistant.cli.conftest import HARBOUR, called
from tests.assistant.ui.conftest import CANARY, OpenPage, Serve, ask

pytestmark = pytest.mark.slow

HOSTILE_TITLE = f'<img src=x onerror="{CANARY}"> **Ferry** $x$'
HOSTILE = (
    f'The ferry <img src=x onerror="{CANARY}"> costs **nine** crowns <style>body {{display: none}}</style> a [day](x). '
    f"<script>{CANARY}</script> The ferry sails twice a day."
)
MONEY = "What budget does the Harbour Compact have for three years?"
QUOTE = "The Harbour Compact has a budget of 12 million crowns for three years."
CITED = """quote =>
  [...document.querySelectorAll("#source mark.cited")].map(mark => mark.textContent).join("") === quote
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a long document, whose cited words lie far down, and a hostile one."""
    folder = tmp_path_factory.mktemp("page")
    title, _, rest = HARBOUR.partition("\n")
    filler = "".join(f"Paragraph {n} of the annex lists the buoys that were painted red.\n\n" for n in range(150))
    (folder / "harbour.md").write_text(f"{title}\n\n## Annex\n\n{filler}{rest}")
    (folder / "rows.jsonl").write_text(json.dumps({"id": "ferry", "title": HOSTILE_TITLE, "text": HOSTILE}))
    added = called("add", folder / "harbour.md", folder / "rows.jsonl", home=folder / "home")
    assert added.returncode == 0, added
    return folder / "home"


@pytest.fixture(scope="module")
def address(home: Path, serve: Serve) -> str:
    return serve(home)


@pytest.fixture
def page(open_page: OpenPage, address: str) -> Page:
    """The page, freshly loaded."""
    return open_page(address)


def check_source(page: Page, quote: str) -> None:
    """The source panel shows exactly the quote marked, in view and focused."""
    page.wait_for_function(CITED, arg=quote)
    expect(page.locator("#source mark.cited").first).to_be_in_viewport()


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def test_an_answer_comes_with_numbered_markers_that_open_their_source(page: Page) -> None:
    """A click brings the cited words into view, marked, however far down in the document they are."""
    answer = ask(page, MONEY)
    expect(answer.locator(".claim").first).to_contain_text("12 million")
    expect(answer.locator(".claim").nth(1)).to_contain_text(QUOTE)
    expect(answer.locator("button.look")).to_be_visible()
    markers = answer.locator("a.cite")
    assert markers.all_inner_texts() == ["[1]", *(f"[{number}]" for number in range(1, markers.count()))]
    markers.first.click()
    check_source(page, QUOTE)
    expect(page.locator("#source h2")).to_have_text("The Harbour Compact")


def test_a_source_stays_open_when_the_page_has_finished_loading(open_page: OpenPage, address: str) -> None:
    """Who asks at once, and opens a source before the server has answered what a page asks for when it is loaded."""
    page = open_page("about:blank")
    held: list[Route] = []
    is_loading = True
    page.route("**/queue/join**", lambda route: held.append(route) if is_loading else route.continue_())
    page.goto(address)
    expect(page.locator("#source .welcome")).to_have_text(text("source.welcome", "en"))
    page.wait_for_timeout(1000)
    is_loading = False
    ask(page, MONEY).locator("a.cite").first.click()
    check_source(page, QUOTE)
    assert held
    for route in held:
        route.continue_()
    page.wait_for_timeout(1500)
    check_source(page, QUOTE)


def test_the_panel_greets_in_the_readers_language(open_page: OpenPage, address: str) -> None:
    """Before anything is asked: a page in Japanese says it in Japanese."""
    page = open_page(address, locale="ja-JP")
    expect(page.locator("#source .welcome")).to_have_text(text("source.welcome", "ja"))


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
    """The reader sees what was searched, can change it, and old markers still open their own turn's source."""
    first = ask(page, MONEY)
    understood = page.get_by_role("textbox", name="Understood as")
    expect(understood).to_have_count(0)
    second = ask(page, "Who runs it?")
    expect(second).to_contain_text("Understood as: Who runs Harbour Compact?")
    second.locator("a.cite").first.click()
    check_source(page, "The Tide Office in Port Elin runs the Harbour Compact.")
    first.locator("a.cite").first.click()
    check_source(page, QUOTE)
    understood.fill("Where is the Tide Office?")
    understood.press("Enter")
    again = page.locator(".message.bot").nth(2)
    expect(again).to_contain_text("Understood as: Where is the Tide Office?")
    expect(again).to_contain_text("Port Elin")


def test_what_the_documents_do_not_answer_is_refused_with_the_nearest_passages(page: Page) -> None:
    """The refusal names what is not mentioned; each of the nearest passages opens at its place."""
    answer = ask(page, "What does Zorblax eat?")
    expect(answer.locator(".refusal")).to_contain_text("The 2 documents searched do not mention “Zorblax”.")
    expect(answer.locator(".claim")).to_have_count(0)
    expect(answer.locator("a.cite")).to_have_count(3)
    answer.locator("a.cite").first.click()
    expect(page.locator("#source mark.cited").first).to_be_in_viewport()


def test_a_hostile_document_is_shown_as_text(page: Page) -> None:
    """Its markup is read, not run: in the question, the answer, the title and the source alike."""
    answer = ask(page, f"How much does the ferry cost? <img src=x onerror='{CANARY}'>")
    expect(page.locator(".message.user")).to_contain_text("<img src=x onerror=")
    expect(answer).to_contain_text("costs **nine** crowns <style>body {display: none}</style>")
    answer.locator("a.cite").first.click()
    expect(page.locator("#source h2")).to_have_text(HOSTILE_TITLE)
    expect(page.locator("#source .text")).to_contain_text("a [day](x).")
    assert page.locator("#source img, #source style, #source script, .message img, .message strong").count() == 0
    expect(page.locator("body")).to_be_visible()


def test_an_empty_question_is_told_and_changes_nothing(page: Page) -> None:
    page.get_by_label("Question", exact=True).fill("  ")
    page.get_by_label("Question", exact=True).press("Enter")
    expect(page.get_by_text("the question is empty: ask something")).to_be_visible()
    assert page.locator(".message").count() == 0


def test_examples_are_questions_that_the_documents_answer(page: Page) -> None:
    """A click puts one into the box."""
    offered = page.locator("#examples button, .gallery-item").first
    offered.click()
    question = page.get_by_label("Question", exact=True)
    expect(question).not_to_have_value("")
    question.press("Enter")
    expect(page.locator(".message.bot .claim").first).to_be_visible()


def test_a_reload_brings_the_open_conversation_back(page: Page) -> None:
    """Its answers have their citations, which open as before."""
    before = ask(page, MONEY).locator(".answer").inner_text()
    page.reload()
    answer = page.locator(".message.bot")
    expect(answer).to_have_count(1)
    assert answer.locator(".answer").inner_text() == before
    answer.locator("a.cite").first.click()
    check_source(page, QUOTE)


def test_conversations_are_listed_searched_renamed_exported_and_deleted(page: Page, tmp_path: Path) -> None:
    ask(page, MONEY)
    button(page, "New conversation").click()
    expect(page.locator(".message")).to_have_count(0)
    ask(page, "Who runs the Harbour Compact?")
    page.get_by_role("button", name="Your conversations").click()
    choice = page.get_by_label("Open", exact=True)
    expect(choice).to_have_value("Who runs the Harbour Compact? (1)")
    page.get_by_label("Search in questions and answers").fill("crowns")
    expect(choice).to_have_value("")
    choice.click()
    page.get_by_role("option", name=MONEY).click()
    expect(page.locator(".message.bot")).to_contain_text(QUOTE)
    title = page.get_by_role("textbox", name="Title")
    expect(title).to_have_value(MONEY)  # what was opened is listed, and will not be written over what is typed
    title.fill("Money of the harbours")
    title.press("Enter")
    expect(choice).to_have_value("Money of the harbours (1)")
    with page.expect_download() as download:
        page.locator("#export-md").click()
    assert QUOTE in Path(download.value.path()).read_text()
    button(page, "Delete").click()
    expect(page.get_by_text("Delete “Money of the harbours” and its answers?")).to_be_visible()
    button(page, "Delete it").click()
    expect(page.locator(".message")).to_have_count(0)
    page.get_by_label("Search in questions and answers").fill("")
    choice.click()
    expect(page.get_by_role("option", name="Who runs the Harbour Compact?")).to_be_visible()
    expect(page.get_by_role("option", name="Money of the harbours")).to_have_count(0)


def test_the_last_question_is_edited_and_a_turn_asked_anew(page: Page) -> None:
    ask(page, MONEY)
    button(page, "Edit the last question").click()
    expect(page.get_by_label("Question", exact=True)).to_have_value(MONEY)
    ask(page, "Who is the director?")
    page.get_by_label("Retry").last.click()
    expect(page.locator(".message.user")).to_have_count(3)
    expect(page.locator(".message.user").last).to_have_text("Who is the director?")


def test_an_answer_is_copied_with_its_citations(open_page: OpenPage, address: str) -> None:
    page = open_page(address, permissions=["clipboard-read", "clipboard-write"])
    ask(page, MONEY)
    button(page, "Copy the last answer with its citations").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.includes('[1]'))")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert QUOTE in copied
    assert "The Harbour Compact" in copied


def test_turns_become_cases_that_the_command_line_knows(page: Page, home: Path) -> None:
    """A kept turn is a case; a thumb down with a reason is a draft."""
    ask(page, MONEY)
    button(page, "Keep the last turn as a test case").click()
    expect(page.get_by_text("communique eval run kept")).to_be_visible()
    ask(page, "Who is the director?")
    page.get_by_label("dislike").last.click()
    reason = page.get_by_label("What was good or wrong?")
    reason.fill("too short")
    reason.press("Enter")
    expect(reason).to_have_count(0)
    rows = [json.loads(line) for line in called("eval", "cases", "kept", home=home).stdout.splitlines()]
    kept = {row["question"]: row for row in rows}
    assert kept[MONEY]["evidence"][0]["quote"] == QUOTE
    assert [(row["draft"], "too short" in row["tags"]) for question, row in kept.items() if "director" in question] == [
        (True, True)
    ]


def test_a_reader_sees_nobody_elses_conversation(open_page: OpenPage, address: str) -> None:
    """Another browser lists nothing, and what it asks for by the other's id is not given."""
    mine, theirs = open_page(address), open_page(address)
    answer = ask(mine, MONEY)
    answer.locator("a.cite").first.click()
    check_source(mine, QUOTE)
    state = mine.evaluate("localStorage.getItem('communique-conversation')")
    theirs.evaluate("(state) => localStorage.setItem('communique-conversation', state)", state)
    theirs.reload()
    expect(theirs.get_by_label("Question", exact=True)).to_be_visible()
    theirs.wait_for_timeout(1500)
    assert theirs.locator(".message").count() == 0
    theirs.get_by_role("button", name="Your conversations").click()
    theirs.get_by_label("Open", exact=True).click()
    assert theirs.get_by_role("option").count() == 0
