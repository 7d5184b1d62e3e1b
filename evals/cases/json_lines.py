r"""JSON, one object a line, from files that nobody has checked: every line is read, or told with its number.

It knows nothing of what the objects mean. Lines end at "\n" alone, so that a U+2028 in a text ends none. A line longer
than allowed is skipped without being held in memory.
"""

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from evals.cases.finding import ERROR, Finding
from evals.errors import InvalidSuite

MAX_ROW_BYTES = 2_000_000
MAX_PUBLIC_ROW_BYTES = 64_000_000
Row = dict[str, Any]

_OTHER_UNICODE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


def read_rows(path: Path, *, max_row_bytes: int = MAX_ROW_BYTES) -> Iterator[tuple[int, Row | Finding]]:
    """The rows of a file with the numbers of their lines, or what is wrong with the line; blank lines are nothing.

    Raises `InvalidSuite` when there is no such file or it cannot be read.
    """
    with opened(path) as file:
        start = file.read(4)
        if start.startswith(_OTHER_UNICODE):
            yield 1, Finding(1, ERROR, "the file is UTF-16 or UTF-32, not UTF-8: save it as UTF-8")
            return
        file.seek(len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0)
        for number, (line, num_bytes) in enumerate(_lines(file, max_row_bytes), start=1):
            if num_bytes > max_row_bytes:
                message = f"the row has {num_bytes:,} bytes, {max_row_bytes:,} are allowed: is it a case at all?"
                yield number, Finding(number, ERROR, message)
            elif line.strip():
                yield number, _row(line, number)


def public_rows(path: Path) -> Iterator[Row]:
    """The rows of a file of published data. Raises `InvalidSuite` at the first line that is none."""
    for _, row in read_rows(path, max_row_bytes=MAX_PUBLIC_ROW_BYTES):
        if isinstance(row, Finding):
            raise InvalidSuite(row.said_of(path.name))
        yield row


def opened(path: Path) -> BinaryIO:
    """The file, opened for reading. Raises `InvalidSuite` with the reason when it is no file or cannot be read."""
    if path.exists() and not path.is_file():
        raise InvalidSuite(f"{str(path)!r} is not a file: name a file of cases, one JSON object a line")
    try:
        return path.open("rb")
    except (OSError, ValueError) as error:  # a name may hold what no name may
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidSuite(f"{str(path)!r} cannot be opened ({reason}): check the path") from error


def _lines(file: BinaryIO, max_bytes: int) -> Iterator[tuple[bytes, int]]:
    """Each line and its length; of a line that is too long only the beginning."""
    while line := file.readline(max_bytes + 1):
        num_bytes = len(line)
        while not line.endswith(b"\n") and (more := file.readline(max_bytes)):
            num_bytes += len(more)
            if more.endswith(b"\n"):
                break
        yield line, num_bytes


def _row(line: bytes, number: int) -> Row | Finding:
    try:
        row = json.loads(line.decode(), object_pairs_hook=_unique)
    except UnicodeDecodeError as error:
        place = f"byte {error.start + 1} of the line is {error.object[error.start]:#04x}"
        return Finding(number, ERROR, f"not UTF-8 ({place}): save the file as UTF-8")
    except json.JSONDecodeError as error:
        return Finding(number, ERROR, f"not JSON: {error.msg[0].lower()}{error.msg[1:]} at character {error.colno}")
    except RecursionError:
        return Finding(number, ERROR, "not a case: it is nested too deeply")
    except ValueError as error:
        return Finding(number, ERROR, str(error))
    return row if isinstance(row, dict) else Finding(number, ERROR, "not a JSON object: begin the line with {")


def _unique(pairs: list[tuple[str, Any]]) -> Row:
    row = dict(pairs)
    if len(row) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object: keep one")
    return row
