"""A home opened for use: its database, vectors and models, each loaded when first needed.

The one place where the parts of all rooms are put together, for the command line, the UI and `evals` alike.
"""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from assistant.answering import Sources
from assistant.conversation import Conversations
from assistant.evidence import EvidenceFinder
from corpus.catalogue import Catalogue
from corpus.database import Database, open_database
from index.embedding import Encoder, SentenceTransformerEncoder
from index.indexing import Indexer, recover_if_interrupted
from index.retrieval import Retriever
from index.store import VectorStore


class Home:
    """A folder with documents, their index and conversations.

    Opening it finishes what a killed process left: rows that were never reported as done are deleted.
    """

    def __init__(self, path: Path, *, load_encoder: Callable[[], Encoder] = SentenceTransformerEncoder) -> None:
        """Raises `HomeError` when the folder cannot be used."""
        self.path = path
        self._load_encoder = load_encoder
        self.database: Database = open_database(path)
        self.catalogue = Catalogue(self.database)
        self.conversations = Conversations(self.database)
        if self.catalogue.has_unfinished():
            recover_if_interrupted(self.database, self.store)

    @cached_property
    def store(self) -> VectorStore:
        """The vectors."""
        return VectorStore(self.path / "vectors")

    @cached_property
    def encoder(self) -> Encoder:
        """The embedding model."""
        return self._load_encoder()

    @cached_property
    def indexer(self) -> Indexer:
        """What writes to the index."""
        return Indexer(self.database, self.store, self.encoder)

    @cached_property
    def sources(self) -> Sources:
        """What answers are made from."""
        retriever = Retriever(self.database, self.store, self.encoder)
        return Sources(self.catalogue, retriever, EvidenceFinder(retriever))

    def close(self) -> None:
        """Lets go of the database."""
        self.database.close()
