"""Reading files against markitdown and LlamaIndex's `SimpleDirectoryReader`: how many, with pages, and how fast.

    python -m evals.bench.readers FOLDER [--others PYTHON] [--rounds 2] [--rows FILE.jsonl]

All read the same files in the same run, one file after the other, each reader in a process of its own that is warm; who
is first changes from file to file. `--others` is a Python that has the others installed. Nothing is said of whether the
words are right: only what is no reading at all, a file's markup as it is or a binary file decoded, is counted apart.
"""

import argparse
import json
import selectors
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import IO, Self, cast

from corpus.document import PAGE, Draft
from corpus.reading.files import FoundFile, find_files
from corpus.reading.isolation import ParserPool
from corpus.reading.parsing import Refused
from evals.bench.other_readers import READERS

OURS = "ours"
LIMIT_SECONDS = 60.0
_PAGED = (".pdf", ".pptx")
_MAX_CONTROLS = 0.01
_MARKUP = ("<?xml", "<!doctype", "<html", "{\\rtf", "%pdf-")
_BLANKS = "\t\n\v\f\r"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reader made of a file: `status` is that of `status_of`, or late."""

    reader: str
    path: str
    round: int
    seconds: float
    status: str
    num_chars: int = 0
    num_pages: int = 0
    reason: str = ""

    @property
    def suffix(self) -> str:
        """How its name ends."""
        return Path(self.path).suffix.lower()


@dataclass(frozen=True, slots=True)
class Reading:
    """A text and the pages in it, or the reason why there is none."""

    text: str = ""
    num_pages: int = 0
    error: str | None = None


def status_of(reading: Reading) -> str:
    r"""Read; refused; empty; markup: the file's own code instead of its words; or garbled: more than one in a hundred
    characters is none that text has.

    >>> [status_of(Reading(text)) for text in ("words", " ", "<?xml version='1.0'?><p>words</p>", "PK\x03\x04\x14")]
    ['read', 'empty', 'markup', 'garbled']
    """
    text = reading.text.strip()
    if reading.error is not None:
        return "refused"
    if not text:
        return "empty"
    if text[:20].lower().startswith(_MARKUP):
        return "markup"
    num_odd = sum(character == "\ufffd" or (character < " " and character not in _BLANKS) for character in text)
    return "garbled" if num_odd > _MAX_CONTROLS * len(text) else "read"


class Ours:
    """Our reader, in one child process, as `add` has it."""

    def __init__(self) -> None:
        self._pool = ParserPool(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def read(self, path: Path) -> Reading:
        """All drafts of a file, and of the files in it, as one text."""
        found = [event for _, events in self._pool.read([FoundFile(path, path.name)]) for event in events]
        drafts = [event for event in found if isinstance(event, Draft)]
        reasons = [event.reason for event in found if isinstance(event, Refused)]
        if not drafts:
            return Reading(error=reasons[0] if reasons else "nothing in it")
        num_pages = sum(section.level == PAGE for draft in drafts for section in draft.sections)
        return Reading("\n\n".join(draft.text for draft in drafts), num_pages)


class Other:
    """Another library's reader in a process of its own, which is ended and started anew when a file takes too long."""

    def __init__(self, name: str, python: str, *, limit_seconds: float = LIMIT_SECONDS) -> None:
        self._command = [python, str(Path(__file__).with_name("other_readers.py")), name]
        self._limit = limit_seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def is_installed(self) -> bool:
        """Whether the library can be imported there."""
        return self._started() is not None

    def read(self, path: Path) -> Reading:
        """What it says of a file. Raises `TimeoutError` when it says nothing for so long."""
        process = self._started()
        if process is None:
            return Reading(error="it does not start")
        requests = cast("IO[bytes]", process.stdin)
        requests.write(json.dumps(str(path)).encode() + b"\n")
        requests.flush()
        line = self._line(process)
        if not line:
            self._close()
            return Reading(error="its process ended")
        return Reading(**json.loads(line))

    def _started(self) -> subprocess.Popen[bytes] | None:
        if self._process is None:
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(  # noqa: S603  # a Python that the caller names
                self._command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
            )
            if self._line(self._process) != b"ready\n":
                self._close()
        return self._process

    def _line(self, process: subprocess.Popen[bytes]) -> bytes:
        answers = cast("IO[bytes]", process.stdout)
        with selectors.DefaultSelector() as selector:
            selector.register(answers, selectors.EVENT_READ)
            if not selector.select(self._limit):
                self._close()
                raise TimeoutError
        return answers.readline()  # it writes a line at once

    def _close(self) -> None:
        process, self._process = self._process, None
        if process:
            process.kill()
            process.communicate()


def measured(
    readers: Mapping[str, Callable[[Path], Reading]], paths: Sequence[Path], *, num_rounds: int
) -> list[Outcome]:
    """What each reader makes of each file in each round; the first file is read once before the clock runs."""
    outcomes: list[Outcome] = []
    for name, read in readers.items():
        for path in paths[:1]:
            _outcome(name, read, path, 0)
    names = list(readers)
    for number in range(num_rounds):
        for index, path in enumerate(paths):
            first = (index + number) % len(names)
            outcomes += [_outcome(name, readers[name], path, number) for name in names[first:] + names[:first]]
    return outcomes


