"""One file's bytes as a stream of what is in it: itself, its drafts, and the same of every file that it holds.

`isolation.py` has this done in a process of its own. Nothing here opens a file.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from corpus.document import Draft
from corpus.errors import UnreadableFile
from corpus.reading.formats import Format, format_of
from corpus.reading.members import Budget, Member

MAX_DEPTH = 4
"""So deep archives may lie in archives."""
SEPARATOR = "!"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Met:
    """A file begins, or one within it ("archive.zip!member"); what follows up to the next one is of this."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The file of this name, or what is left of it, cannot be read, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The archive of this name has been gone through: it held so many files."""

    name: str
    num_members: int


Event = Met | Draft | Refused | Unpacked


_Telling = Callable[[bytes, str], tuple[Format, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class _Whole:
    """What a file and all the files in it share: what they may unpack to, and how their formats are told."""

    budget: Budget
    telling: _Telling


def parse(content: bytes, name: str, *, called: str | None = None, telling: _Telling = format_of) -> Iterator[Event]:
    """What is in a file of that name, in order; never raises for what the file holds.

    `called` is the name that says what it is, where its own does not: an address. `telling` says which format it has.
    """
    yield from _parsed(content, name, _Whole(Budget(len(content)), telling), depth=0, called=called)


def _parsed(content: bytes, name: str, whole: _Whole, *, depth: int, called: str | None = None) -> Iterator[Event]:
    yield Met(name, hashlib.sha256(content).hexdigest())
    try:
        if not content.strip():
            raise UnreadableFile("the file is empty")
        found, warnings = whole.telling(content, called or name)
        yield from _drafts(found, content, called or name, warnings)
        if found.members:
            if depth == MAX_DEPTH:
                raise UnreadableFile("archives lie too deep in one another: unpack it, and add the folder")
            num_members = 0
            for member in found.members(content, whole.budget):
                num_members += 1
                within = member.name or PurePosixPath(name.rpartition(SEPARATOR)[2]).stem
                yield from _member(member, f"{name}{SEPARATOR}{within}", whole, depth=depth + 1)
            yield Unpacked(name, num_members)
    except UnreadableFile as error:
        yield Refused(name, str(error))
    except MemoryError:
        raise  # the process is of no use any more
    except Exception as error:  # a parser that stumbles over one file must not stop the others
        logger.info("the reader of %s failed", name, exc_info=True)
        yield Refused(name, f"its reader failed ({type(error).__name__}: {error}): convert it to plain text")


def _drafts(found: Format, content: bytes, name: str, warnings: tuple[str, ...]) -> Iterator[Draft]:
    if found.reader is None:
        return
    stem = PurePosixPath(name.rpartition(SEPARATOR)[2]).stem.encode("utf-8", "replace").decode()
    for draft in found.reader(content, stem):
        yield replace(draft, warnings=(*warnings, *draft.warnings))
        warnings = ()


def _member(member: Member, name: str, whole: _Whole, *, depth: int) -> Iterator[Event]:
    if member.reason is None:
        yield from _parsed(member.content, name, whole, depth=depth)
    else:
        yield Met(name, hashlib.sha256(member.content).hexdigest())
        yield Refused(name, member.reason)
