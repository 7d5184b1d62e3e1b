"""The whole page: for screen readers, narrow screens, keyboards and readers of Japanese, in light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.assistant.ui.conftest import OpenPage, ask

pytestmark = pytest.mark.slow

TABS = ("Chat", "Documents", "Compare", "Evaluate", "Settings")


def opened(page: Page, tab: str) -> None:
    """Opens a tab, from the menu of those for which there is no room."""
    expect(page.get_by_label("Question", exact=True).or_(page.get_by_label("質問", exact=True)).first).to_be_attached()
    if page.get_by_role("tab", name=tab).first.is_visible():
        page.get_by_role("tab", name=tab).first.click()
    else:
        page.get_by_label("More tabs").click()
        page.locator(".overflow-dropdown").get_by_text(tab, exact=True).click()
    page.wait_for_timeout(1_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_page: OpenPage, coast_served: str, scheme: str) -> None:
    """On any tab, with an answer and an open source on the page."""
    page = open_page(coast_served, color_scheme=scheme)
    ask(page, "What budget does the Harbour Compact have?").locator("a.cite").first.click()
    expect(page.locator("#source mark.cited").first).to_be_in_viewport()
    found = []
    for tab in TABS:
        opened(page, tab)
        violations = Axe().run(page).response["violations"]
        found += [
            f"{tab}: {one['id']} at {[node['target'] for node in one['nodes']][:3]}"
            for one in violations
            if one["impact"] in {"serious", "critical"}
        ]
    assert found == []


def test_nothing_is_wider_than_a_phone(open_page: OpenPage, coast_served: str) -> None:
    page = open_page(coast_served, viewport={"width": 390, "height": 844})
    ask(page, "What budget does the Harbour Compact have?")
    wide = []
    for tab in TABS:
        opened(page, tab)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(tab)
    assert wide == []


def test_a_browser_in_japanese_gets_a_japanese_page(open_page: OpenPage, coast_served: str) -> None:
    """Labels, tabs, and what the page itself says; the documents' words stay as they are."""
    page = open_page(coast_served, locale="ja-JP")
    for tab in ("チャット", "文書", "比較", "評価", "設定"):
        expect(page.get_by_role("tab", name=tab)).to_be_attached()
    question = page.get_by_label("質問", exact=True)
    question.fill("What budget does the Harbour Compact have?")
    question.press("Enter")
    answer = page.locator(".message.bot")
    expect(answer).to_contain_text("12 million crowns")
    expect(answer.get_by_role("button").last).to_have_text("この回答ができるまで")
    opened(page, "設定")
    expect(page.locator("#settings")).to_contain_text("ありません。文書も質問も回答もこの機械に留まります。")
