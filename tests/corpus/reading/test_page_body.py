import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from corpus.blocks import assemble
from corpus.reading.page_body import Body, parse_page, read_element


def text_of(html: str) -> str:
    return assemble(parse_page(html).blocks)[0]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("words<p>a <b>bo</b>ld<p>c", "words\n\na bold\n\nc"),
        ("<p>Oslo,<br>Norway<br><br>Lima", "Oslo,\nNorway\n\nLima"),
        ("<ol start=3><li>x<li value=7>y<li>z</ol>", "3. x\n\n7. y\n\n8. z"),
        ("<ol type=a><li>x<li>y</ol>", "a. x\n\nb. y"),
        ("<ol type=I start=4><li>x<li>y</ol>", "IV. x\n\nV. y"),
        ("<ul><li>x<ul><li>y</ul><li><p>p<p>q</ul>", "• x\n• y\n• p\n\nq"),
        ("<table><tr><th>A<th>B<tr><td>1<br>2<td><p>3<p>4<tr><td colspan=2>all</table>", "A | B\n1 2 | 3 4\n\nall"),
        ("<table><tr><td><h2>Left</h2>words<td>more</table>", "Left\n\nwords\n\nmore"),
        ("<table><tr><td><table><tr><td>in<td>ner</table>after</table>", "in | ner\n\nafter"),
        ("<pre>a\n   b</pre>", "a\nb"),
        ("<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>を読む", "漢字を読む"),
        ("<p hidden>x<p style='DISPLAY : none'>y<p>z", "z"),
        ("<nav>x</nav><script>y</script><select><option>v</select><p>z", "z"),
        ("<nav>a<nav>b</nav>c</nav>z", "z"),
        ("a\fb", "a b"),
        ("<p>5 m<sup>2</sup>, the 1<sup>st</sup>, H<sub>2</sub>O<p>12</sup>", "5 m², the 1st, H2O\n\n12"),
        ("<dl><dt>Rain</dt><dd>water</dd></dl>", "Rain\n\nwater"),
    ],
)
def test_all_that_is_read_as_text_is_there(html: str, text: str) -> None:
    assert text_of(html) == text


def test_the_title_is_kept_apart() -> None:
    body = parse_page("<title>Rain &amp;\n sun</title><p>It rained.")
    assert (body.title, [block.text for block in body.blocks]) == ("Rain & sun", ["It rained."])


def test_a_page_goes_on_where_the_last_body_ended() -> None:
    body = parse_page("<p>still five<p id=x>six", body=Body(page=5, breaks={"x": "6"}))
    assert [(block.text, block.page) for block in body.blocks] == [("still five", 5), ("six", 6)]
    assert body.labels == {6: "6"}


def test_a_tree_gives_what_its_source_gives() -> None:
    html = "<html><body><h1>x</h1><!-- c -->y<p>a<b>b</b>c</p>tail<ul><li>i</li></ul></body></html>"
    assert read_element(etree.HTML(html), Body()).blocks == parse_page(html).blocks


@pytest.mark.parametrize(
    "tag",
    ["<div>", "<b>", "<table><tr><td>", "<ul><li>", "<nav>", "<p>", "<h1>", "<br>", "<ruby>", "<title>", "<a b=c "],
)
def test_depth_costs_no_more_than_length(tag: str) -> None:
    begun = time.process_time()
    parse_page(tag * 20_000 + "words")
    assert time.process_time() - begun < 5


_PIECES = "<table> <tr> <td> </table> </td> <ul> <li> </ul> <p> <h1> </h1> <br> <pre> </pre> x y".split()


@given(st.lists(st.sampled_from(_PIECES), max_size=40))
def test_no_word_is_lost_or_doubled(pieces: list[str]) -> None:
    """However elements are nested, each word outside what is left out comes once, in order."""
    numbered = [f"w{i} " if piece in "xy" else piece for i, piece in enumerate(pieces)]
    words = [piece.strip() for piece in numbered if piece.startswith("w")]
    text = assemble(parse_page("<p>start " + "".join(numbered)).blocks)[0]
    assert [word for word in text.replace("|", " ").split() if word.startswith("w")] == words
