"""Text from outside made safe for the format it goes into, so that a reader sees its characters and nothing acts.

JSON needs little of this: its writer escapes. Characters that a format cannot hold are replaced by U+FFFD, which shows.
"""

import re

_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_STEERING = re.compile("[\x7f-\x9f]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_MARKUP = re.compile(r"[\\`*_\[\]{}~$^#]|:(?![\s\d]|$)|(?<=www)\.", re.IGNORECASE)
_REFERENCES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;"}
_LINE_START = re.compile(r"^(?:([-+=])|([0-9]{1,9})([.)]))")
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def visible(text: str) -> str:
    r"""The text with U+FFFD for control characters and half characters, which XML forbids or a terminal obeys; tabs and
    line ends stay.

    >>> visible("a\x1b[2J\tb")
    'a�[2J\tb'
    """
    return _INVISIBLE.sub("\N{REPLACEMENT CHARACTER}", text)


def json_visible(written: str) -> str:
    r"""JSON that means the same, without the control characters that Python's writer leaves as they are.

    >>> json_visible('{"a": "\x9b2J"}')
    '{"a": "\\u009b2J"}'
    """
    return _STEERING.sub(lambda match: f"\\u{ord(match.group()):04x}", written)


def markdown(text: str) -> str:
    r"""The text on one line of Markdown: no character of it is markup, HTML, a link, a list or the border of a cell.

    Spaces at its ends go, as Markdown has no way to keep them.

    >>> markdown("*b* <img> [a](javascript:x) 1 | 2")
    '\\*b\\* &lt;img&gt; \\[a\\](javascript\\:x) 1 &#124; 2'
    """
    line = _LINE_END.sub(" ", visible(text)).strip(" \t")
    line = _MARKUP.sub(lambda match: "\\" + match.group(), line)
    line = re.sub(r"[&<>|]", lambda match: _REFERENCES[match.group()], line)
    return _LINE_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", line)


def markdown_lines(text: str, *, indent: str) -> str:
    """The text as Markdown with its line ends kept as hard breaks; lines after the first are indented."""
    return f"\\\n{indent}".join(markdown(line) for line in _LINE_END.split(text))


def csv_cell(text: str) -> str:
    """The text as a cell of a table: a spreadsheet must not take it for a formula, so an apostrophe goes before one.

    A cell that begins with = + - @, their full-width forms, a tab or a line end is taken for one.

    >>> csv_cell("=HYPERLINK(1)"), csv_cell("12 million")
    ("'=HYPERLINK(1)", '12 million')
    """
    shown = visible(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
