"""What became of the files of an `add`: a report for each, and for each file in an archive."""

from dataclasses import dataclass, field

from corpus.inputs import Input
from corpus.reading.files import FetchedFile, File
from corpus.reading.jsonl import LEFT_OUT
from corpus.reading.parsing import Event, Met, Refused, Unpacked


@dataclass(slots=True)
class FileReport:
    """What became of one file. `status` is "added", "updated", "unchanged" or "refused", the last with a `reason`.

    What was left out of an otherwise good file, such as a broken line, is named in `warnings`.
    """

    path: str
    status: str = "unchanged"
    document_ids: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    reason: str | None = None

    @property
    def failed(self) -> bool:
        """Whether anything of the file did not go in."""
        return self.status == "refused" or any(LEFT_OUT in warning for warning in self.warnings)


class ReadFile:
    """A file while it is taken up: the reports on it and on the files in it, in order; the last one is the current."""

    def __init__(self, found: File, source: str) -> None:
        """`source` is where the file is, as its documents will say."""
        self.reports: list[FileReport] = []
        self.sha256 = ""
        self._found = found
        self._source = source
        self._name = found.relative
        self._file_sha256 = ""
        self._names: list[str] = []
        self._inputs: list[dict[str, str]] = []

    @property
    def is_fetched(self) -> bool:
        """Whether it came from the web."""
        return isinstance(self._found, FetchedFile)

    @property
    def report(self) -> FileReport:
        """On the current file."""
        return self.reports[-1]

    @property
    def name(self) -> str:
        """The current file's, for its document's id: "archive.zip!member" in an archive."""
        return storable(self._name)

    @property
    def source(self) -> str:
        """The current file's."""
        return storable(self._source + self._within(self._name))

    def hear(self, event: Event) -> None:
        """Takes up what is no draft."""
        match event:
            case Met(name, sha256):
                self._file_sha256 = self._file_sha256 or sha256
                self._name, self.sha256 = name, sha256
                self._names.append(name)
                self.reports.append(FileReport(storable(name)))
                self._inputs.append({})
            case Refused(name, reason):
                report = self.reports[self._names.index(name)]
                report.status, report.reason = "refused", storable(reason)
            case Unpacked(name, num_members):
                self._unpacked(self._names.index(name), num_members)

    def keep(self, document_id: str, input_sha256: str) -> None:
        """The current file holds this document, from these bytes."""
        self.report.document_ids.append(document_id)
        self._inputs[-1][document_id] = input_sha256

    def changed(self, status: str) -> None:
        """A document of the current file is new ("added"), or another version ("updated")."""
        if self.report.status != "added":
            self.report.status = status

    def refuse(self, reason: str) -> None:
        """The current file is of no use."""
        self.report.status, self.report.reason = "refused", reason

    def input(self) -> Input:
        """What is to be remembered of the file."""
        rows = [
            {
                "within": self._within(name),
                "inputs": inputs,
                "warnings": list(report.warnings),  # what is said of it later holds for now
                "reason": report.reason,
            }
            for name, inputs, report in zip(self._names, self._inputs, self.reports, strict=True)
        ]
        return Input(storable(self._source), self._file_sha256, rows)

    def _unpacked(self, number: int, num_members: int) -> None:
        """An archive is done: it is new where something in it is."""
        report = self.reports[number]
        statuses = {each.status for each in self.reports[number + 1 :]}
        if not report.document_ids and report.status == "unchanged":
            if not num_members:
                report.status, report.reason = "refused", "there is nothing in it"
            elif statuses == {"refused"}:
                report.status, report.reason = "refused", "nothing in it could be read: see its files below"
            elif statuses & {"added", "updated"}:
                report.status = "added" if statuses <= {"added", "refused"} else "updated"
        if num_members:
            report.warnings.append(f"it holds {num_members} file{'s' if num_members > 1 else ''}, reported below")

    def _within(self, name: str) -> str:
        return storable(name[len(self._found.relative) :])


def reports_again(found: File, known: Input) -> list[FileReport]:
    """The reports on a file that holds what it held when it was read."""
    return [
        FileReport(
            storable(found.relative) + row["within"],
            "refused" if row["reason"] else "unchanged",
            list(row["inputs"]),
            list(row["warnings"]),
            row["reason"],
        )
        for row in known.rows
    ]


def hashes_of(known: Input) -> dict[str, str]:
    """The documents that a source held, each with the hash of what it was read from."""
    return {id_: sha256 for row in known.rows for id_, sha256 in row["inputs"].items()}


def storable(name: str) -> str:
    """A file's name as text that can be stored and printed: bytes that are not UTF-8 become backslash escapes."""
    return name.encode("utf-8", "backslashreplace").decode()
