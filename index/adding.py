"""Files, and pages that were fetched, into the index, with a report on each: what `communique add` does.

One bad file never stops the others. A file is reported only when all of it is kept, so a report that was seen stays
true. Files are read by processes of their own; batches of documents are embedded together because that is faster. What
was read before and has not changed is not read again.
"""

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.catalogue import Catalogue, new_document
from corpus.document import Document, Draft
from corpus.errors import UnreadableFile
from corpus.identifiers import document_id
from corpus.inputs import Input
from corpus.language import language_of
from corpus.reading.files import FetchedFile, File, FoundFile, ListedPages, sha256_of
from corpus.reading.isolation import borrowed_pool
from corpus.reading.parsing import Event
from index.indexing import Indexer, Prepared
from index.reports import FileReport, ReadFile, hashes_of, reports_again, storable

if TYPE_CHECKING:
    from index.cluster import Cluster

BATCH_SEGMENTS = 256
_DRAFTS_A_QUERY = 200
SAMPLE_FOLDER = Path(__file__).parent.parent / "corpus" / "documents"

Origin = Callable[[FoundFile], str]


def absolute_path(found: FoundFile) -> str:
    """The origin of a user's file: where it is. What of its name is not UTF-8 is spelt with backslashes."""
    return storable(str(found.path.resolve()))


def sample_origin(found: FoundFile) -> str:
    """The origin of a sample document: the same on every machine, and so is the id made from it."""
    return f"sample/{found.relative}"


def add_files(
    files: Iterable[File | ListedPages],
    catalogue: Catalogue,
    indexer: Callable[[], Indexer],
    *,
    origin: Origin = absolute_path,
    cluster: "Cluster | None" = None,
) -> Iterator[FileReport]:
    """Reads, cuts, embeds and stores files; yields each file's report once everything in it is kept.

    Reports come in the order of the files; those of the files in an archive follow its own. `indexer` is called when
    there is something new: it loads a model. A `cluster` reads the files in place of this machine; what embeds there is
    the indexer's.
    """
    return _Adding(catalogue, indexer, origin, cluster).run(files)


