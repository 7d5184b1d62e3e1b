"""An answer that nobody waits for any more ends, and with it the work of the LLM that writes it."""

import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.assistant.ui.conftest import OpenPage, Serve, ask
from tests.fakes_llm import Script, ScriptedServer, echo_keys, serving

pytestmark = pytest.mark.slow

SENTENCE = "The Harbour Compact has a budget of 12 million crowns for three years [{0}]. "
QUESTION = "What is the budget of the Harbour Compact?"


def slow(body: dict[str, Any]) -> Iterator[str]:
    """A sentence that is borne out, and then one that takes ten minutes."""
    yield from echo_keys(SENTENCE)(body)
    yield "Then "
    for first, second in product(ascii_lowercase, repeat=2):
        yield f"{first}ud{second}o "
        time.sleep(1)


@pytest.fixture
def llm() -> Iterator[ScriptedServer]:
    with serving(Script(pieces=slow)) as server:
        yield server


@pytest.fixture
def page(open_page: OpenPage, serve: Serve, coast_page_home: Path, llm: ScriptedServer) -> Page:
    """The page of a home whose LLM does not come to an end, in the middle of an answer."""
    page = open_page(serve(coast_page_home, environment={"COMMUNIQUE_LLM": f"server:scripted@{llm.url}"}))
    page.get_by_label("Question", exact=True).fill(QUESTION)
    page.get_by_label("Question", exact=True).press("Enter")
    expect(page.locator("#messages .claim").first).to_contain_text("12 million crowns")
    return page


def test_the_reader_stops_an_answer(page: Page, llm: ScriptedServer) -> None:
    """The LLM is left, what it had said is not kept as an answer, and the next question is answered."""
    assert not llm.hung_up.is_set()
    page.locator("#question button.stop-button").click()
    expect(page.locator("#messages")).to_contain_text("Stopped. What was not finished is not kept.")
    assert llm.hung_up.wait(20)
    page.reload()
    expect(page.locator("#messages .claim")).to_have_count(0)
    llm.script = Script(pieces=echo_keys(SENTENCE))
    expect(ask(page, QUESTION).locator(".claim")).to_have_count(1)


def test_a_closed_tab_ends_its_answer(page: Page, llm: ScriptedServer) -> None:
    page.wait_for_timeout(2_000)
    assert not llm.hung_up.is_set()
    page.close()
    assert llm.hung_up.wait(30)
