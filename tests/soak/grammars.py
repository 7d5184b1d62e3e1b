"""The pieces of the formats that are text: tags, headers, control words, and what stands wrongly among them."""

import json

from hypothesis import strategies as st

from tests.soak.drawing import texts

NOISE = st.one_of(
    st.binary(max_size=60), st.builds(bytes.__mul__, st.binary(min_size=1, max_size=6), st.integers(0, 9_000))
)
MARKDOWN = (
    "---\n", "title: Rain\n", "date: 2024-05-06\n", "date: 2024-13-45\n", "n: .nan\n", "? [a]\n: *b\n",
    "a: &b [*b]\n", "o: 0o17\n", "b: !!binary aGk=\n", "s: !!set {a}\n", "t: 2001-12-14t21:59:43.10-05:00\n", "# ",
    "## ", "\n===\n", "| a | b |\n|---|---|\n", "| 1 | 2 |\n", "> ", "    code\n", "```\n", "~~~x\n", "[a](b \"c\")",
    "![a](b)", "<b>", "<!--", "&nbsp;", "&#x0;", "***", "__", "`", "[a]: b\n", "[a][]", "\\\n", "999999999. ", "0) ",
    "- [ ] ", "  \n", "-- \n",
)  # fmt: skip
JSON = (
    '{"id": "a", "title": "b", "text": "c"}\n', '{"id": "', '", "title": "', '", "text": "It rained. 1. One\\n2. Two',
    '"}\n', '", "published": "2024-05-06', '", "metadata": {"n": ', "NaN", "Infinity", "1e999", "-0", '"\\ud800"',
    "{}", '}, "source": "', '[[[[', "null", "true", "\\u0000", "\\ud83d\\ude00", "\n",
    '{"id": "d", "title": "\\n", "text": "e", "metadata": {"a": [1]}}\n',
)  # fmt: skip
HTML = (
    "<html>", "<head>", "<title>", "</title>", "<meta charset=", "shift_jis", ">", "<body hidden>", "<main>",
    "</main>", "<article>", "<nav>", "</nav>", "<h1>", "</h1>", "<h3>", "<p>", "</p>", "<br>", "<ul>",
    "<ol start=99>", "<li value=-5>", "<table>", "<tr>", "<td colspan=9>", "</td>", "</tr>", "</table>", "<pre>",
    "</pre>", "<sup>", "</sup>", "<script>", "</script>", "<!--", "-->", "<![CDATA[",
    "<?xml version='1.0' encoding='utf-16'?>", "<svg>", "<a href='x'>", "</a>", "<div class=menu>", "</div>",
    "&#1114112;", "&#xD800;", "&bogus;", "<span role=doc-pagebreak title=7>", "<rp>", "<o:p>",
    "<link rel=canonical href='http://['>", "<base href='http://['>", "<script type='application/ld+json'>",
    '{"@type": "Article", "headline": ', '"datePublished": "', "<meta name=date content='2024-13-45T'>",
    "<meta name=author content='", "<meta property='og:url' content='//['>", "<p style='display:none'>",
    "<time datetime='2024-05-06'>", '<meta property="article:published_time" content="20240506">',
    "It rained all day in the north and in the south, and nobody went out to look at the gauges. ", "</ul>", "</ol>",
    "<li>", "<b>", "</b>", "<i>", "<blockquote>", "<dl><dt>", "<dd>", "<form>", "<header>", "<footer>", "<math>",
    "<template>", "<frameset>",
)  # fmt: skip
XML = (
    "<?xml version='1.0'?>", "<!DOCTYPE a [<!ENTITY b 'c'>", "<!ENTITY % d '&#37;'>", "]>", "<rss><channel>",
    "<item>", "</item>", "<entry>", "<title>", "</title>", "<pubDate>", "<feed xmlns='http://www.w3.org/2005/Atom'>",
    "<content type='html'>", "<a>", "</a>", "<a b='c'>", "<x:y>", "<row>", "<p>", "</p>", "&b;", "&lt;p&gt;",
    "<![CDATA[<p>a</p>]]>", "<?pi a?>", "<!-- -->", "<url><loc>", "</loc></url>", "http://[", "//a]", "/a?b#c",
    "<link href='", "<link>", "</link>", "<entry><link href='/a'/></entry>",
    "<guid isPermaLink='true'>http://a</guid>", "<sitemap><loc>/s</loc></sitemap>", "<html>", "<body>",
    "<item><link>/b</link></item>",
)  # fmt: skip
MAIL = (
    "From: ", "To: ", "Subject: ", "Date: Mon, 6 May 2024 07:00:00 +0000\n", "Date: ", "31 Feb 99999 ", "a@b\n",
    "\n\n", "=?utf-8?b?", "=?x?q?", "?=", "=?utf-16?b?//4=?=", "MIME-Version: 1.0\n",
    "Content-Type: multipart/mixed; boundary=B\n", "Content-Type: multipart/alternative; boundary=\"B\"\n", "--B\n",
    "--B--\n", "Content-Type: text/html; charset=", "idna\n", "unicode_escape\n", "punycode\n", "x\n",
    "Content-Type: text/plain; format=flowed; charset=us-ascii\n", " \n", "-- \n",
    "Content-Transfer-Encoding: base64\n", "Content-Transfer-Encoding: quoted-printable\n", "=3D=\n", "aGVsbG8=\n",
    "=E9", "\\ud800", "Content-Disposition: attachment; filename*0*=utf-8''a%; filename*1=b\n",
    "filename=\"../a.txt\"\n", "begin 644 a\n", "Content-Type: message/rfc822\n",
    "Content-Type: text/plain; name*=x'y'%\n", "Content-Transfer-Encoding: x-uuencode\n", "<p>It rained.</p>",
    "> quoted\n", "Content-Type: image/png\n", "Content-Type: ;;=\n", "\t",
)  # fmt: skip
SAVED = "From: a@b\nContent-Type: multipart/related; boundary=B\n\n--B\nContent-Type: text/html\n\n<p>It rained.\n"
RICH = (
    "{", "}", "{", "}", "\\", "\\par ", "\\pard ", "\\u55357?", "\\u56832?", "\\u-3913?", "\\'e9", "\\'", "\\*",
    "\\bin3 ", "\\bin99999 ", "{\\footnote ", "{\\listtext ", "\\cell ", "\\row ", "\\nestcell ", "\\intbl ",
    "\\trowd ", "\\uc9 ", "\\uc0 ", "\\f1 ", "\\ansicpg932 ", "\\mac ", "{\\fonttbl{\\f1\\fcharset128 a;}}",
    "{\\stylesheet{\\s1 Title;}{\\s2 heading 2;}}", "\\s1 ", "\\s2 ", "\\outlinelevel3 ", "\\v ", "\\v0 ",
    "\\deleted ", "{\\info{\\title ", "{\\field{\\*\\fldinst X}{\\fldrslt ", "\\page ", "\\line ", "\\tab ", "\\~",
    "\\_", "\\super ", "\\nosupersub ", "{\\pict ", "\\lang1041 ", "\\upr ", "{\\*\\ud ", "\\chftn ", "\\deff1 ",
    "{\\info{\\author ",
)  # fmt: skip
ROBOTS = (
    "User-agent: *\n", "User-agent: communique\n", "user-agent:x\n", "Disallow: /", "Allow: /a*b$", "Disallow:\n",
    "*", "$", "%2f", "%C3", "Crawl-delay: 1\n", "Crawl-delay: 1e9\n", "#", "\r", "\n", ":", "é",
)  # fmt: skip
TABLE = (
    "sep=;\n", "sep=", '"', '""', ";", ",", "\t", "|", "\r\n", "\r", "\n", "year", "12", "1.5e3", "2024-05-06", "-",
    "a,b\n1,2\n",
)  # fmt: skip
DATES = (
    "2021", "-", "10", "20", "0000", "/", "T", "Z", "年", "月", "日", "May ", "may", "31 ", "st ", " of ", ", ",
    "2024-02-30", "٢٠٢٤", "October 20, 2021", "20 October 2021", "2021年10月20日", " ", "９９９９",
)  # fmt: skip


