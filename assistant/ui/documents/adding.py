"""Files into a home as a job: what is being read, how many passages are embedded, and a row of a report for each file.

Adding itself is `index.adding`; here stands only what watches it. The embedder is given its texts in small portions, so
that progress is seen within a long document too, and a job that is stopped ends within one.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import numpy as np

from assistant.home import Home
from assistant.ui.documents.job import Job, announced
from corpus.document import Document
from corpus.reading.files import FoundFile
from index.adding import Origin, add_files
from index.embedding import Encoder, Spans, Vectors
from index.indexing import Indexer, Prepared
from index.reports import FileReport

PORTION = 64
"""So many texts are embedded between two looks at whether to go on: about a second's work."""


@dataclass(frozen=True, slots=True)
class Row:
    """A file's report with what was counted: its passages, and its pages where the format has any."""

    report: FileReport
    num_passages: int | None = None
    num_pages: int | None = None


class Adding:
    """The adding of files to a home: `job` does it, `rows` are what has been reported, in the order of the files."""

    def __init__(
        self,
        home: Home,
        files: Sequence[FoundFile],
        *,
        origin: Origin,
        keeping: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """`keeping` is entered before the first file is read, and left after the last."""
        self.job = Job(self._work)
        self.rows: list[Row] = []
        self._home = home
        self._files = files
        self._origin = origin
        self._keeping = keeping
        self._counts: dict[str, tuple[int, int | None]] = {}
        self._num_read = 0
        self._num_embedded = 0

    def _work(self, job: Job) -> None:
        job.tell(total=len(self._files))
        made: list[Indexer] = []

        def indexer() -> Indexer:
            if not made:
                made.append(_WatchedIndexer(self._home, self))
            return made[0]

        with self._keeping():
            for report in add_files(self._met(), self._home.catalogue, indexer, origin=self._origin):
                self.rows.append(self._row(report))
                job.tell(num_done=len(self.rows), share=max(job.progress.share, len(self.rows) / len(self._files)))

    def _met(self) -> Iterator[FoundFile]:
        for number, found in enumerate(self._files, start=1):
            self.job.check()
            self._num_read = number
            self.job.tell(number=number, current=found.relative)
            yield found

    def _row(self, report: FileReport) -> Row:
        counts = [self._counts[id_] for id_ in report.document_ids if id_ in self._counts]
        if report.status not in {"added", "updated"} or not counts:
            return Row(report)
        pages = [num_pages for _, num_pages in counts if num_pages]
        return Row(report, sum(num_passages for num_passages, _ in counts), sum(pages) or None)

    def prepared(self, made: Prepared) -> None:
        """A document was read and cut."""
        self._counts[made.document.id] = (len(made.cut.windows), num_pages(made.document))
        self.job.check()

    def embedded(self, part: float, num_windows: int) -> None:
        """So much of a batch, as a part of 1, is embedded. Raises `Stopped`."""
        in_hand = self._num_read - len(self.rows)
        share = (len(self.rows) + part * in_hand) / max(len(self._files), 1)
        self.job.tell(
            share=max(self.job.progress.share, share), num_passages=self._num_embedded + round(part * num_windows)
        )
        self.job.check()

    def kept(self, num_windows: int) -> None:
        """A batch is stored."""
        self._num_embedded += num_windows
        self.job.tell(num_passages=self._num_embedded)


def num_pages(document: Document) -> int | None:
    """The number of the last page on which a section begins; none where the format has no pages."""
    return max((section.page for section in document.sections if section.page), default=None)


class _WatchedIndexer(Indexer):
    """An indexer that tells what it has cut, embedded and stored."""

    def __init__(self, home: Home, watch: Adding) -> None:
        self._watched = PortionedEncoder(home.encoder, watch)
        super().__init__(announced(home.database, watch.job), home.store, self._watched)
        self._watch = watch

    def prepare(self, document: Document, input_sha256: str) -> Prepared:
        made = super().prepare(document, input_sha256)
        self._watch.prepared(made)
        return made

    def commit(self, batch: Sequence[Prepared]) -> None:
        self._watched.num_windows = sum(len(item.cut.windows) for item in batch)
        super().commit(batch)
        self._watch.kept(self._watched.num_windows)


class PortionedEncoder:
    """An encoder that gives another one a portion at a time, and tells after each how far it is."""

    def __init__(self, encoder: Encoder, watch: Adding) -> None:
        self.name = encoder.name
        self.dimension = encoder.dimension
        self.max_tokens = encoder.max_tokens
        self.pools_means = encoder.pools_means
        self.num_windows = 0
        self._encoder = encoder
        self._watch = watch

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As the encoder does."""
        return self._encoder.encode(texts)

    def encode_query(self, text: str) -> Vectors:
        """As the encoder does."""
        return self._encoder.encode_query(text)

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]], *, query: bool = False
    ) -> tuple[Vectors, list[Spans]]:
        """As the encoder does, a portion at a time, after which it raises `Stopped` when it is to end. Texts of like
        length go together, as the encoder would have them, for it pads them.
        """
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        found = [Spans(vectors[:0], ())] * len(texts)
        for start in range(0, len(order), PORTION):
            rows = order[start : start + PORTION]
            some = self._encoder.encode_spans([texts[i] for i in rows], [spans[i] for i in rows], query=query)
            vectors[rows] = some[0]
            for i, of_text in zip(rows, some[1], strict=True):
                found[i] = of_text
            self._watch.embedded((start + len(rows)) / len(order), self.num_windows)
        return vectors, found

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """As the encoder does. Raises `Stopped`."""
        self._watch.job.check()
        return self._encoder.token_spans(text)
