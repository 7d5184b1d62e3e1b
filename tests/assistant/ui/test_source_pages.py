"""From a file with pages to the panel: the page that a citation names is the one on which a reader finds the words."""

import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from assistant.answer import Answer, Citation
from assistant.answering import answer
from assistant.home import Home
from assistant.sources import Sources
from assistant.ui.source import source_for
from corpus.reading.files import FoundFile
from index.adding import add_files
from tests.assistant.ui.conftest import OpenPage
from tests.fakes import HashEncoder
from tests.fakes_page import conversation_served, kept_conversation
from tests.pdf_files import Words, lines, pdf_file

ME = "my key"
_FILLER = (
    "The harbour master keeps a list of all the boats that",
    "came in before the winter and of those that went out.",
    "Nobody reads the list, but it is kept in good order.",
)
_TIDE = "The tide at Cape Orre rises by nine metres."
_GAUGES = "Seven gauges of brass were set up along the northern"
_GAUGES_END = "coast in the spring."
_FUND_JA = "基金の予算は三千万円である。"
_OFFICE_JA = "事務局は京都に置かれている。"

QUESTIONS = {
    "How much does the tide at Cape Orre rise?": (_TIDE, 2, "page 2"),
    "How many gauges of brass were set up?": (f"{_GAUGES} {_GAUGES_END}", 2, "page 2"),
    "基金の予算はいくらですか。": (_FUND_JA, 2, "page 2"),
    "事務局はどこに置かれていますか。": (_OFFICE_JA, 3, "page 3"),
    "Who wrote the preface?": ("Mara Quist wrote the preface.", 1, "page ix"),
    "When was the lantern lit?": ("The lantern was lit in 1871.", 3, "page 12"),
}
"""Each with the words that answer it, their page from the first one on, and the page as a reader is told it."""


def _pages() -> dict[str, bytes]:
    """Files of pages: a paragraph that goes on over a page's end, Japanese, and a book whose first page is not 1."""
    gauges = lines(72, 500, _GAUGES)
    tide = [*lines(72, 700, *_FILLER), *lines(72, 640, _TIDE), *gauges]
    return {
        "tides.pdf": pdf_file([lines(72, 700, *_FILLER), tide, lines(72, 780, _GAUGES_END), lines(72, 780, *_FILLER)]),
        "fund.pdf": pdf_file(
            [[Words(72, 700, text, font="F3")] for text in ("この覚書は二国間のものである。", _FUND_JA, _OFFICE_JA)]
        ),
        "lantern.epub": _book(
            '<h1>Preface</h1><p><a id="ix"></a>Mara Quist wrote the preface.</p>',
            '<h1>Light</h1><p><a id="p11"></a>The tower was whitewashed by the keepers. '
            '<a id="p12"></a>The lantern was lit in 1871.</p>',
            {"one.xhtml#ix": "{ix}", "two.xhtml#p11": "11", "two.xhtml#p12": "12"},
        ),
    }


def _book(one: str, two: str, page_list: dict[str, str]) -> bytes:
    """A book of two files with a list of printed pages."""
    head = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>'
    links = "".join(f'<li><a href="{target}">{label}</a></li>' for target, label in page_list.items())
    kind = "application/xhtml+xml"
    files = {
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>',
        "b.opf": "<package xmlns:dc='http://purl.org/dc/elements/1.1/'><metadata><dc:title>Lantern</dc:title></metadata>"
        f'<manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="{kind}"/><item id="one" '
        f'href="one.xhtml" media-type="{kind}"/><item id="two" href="two.xhtml" media-type="{kind}"/></manifest>'
        '<spine><itemref idref="one"/><itemref idref="two"/></spine></package>',
        "nav.xhtml": f'{head}<nav epub:type="page-list"><ol>{links}</ol></nav></body></html>',
        "one.xhtml": f"{head}{one}</body></html>",
        "two.xhtml": f"{head}{two}</body></html>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def asked(
    tmp_path_factory: pytest.TempPathFactory, certain: Callable[[Home], Sources]
) -> Iterator[tuple[Home, str, list[Answer]]]:
    """A home with the files, and a conversation in which the questions were asked."""
    folder = tmp_path_factory.mktemp("pages")
    home = Home(folder / "home", load_encoder=HashEncoder)
    for name, content in _pages().items():
        (folder / name).write_bytes(content)
    files = [FoundFile(folder / name, name) for name in _pages()]
    reports = list(add_files(files, home.catalogue, lambda: home.indexer))
    assert {report.status for report in reports} == {"added"}, reports
    answers = [answer(question, certain(home)) for question in QUESTIONS]
    yield home, kept_conversation(home, ME, answers), answers
    home.close()


@pytest.mark.parametrize("number", range(len(QUESTIONS)))
def test_a_citation_names_the_page_on_which_its_words_begin(asked: tuple[Home, str, list[Answer]], number: int) -> None:
    """Of a PDF the page that a viewer counts, of a book the printed one too; words that go on over a page's end have
    the first of their pages.
    """
    home, conversation, answers = asked
    words, page, shown = list(QUESTIONS.values())[number]
    citation = _citation_of(words, answers[number])
    assert citation.page == page
    panel = source_for(home, ME, conversation, f"cite-{number + 1}-{citation.number}")
    assert shown in html.unescape(re.search(r'<p class="details">(.*?)</p>', panel).group(1)).split(" · ")
    assert panel.index(f'data-label="{shown}"') < panel.index('<mark class="cited"')


@pytest.mark.slow
def test_the_page_is_told_where_the_words_are_marked(
    asked: tuple[Home, str, list[Answer]], open_page: OpenPage
) -> None:
    """A click on a marker opens the source at the words, under the rule that says on which page they stand."""
    home, conversation, answers = asked
    with conversation_served(home, conversation, owner=ME) as address:
        page = open_page(address)
        for number, (words, _, shown) in enumerate(QUESTIONS.values(), start=1):
            citation = _citation_of(words, answers[number - 1])
            page.locator(f'a.cite[href="#cite-{number}-{citation.number}"]').first.click()
            cited = page.locator("#source mark.cited")
            expect(cited).to_have_text(words)
            expect(cited).to_be_in_viewport()
            expect(page.locator("#source .details")).to_contain_text(shown)


def _citation_of(words: str, given: Answer) -> Citation:
    return next(citation for citation in given.citations if citation.quote == words)
