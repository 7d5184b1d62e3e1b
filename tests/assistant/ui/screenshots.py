"""Pictures of the page for the README: `make screenshots` writes them to docs/, over the sample documents.

Each view in light, dark and at the width of a phone. Look at them before they are kept.
"""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.assistant.cli.conftest import called
from tests.assistant.ui.conftest import ask, serving

_DOCS = Path(__file__).parents[3] / "docs"
_MODES = {
    "": {"viewport": {"width": 1280, "height": 860}},
    "-dark": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"},
    "-narrow": {"viewport": {"width": 390, "height": 844}},
}
_SETTLED_MS = 2_500


def main() -> None:
    """Takes them all."""
    _DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder) / "home"
        called("add", "--sample", home=home)
        called("eval", "run", "sample", home=home)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with serving(home) as address:
            for suffix, options in _MODES.items():
                context = browser.new_context(locale="en-GB", **options)
                _pictures(context.new_page(), address, suffix)
                context.close()
        browser.close()


def _pictures(page: Page, address: str, suffix: str) -> None:
    page.goto(address)
    answer = ask(page, "How many areas did the BRICS call of 2019 cover?")
    answer.locator("a.cite").first.hover()
    _take(page, f"chat{suffix}")
    answer.locator("a.cite").first.click()
    _take(page, f"source{suffix}")
    page.keyboard.press("Escape")
    for tab in ("Documents", "Compare", "Evaluate", "Settings"):
        _open(page, tab)
        if tab == "Compare":
            page.get_by_label("Questions, one a line").fill("When did they meet?\nWhat is said of open access?")
            page.get_by_role("button", name="Compare", exact=True).click()
            page.get_by_text("Done:").wait_for()
        if tab == "Evaluate":
            page.locator("button[data-run]").first.click()
            page.frame_locator("iframe").first.get_by_text("right words cited").first.wait_for()
            page.locator("iframe").first.scroll_into_view_if_needed()
        _take(page, f"{tab.lower()}{suffix}")


def _open(page: Page, tab: str) -> None:
    """Opens a tab, from the menu of those for which there is no room."""
    if not page.get_by_role("tab", name=tab).first.is_visible():
        page.get_by_label("More tabs").click()
        page.locator(".overflow-dropdown").get_by_text(tab, exact=True).click()
    else:
        page.get_by_role("tab", name=tab).first.click()


def _take(page: Page, name: str) -> None:
    page.wait_for_timeout(_SETTLED_MS)
    page.screenshot(path=_DOCS / f"{name}.png")


if __name__ == "__main__":
    main()
