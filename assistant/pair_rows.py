"""Rows of claims and quotes in, one JSON line a row out, in order: `verify --batch`.

A row that cannot be used, and one whose checking fails, becomes `{"id", "error"}` on its line, and the next one goes
on. Rows are checked some at a time, because a model reads many texts faster at once.
"""

import json
import logging
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from assistant.answering import is_text
from assistant.errors import AssistantError, InvalidCall
from assistant.pairs import Pair, Verdict, Verifier
from index.errors import ModelError

logger = logging.getLogger(__name__)

BATCH_ROWS = 16
MAX_QUOTES = 200
_Row = tuple[int, str | None, Pair | str]
"""Line number, id, and the pair or what is wrong with the line."""


def verify_rows(lines: Iterable[str], verifier: Verifier) -> Iterator[dict[str, Any]]:
    """The verdict on each row, `{"id", "verdict", "support"}`, or `{"id", "error"}` with its line number.

    Raises `ModelError` when the verifier's model cannot be used at all.
    """
    rows = (_read(number, line) for number, line in enumerate(lines, start=1) if line.strip())
    while batch := list(islice(rows, BATCH_ROWS)):
        pairs = [pair for _, _, pair in batch if isinstance(pair, Pair)]
        verdicts = iter(_verdicts(pairs, verifier))
        for number, id_, pair in batch:
            found = next(verdicts) if isinstance(pair, Pair) else pair
            if isinstance(found, Verdict):
                yield {"id": id_, "verdict": found.verdict, "support": round(found.support, 4)}
            else:
                yield {"id": id_, "error": f"line {number}: {found}"}


def parse_pair(content: Any) -> tuple[str, Pair]:
    """The id and the pair of a row; keys beside id, claim, quotes and question are ignored.

    Raises `InvalidCall` naming what is wrong.
    """
    if not isinstance(content, dict):
        raise InvalidCall("not a JSON object")
    question, quotes = content.get("question"), content.get("quotes")
    for key, value in (("id", content.get("id")), ("claim", content.get("claim")), ("question", question or "")):
        if not isinstance(value, str):
            raise InvalidCall(f"{key!r} is missing or not a string")
        if not is_text(value):
            raise InvalidCall(f"{key!r} has half of a character: {value[:80]!a}")
    if not isinstance(quotes, list) or not all(isinstance(quote, str) for quote in quotes):
        raise InvalidCall("'quotes' is missing or not a list of strings")
    if len(quotes) > MAX_QUOTES:
        raise InvalidCall(f"'quotes' has {len(quotes)} entries, {MAX_QUOTES} are allowed: keep those that matter")
    halves = [quote for quote in quotes if not is_text(quote)]
    if halves:
        raise InvalidCall(f"'quotes' has half of a character: {halves[0][:80]!a}")
    return content["id"], Pair(content["claim"], tuple(quotes), question or "")


def _read(number: int, line: str) -> _Row:
    id_ = None
    try:
        content = json.loads(line)
        kept = content.get("id") if isinstance(content, dict) else None
        id_ = kept if isinstance(kept, str) and is_text(kept) else None
        return number, *parse_pair(content)
    except InvalidCall as error:
        return number, id_, str(error)
    except (ValueError, RecursionError) as error:
        return number, id_, f"not JSON: {error}"


def _verdicts(pairs: list[Pair], verifier: Verifier) -> list[Verdict | str]:
    """A verdict for each pair, or why there is none; where all together fail, each is tried alone."""
    try:
        return list(verifier.verdicts(pairs))
    except ModelError:
        raise
    except Exception:  # the edge of a batch: one row must not end the others
        logger.exception("%d rows failed together", len(pairs))
    return [_verdict(pair, verifier) for pair in pairs]


def _verdict(pair: Pair, verifier: Verifier) -> Verdict | str:
    try:
        return verifier.verdicts([pair])[0]
    except AssistantError as error:
        return str(error)
    except Exception as error:  # as above
        logger.exception("a row failed")
        return f"{type(error).__name__}: {error}"
