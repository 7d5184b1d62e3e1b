"""Small whole files of each format that is one part: pages, mails, Rich Text, PDF."""

from hypothesis import strategies as st

from tests.pdf_files import Words, lines, pdf_file
from tests.soak.drawing import HOSTILE

_LEFT = (
    "It rained in the north and in the",
    "south, and nobody went out to look",
    "at the gauges of the obser-",
    "vatory. 1. One",
)


def pages() -> list[bytes]:
    """A page with furniture, a document without, a feed, a record."""
    prose = "<p>It rained all day in the north and in the south, and nobody went out to look at the gauges.</p>" * 2
    return [
        f"<html lang='en'><head><title>Rain - Oslo</title><meta name='author' content='Ada'><meta charset='utf-8'>"
        f"</head><body>"
        f"<nav><ul><li><a href='/'>Home</a></li></ul></nav><main><h1>Rain</h1>{prose}<ul><li>tin<ol start='4'><li>a"
        f"</ol></ul>"
        f"<table><tr><th>state<td>gauges</tr><tr><td colspan='2'>12</table></main><footer>All rights reserved"
        f"</footer>".encode(),
        f"<!DOCTYPE html><title>Rain</title><h2>Money</h2>{prose}<blockquote>Quoted<br>so.</blockquote><pre>a\n  b"
        f"</pre>"
        f"<dl><dt>tin<dd>brass</dl><p>x<sup>2</sup>, H<sub>2</sub>O<p hidden>no<p>{'<b>' * 5}bold".encode(),
        b"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>Rain</title><item><title>It "
        b"rained</title>"
        b"<pubDate>Mon, 6 May 2024 07:00:00 GMT</pubDate><description>&lt;p&gt;All day.&lt;/p&gt;</description>"
        b"</item></channel></rss>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a><record><name>Oslo</name><sum>12</sum></record><p>It &b; rained <i>there"
        b"</i>.</p>"
        b"<table><row><cell>a</cell><cell>b</cell></row></table><title>Rain</title></a>",
    ]


def mails() -> list[bytes]:
    """A mail of two wordings with a file and a mail in it, one in quoted-printable, a page that a browser saved."""
    return [
        b"From: =?utf-8?q?Ad=C3=A9?= <a@b>\nTo: c@d\nSubject: Rain\nDate: Mon, 6 May 2024 07:00:00 "
        b"+0000\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: multipart/alternative; boundary=C\n\n--C\n"
        b"Content-Type: text/plain; charset=utf-8; format=flowed\n\nIt rained \nin Oslo.\n\n--C\nContent-Type: "
        b"text/html\n\n"
        b'<p>It rained.\n--C--\n--B\nContent-Type: text/csv; name="a.csv"\nContent-Disposition: attachment\n'
        b"Content-Transfer-Encoding: base64\n\nYSxiCjEsMgo=\n--B\nContent-Type: message/rfc822\n\nFrom: "
        b"e@f\nSubject: in\n\nInner.\n--B--\n",
        b"From: a@b\nSubject: =?iso-2022-jp?b?GyRCMSsbKEI=?=\nContent-Type: text/plain; charset=iso-8859-1\n"
        b"Content-Transfer-Encoding: quoted-printable\n\nIt=E9 rained =\nthere.\n",
        b"From: <Saved>\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/related; "
        b"boundary=B\n\n--B\nContent-Type: text/html;"
        b" charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n<html><h1>Rain</h1><p>It rained =\nin "
        b"Oslo.\n--B--\n",
    ]


def rich_texts() -> list[bytes]:
    """Rich Text with styles, fonts, a list, a table, a note and properties."""
    return [
        b"{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset128 B;}}{\\stylesheet{\\s1 "
        b"heading 1;}{\\s2 Title;}}"
        b"{\\info{\\title Rain}{\\author Ada}}\\pard\\s2 The Plan\\par\\pard\\s1\\outlinelevel0 "
        b"Money\\par{\\listtext\\'b7\\tab}tin\\par"
        b"\\trowd\\cellx100\\intbl a\\cell b\\cell\\row\\pard {\\f1\\'89\\'4a}\\u12354?\\uc2\\u233xx It "
        b"fell.{\\footnote\\chftn So.}{\\super 2}"
        b"{\\*\\x no}{\\field{\\*\\fldinst X}{\\fldrslt seen}}\\line{\\v hidden}\\bin3 abc \\par}"
    ]


def pdf_seeds() -> list[bytes]:
    """Two columns with furniture and a heading; a table, turned words and Japanese, with outline and labels."""
    columns = [
        *lines(72, 700, *_LEFT),
        *lines(320, 700, *_LEFT),
        Words(72, 760, "Money", 18),
        Words(72, 810, "Report"),
        Words(290, 30, "1"),
    ]
    table = [Words(x, y, str(x + y), size) for x in (72, 200, 300) for y in (700, 680, 660) for size in (9,)]
    other = [
        *table,
        Words(20, 100, "turned", turned=True),
        Words(72, 500, "雨が降った。", font="F3"),
        Words(72, 810, "Report"),
        Words(290, 30, "2"),
    ]
    info = {"Title": "Rain", "Author": "Ada", "CreationDate": "D:20240506070000Z"}
    return [
        pdf_file(
            [columns, other, columns],
            info=info,
            labels="0 << /S /r /St 3 >> 2 << /S /D >>",
            outline=[("Rain", 1), ("Money", 2)],
        )
    ]


def pdf_files() -> st.SearchStrategy[bytes]:
    """Words anywhere, of any size, from letters that fonts have."""
    latin = st.text("abc XYZ.,-1234567890()•ﬁé\u00ad\u00a0", max_size=40).map(
        lambda t: t.encode("cp1252", "ignore").decode("cp1252")
    )
    wide = st.one_of(st.text(max_size=12), st.sampled_from(HOSTILE)).map(
        lambda t: "".join(c for c in t if ord(c) < 0x10000)
    )
    places = st.one_of(st.sampled_from([72, 86, 200, 320, 700]), st.integers(-50, 900))
    sizes = st.sampled_from([0, 0.1, 7, 11, 11, 11, 18, 200, -11, 100_000])
    words = st.one_of(
        st.builds(Words, places, places, latin, sizes, st.sampled_from(["F1", "F2"]), st.booleans()),
        st.builds(Words, places, places, wide, sizes, st.just("F3"), st.booleans()),
    )
    column = st.builds(lambda x, y, texts: lines(x, y, *texts), places, places, st.lists(latin, max_size=12))
    page = st.lists(st.one_of(words.map(lambda w: [w]), column), max_size=8).map(
        lambda some: [w for part in some for w in part]
    )
    labels = st.sampled_from(
        ["", "0 << /S /R >>", "0 << /S /a /St 99999999 >>", "0 << /P (\\377) >> 1 << /St -5 /S /D >>"]
    )
    outlines = st.lists(st.tuples(st.sampled_from(["Rain", "a b c", "1. One", "XYZ"]), st.integers(-1, 5)), max_size=3)
    infos = st.dictionaries(
        st.sampled_from(["Title", "Author", "CreationDate", "ModDate"]), latin.map(lambda t: t.strip("()\\"))
    )
    return st.builds(
        lambda some, info, label, outline: pdf_file(some, info=info, labels=label, outline=outline),
        st.lists(page, min_size=1, max_size=4),
        infos,
        labels,
        outlines,
    )
