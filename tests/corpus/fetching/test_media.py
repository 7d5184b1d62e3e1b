import pytest

from corpus.errors import UnreadableFile
from corpus.fetching.addresses import parse_address
from corpus.fetching.media import Kind, in_utf8, kind_of


@pytest.mark.parametrize(
    ("content_type", "target", "name"),
    [
        ("text/html; charset=utf-8", "/a/news", "news.html"),
        ("TEXT/HTML", "/a/report.pdf", "report.html"),
        ("text/html", "/", "example.org.html"),
        ("text/plain", "/README.md", "README.md"),
        ("text/plain", "/licence", "licence.txt"),
        ("application/octet-stream", "/a.md?raw=1", "a.md"),
        ("", "/a.txt", "a.txt"),
        ("", "/a", "a.html"),
        ("nonsense", "/a", "a.html"),
        ("application/rss+xml", "/feed", "feed.xml"),
        ("application/gzip", "/sitemap.xml.gz", "sitemap.xml.xml.gz"),
        ("application/xhtml+xml", "/%E6%97%A5%E6%9C%AC", "日本.xhtml"),
        ("text/html", "/a%2Fb%00", "b.html"),
    ],
)
def test_the_type_says_what_a_page_is_and_the_address_where_it_does_not(
    content_type: str, target: str, name: str
) -> None:
    assert kind_of(content_type, parse_address(f"https://example.org{target}")).name == name


@pytest.mark.parametrize("content_type", ["video/mp4", "image/png", "text/css", "application/javascript", "a/b"])
def test_what_no_reader_takes_is_refused(content_type: str) -> None:
    with pytest.raises(UnreadableFile, match=f"^no reader for what is there .{content_type}.: convert it"):
        kind_of(content_type, parse_address("https://example.org/a"))


@pytest.mark.parametrize(
    ("content", "suffix", "charset", "read"),
    [
        ("für".encode("latin-1"), ".html", "ISO-8859-1", "für"),
        ("日本".encode("shift_jis"), ".txt", "Shift_JIS", "日本"),
        ("“für”".encode("cp1252"), ".txt", "iso-8859-1", "“für”"),
        ("привет".encode("koi8-r"), ".html", '"koi8-r"', "привет"),
        ("für".encode("utf-16-le"), ".txt", "utf-16le", "für"),
    ],
)
def test_the_headers_charset_is_honoured(content: bytes, suffix: str, charset: str, read: str) -> None:
    assert in_utf8(content, Kind(f"a{suffix}", suffix, charset)).decode() == read


@pytest.mark.parametrize(
    ("content", "suffix", "charset"),
    [
        (b'<html><head><meta charset="windows-1252">f\xfcr', ".html", "utf-8"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=x">f\xfcr', ".html", "koi8-r"),
        (b'<?xml version="1.0" encoding="latin-1"?>f\xfcr', ".xhtml", "koi8-r"),
        (b"\xef\xbb\xbff\xc3\xbcr", ".txt", "latin-1"),
        (b"f\xfcr", ".txt", "utf-8"),
        (b"f\xfcr", ".txt", ""),
        (b"f\xfcr", ".txt", "no-such-charset"),
        (b"616263", ".txt", "hex"),
        (b"abc-", ".txt", "punycode"),
        (b"\\u0041", ".txt", "unicode_escape"),
        (b"f\xfcr", ".pdf", "latin-1"),
    ],
    ids="meta http-equiv XML mark wrong none unknown hex punycode escape PDF".split(),
)
def test_the_page_itself_and_the_readers_know_better(content: bytes, suffix: str, charset: str) -> None:
    """What states its own charset, is not in the one of the header, or is no text, stays as it is."""
    assert in_utf8(content, Kind(f"a{suffix}", suffix, charset)) == content
