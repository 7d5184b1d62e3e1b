"""The Compare tab in a real browser, over a home of two documents."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistant.errors import InvalidCall
from assistant.home import Home
from assistant.ui.compare import MAX_CELLS, MAX_QUESTIONS, plan
from tests.assistant.cli.conftest import HARBOUR, LIGHTHOUSE, called
from tests.assistant.ui.conftest import OpenPage, Serve


def test_what_cannot_be_compared_is_told(home: Home) -> None:
    """One line says what is missing or too much, in the reader's language."""
    for lines, said in (("  \n", "question"), ("Who?\n" * 2, "document")):
        with pytest.raises(InvalidCall, match=said):
            plan(home, [], lines, "en")
    with pytest.raises(InvalidCall, match=str(MAX_QUESTIONS)):
        plan(home, ["a"], "\n".join(f"Who {n}?" for n in range(MAX_QUESTIONS + 1)), "en")
    with pytest.raises(InvalidCall, match=str(MAX_CELLS)):
        plan(home, [f"d{n}" for n in range(MAX_CELLS)], "Who?\nWhy?", "en")
    assert plan(home, ["a", "a"], "Who?\n\nWho?\nWhy?", "en") == (["a"], ["Who?", "Why?"])


@pytest.fixture(scope="module")
def two_documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compare")
    (folder / "harbour.md").write_text(HARBOUR)
    (folder / "lighthouse.txt").write_text(LIGHTHOUSE)
    assert called("add", folder / "harbour.md", folder / "lighthouse.txt", home=folder / "home").returncode == 0
    return folder / "home"


@pytest.mark.slow
def test_documents_are_compared_in_a_table_whose_markers_open_sources(
    open_page: OpenPage, two_documents: Path, serve: Serve
) -> None:
    """A row a document, a column a question; a cell quotes or is silent; the table can be downloaded."""
    page: Page = open_page(serve(two_documents))
    page.get_by_role("tab", name="Compare").click()
    page.get_by_label("Questions, one a line").fill("Who is the director?\nWhat was repaired in 2021?")
    page.get_by_role("button", name="Compare", exact=True).click()
    table = page.locator("#matrix table")
    expect(table.locator("tbody tr")).to_have_count(2)
    expect(page.get_by_text("Done: 4 cells")).to_be_visible()
    expect(table).to_contain_text("Its director is Mara Quist.")
    table.locator("a.cite").first.click()
    expect(page.locator("#compare-source mark.cited").first).to_be_in_viewport()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download JSON").or_(page.get_by_role("link", name="Download JSON")).click()
    content = json.loads(Path(download.value.path()).read_text())
    assert [len(row) for row in content["cells"]] == [2, 2]