def _outcome(name: str, read: Callable[[Path], Reading], path: Path, number: int) -> Outcome:
    start = perf_counter()
    try:
        reading = read(path)
    except TimeoutError:
        return Outcome(name, str(path), number, perf_counter() - start, "late")
    seconds = perf_counter() - start
    reason = reading.error or ""
    return Outcome(
        name, str(path), number, seconds, status_of(reading), len(reading.text), reading.num_pages, reason[:200]
    )


def summary_lines(outcomes: Sequence[Outcome]) -> list[str]:
    """A table of all readers: files by their status, paged files with pages, seconds of each round, and the ratio of
    ours to theirs, over all files and over those that both read.
    """
    names = list(dict.fromkeys(outcome.reader for outcome in outcomes))
    lines = [
        "reader        read  markup  garbled  empty  refused  late  with pages  seconds a round  ours/its, both read"
    ]
    for name in names:
        own = [outcome for outcome in outcomes if outcome.reader == name]
        first = [outcome for outcome in own if outcome.round == 0]
        counts = Counter(outcome.status for outcome in first)
        paged = [o for o in first if o.suffix in _PAGED and o.status == "read"]
        seconds = " ".join(f"{total:.1f}" for total in _round_seconds(own))
        num_paged = f"{sum(o.num_pages > 0 for o in paged)}/{len(paged)}"
        lines.append(
            f"{name:12} {counts['read']:5} {counts['markup']:7} {counts['garbled']:8} {counts['empty']:6}"
            f" {counts['refused']:8} {counts['late']:5} {num_paged:>11}  {seconds:>15}  {_ratio(outcomes, name):>19}"
        )
    return lines


def suffix_lines(outcomes: Sequence[Outcome]) -> list[str]:
    """A table of files read and seconds (the median of the rounds) for each suffix."""
    names = list(dict.fromkeys(outcome.reader for outcome in outcomes))
    lines = ["suffix  files  " + "  ".join(f"{name:>20}" for name in names)]
    for suffix, num in Counter(o.suffix for o in outcomes if o.reader == names[0] and o.round == 0).most_common():
        cells = []
        for name in names:
            own = [o for o in outcomes if o.reader == name and o.suffix == suffix]
            num_read = sum(o.status == "read" for o in own if o.round == 0)
            cells.append(f"{num_read:8} {median(_round_seconds(own)):9.2f} s")
        lines.append(f"{suffix:7} {num:5}  " + "  ".join(cells))
    return lines


def _round_seconds(outcomes: Iterable[Outcome]) -> list[float]:
    totals = Counter[int]()
    for outcome in outcomes:
        totals[outcome.round] += outcome.seconds  # type: ignore[assignment]  # a Counter adds up any number
    return [totals[number] for number in sorted(totals)]


def _ratio(outcomes: Sequence[Outcome], name: str) -> str:
    """How long ours takes over the files that both read, as a share of its time: the median of the rounds."""
    own = {(o.path, o.round): o for o in outcomes if o.reader == OURS and o.status == "read"}
    pairs = [
        (own[key], other)
        for other in outcomes
        if other.reader == name and other.status == "read" and (key := (other.path, other.round)) in own
    ]
    if not pairs or name == OURS:
        return "-"
    shares = zip(_round_seconds(ours for ours, _ in pairs), _round_seconds(theirs for _, theirs in pairs), strict=True)
    return f"{median(ours / theirs for ours, theirs in shares):.2f} ({len({o.path for o, _ in pairs})} files)"


def main() -> None:
    """Reads every file of a folder with every reader that is there, and prints the tables."""
    parser = argparse.ArgumentParser(description="Reading files, beside markitdown and LlamaIndex.")
    parser.add_argument("folder", help="the files to read")
    parser.add_argument("--others", default=sys.executable, help="a Python that has the other readers installed")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--rows", type=Path, help="write what was measured of each file here, a line of JSON each")
    arguments = parser.parse_args()
    paths = [found.path.absolute() for found in find_files(arguments.folder)]
    with ExitStack() as stack:
        readers: dict[str, Callable[[Path], Reading]] = {OURS: stack.enter_context(Ours()).read}
        for name in READERS:
            other = stack.enter_context(Other(name, arguments.others))
            if other.is_installed():
                readers[name] = other.read
            else:
                print(f"{name}: not measured; name a Python that has it with --others", flush=True)
        outcomes = measured(readers, paths, num_rounds=arguments.rounds)
    print("\n".join([f"{len(paths)} files", *summary_lines(outcomes), "", *suffix_lines(outcomes)]), flush=True)
    if arguments.rows:
        arguments.rows.write_text("".join(json.dumps(asdict(outcome)) + "\n" for outcome in outcomes))


if __name__ == "__main__":
    main()
