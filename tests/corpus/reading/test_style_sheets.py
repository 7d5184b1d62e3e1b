import time

import pytest

from corpus.reading.style_sheets import hide
from corpus.reading.xml_tree import xml_tree

_PAGE = b"""<body xmlns="http://www.w3.org/1999/xhtml"><p class="note big">a</p><p id="note">b</p>
<div class="note">c</div><p class="big">d</p></body>"""


def _hidden(*sheets: str, page: bytes = _PAGE) -> str:
    root = xml_tree(page)[0]
    hide(root, sheets)
    return "".join(element.text or "" for element in root.iter("*") if element.get("hidden"))


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        (".note {display: none}", "ac"),
        ("P.note,\n#note{ color:red; DISPLAY : none !important }", "ab"),
        (".note.big { display:none }", "a"),
        (".note { display: inline } @media all { .note { display: none } } .x {}", "ac"),
        ("@media print, handheld { .note { display: none } }", ""),
        ("@media screen and (max-width: 300px) { .note { display: none } }", ""),
        ("@import url(a.css); .note { display: none }", "ac"),
        (".note { display: none } .big { display: block }", "c"),
        ("#note, .note { display: none } .note { display: block }", "b"),
        ("p.note { display: none } .note { display: block }", "a"),
        (".note { display: none } body .note { display: block }", ""),
        ("body .note { display: none } p > .note { display: none } p { display: none }", ""),
        ("/* .note { display: none } */ .note { visibility: hidden; no-display: none }", ""),
        (".note:hover, .note::before { display: none }", ""),
        (".note { display: none", ""),
        ("} } .note { display: none } {", "ac"),
    ],
)
def test_what_rules_hide_on_a_screen_is_hidden(css: str, expected: str) -> None:
    """The last rule of those that say the most of an element holds; what is not understood hides nothing."""
    assert _hidden(css) == expected


def test_later_sheets_weigh_more() -> None:
    """A book's own sheet may show what the reader's program hides."""
    assert _hidden(".note { display: none }", ".note { display: block }") == ""
    assert _hidden(".note { display: block }", ".note { display: none }") == "ac"


@pytest.mark.parametrize(
    "css",
    [
        "{" * 300_000,
        "/*" * 300_000,
        "." * 300_000,
        ".a," * 100_000 + ".b{display:none}",
        ";" * 300_000 + "{display:",
        "".join(f".note.n{n} {{display:none}}" for n in range(20_000)),
        "@media all {" * 30_000,
    ],
    ids=["braces", "comments", "points", "selectors", "semicolons", "rules", "media"],
)
def test_no_sheet_takes_long(css: str) -> None:
    """Time grows with a sheet's length, whatever is in it."""
    begun = time.process_time()
    _hidden(css, page=b'<b xmlns="x">' + b'<i class="note big"/>' * 2_000 + b"</b>")
    assert time.process_time() - begun < 3