class _Adding:
    """What is under way: documents that are not stored yet, and the reports that wait for them.

    `_unchanged` are files that need not be read, each with the number of files before it that must be.
    """

    def __init__(
        self, catalogue: Catalogue, indexer: Callable[[], Indexer], origin: Origin, cluster: "Cluster | None"
    ) -> None:
        self._cluster = cluster
        self._batch_segments = cluster.batch_segments if cluster else BATCH_SEGMENTS
        self._catalogue = catalogue
        self._indexer = indexer
        self._origin = origin
        self._batch: list[Prepared] = []
        self._waiting: list[FileReport | Input] = []
        self._alike: dict[str, str] = {}  # what is to be said of documents that are like others, by their ids
        self._unchanged: deque[tuple[int, list[FileReport]]] = deque()
        self._num_begun = 0

    def run(self, files: Iterable[File | ListedPages]) -> Iterator[FileReport]:
        with nullcontext(self._cluster) if self._cluster else borrowed_pool() as pool:
            for number, (found, events) in enumerate(pool.read(self._to_read(files))):
                yield from self._before(number)
                yield from self._read(found, events)
        yield from self._before(self._num_begun)
        if self._batch:
            yield from self._commit()

    def _to_read(self, files: Iterable[File | ListedPages]) -> Iterator[File]:
        """The files that are new, changed or read by other readers before."""
        for found in files:
            if isinstance(found, ListedPages):
                listed = FileReport(storable(found.relative), warnings=[found.note])
                self._unchanged.append((self._num_begun, [listed]))
            elif (reports := self._known(found)) is None:
                self._num_begun += 1
                yield found
            else:
                self._unchanged.append((self._num_begun, reports))

    def _known(self, found: File) -> list[FileReport] | None:
        """The reports on a file that was read before and whose documents are all there; None where it must be read."""
        try:
            sha256 = sha256_of(found)
        except UnreadableFile as error:
            return [FileReport(storable(found.relative), "refused", reason=str(error))]
        known = self._catalogue.inputs.find(self._source_of(found), sha256)
        if known is None or self._catalogue.input_hashes(hashes_of(known)) != hashes_of(known):
            return None
        return reports_again(found, known)

    def _source_of(self, found: File) -> str:
        return storable(found.source) if isinstance(found, FetchedFile) else self._origin(found)

    def _before(self, number: int) -> Iterator[FileReport]:
        """The files that stand before that one and were not read."""
        while self._unchanged and self._unchanged[0][0] <= number:
            self._waiting += self._unchanged.popleft()[1]
        if not self._batch:
            yield from self._done(len(self._waiting))

    def _read(self, found: File, events: Iterator[Event]) -> Iterator[FileReport]:
        """Takes up what is in a file."""
        first = len(self._waiting)
        file = ReadFile(found, self._source_of(found))
        drafts: list[Draft] = []
        for event in events:
            if isinstance(event, Draft):
                drafts.append(event)
                if len(drafts) < _DRAFTS_A_QUERY:
                    continue
            self._take(file, drafts)
            drafts = []
            file.hear(event)
            self._waiting[first:] = file.reports
            if sum(len(item.cut.segments) for item in self._batch) >= self._batch_segments:
                yield from self._commit(first)
                first = 0
        self._take(file, drafts)
        read = file.input()
        self._waiting[first:] = file.reports
        if hashes_of(read):
            self._waiting.append(read)
        else:
            self._catalogue.inputs.keep(read)  # it waits for no document, and reading it may have taken long
        if not self._batch:
            yield from self._done(len(self._waiting))

    def _take(self, file: ReadFile, drafts: Sequence[Draft]) -> None:
        """Prepares what neither the catalogue nor the batch on its way there has in this form."""
        if not drafts:
            return
        ids = {item.document.source: item.document.id for item in self._batch}
        ids |= self._catalogue.ids_by_source([file.source])
        documents = [_document(draft, file.name, file.source, ids) for draft in drafts]
        known = self._catalogue.input_hashes([document.id for document in documents])
        known |= {item.document.id: item.input_sha256 for item in self._batch}
        for draft, document in zip(drafts, documents, strict=True):
            input_sha256 = file.sha256 if draft.key is None and not file.is_fetched else _draft_sha256(draft)
            file.report.warnings += draft.warnings
            if known.get(document.id) != input_sha256:
                prepared = self._indexer().prepare(document, input_sha256)
                if not prepared.cut.sentences:
                    file.refuse("there is no text in it that could be quoted")
                    continue
                self._batch.append(prepared)
                file.changed("updated" if document.id in known else "added")
            file.keep(document.id, input_sha256)

    def _commit(self, num_done: int | None = None) -> Iterator[FileReport]:
        """Stores the batch; the reports up to that number are true then."""
        self._indexer().commit(self._batch)
        stored, self._batch = [item.document.id for item in self._batch], []
        self._alike |= {id_: str(found) for id_ in stored if (found := self._catalogue.duplicate_of(id_))}
        yield from self._done(len(self._waiting) if num_done is None else num_done)

    def _done(self, number: int) -> Iterator[FileReport]:
        done, self._waiting = self._waiting[:number], self._waiting[number:]
        for item in done:
            if isinstance(item, Input):
                self._catalogue.inputs.keep(item)
            else:
                item.warnings += [self._alike.pop(id_) for id_ in item.document_ids if id_ in self._alike]
                yield item


def _document(draft: Draft, name: str, source: str, ids: Mapping[str, str]) -> Document:
    if draft.key is None:
        id_ = ids.get(source) or document_id(name, source)
    else:
        id_, source = draft.key, draft.source or f"{source}#{draft.key}"
    fields = {
        "id": id_,
        "title": draft.title,
        "source": source,
        "language": language_of(draft.text),
        "published": draft.published,
        "sections": draft.sections,
        "metadata": draft.metadata,
    }
    return new_document(fields, text=draft.text)


def _draft_sha256(draft: Draft) -> str:
    """For a row, and for a page from the web, around whose words something else stands every time."""
    content = [draft.key, draft.title, draft.text, draft.published, draft.source, draft.metadata]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
