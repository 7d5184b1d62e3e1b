"""The assistant as one Python object: documents in, checked answers out, without a command line or a server.

    from assistant import Assistant

    with Assistant("my-home") as assistant:
        assistant.add("statements/")
        answer = assistant.ask("Who runs the Harbour Compact?")
        print(answer.text)

It decides nothing: each method is a call of the modules that do. It prints nothing and keeps no conversation unless it
is told to. For LlamaIndex see `assistant.llama`; as JSON an answer is `assistant.answer.answer_json(answer)`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self, Unpack

from assistant.answer import Answer
from assistant.answering import answer_events, is_text
from assistant.batch import ROLES
from assistant.conversation import Message
from assistant.errors import InvalidCall
from assistant.events import Done, Event
from assistant.home import Home, open_home
from assistant.kept_conversation import KeptConversation
from assistant.pair_rows import parse_pair
from assistant.pairs import Verdict
from assistant.scoping import Within, scope_of
from assistant.settings import settings_from_environment
from assistant.sources import Sources
from corpus.catalogue import Summary
from corpus.document import Document
from index.reports import FileReport
from index.retrieval import DEFAULT_K, Found

if TYPE_CHECKING:
    from corpus.reading.files import FetchedFile, FoundFile, ListedPages

Said = Message | Mapping[str, str]
"""An earlier message: one of ours, or {"role": "user" or "assistant", "content": …}."""
_MAX_PAGES = 200


class Assistant:
    """Answers questions about the documents of one home. Any thread may ask; it is closed by `with` or `close`."""

    def __init__(
        self,
        home: str | Path | Home | None = None,
        *,
        llm: str | None = None,
        embedder: str | None = None,
        reranker: str | None = None,
        checker: str | None = None,
    ) -> None:
        """Opens the home in this folder, or uses one that is open already and closes it never.

        What is left out is taken from the environment, as the command line does (`COMMUNIQUE_HOME`, `COMMUNIQUE_LLM`,
        …). Models are loaded when they are first needed. Raises `HomeError` when the folder cannot be used, and
        `InvalidCall` for an LLM that cannot be.
        """
        self._is_ours = not isinstance(home, Home)
        self._loading = Lock()
        if isinstance(home, Home):
            self.home = home
            return
        folder = Path(home) if home is not None else None
        settings = settings_from_environment(
            home=folder, llm=llm, embedder=embedder, reranker=reranker, checker=checker
        )
        whole_path = settings.home.absolute()  # the program may go to another folder later
        self.home = open_home(replace(settings, home=whole_path))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the home, where this object opened it."""
        if self._is_ours:
            self.home.close()

    @property
    def sources(self) -> Sources:
        """What answers are made from; the models are loaded now, if they were not."""
        with self._loading:  # `cached_property` alone would let two threads open the index at once
            return self.home.sources

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Said] = (),
        conversation: str | None = None,
        standalone: str | None = None,
        **within: Unpack[Within],
    ) -> Answer:
        """The answer to a question: claims with exact citations, or a refusal, which is a value and not an error.

        The question is understood in the light of `history`, earlier messages; or of a kept `conversation` (an id,
        "last" or "new"), which keeps the turn. `standalone` is searched for in place of what it is understood as.
        `within` narrows the documents (`assistant.scoping.Within`): documents, since, until, kinds, languages.

        Raises `InvalidCall` for a question that cannot be asked, `UnknownDocument`, `UnknownConversation`.
        """
        events = self.events(question, history=history, conversation=conversation, standalone=standalone, **within)
        (answer,) = (event.answer for event in events if isinstance(event, Done))
        return answer

    def events(
        self,
        question: str,
        *,
        history: Sequence[Said] = (),
        conversation: str | None = None,
        standalone: str | None = None,
        **within: Unpack[Within],
    ) -> Iterator[Event]:
        """As `ask`, but all that happens on the way, as `assistant.events` has it; the last one holds the answer."""
        if conversation is not None:
            if history:
                raise InvalidCall("a kept conversation has its own history: give one of the two")
            return self.conversation(conversation).events(question, standalone=standalone, **within)
        earlier = [_message(each) for each in history]
        scope = scope_of(self.home.catalogue, within)
        return answer_events(question, self.sources, history=earlier, scope=scope, standalone=standalone)

    def conversation(self, name: str = "new") -> KeptConversation:
        """A conversation that keeps its turns: an id, "last" for the one used last, "new" for one that begins with its
        first question.

        Raises `UnknownConversation`.
        """
        return KeptConversation(self.home.conversations, self.home.catalogue, lambda: self.sources, name=name)

    def search(self, query: str, *, k: int = DEFAULT_K, **within: Unpack[Within]) -> Found:
        """The `k` best passages for a query as `hits`, best first, and what was dropped, with every score.

        Raises `InvalidCall` for a query that is no text, `UnknownDocument`.
        """
        if not is_text(query):
            raise InvalidCall("the query is not UTF-8: it has half of a character")
        return self.sources.retriever.search(query, k, scope=scope_of(self.home.catalogue, within))

    def add(self, *paths: str | Path, max_pages: int = _MAX_PAGES, allow_private: bool = False) -> list[FileReport]:
        """What became of each file: files, folders and web addresses are added, or taken up again where they changed.

        Options as for `adding`.
        """
        return list(self.adding(*paths, max_pages=max_pages, allow_private=allow_private))

    def adding(
        self, *paths: str | Path, max_pages: int = _MAX_PAGES, allow_private: bool = False
    ) -> Iterator[FileReport]:
        """The report on each file once everything in it is kept, so that it can be shown, or no more be waited for.

        Of a feed or sitemap `max_pages` are fetched at most; addresses inside the own network only where
        `allow_private`. Raises `CorpusError` where there is nothing at a path; then nothing is added.
        """
        from corpus.fetching.addresses import is_address
        from corpus.reading.files import find_files
        from index.adding import add_files

        found: list[FoundFile | str] = []
        for path in map(str, paths):
            found += [path] if is_address(path) else find_files(path)
        files = _fetched(found, max_pages=max_pages, allow_private=allow_private)
        return add_files(files, self.home.catalogue, lambda: self.home.indexer)

    def remove(self, *document_ids: str) -> None:
        """Takes documents out of lists, search and answers; `communique restore` brings them back.

        Raises `UnknownDocument` where one is not there; then none is removed.
        """
        known = self.home.catalogue.current_hashes(filter(is_text, document_ids))
        for document_id in document_ids:
            if document_id not in known:
                self.home.catalogue.document(document_id)
        if known:
            from index.indexing import remove_documents

            remove_documents(self.home.database, self.home.store, list(known))

    def documents(self) -> list[Summary]:
        """Every document, ordered by date, title and id; those without a date come last."""
        return self.home.catalogue.summaries()

    def document(self, document_id: str, version: str | None = None) -> Document:
        """A document with its whole text; `version` is the sha256 of an earlier snapshot, or its beginning.

        Raises `UnknownDocument`, and `InvalidCall` for a version that is no text.
        """
        if version is not None and not is_text(version):
            raise InvalidCall(f"{version!a} is no version: give the sha256 of a snapshot, or its beginning")
        return self.home.catalogue.document(document_id, version)

    def show(self, document_id: str, start: int = 0, end: int | None = None, *, version: str | None = None) -> str:
        """Exactly the characters of a snapshot from `start` to `end`: for a citation, its quote.

        Raises `UnknownDocument`, and `InvalidCall` for a span that is not in it.
        """
        text = self.document(document_id, version).text
        last = len(text) if end is None else end
        if not 0 <= start <= last <= len(text):
            raise InvalidCall(f"no span {start} to {last} in {document_id!r}: it has {len(text)} characters")
        return text[start:last]

    def verify(self, claim: str, quotes: Sequence[str] | str, *, question: str = "") -> Verdict:
        """Whether the quotes bear out the claim, anybody's: a verdict and its probability. No document is needed.

        Raises `InvalidCall` for no quotes, too many, or what is no text.
        """
        given = [quotes] if isinstance(quotes, str) else list(quotes)
        if not given:
            raise InvalidCall("nothing to check the claim against: give at least one quote")
        _, pair = parse_pair({"id": "", "claim": claim, "quotes": given, "question": question})
        (verdict,) = self.home.verifier.verdicts([pair])
        return verdict


def _message(given: Said) -> Message:
    if isinstance(given, Message):
        role, content = given.role, given.content
    else:
        role, content = given.get("role", ""), given.get("content", "")
    if role not in ROLES or not isinstance(content, str) or not is_text(content):
        raise InvalidCall(f"the history has an entry that is not {{role, content}}: {ascii(given)[:80]}")
    return Message(role, content)


def _fetched(
    found: Sequence["FoundFile | str"], *, max_pages: int, allow_private: bool
) -> Iterator["FoundFile | FetchedFile | ListedPages"]:
    """The files, and what the addresses lead to, each fetched when the one before is on its way."""
    from corpus.fetching.connecting import Network
    from corpus.fetching.fetching import Fetcher

    fetcher = None
    for each in found:
        if isinstance(each, str):
            fetcher = fetcher or Fetcher(Network(allow_private=allow_private), max_pages=max_pages)
            yield from fetcher.fetch(each)
        else:
            yield each
