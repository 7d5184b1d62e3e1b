"""Files into the index, with a report on each: what `communique add` does.

One bad file never stops the others. A file is reported only when all of it is kept, so a report that was seen stays
true. Files are read one after the other; batches of documents are embedded together because that is faster.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus.catalogue import Catalogue, new_document
from corpus.document import Document, Draft
from corpus.errors import UnreadableFile
from corpus.identifiers import document_id
from corpus.language import language_of
from corpus.reading import FoundFile, read_file
from corpus.reading_jsonl import LEFT_OUT
from index.indexing import Indexer, Prepared

BATCH_SEGMENTS = 256
SAMPLE_FOLDER = Path(__file__).parent.parent / "corpus" / "documents"

Origin = Callable[[FoundFile], str]


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


def absolute_path(found: FoundFile) -> str:
    """The origin of a user's file: where it is. What of its name is not UTF-8 is spelt with backslashes."""
    return _storable(str(found.path.resolve()))


def sample_origin(found: FoundFile) -> str:
    """The origin of a sample document: the same on every machine, and so is the id made from it."""
    return f"sample/{found.relative}"


def add_files(
    files: Iterable[FoundFile], catalogue: Catalogue, indexer: Callable[[], Indexer], *, origin: Origin = absolute_path
) -> Iterator[FileReport]:
    """Reads, cuts, embeds and stores files; yields each file's report once everything in it is kept.

    Reports come in the order of the files. `indexer` is called when there is something new: it loads a model.
    """
    batch: list[Prepared] = []
    waiting: list[FileReport] = []
    for found in files:
        report = FileReport(_storable(found.relative))
        waiting.append(report)
        try:
            for prepared in _new_documents(found, report, catalogue, indexer, origin, batch):
                batch.append(prepared)
                if sum(len(item.cut.segments) for item in batch) >= BATCH_SEGMENTS:
                    indexer().commit(batch)
                    batch = []
                    yield from waiting[:-1]
                    waiting = waiting[-1:]
        except UnreadableFile as error:
            report.status, report.reason = "refused", str(error)
        if not batch:
            yield from waiting
            waiting = []
    if batch:
        indexer().commit(batch)
    yield from waiting


def _new_documents(  # noqa: PLR0913, PLR0917  # the loop above, less its bookkeeping: it needs what the loop has
    found: FoundFile,
    report: FileReport,
    catalogue: Catalogue,
    indexer: Callable[[], Indexer],
    origin: Origin,
    batch: Sequence[Prepared],
) -> Iterator[Prepared]:
    """The documents of a file that neither the catalogue nor the `batch` on its way there has in this form.

    Fills in the report on the way.
    """
    drafts, file_sha256 = read_file(found)
    source = origin(found)
    ids = {item.document.source: item.document.id for item in batch} | catalogue.ids_by_source([source])
    documents = [_document(draft, found, source, ids) for draft in drafts]
    known = catalogue.input_hashes([document.id for document in documents])
    known |= {item.document.id: item.input_sha256 for item in batch}
    report.document_ids = [document.id for document in documents]
    report.warnings = [warning for draft in drafts for warning in draft.warnings]
    for draft, document in zip(drafts, documents, strict=True):
        input_sha256 = _row_sha256(draft) if draft.key is not None else file_sha256
        if known.get(document.id) == input_sha256:
            continue
        prepared = indexer().prepare(document, input_sha256)
        if not prepared.cut.sentences:
            raise UnreadableFile("there is no text in it that could be quoted")
        report.status = "updated" if document.id in known and report.status != "added" else "added"
        yield prepared


def _document(draft: Draft, found: FoundFile, source: str, ids: Mapping[str, str]) -> Document:
    if draft.key is None:
        id_ = ids.get(source) or document_id(_storable(found.relative), source)
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


def _row_sha256(draft: Draft) -> str:
    content = [draft.key, draft.title, draft.text, draft.published, draft.source, draft.metadata]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _storable(name: str) -> str:
    """A file's name as text that can be stored and printed: bytes that are not UTF-8 become backslash escapes."""
    return name.encode("utf-8", "backslashreplace").decode()
