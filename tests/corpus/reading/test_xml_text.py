import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.reading.xml_text import read_xml


def text_of(xml: str) -> str:
    return read_xml(xml.encode(), "f")[0].text


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<a><p>It <i>rain</i>ed.</p><p>Again.</p></a>", "It rained.\n\nAgain."),
        (
            "<list><c><name>Norway</name><rain>12</rain></c><c><name>Peru</name><rain>3</rain></c></list>",
            "name: Norway; rain: 12\nname: Peru; rain: 3",
        ),
        ("<t><row><cell>a</cell><cell>b</cell></row><row><cell>1</cell><cell>2</cell></row></t>", "a | b\n1 | 2"),
        ("<a><sec><title>Rain</title><p>It rained.</p></sec></a>", "Rain\n\nIt rained."),
        ("<a>before<b><p>inside.</p></b>after</a>", "beforeinside.after"),
        ("<a><code>X1</code></a>", "code: X1"),
        ("<a><v>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</v></a>", "One.\n\nTwo."),
    ],
    ids=["paragraphs", "records", "rows", "heading", "words around", "lone value", "HTML in XML"],
)
def test_the_words_are_read_in_their_order(xml: str, text: str) -> None:
    """What any XML says can be quoted, a value with its name."""
    assert text_of(xml) == text


def test_a_feed_is_its_entries() -> None:
    (draft,) = read_xml(
        b"""<rss xmlns:c="http://purl.org/rss/1.0/modules/content/"><channel><title>News of rain</title><link>x</link>
        <item><title>One</title><pubDate>Mon, 6 May 2024 10:00:00 GMT</pubDate><description>short</description>
        <c:encoded>&lt;h1&gt;Big&lt;/h1&gt;&lt;p&gt;It &lt;b&gt;rained&lt;/b&gt;.&lt;/p&gt;</c:encoded></item>
        <item><title>Two</title><description>It was dry.</description></item></channel></rss>""",
        "f",
    )
    assert draft.text == (
        "News of rain\n\nOne\n\nMon, 6 May 2024 10:00:00 GMT\n\nBig\n\nIt rained.\n\nTwo\n\nIt was dry."
    )
    assert draft.title == "News of rain"
    assert [(s.heading, s.level) for s in draft.sections] == [("News of rain", 1), ("One", 2), ("Big", 3), ("Two", 2)]


def test_an_atom_feed_may_hold_pages() -> None:
    xml = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Rain</title><entry><title>One</title><content type="xhtml">'
        '<div xmlns="http://www.w3.org/1999/xhtml"><p>It rained.</p><p>Again.</p></div></content></entry></feed>'
    )
    assert text_of(xml) == "Rain\n\nOne\n\nIt rained.\n\nAgain."


def test_a_page_is_read_as_a_page() -> None:
    xml = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head><body><p>It rained.</p></body></html>'
    )
    (draft,) = read_xml(xml.encode(), "f")
    assert (draft.title, draft.text) == ("T", "It rained.")


@pytest.mark.parametrize(
    "content",
    [
        "<a><p>Größe.</p></a>".encode("utf-16"),
        '<?xml version="1.0" encoding="UTF-8"?><a><p>Größe.</p></a>'.encode("utf-16"),
        '<?xml version="1.0" encoding="iso-8859-1"?><a><p>Größe.</p></a>'.encode("cp1252"),
        '<?xml version="1.0" encoding="utf-16"?><a><p>Größe.</p></a>'.encode(),
    ],
    ids=["a mark", "a mark and a wrong word", "a word", "a wrong word"],
)
def test_encodings_are_told_by_the_bytes(content: bytes) -> None:
    assert read_xml(content, "f")[0].text == "Größe."


def test_nothing_outside_is_read() -> None:
    """An entity that points to a file, or anywhere, stands for nothing."""
    draft = read_xml(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><p>It rained. &x;</p></a>', "f")[0]
    assert draft.text == "It rained."
    assert draft.warnings == ("entities that the file defines itself were left out",)


def test_a_billion_laughs_are_none() -> None:
    lines = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    xml = f'<!DOCTYPE a [<!ENTITY l0 "ha">{lines}]><a><p>It rained. &l9;</p></a>'
    begun = time.process_time()
    assert text_of(xml) == "It rained."
    assert time.process_time() - begun < 2


def test_what_is_not_well_formed_is_read_as_far_as_it_is() -> None:
    (draft,) = read_xml(b"<a><p>It rained.</p><p>Again.</a>", "f")
    assert draft.text == "It rained.\n\nAgain."
    assert draft.warnings[0].startswith("not well-formed XML (")


@pytest.mark.parametrize(
    "content", [b"<a/>", b'<a b="c"/>', b"<a><!-- It rained. --></a>", b"", b"<", b"It rained."], ids=range(6)
)
def test_what_has_no_words_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_xml(content, "f")


def test_depth_costs_a_warning_at_most() -> None:
    (draft,) = read_xml(b"<a><p>It rained.</p>" + b"<b>" * 20_000 + b"x" + b"</b>" * 20_000 + b"</a>", "f")
    assert draft.text.startswith("It rained.")
    assert draft.warnings


def test_a_long_title_ends_with_a_word() -> None:
    """A title that is cut is one line without a space at its end, of plain characters."""
    words = "&#x1;Rain &#x200b;plans " * 50
    (draft,) = read_xml(f"<a><title>{words}</title><p>It rained.</p></a>".encode(), "f")
    assert draft.title == ("Rain plans " * 50)[:300].strip()


@pytest.mark.parametrize("reference", ["&#xD800;", "&#x000000dfff;", "&#55296;", "&#0057343;", "&#xDEAD"])
def test_half_a_character_is_one_that_is_lost(reference: str) -> None:
    """A reference that stands for no character costs that character, not the file."""
    (draft,) = read_xml(f"<a><p c='{reference}'>It {reference} rained.</p></a>".encode(), "f")
    assert draft.text == "It \ufffd rained."
    assert "not well-formed" in draft.warnings[0]


@given(st.binary(max_size=300))
def test_noise_is_read_or_refused(noise: bytes) -> None:
    for content in (noise, b"<a>" + noise, b"<rss><item>" + noise, b"<?xml version='1.0'?><!DOCTYPE a [" + noise):
        try:
            assert read_xml(content, "f")[0].text
        except UnreadableFile as error:
            assert str(error)
