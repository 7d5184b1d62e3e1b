import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.fetching.lists import MAX_ADDRESSES, PageList, list_in

BASE = "https://example.org/news/feed.xml"
RSS = b"""<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>News</title><link>https://example.org/</link><image><link>https://example.org/logo</link></image>
<item><atom:link rel="self" href="/self"/><title>A</title><link> https://example.org/a?x=1&amp;y=2 </link></item>
<item><guid>https://example.org/b</guid></item>
<item><guid isPermaLink="false">https://example.org/no</guid><title>without</title></item>
<item><link>/c</link></item><item><link>/c</link></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://example.org/"/>
<entry><link rel="enclosure" href="/a.mp3"/><link rel="alternate" href="a"/></entry>
<entry><link href="https://other.example/b"/><link href="/second"/></entry><entry><title>none</title></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="x"><link>https://example.org/</link></channel><item><link>https://example.org/a</link></item></rdf:RDF>"""
SITEMAP = b"""\xef\xbb\xbf
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://example.org/a</loc><image:image><image:loc>https://example.org/a.png</image:loc></image:image></url>
<url><lastmod>2024-01-01</lastmod></url></urlset>"""
INDEX = b"<sitemapindex><sitemap><loc>https://example.org/1.xml.gz</loc></sitemap></sitemapindex>"


@pytest.mark.parametrize(
    ("content", "kind", "addresses"),
    [
        (RSS, "feed", ["https://example.org/a?x=1&y=2", "https://example.org/b", "https://example.org/c"]),
        (ATOM, "feed", ["https://example.org/news/a", "https://other.example/b"]),
        (RDF, "feed", ["https://example.org/a"]),
        (SITEMAP, "sitemap", ["https://example.org/a"]),
        (INDEX, "index", ["https://example.org/1.xml.gz"]),
    ],
    ids=["RSS", "Atom", "RSS 1.0", "sitemap", "index"],
)
def test_a_list_gives_its_pages_in_order_each_once(content: bytes, kind: str, addresses: list[str]) -> None:
    found = list_in(content.lstrip(b"\n"), BASE)
    assert isinstance(found, PageList)
    assert (found.kind, list(found.addresses)) == (kind, addresses)


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html><body>a</body></html>",
        b"%PDF-1.7",
        b"",
        b"<p>rss & more",
        b"<?xml version='1.0'?>",
        b"plain <rss>",
        b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/a.dtd"><html/>',
    ],
)
def test_a_page_is_no_list(content: bytes) -> None:
    assert list_in(content, BASE) is None


def test_what_a_broken_list_says_before_it_breaks_counts() -> None:
    """Feeds are often written by hand."""
    found = list_in(b"<rss><item><link>/a</link></item><item><title>R&D &</title></item></rss>", BASE)
    assert found is not None
    assert found.addresses == ("https://example.org/a",)


@pytest.mark.parametrize("content", [b"<rss><channel/></rss>", b"<rss><item><link>/a</item>", b"<urlset>"])
def test_a_list_without_pages_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="add the pages by their own addresses"):
        list_in(content, BASE)


def test_entities_are_not_unfolded() -> None:
    """Neither those that grow without end nor those that read a file."""
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    for declared in (f'<!ENTITY a0 "ha">{laughs}', '<!ENTITY a11 SYSTEM "file:///etc/passwd">'):
        content = f"<!DOCTYPE rss [{declared}]><rss><item><link>&a11;</link></item></rss>"
        assert list_in(content.encode(), BASE) is None


@pytest.mark.slow
@pytest.mark.parametrize("filling", [b"<a>", b"<item><link>", b"words "])
def test_a_large_list_takes_its_time_and_no_more(filling: bytes) -> None:
    """Of thirty megabytes, deep or flat: it ends, and no tree of it is held in memory."""
    began = time.process_time()
    tracemalloc.start()
    with pytest.raises(UnreadableFile):
        list_in(b"<rss>" + filling * (30 * 1024**2 // len(filling)), BASE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.process_time() - began < 120  # tracing slows it
    assert peak < 150 * 1024**2


@pytest.mark.slow
def test_a_list_without_end_ends() -> None:
    urls = b"".join(b"<url><loc>/%d</loc></url>" % number for number in range(MAX_ADDRESSES + 10))
    found = list_in(b"<urlset>" + urls + b"</urlset>", BASE)
    assert found is not None
    assert len(found.addresses) == MAX_ADDRESSES


@settings(deadline=None)  # the first example loads libraries
@given(st.binary(), st.sampled_from([b"<rss>", b"<feed>", b"<urlset>", b""]))
def test_any_bytes_are_a_list_or_none_or_refused(content: bytes, head: bytes) -> None:
    try:
        list_in(head + content, BASE)
    except UnreadableFile as error:
        assert "add the pages" in str(error)
