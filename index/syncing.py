"""A folder and its documents in step: what is new, changed, gone and unchanged in it, and doing what follows from that.

The folder is the truth: what was removed by hand but is still there comes back. A document is gone when its file is, or
when its file no longer holds it and all of that file could be read. A file that cannot be read keeps its documents.
Documents from elsewhere, and the pages of the web, are never touched.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from corpus.catalogue import Catalogue
from corpus.errors import UnreadableFile
from corpus.reading.files import FoundFile, find_files, sha256_of
from index.adding import absolute_path, add_files
from index.indexing import Indexer
from index.reports import FileReport, hashes_of, reports_again, storable


@dataclass(frozen=True, slots=True)
class Gone:
    """A document whose file, or whose place in its file, is no longer there."""

    id: str
    source: str


@dataclass(frozen=True, slots=True)
class Plan:
    """How a folder and a home differ.

    `files` are reports as they would be ("added", "updated", "unchanged" or "refused"), one for each file of the
    folder; `gone` are documents whose files are not there; `num_documents` come from this folder.
    """

    files: tuple[FileReport, ...]
    gone: tuple[Gone, ...]
    num_documents: int

    @property
    def is_doubtful(self) -> bool:
        """Whether more than half of the documents would go: the folder may be a disk that is not there."""
        return 2 * len(self.gone) > self.num_documents


class Folder:
    """A folder of which a home has documents. Looking at it changes nothing."""

    def __init__(self, path: Path, catalogue: Catalogue) -> None:
        """Raises `CorpusError` where there is nothing at that path."""
        self.files = find_files(str(path))
        self.catalogue = catalogue
        self._inside = absolute_path(FoundFile(path, "")).rstrip(os.sep) + os.sep
        self._sources = {absolute_path(found): found for found in self.files}

    def plan(self) -> Plan:
        """What `sync` would do, as far as can be told without reading what changed."""
        documents, owners = self.documents(), self.owners()
        known = set(owners.values())
        reports = [self._report(found, source, is_known=source in known) for source, found in self._sources.items()]
        gone = [Gone(id_, source) for id_, source in documents.items() if id_ not in owners]
        return Plan(tuple(reports), tuple(gone), len(documents))

    def documents(self) -> dict[str, str]:
        """The current documents that came from this folder, with their sources."""
        held = set().union(*self.held().values())
        return {
            summary.id: summary.source
            for summary in self.catalogue.summaries()
            if summary.source.startswith(self._inside) or summary.id in held
        }

    def held(self) -> dict[str, set[str]]:
        """The files that were read in this folder, there or not, by their sources, and the documents they held."""
        return self.catalogue.inputs.documents(self._inside)

    def owners(self) -> dict[str, str]:
        """For those of the documents whose file is in the folder now: the source of that file."""
        read = {id_: source for source, ids in self.held().items() if source in self._sources for id_ in ids}
        owned = {}
        for id_, source in self.documents().items():
            file = read.get(id_) or next((part for part in _beginnings(source) if part in self._sources), None)
            if file:
                owned[id_] = file
        return owned

    def source_of(self, report: FileReport) -> str | None:
        """The source of the file of this report; None for the report on a member."""
        return self._by_path.get(report.path)

    @cached_property
    def _by_path(self) -> dict[str, str]:
        return {storable(found.relative): source for source, found in self._sources.items()}

    def _report(self, found: FoundFile, source: str, *, is_known: bool) -> FileReport:
        try:
            known = self.catalogue.inputs.find(source, sha256_of(found))
        except UnreadableFile as error:
            return FileReport(storable(found.relative), "refused", reason=str(error))
        if known and self.catalogue.input_hashes(hashes_of(known)) == hashes_of(known):
            return reports_again(found, known)[0]
        return FileReport(storable(found.relative), "updated" if is_known else "added")


def sync(
    folder: Folder,
    plan: Plan,
    indexer: Callable[[], Indexer],
    remove: Callable[[list[str]], None],
    *,
    sure: bool = False,
) -> Iterator[FileReport | Gone]:
    """Carries a plan out: yields the report on each file, then each document that was removed.

    Where more than half of the documents are no longer in files that are there, these are removed only when `sure`.
    """
    owners, documents = folder.owners(), folder.documents()
    failed: set[str | None] = set()
    source = None
    for report in add_files(folder.files, folder.catalogue, indexer):
        source = folder.source_of(report) or source
        if report.failed:
            failed.add(source)
        yield report
    held = folder.held()
    still = {id_ for ids in held.values() for id_ in ids}
    dropped = [id_ for id_, file in owners.items() if file in held and file not in failed and id_ not in still]
    gone = [*plan.gone, *(Gone(id_, documents[id_]) for id_ in dropped)]
    if 2 * len(gone) > plan.num_documents and not sure:
        reason = f"{len(gone)} documents are gone, more than half of the folder's: say --yes to remove them"
        yield FileReport(".", "refused", reason=reason)
        return
    if gone:
        remove([one.id for one in gone])
    yield from gone


def _beginnings(source: str) -> Iterator[str]:
    """The source, and what may be the file of a member or row that it names: what stands before a "!" or "#"."""
    yield source
    for place, character in enumerate(source):
        if character in "!#":
            yield source[:place]
