"""The parts that every page of evaluation is made of: the page itself, tables, citations, escaped text.

A page is one file that works offline: nothing in it is fetched, and its own policy forbids that to whatever came from a
document, a question or a model. All such text goes through `text`, here and in the other modules.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from assistant.answer import Citation
from assistant.exporting.escaping import visible

_FOLDER = Path(__file__).parent
_MAX_TEXT_CHARS = 20_000


def text(words: str) -> str:
    """Words from outside as they are read, never as markup; those over 20,000 characters are cut, and say so."""
    shown = visible(words)
    if len(shown) > _MAX_TEXT_CHARS:
        shown = f"{shown[:_MAX_TEXT_CHARS]}… ({len(shown):,} characters)"
    return escape(shown, quote=True)


def page(title: str, body: str) -> str:
    """A whole page: style and script within it, allowed by their digests and nothing else."""
    style, script = ((_FOLDER / name).read_text(encoding="utf-8") for name in ("report.css", "report.js"))
    allowed = f"style-src {_digest(style)}; script-src {_digest(script)}"
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n"
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first cell of each row is its header. Cells are HTML already; heads are text, and a head that
    begins with "#" is that of a column of numbers.
    """
    numeric = [name.startswith("#") for name in head]
    heads = "".join(
        f'<th scope="col"{_numeric(is_number)}>{text(name.lstrip("#"))}</th>'
        for name, is_number in zip(head, numeric, strict=True)
    )
    lines = []
    for first, *others in rows:
        cells = zip(others, numeric[1:], strict=True)
        lines.append(
            f'<tr><th scope="row">{first}</th>'
            + "".join(f"<td{_numeric(n)}>{cell}</td>" for cell, n in cells)
            + "</tr>"
        )
    return (
        f'<div class="scroll"><table><caption>{text(caption)}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def definitions(rows: Iterable[tuple[str, str]]) -> str:
    """A list of names and what they stand for, both text."""
    return f"<dl>{''.join(f'<dt>{text(name)}</dt><dd>{text(value)}</dd>' for name, value in rows)}</dl>"


def badge(words: str, kind: str) -> str:
    """A word or two in a frame; `kind` is a class of the style sheet."""
    return f'<span class="badge {kind}">{text(words)}</span>'


def cited(citations: Iterable[Citation], *, nearest: bool = False) -> str:
    """Citations with their quotes."""
    items = "".join(
        f'<p><span class="id">[{one.number}] <bdi>{text(one.title)}</bdi>, <bdi>{text(one.document_id)}</bdi> '
        f"{one.start}–{one.end}</span></p><blockquote>{text(one.quote)}</blockquote>"
        for one in citations
    )
    return f"<h4>{'Nearest passages' if nearest else 'Citations'}</h4>{items}" if items else ""


def filters(tags: Sequence[str], states: Sequence[tuple[str, str]]) -> str:
    """The controls above the cases; shown by the script, as they do nothing without it. `states` is value and name."""
    state_options = "".join(f'<option value="{text(value)}">{text(name)}</option>' for value, name in states)
    tag_options = "".join(f'<option value="{text(tag)}">{text(tag)}</option>' for tag in tags)
    return (
        '<div class="filters" hidden>'
        '<label for="filter-words">Words<input id="filter-words" type="search"></label>'
        f'<label for="filter-state">Show<select id="filter-state"><option value="">all</option>{state_options}</select>'
        "</label>"
        f'<label for="filter-tag">Tag<select id="filter-tag"><option value="">any</option>{tag_options}</select>'
        "</label>"
        '<p id="filter-count" class="soft" role="status"></p></div>'
    )


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _numeric(is_number: bool) -> str:
    return ' class="number"' if is_number else ""
