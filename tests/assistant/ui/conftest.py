"""What the tests of the page share: one browser, servers by home, and pages that are watched while they are used.

A page that a test opens through `open_page` is checked at its end: it asked nothing of another machine, nothing ran
from a document (the canary), and the browser's console holds no error.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.assistant.cli.conftest import HARBOUR, called, forked

CANARY = "window.canary = 1"
_START_SECONDS = 180
_WAIT_MS = 60_000
LOCAL = {"127.0.0.1", "localhost", None, ""}

Serve = Callable[..., str]
"""`serve(home, environment={…})`: the address of a page over that home; a second call gives the same server."""
OpenPage = Callable[..., Page]
"""`open_page(address, context=…, **options)`: a page in a new context of these options, or in one given."""


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """A function from a home's folder to the address of a page over it; the servers end with the run."""
    servers: dict[tuple[object, ...], tuple[BaseProcess, str]] = {}

    def serve_home(home: Path, *, environment: dict[str, str] | None = None) -> str:
        key = (home, *sorted((environment or {}).items()))
        if key not in servers:
            servers[key] = _server(home, environment or {})
        return servers[key][1]

    yield serve_home
    for server, _ in servers.values():
        server.terminate()
    for server, _ in servers.values():
        server.join(timeout=30)


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """The address of a page over a home, while it is served."""
    server, address = _server(home, {})
    try:
        yield address
    finally:
        server.terminate()
        server.join(timeout=30)


def _server(home: Path, environment: dict[str, str]) -> tuple[BaseProcess, str]:
    """A running page on a free port, and its address."""
    server, (_, output, errors) = forked("chat", "--port", 0, home=home, environment=environment)
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and server.is_alive():
        if found := re.search(r"http://127\.0\.0\.1:\d+", output.read_text()):
            return server, found.group()
        time.sleep(0.1)
    raise AssertionError(errors.read_text())


@pytest.fixture(scope="session")
def coast_served(coast_page_home: Path, serve: Serve) -> str:
    """The address of a page over the Harbour Compact, whose text is long; tests ask it and add nothing."""
    return serve(coast_page_home)


@pytest.fixture(scope="session")
def coast_page_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the Harbour Compact, what answers far down in it."""
    folder = tmp_path_factory.mktemp("coast-page")
    title, _, rest = HARBOUR.partition("\n")
    filler = "".join(
        f"Paragraph {n} of the annex lists the buoys that were painted red in that year.\n\n" for n in range(150)
    )
    (folder / "harbour.md").write_text(f"{title}\n\n## Annex\n\n{filler}{rest}")
    assert called("add", folder / "harbour.md", home=folder / "home").returncode == 0
    return folder / "home"


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """A function that opens a watched page; each in a browser context of its own, which holds its own storage."""
    contexts: list[BrowserContext] = []
    pages: list[Page] = []
    requested: list[str] = []
    errors: list[str] = []

    def open_one(address: str, *, context: BrowserContext | None = None, **options: object) -> Page:
        if context is None:
            context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"} | options)
            contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(_WAIT_MS)
        expect.set_options(timeout=_WAIT_MS)
        page.on("request", lambda request: requested.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append(page)
        page.goto(address)
        return page

    yield open_one
    ran = [page.url for page in pages if not page.is_closed() and page.evaluate("window.canary !== undefined")]
    for context in contexts:
        context.close()
    strangers = {url for url in requested if urlsplit(url).hostname not in LOCAL}
    assert (ran, strangers, errors) == ([], set(), [])


@pytest.fixture
def coast_page(open_page: OpenPage, coast_served: str) -> Page:
    """A page over the Harbour Compact, freshly loaded."""
    return open_page(coast_served)


def ask(page: Page, question: str) -> Locator:
    """Asks, waits for the whole answer, and gives its message."""
    before = page.locator(".message.bot").count()
    page.get_by_label("Question", exact=True).fill(question)
    page.get_by_label("Question", exact=True).press("Enter")
    answer = page.locator(".message.bot").nth(before)
    expect(answer.locator(".claim, .refusal").first).to_be_visible()
    expect(page.get_by_label("Question", exact=True)).to_have_value("")
    return answer
