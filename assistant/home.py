"""A home opened for use: its database, vectors and models, each loaded when first needed.

The one place where the parts of all rooms are put together, for the command line, the UI and `evals` alike.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from functools import cached_property
from pathlib import Path

from assistant.checkers import CrossEncoderChecker
from assistant.conversation import Conversations
from assistant.evidence import EvidenceFinder
from assistant.settings import LLM_NONE, Engines, Settings, engines_from_environment
from assistant.sources import Sources
from assistant.verifying import FeatureVerifier, Verifier
from assistant.writing.loading import load_llm
from assistant.writing.prose import LlmWriter
from corpus.catalogue import Catalogue
from corpus.database import Database, open_database
from index.embedding import DEFAULT_MODEL, Encoder, shared_encoder
from index.erasing import erase_vectors, finish_erasing
from index.errors import VectorStoreError
from index.indexing import Indexer, recover_if_interrupted
from index.manifest import home_name, read_generation, read_manifest
from index.probing import damage
from index.reranking import CrossEncoderReranker, Reranker
from index.retrieval import Retriever
from index.store import VectorStore
from index.vectors_folder import discard, has_graph, opening_lock, unreadable
from index.vectors_server import VectorsServer

logger = logging.getLogger(__name__)

_VECTORS = "vectors"
_MADE_FROM_VECTORS = ("store", "indexer", "sources")


def open_home(settings: Settings) -> "Home":
    """The home that the settings name, with the models that they name, or those that its index was made with.

    Raises `HomeError` when the folder cannot be used, `InvalidCall` for an LLM that cannot be, `VectorStoreError` for a
    server's address that is none. Models are loaded, and LLMs and servers reached, when they are first needed.
    """
    home = Home(settings.home, engines=settings.engines)
    home.settings = settings
    with home.database.reading() as connection:
        kept = read_manifest(connection).get("embedder", DEFAULT_MODEL)
    embedder = model_name(settings.embedder or kept)
    home.load_encoder = lambda: shared_encoder(embedder)
    if settings.reranker:
        home.reranker = CrossEncoderReranker(model_name(settings.reranker))
    if settings.checker:
        home.verifier = CrossEncoderChecker(model_name(settings.checker))
    if settings.llm != LLM_NONE:
        home.llm, home.writer = settings.llm, load_llm(settings.llm)
    return home


def model_name(name: str) -> str:
    """The name, or the folder of that name, wherever the program is started next."""
    folder = Path(name).expanduser()
    return str(folder.resolve()) if folder.exists() else name


class Home:
    """A folder with documents, their index and conversations.

    Opening it finishes what a killed process left: rows that were never reported as done are deleted, and vectors that
    were made anew are put in their place.
    """

    def __init__(
        self, path: Path, *, load_encoder: Callable[[], Encoder] = shared_encoder, engines: Engines | None = None
    ) -> None:
        """Without `engines`, those that the environment names are used. Raises `HomeError` when the folder cannot be
        used, and `VectorStoreError` for a server's address that is none.
        """
        self.path = path
        self.engines = engines or engines_from_environment()
        self.settings: Settings | None = None  # those it was opened by, for whoever opens it again
        self.tries_vectors = False
        """Whether another process is to read the vectors before this one does, whom damaged ones might end."""
        self._checked: tuple[list[tuple[Path, int, int]], str | None] | None = None
        self.load_encoder = load_encoder
        self.reranker: Reranker | None = None
        self.verifier: Verifier = FeatureVerifier(lambda: self.encoder)
        self.llm = LLM_NONE
        self.writer: LlmWriter | None = None
        self.database: Database = open_database(path, self.engines.database)
        self.catalogue = Catalogue(self.database)
        self.conversations = Conversations(self.database)
        finish_erasing(self.database, path / _VECTORS)
        url = self.engines.vectors
        self.vectors = VectorsServer(url, home=home_name(self.database)) if url else path / _VECTORS
        if self.catalogue.has_unfinished():
            with suppress(VectorStoreError):  # then nobody sees what is unfinished, and who needs vectors is told
                recover_if_interrupted(self.database, self._store_in_use())  # which a repair may replace

    @cached_property
    def store(self) -> VectorStore:
        """The vectors of the index in use."""
        return self._store_in_use()

    def damaged_vectors(self) -> str | None:
        """Why the vectors of the index in use cannot be read; None where they can."""
        with self.database.lock:
            with self.database.reading() as connection:
                generation = read_generation(connection)
            return damage(self.vectors, generation=generation)

    def discard_vectors(self) -> None:
        """Deletes all vectors, which a repair makes anew from the snapshots."""
        with self.database.lock:
            if isinstance(self.vectors, VectorsServer):
                VectorStore(self.vectors).discard()
            else:
                discard(self.vectors)
        self.forget_store()

    def erase_vectors(self) -> bool:
        """Takes what was deleted out of the files of the vectors, and returns whether that was done: not where another
        program has the home open, nor on a server, whose files are its own. What the home's folder kept before there
        was a server goes.
        """
        if isinstance(self.vectors, VectorsServer):
            discard(self.path / _VECTORS)
            return False
        is_erased = erase_vectors(self.database, self.vectors)
        self.forget_store()
        return is_erased

    def forget_store(self) -> None:
        """Has the vectors opened anew when they are next needed."""
        for name in _MADE_FROM_VECTORS:
            self.__dict__.pop(name, None)

    def open_store(self, generation: int) -> VectorStore:
        """The vectors of one of the home's indexes, created when they are not there."""
        if isinstance(self.vectors, VectorsServer) or self.vectors.exists():
            return VectorStore(self.vectors, generation=generation)
        with opening_lock(self.vectors):
            return VectorStore(self.vectors, generation=generation)

    @cached_property
    def encoder(self) -> Encoder:
        """The embedding model."""
        return self.load_encoder()

    @cached_property
    def indexer(self) -> Indexer:
        """What writes to the index."""
        return Indexer(self.database, self.store, self.encoder)

    @cached_property
    def sources(self) -> Sources:
        """What answers are made from."""
        retriever = Retriever(self.database, self.store, self.encoder, reranker=self.reranker)
        return Sources(self.catalogue, retriever, EvidenceFinder(retriever), self.verifier, self.writer)

    def close(self) -> None:
        """Lets go of the database, and of the server that has the vectors."""
        self.database.close()
        if isinstance(self.vectors, VectorsServer):
            self.vectors.close()

    def _store_in_use(self) -> VectorStore:
        """The vectors, opened when they are first needed: answers do without those that cannot be read."""
        with self.database.reading() as connection:
            generation = read_generation(connection)
        vectors = self.vectors
        if isinstance(vectors, VectorsServer):
            return VectorStore(vectors, generation=generation, opening=nullcontext)
        return VectorStore(vectors, generation=generation, opening=lambda: self._opening(vectors, generation))

    @contextmanager
    def _opening(self, folder: Path, generation: int) -> Iterator[None]:
        """What surrounds the opening of the vectors. Damaged ones may end the process that opens them: a mark tells the
        next one, which has them read by another process first.

        Raises `VectorStoreError` where that one cannot read them.
        """
        mark = self.path / "vectors.opening"
        with ExitStack() as held:
            with suppress(OSError):  # where nothing can be written, nothing is made or marked
                held.enter_context(opening_lock(folder))
                if mark.exists() or (self.tries_vectors and has_graph(folder)):
                    self._check(folder, generation)
                mark.touch()
                held.callback(mark.unlink, missing_ok=True)
            yield

    def _check(self, folder: Path, generation: int) -> None:
        """Has another process read the vectors, once for each state of their files."""
        files = sorted((path, path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*"))
        if self._checked is None or self._checked[0] != files:
            logger.info("the vectors are read by a process of its own first")
            self._checked = (files, damage(folder, generation=generation))
        if found := self._checked[1]:
            raise unreadable(folder, found)