_VALUES = st.recursive(
    st.one_of(
        texts(max_pieces=6), st.none(), st.booleans(), st.floats(), st.integers(), st.sampled_from(["", "\ud800", "\0"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=5,
)
_ROW = st.fixed_dictionaries(
    {
        "id": st.one_of(st.text("abc", min_size=1), st.text("abc", min_size=1), _VALUES),
        "title": st.one_of(texts(max_pieces=4), texts(max_pieces=4), _VALUES),
        "text": st.one_of(texts(max_pieces=9), texts(max_pieces=9), _VALUES),
    },
    optional={
        "source": st.one_of(st.text(max_size=9), _VALUES),
        "published": st.one_of(st.sampled_from(["2024", "2024-05-06", "May"]), _VALUES),
        "metadata": st.one_of(st.dictionaries(st.text(max_size=3), _VALUES, max_size=3), _VALUES),
    },
)
ROWS = st.lists(
    st.one_of(_ROW.map(json.dumps), _ROW.map(json.dumps), texts(JSON, max_pieces=4)), min_size=1, max_size=6
).map("\n".join)


def written(pieces: tuple[str, ...], *, head: str = "") -> st.SearchStrategy[bytes]:
    """Texts of a grammar, most of them in UTF-8, some with noise at the end."""
    encodings = st.sampled_from(["utf-8"] * 6 + ["utf-16", "cp1252", "shift_jis", "utf-16-be"])
    noise = st.one_of(st.just(b""), st.just(b""), NOISE)
    return st.builds(lambda text, e, end: (head + text).encode(e, "replace") + end, texts(pieces), encodings, noise)
