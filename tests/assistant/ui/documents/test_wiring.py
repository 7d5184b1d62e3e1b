"""The Documents tab in a real browser, over a home that begins empty."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from filelock import FileLock
from playwright.sync_api import Locator, Page, expect

from tests.assistant.ui.conftest import CANARY, OpenPage, Serve, ask

pytestmark = pytest.mark.slow

QUOTE = "The Harbour Compact has a budget of 12 million crowns for three years."
HOSTILE_NAME = f'<img src=x onerror="{CANARY}"> {{{{y}}}}.md'


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents") / "home"


@pytest.fixture(scope="module")
def address(home: Path, serve: Serve) -> str:
    """A page over the home; uploaded copies go into the folder `copies` beside it."""
    return serve(home, environment={"GRADIO_TEMP_DIR": str(home.parent / "copies")})


@pytest.fixture
def page(open_page: OpenPage, address: str) -> Page:
    """The Documents tab, freshly loaded."""
    return documents_tab(open_page(address))


def documents_tab(page: Page) -> Page:
    page.get_by_role("tab", name=re.compile("Documents|文書")).click()
    expect(page.locator("#documents-list [data-epoch]")).to_be_visible()
    return page


def written(folder: Path, contents: dict[str, str | bytes]) -> list[Path]:
    for name, content in contents.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return [folder / name for name in contents]


def upload(page: Page, paths: list[Path]) -> None:
    page.locator("#documents-upload input[type=file]").set_input_files(paths)


def report_row(page: Page, name: str) -> Locator:
    return page.locator("#documents-report tbody tr").filter(has=page.get_by_role("rowheader", name=name, exact=True))


def listed(page: Page) -> list[str]:
    return page.locator("#documents-list tbody th").all_inner_texts()


def test_from_an_empty_home_to_the_marked_words_in_four_actions(page: Page, tmp_path: Path) -> None:
    """Upload, ask, click a citation, see the marked words: without loading the page anew."""
    expect(page.get_by_text("No documents yet.")).to_be_visible()
    expect(page.get_by_role("button", name="Add the sample documents")).to_be_visible()
    page.evaluate("window.kept = 1")
    upload(page, written(tmp_path, {"harbour.md": f"# The Harbour Compact\n\n{QUOTE}\n"}))
    expect(report_row(page, "harbour.md")).to_contain_text("added")
    expect(page.get_by_role("button", name="Add the sample documents")).to_be_hidden()
    page.get_by_role("tab", name="Chat").click()
    ask(page, "What budget does the Harbour Compact have?").locator("a.cite").first.click()
    expect(page.locator("#source mark.cited").first).to_have_text(QUOTE)
    expect(page.locator("#source mark.cited").first).to_be_in_viewport()
    assert page.evaluate("window.kept") == 1


def test_each_file_of_an_upload_has_its_line_and_its_copy_is_deleted(page: Page, home: Path, tmp_path: Path) -> None:
    """What a file is not is refused with the reason, the others go in, and names are text whatever they hold."""
    rows = [
        json.dumps({"id": "ferry", "title": f"<b>Ferry</b> <script>{CANARY}</script>", "text": "It sails."}),
        "{broken",
    ]
    contents = {HOSTILE_NAME: "A hostile name is a name.", "fake.md": bytes(range(256)), "rows.jsonl": "\n".join(rows)}
    upload(page, written(tmp_path, contents | {"photo.png": b"\x89PNG", "empty.txt": b""}))
    expect(page.locator("#documents-report")).to_contain_text("Done")
    assert page.locator("#documents-report tbody th").all_inner_texts()[:3] == ["fake.md", "photo.png", "empty.txt"]
    expect(report_row(page, "fake.md")).to_contain_text("the file is binary, not text")
    expect(report_row(page, "rows.jsonl")).to_contain_text("line 2 was left out")
    expect(report_row(page, HOSTILE_NAME)).to_contain_text("added")
    expect(page.locator("#documents-list tbody th").filter(has_text="<b>Ferry</b>")).to_be_visible()
    assert {"<b>Ferry</b> <script>window.canary = 1</script>", HOSTILE_NAME.removesuffix(".md")} <= set(listed(page))
    page.get_by_role("button", name="<b>Ferry</b>").click()
    expect(page.locator("#documents-text .text")).to_have_text("It sails.")
    assert page.locator("#documents-report img, #documents-list img, #documents-text script").count() == 0
    copies = [
        path
        for path in (home.parent / "copies").rglob("*")
        if path.is_file() and path.name in {"fake.md", "rows.jsonl"}
    ]
    assert copies == []


def test_an_upload_of_two_gigabytes_is_refused_and_leaves_nothing(home: Path, address: str) -> None:
    """Whatever a browser would have let through: the server counts what comes."""

    def two_gigabytes() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="files"; filename="big.txt"\r\n\r\n'
        for _ in range(2 * 1024):
            yield b"words " * (1024 * 1024 // 6)
        yield b"\r\n--b--\r\n"

    reply = httpx.post(
        f"{address}/gradio_api/upload",
        content=two_gigabytes(),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
        timeout=300,
    )
    assert (reply.status_code, "exceeded" in reply.text) == (413, True)
    assert not [path for path in (home.parent / "copies").rglob("*") if path.is_file() and path.stat().st_size > 2**20]


def test_the_list_is_sorted_searched_and_emptied_from_the_keyboard(page: Page, tmp_path: Path) -> None:
    """Headings, boxes and titles are reached and used without a mouse; nothing is removed before a yes."""
    upload(page, written(tmp_path, {f"annex-{n}.txt": f"Annex {n}\n\nIt lists {n} buoys." for n in (1, 2, 3)}))
    expect(page.locator("#documents-report")).to_contain_text("3 added")
    page.get_by_label("Search the list").fill("annex-")
    expect(page.locator("#documents-list tbody tr")).to_have_count(3)
    for order in ("ascending", "descending"):
        page.get_by_role("button", name="Title", exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.locator(f'#documents-list th.title[aria-sort="{order}"]')).to_be_visible()
    expect(page.get_by_role("button", name="Title", exact=True)).to_be_focused()
    sources = page.locator("#documents-list td.source")
    expect(sources).to_have_text(["annex-3.txt", "annex-2.txt", "annex-1.txt"])
    for row in (0, 2):
        page.locator("#documents-list tbody input").nth(row).focus()
        page.keyboard.press("Space")
    remove = page.get_by_role("button", name="Remove …")
    expect(remove).to_be_enabled()
    remove.press("Enter")
    question = page.locator("#documents-removal")
    expect(question.locator("li")).to_have_count(2)
    page.get_by_role("button", name="Keep them").press("Enter")
    expect(question).to_be_hidden()
    remove.press("Enter")
    page.get_by_role("button", name="Remove them").press("Enter")
    expect(page.locator("#documents-report")).to_contain_text("Removed: 2.")
    expect(sources).to_have_text(["annex-2.txt"])
    expect(remove).to_be_disabled()


@pytest.mark.embedded
def test_a_second_writer_waits_and_says_so(page: Page, home: Path, tmp_path: Path) -> None:
    """While somebody else writes to the home, an upload waits; Stop is heard even then."""
    (path,) = written(tmp_path, {"late.txt": "It comes late."})
    with FileLock(home / "write.lock"):
        upload(page, [path])
        expect(page.locator("#documents-progress .waiting")).to_contain_text("somebody else")
        page.get_by_role("button", name="Stop", exact=True).click()
        expect(page.locator("#documents-report")).to_contain_text("Stopped: 0 of 1 files were done")
        upload(page, [path])
        expect(page.locator("#documents-progress .waiting")).to_be_visible()
    expect(report_row(page, "late.txt")).to_contain_text("added")


def test_the_index_is_checked_on_demand(page: Page) -> None:
    page.get_by_role("button", name="Check and re-index").click()
    expect(page.locator("#documents-report")).to_contain_text("The index is whole.")
    expect(page.get_by_role("button", name="Check and re-index")).to_be_enabled()


def test_on_a_narrow_screen_in_japanese_everything_fits(open_page: OpenPage, address: str) -> None:
    page = documents_tab(open_page(address, locale="ja-JP", viewport={"width": 390, "height": 800}))
    expect(page.get_by_role("button", name="点検と再索引")).to_be_visible()
    expect(page.locator("#documents-list")).to_contain_text("題名")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
