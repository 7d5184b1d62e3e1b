"""The dense half of a search: the nearest windows, as far as there are vectors that can be read.

A home answers without its vectors too, from full text; this module notices that they are lacking, and says so. It mends
nothing.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from corpus.schema import passages
from index.embedding import Vectors
from index.errors import VectorStoreError
from index.store import VectorStore

UNREADABLE = "the vectors cannot be read, and words alone were searched for: {remedy}"
INCOMPLETE = (
    "the vectors of some passages are missing, which were searched for by their words alone: "
    "`communique doctor --repair` makes them anew"
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Near:
    """The ids of the nearest windows with their cosine, nearest first; `notes` say what was lacking."""

    cosines: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class DenseHalf:
    """Searches the vectors of one index. It never raises `VectorStoreError`."""

    def __init__(self, store: VectorStore, *, status: str, generation: int) -> None:
        """Its passages have that status and generation."""
        self._store = store
        self._own = (passages.c.status == status, passages.c.generation == generation)
        self._whole: object = None  # the store, as it was opened, in which nothing was missing
        self._complaint = ""

    def nearest(
        self, connection: Connection, vector: Vectors, k: int, *, document_ids: Sequence[str] | None = None
    ) -> Near:
        """The `k` nearest windows within the documents; none, and a note, where vectors cannot be read."""
        try:
            notes = () if self._is_whole(connection) else (INCOMPLETE,)
            near = Near(dict(self._store.query(vector, k, document_ids=document_ids)), notes)
        except VectorStoreError as error:
            self._complain(error)
            return Near(notes=(UNREADABLE.format(remedy=error.remedy),))
        self._complaint = ""
        return near

    def cosines(self, ids: Sequence[str], vector: Vectors) -> dict[str, float]:
        """How near the windows of these ids are; one that has no vector is left out."""
        if self._complaint:
            return {}
        try:
            return {id_: float(other @ vector) for id_, other in self._store.vectors(ids).items()}
        except VectorStoreError as error:
            self._complain(error)
            return {}

    def _is_whole(self, connection: Connection) -> bool:
        """Whether there are as many vectors as passages; once so, that is believed of the files that are open."""
        opened = self._store.opened()
        if opened is not self._whole:
            num_passages = connection.execute(select(func.count()).where(*self._own)).scalar_one()
            self._whole = opened if self._store.num_vectors() >= num_passages else None
        return opened is self._whole

    def _complain(self, error: VectorStoreError) -> None:
        """Has the log say it once, and not with every search."""
        if str(error) != self._complaint:
            logger.error("words alone are searched for: %s", error)
        self._complaint = str(error)
