import time

import pytest
from hypothesis import given, settings

from corpus.errors import UnreadableFile
from corpus.reading.html import read_html
from tests.soak.contents import FILES
from tests.soak.promises import check_file

_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The Oslo Statement</title>
<meta property="article:published_time" content="2024-05-06"><meta property="og:site_name" content="Ministry of Rain">
<script>var canary = "scripted";</script><style>p { color: red }</style></head><body>
<nav><ul><li><a href="/">Home page</a></li><li><a href="/news">All the news</a></li></ul></nav>
<main><article><h1>The Oslo Statement</h1>
<p>The ministers met in Oslo &amp; agreed to measure the rain together for the next ten years.</p>
<h2>Money</h2>
<p>Each state pays for its own gauges, and the café is paid for by all of the partners in turn.</p>
<ul><li>gauges of brass</li><li>gauges of tin</li></ul>
<table><tr><th>state</th><th>gauges</th></tr><tr><td>Norway</td><td>12</td></tr></table>
</article></main>
<footer><p>Cookie policy. Contact the webmaster.</p></footer></body></html>"""


def test_the_main_text_is_kept_without_navigation() -> None:
    """Of a web page the article is quoted, not its menus, scripts or footer."""
    draft = read_html(_PAGE.encode(), "page")[0]
    assert draft.text == (
        "The Oslo Statement\n\n"
        "The ministers met in Oslo & agreed to measure the rain together for the next ten years.\n\n"
        "Money\n\n"
        "Each state pays for its own gauges, and the café is paid for by all of the partners in turn.\n\n"
        "• gauges of brass\n• gauges of tin\n"
        "state | gauges\nNorway | 12"
    )
    assert [(s.heading, s.level) for s in draft.sections] == [("The Oslo Statement", 1), ("Money", 2)]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Sum:<br>5 million</p>", "Sum: 5 million"),
        ("<p>x <b>bold</b>ly <a href='/u'>link</a>ed</p>", "x boldly linked"),
        ("<ul><li><p>Alpha</p><p>Beta</p></li><li>Gamma</li></ul>", "• Alpha\n\nBeta\n\n• Gamma"),
        ("<blockquote>words of a minister</blockquote>", "words of a minister"),
        ("<pre>words as\n  they stand</pre>", "words as\nthey stand"),
        ("<pre><code>x = 1</code></pre><pre><code>y = 2</code></pre>", "x = 1\n\ny = 2"),
        ("<blockquote>before<p>inside</p>after</blockquote>", "before\n\ninside\n\nafter"),
        ("<div>before<p>inside</p>after</div>", "before\n\ninside\n\nafter"),
        (
            "<ul><li>Alpha item<ul><li>Beta item</li></ul>more of alpha</li><li>Delta item</li></ul>",
            "• Alpha item\n• Beta item\n\nmore of alpha\n\n• Delta item",
        ),
        ("<ul><li><ul><li>Beta item</li></ul></li><li></li></ul>", "• Beta item"),
        ("<ul><li>Alpha item</li><ul><li>Beta item</li></ul></ul>", "• Alpha item\n• Beta item"),
        ("<table><tr><td>a<br>b</td><td><p>c</p><p>d</p></td></tr></table>", "a b | c d"),
    ],
    ids=[
        "line break",
        "emphasis",
        "paragraphs in an item",
        "quote",
        "preformatted",
        "listings",
        "around a paragraph in a quote",
        "around a paragraph",
        "nested list",
        "nested list alone",
        "list in a list",
        "cells",
    ],
)
def test_every_word_is_kept_once_and_apart(html: str, expected: str) -> None:
    """What a page says is quoted once, in order, and no two words of different lines become one."""
    around = "The ministers met in Oslo and agreed to measure the rain together for the next ten years."
    page = f"<html><body><article><p>{around}</p>{html}<p>{around}</p></article></body></html>"
    assert read_html(page.encode(), "page")[0].text == f"{around}\n\n{expected}\n\n{around}"


def test_the_page_says_what_it_is() -> None:
    """Title, date and site of a page are its own."""
    draft = read_html(_PAGE.encode(), "page")[0]
    assert (draft.title, draft.published) == ("The Oslo Statement", "2024-05-06")
    assert draft.metadata["sitename"] == "Ministry of Rain"


def test_a_page_without_a_title_is_called_by_its_file() -> None:
    """A page that has no title is called what its file is called."""
    page = b"<html><body><p>The ministers met in Oslo and agreed to measure the rain together.</p></body></html>"
    draft = read_html(page, "page")[0]
    assert (draft.title, draft.published) == ("page", None)
    assert draft.text == "The ministers met in Oslo and agreed to measure the rain together."


@pytest.mark.parametrize(
    "content",
    [b"<html><body></body></html>", b"<html><body><script>x()</script></body></html>", b"<"],
    ids=["empty", "script only", "one bracket"],
)
def test_a_page_without_text_is_refused(content: bytes) -> None:
    """A page with nothing to quote is refused with the reason."""
    with pytest.raises(UnreadableFile, match="no main text was found in the page"):
        read_html(content, "page")


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="koi8-r">', "koi8-r"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">', "cp1251"),
        ('<meta charset="iso-8859-1">', "utf-8"),
        ('<meta charset="utf-8">', "utf-16"),
    ],
    ids=["said", "said the old way", "said wrongly", "a mark"],
)
def test_a_page_is_in_the_charset_that_it_states(head: str, encoding: str) -> None:
    """No word of a page becomes garbage because its encoding is an old one."""
    draft = read_html(f"<html><head>{head}</head><body><p>Дождь идёт в Осло.</p></body></html>".encode(encoding), "p")[
        0
    ]
    assert (draft.text, draft.warnings) == ("Дождь идёт в Осло.", ())


def test_a_saved_document_is_read_whole() -> None:
    """A page without navigation is all main text: short headings, numbered lists and lone values too."""
    html = "<h1>Rain</h1><p>12</p><ol><li>brass</li><li>tin</li></ol><h2>Sun</h2><div>None.</div>"
    assert read_html(html.encode(), "p")[0].text == "Rain\n\n12\n\n1. brass\n\n2. tin\n\nSun\n\nNone."


def test_a_page_of_menus_alone_is_read_with_a_warning() -> None:
    html = "<div class=menu><a href=/>Home</a> <a href=/n>News</a></div>"
    draft = read_html(html.encode(), "p")[0]
    assert "Home" in draft.text
    assert (
        draft.warnings == ("no main text stands out in the page: all of it was read, menus too",) or not draft.warnings
    )


def test_a_date_is_stated_or_guessed_and_never_made_up() -> None:
    """A year in a footnote does not date a page; a date near its head is a guess, and says so."""
    dated = read_html(b"<h1>Rain</h1><p>Oslo, 6 May 2024. It rained.</p>", "p")[0]
    assert (dated.published, dated.metadata) == ("2024-05-06", {"published_is_guessed": True})
    assert read_html(b"<h1>Rain</h1><p>It rained as in 2004 (see 2011).</p>", "p")[0].published is None


@pytest.mark.parametrize("tag", ["<div>", "<table><tr><td>", "<ul><li>", "<b>", "<p>", "<!--"])
def test_hostile_depth_costs_little(tag: str) -> None:
    begun = time.process_time()
    page = f"<html><body><p>It rained.</p>{tag * 20_000}deep</body></html>"
    assert read_html(page.encode(), "p")[0].text.startswith("It rained.")
    assert time.process_time() - begun < 20


def test_what_a_menu_is_opened_by_is_left_out() -> None:
    """The words beside a box that opens a menu are the site's; those of a box that asks something are the page's."""
    page = (
        "<body><nav>Home</nav><main><input type=checkbox id=a aria-haspopup=true><label for=a>154 languages</label>"
        "<p>It rained in Bergen.</p><input type=checkbox id=b><label for=b>It snowed too.</label></main></body>"
    )
    text = read_html(page.encode(), "file")[0].text
    assert "154" not in text
    assert "It rained in Bergen." in text and "It snowed too." in text


def test_a_list_of_links_before_the_text_is_a_menu() -> None:
    """The page's languages and contents are left out; a list of links after the text, or of other words, is not."""
    links = "".join(f"<li><a href='/{n}'>Language {n}</a></li>" for n in range(6))
    long = f"<p>{'Rain is water that falls. ' * 5}</p>"
    page = f"<body><main><ul>{links}</ul><ul>{'<li>Water that falls</li>' * 6}</ul>{long}<ul>{links}</ul></main></body>"
    text = read_html(page.encode(), "page")[0].text
    assert text.count("Language 0") == 1 and text.index("Language 0") > text.index("Rain is")
    assert text.count("Water that falls") == 6


def test_a_title_is_one_line_of_plain_characters() -> None:
    """A list of documents shows the title's words and nothing that is between them."""
    title = "The\u2028Rain&#x1;\n&nbsp;Pl\u00adan"
    page = f"<html><head><title>{title}</title></head><body><p>{'It rained all day. ' * 9}</p>"
    assert read_html(page.encode(), "f")[0].title == "The Rain Plan"


@given(FILES["html"][0])
@settings(max_examples=30, deadline=None)
def test_any_tags_are_read_or_refused(content: bytes) -> None:
    """Tags in any order give a text whose sections lie in it, or a reason."""
    check_file(FILES["html"][1])(content)


def test_a_page_on_which_a_library_breaks_off_is_read_and_says_so() -> None:
    """Whose outermost element is one that the search for a date takes away."""
    draft = read_html(b"</html><math>Rain fell for ten days.", "page")[0]
    assert (draft.text, draft.title) == ("Rain fell for ten days.", "page")
    assert draft.warnings == ("what the page says of its title and date cannot be read (AssertionError)",)
