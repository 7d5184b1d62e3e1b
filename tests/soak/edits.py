"""Files that were whole, with changes: pieces dropped, repeated, swapped, copied, nested, numbers huge, bytes flipped.

A file is its parts by their names; parts may be lost or stand in for one another. What packs them again puts checksums
right, so that the parser is reached.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.soak.drawing import HOSTILE, LETTERS, MAX_CHARS, WORDS
from tests.soak.trees import NUMBERS, Edit, rearranged


@dataclass(frozen=True, slots=True)
class Grammar:
    """How a part is cut into `pieces`, where its `values` are (a group), and what may be put into it."""

    pieces: re.Pattern[str]
    values: re.Pattern[str]
    inserts: tuple[str, ...] = ()
    max_times: int = 600


MARKUP = Grammar(re.compile(r"<[^<>]*>|[^<]+|<"), re.compile(r"=\s*\"([^\"]*)\"|=\s*'([^']*)'"))
LINES = Grammar(re.compile(r"[^\n]*\n|[^\n]+"), re.compile(r"[:=,;]\s*([^\s:=,;]+)"))
RTF = Grammar(re.compile(r"\\[a-z]+-?\d* ?|\\.|[{}]|[^\\{}]+|\\", re.DOTALL), re.compile(r"\\[a-z]+(-?\d+)"))
PDF = Grammar(
    re.compile(r"<<|>>|/[A-Za-z0-9]*|\d+ 0 (?:R|obj)|[^</>\d]+|.", re.DOTALL),
    re.compile(r"/[A-Za-z]+ (\S+)"),
    max_times=30,  # what is repeated may be a page
)
_NUMBER = re.compile(r"\d+")


_PLACES = st.integers(0, 5_000)
_WITHIN = "drop repeat swap copy insert number value values rename nest".split()
_KINDS = (*_WITHIN, "flip", "cut", "lose", "stand_in")


def _edits(kinds: Sequence[str], grammar: Grammar) -> st.SearchStrategy[list[Edit]]:
    """Up to a dozen changes."""
    inserts = st.one_of(st.sampled_from(HOSTILE), st.sampled_from((*grammar.inserts, *WORDS)), LETTERS)
    times = st.one_of(st.integers(1, 3), st.integers(1, 3), st.integers(1, grammar.max_times))
    edit = st.builds(Edit, st.sampled_from(kinds), _PLACES, _PLACES, _PLACES, times, inserts)
    return st.lists(edit, max_size=12)


def mutated(
    seeds: Sequence[Mapping[str, bytes]], grammar: Grammar, packed: Callable[[Mapping[str, bytes]], bytes]
) -> st.SearchStrategy[bytes]:
    """One of the files with changes to its letters, as bytes."""
    made = _edits(_KINDS, grammar)
    return st.builds(lambda seed, some: packed(_edited(seed, some, grammar)), st.sampled_from(seeds), made)


def mutated_trees(
    seeds: Sequence[Mapping[str, bytes]], packed: Callable[[Mapping[str, bytes]], bytes]
) -> st.SearchStrategy[bytes]:
    """One of the files, whose parts are XML, with changes to the elements, as bytes; some with other changes too."""
    made = st.tuples(_edits(_WITHIN, MARKUP), st.one_of(st.just([]), st.just([]), _edits(_KINDS, MARKUP)))
    return st.builds(
        lambda seed, some: packed(_edited(_rearranged_trees(seed, some[0]), some[1], MARKUP)),
        st.sampled_from(seeds),
        made,
    )


def _rearranged_trees(seed: Mapping[str, bytes], made: Sequence[Edit]) -> dict[str, bytes]:
    parts = dict(seed)
    for number, name in enumerate(parts):
        some = [edit for edit in made if edit.part % len(parts) == number]
        parts[name] = rearranged(parts[name], some) if some else parts[name]
    return parts


def _edited(seed: Mapping[str, bytes], made: Sequence[Edit], grammar: Grammar) -> dict[str, bytes]:
    """Bytes are taken for letters (Latin-1) while they are changed, so that none is lost."""
    parts = dict(seed)
    for edit in made:
        name = list(parts)[edit.part % len(parts)]
        text = parts[name].decode("latin-1")
        if edit.kind == "lose" and len(parts) > 1:
            del parts[name]
        elif edit.kind == "stand_in":
            parts[name] = parts[list(parts)[edit.at % len(parts)]]
        elif text:
            parts[name] = _changed(text, edit, grammar)[: 2 * MAX_CHARS].encode("latin-1")
    return parts


def _changed(text: str, edit: Edit, grammar: Grammar) -> str:
    said = _latin(edit.text)
    if edit.kind == "cut":
        return text[: edit.at * len(text) // 5_000]
    if edit.kind == "flip":
        at = (edit.at * 5_000 + edit.to) % len(text)
        return f"{text[:at]}{chr(ord(text[at]) ^ (1 << edit.times % 8))}{text[at + 1 :]}"
    if edit.kind == "number":
        return _replaced(text, list(_NUMBER.finditer(text)), edit.at, _latin(NUMBERS[edit.to % len(NUMBERS)]))
    if edit.kind in ("value", "values"):
        found = list(grammar.values.finditer(text))
        other = found[edit.to % len(found)] if found else None
        value = said if edit.kind == "value" or other is None else str(other[other.lastindex or 0])
        return _replaced(text, found, edit.at, value)
    return "".join(_rearranged(grammar.pieces.findall(text), edit, said))


def _latin(text: str) -> str:
    """The bytes of a text as letters."""
    return text.encode().decode("latin-1")


def _replaced(text: str, found: Sequence[re.Match[str]], at: int, value: str) -> str:
    if not found:
        return text
    match = found[at % len(found)]
    start, end = match.span(match.lastindex or 0)
    return text[:start] + value + text[end:]


def _rearranged(pieces: list[str], edit: Edit, said: str) -> list[str]:
    at, to = edit.at % len(pieces), edit.to % len(pieces)
    few = pieces[at : at + 1 + edit.times % 7]
    if edit.kind == "drop":
        pieces[at : at + 1 + edit.times % 7] = []
    elif edit.kind == "repeat":
        pieces[at:at] = few * min(edit.times, 1 + MAX_CHARS // max(len("".join(few)), 1))
    elif edit.kind == "swap":
        pieces[at], pieces[to] = pieces[to], pieces[at]
    elif edit.kind == "copy":
        pieces[to:to] = few
    elif edit.kind == "rename":
        pieces[at] = pieces[to].replace("</", "<") if edit.times % 2 else pieces[to]
    elif edit.kind == "nest":
        pieces[at:at] = [pieces[to]] * edit.times
    else:
        pieces[at:at] = [said] * min(edit.times, 40)
    return pieces
