"""The Evaluate tab in a real browser: a suite of a reader's own, over a real home."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.assistant.cli.conftest import HARBOUR, called
from tests.assistant.ui.conftest import OpenPage, Serve

pytestmark = pytest.mark.slow

_SAID = "The Harbour Compact has a budget of 12 million crowns for three years."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one document, and beside it a suite of two cases."""
    made = tmp_path_factory.mktemp("evaluate")
    (made / "harbour.md").write_text(HARBOUR)
    assert called("add", made / "harbour.md", home=made / "home").returncode == 0
    (document,) = json.loads(called("documents", "--json", home=made / "home").stdout)["documents"]
    cases = [
        {
            "id": "budget",
            "question": "What budget does the Harbour Compact have?",
            "answerable": True,
            "evidence": [{"document_id": document["id"], "quote": _SAID}],
        },
        {"id": "whales", "question": "How many whales does Yuggoth export?", "answerable": False},
    ]
    (made / "my-suite.jsonl").write_text("\n".join(json.dumps(case) for case in cases))
    return made


def test_a_suite_is_run_watched_and_its_report_read(open_page: OpenPage, folder: Path, serve: Serve) -> None:
    """The figures in the page are those of the run that the command line lists."""
    page = open_page(serve(folder / "home"))
    page.get_by_role("tab", name="Evaluate").click()
    suite = page.get_by_label("Suite", exact=True)
    expect(suite).to_be_visible()
    page.wait_for_timeout(2_000)  # the tab has just come into view, and its lists open once that is done
    suite.click()
    page.get_by_role("option", name="a suite of your own").click()
    page.get_by_label("Or its path on this machine").fill(str(folder / "my-suite.jsonl"))
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("2 cases").first).to_be_visible()
    report = page.frame_locator("iframe").first
    expect(report.get_by_text("right words cited").first).to_be_visible()
    listed = called("eval", "runs", home=folder / "home").stdout
    assert "my-suite" in listed
