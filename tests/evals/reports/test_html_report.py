"""The pages as a hostile document would like them, and as a reader finds them."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from assistant.home import Home
from evals.comparing.run_comparison import compare
from evals.reports.comparison_page import comparison_page
from evals.reports.html_report import run_page
from evals.runs.kept_runs import Run, Runs
from evals.runs.results import Result
from tests.fakes_runs import RECORD, kept, made

HOSTILE = [
    "</script><script>top.canary = 1</script>",
    "<img src=x onerror=top.canary=1>",
    "\"' onmouseover='top.canary=1' x=\"",
    "</style><style>*{display:none}</style>",
    "<!--",
    "</details></main></body>",
    "&lt;script&gt;",
    "javascript:top.canary=1",
    "\x00\x1b[31m\ud800",
    "\u202eevil",
]
WORDS = "right words cited"
RUN = Run("20261122-050000-abcd", "tiny", "2026-11-22T05:00:00.000+00:00", "2026-11-22T05:01:00.000+00:00", RECORD, 2)


class Elements(HTMLParser):
    """Collects the elements of a page, with their attributes, and what is in which."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def elements(page: str) -> list[tuple[str, dict[str, str | None]]]:
    """The elements of a page in order."""
    parser = Elements()
    parser.feed(page)
    return parser.found


def hostile(words: str) -> Iterator[Result]:
    """Results in which every text that comes from outside is these words."""
    for number, refusal in enumerate((None, "absent")):
        yield made(f"{number}{words}", {WORDS: 0.0}, text=words, refusal=refusal, tags=(words,))
    yield made(f"2{words}", error=words)


@pytest.mark.parametrize("words", HOSTILE)
def test_no_text_becomes_markup(words: str, home: Home) -> None:
    """The page has the elements that it has for harmless words, no handler, and one script: its own."""
    plain = [made(f"{n}plain", {WORDS: 0.0}, refusal=r, tags=("plain",)) for n, r in enumerate((None, "absent"))]
    plain.append(made("2plain", error="plain"))
    wanted = [tag for tag, _ in elements(run_page(RUN, plain))]
    found = elements(run_page(RUN, list(hostile(words))))
    assert [tag for tag, _ in found] == wanted
    assert not [name for _, attributes in found for name in attributes if name.startswith("on")]
    assert [tag for tag, _ in found].count("script") == 1


def test_no_text_becomes_markup_in_a_comparison(home: Home) -> None:
    words = "".join(HOSTILE[:7])
    one = kept(home.database, [made("c", {WORDS: 1.0}, text=words, tags=(words,))], suite="tiny")
    other = kept(home.database, [made("c", {WORDS: 0.0}, text=words[::-1], tags=(words,))], suite="tiny")
    page = comparison_page(compare(one, other, Runs(home.database)))
    found = elements(page)
    assert [tag for tag, _ in found].count("script") == 1
    assert [tag for tag, _ in found].count("img") == 0
    assert not [name for _, attributes in found for name in attributes if name.startswith("on")]


def test_a_page_asks_for_nothing_from_outside() -> None:
    """No address, no import, and a policy that would refuse them."""
    page = run_page(RUN, [made("one", {WORDS: 1.0})])
    found = elements(page)
    assert not [a for _, a in found if {"src", "href", "srcset", "action"} & set(a)]
    assert not [tag for tag, _ in found if tag in ("link", "iframe", "object", "embed", "base", "form")]
    assert "@import" not in page
    assert "url(" not in page
    assert "default-src 'none'; style-src 'sha256-" in page


def test_a_page_is_for_everybody() -> None:
    """A language, headings in order, scopes and captions of tables, labels of controls, titles of plots, a title."""
    some = [made(f"c{i}", {WORDS: 1.0, "right words first": float(i % 2)}, tags=("date",)) for i in range(12)]
    page = run_page(RUN, some)
    found = elements(page)
    assert found[0] == ("html", {"lang": "en"})
    assert [tag for tag, _ in found].count("h1") == 1
    assert all("scope" in attributes for tag, attributes in found if tag == "th")
    assert page.count("<table>") == page.count("<caption>")
    labels = {attributes["for"] for tag, attributes in found if tag == "label"}
    assert labels == {a["id"] for tag, a in found if tag in ("input", "select")}
    plots = [attributes for tag, attributes in found if tag == "svg" and attributes.get("class") == "plot"]
    assert len(plots) == 3
    assert all(attributes["role"] == "img" for attributes in plots)
    assert page.count("</title>") == 1 + len(plots)
    assert "prefers-color-scheme: dark" in page


def test_a_page_shows_the_figures_the_case_and_how_it_came_about() -> None:
    page = run_page(RUN, [made("one", {WORDS: 0.0}), made("two", refusal="absent", answerable=False)])
    assert "<h1>tiny: 2 cases, 1 failing</h1>" in page
    for part in (
        '<th scope="row">right words cited</th><td class="number">0.000</td>',
        "none of the right words is cited",
        "It has a budget.",
        "About a",
        "refused: absent",
        "c0de",
        "0.750",
    ):
        assert part in page


@pytest.mark.parametrize("results", [[], [made("one", error="no")], [made("one")]], ids=["none", "error", "unscored"])
def test_a_run_without_figures_still_has_a_page(results: list[Result]) -> None:
    assert "Nothing could be measured." in run_page(RUN, results)


def test_filters_know_every_tag_and_state() -> None:
    page = run_page(RUN, [made("one", {WORDS: 0.0}, tags=('a "b"', "c"))])
    (case,) = [attributes for tag, attributes in elements(page) if attributes.get("class") == "case"]
    assert json.loads(case["data-tags"]) == ['a "b"', "c"]
    assert case["data-states"] == "failing"


@pytest.mark.slow
def test_nothing_of_a_collection_of_attacks_acts_in_a_browser(data: Path, tmp_path: Path, browser: Browser) -> None:
    """Six hundred of them as questions, answers, tags and ids: no dialog, no canary, no request, no error."""
    rows = [json.loads(line) for line in (data / "adversarial" / "xss.jsonl").read_text().splitlines()[::7]]
    attacks = [max((value for value in row.values() if isinstance(value, str)), key=len) for row in rows]
    results = [made(f"{i}{text}", {WORDS: 0.0}, text=text, tags=(text,)) for i, text in enumerate(attacks)]
    path = tmp_path / "report.html"
    path.write_text(run_page(RUN, results), encoding="utf-8", errors="replace")
    seen: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: seen.append(request.url))
    page.on("dialog", lambda dialog: (seen.append("dialog"), dialog.dismiss()))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    page.fill("#filter-words", "script")
    title, script = page.title(), page.evaluate("typeof window.canary")
    page.close()
    assert seen == [path.as_uri()]
    assert (title, script) == ("tiny, 20261122-050000-abcd", "undefined")
