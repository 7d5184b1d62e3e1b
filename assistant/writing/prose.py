"""The LLM writer: sentences in an LLM's words, each with the sources that it names.

It gives an LLM as many sources as fit into its context, and says so where some did not; turns what comes back into
plain sentences as they are complete; and asks it one thing beside: a follow-up made whole.
What an LLM writes is a draft. Whether its sources bear it out is for the verifier to say, and a sentence that names no
source is handed on without one.
"""

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from copy import copy
from dataclasses import dataclass
from threading import Lock
from typing import Any

from assistant.conversation import Message
from assistant.rewriting import names_in
from assistant.writing.grammar import answer_grammar
from assistant.writing.leaving import Leaving
from assistant.writing.llm import Connection
from assistant.writing.prompts import (
    NO_ANSWER,
    Prompt,
    Source,
    new_keys,
    rewrite_prompt,
    write_prompt,
)
from assistant.writing.request import Limits, LlmSettings, Request, WriterFailed
from assistant.writing.server import num_tokens
from assistant.writing.stream import Sentence, SentenceParser
from assistant.writing.streaming import stream
from index.words import words

MAX_QUESTION_CHARS = 300
CUT_ENDINGS = ("length", "max_tokens")
_REWRITE_TOKENS = 120
_SPARE_TOKENS = 32
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_TERM = re.compile(r"[\u30a1-\u30fa\u30fc]{2,}|[\u4e00-\u9fff]{2,}|[A-Za-z]+")
_JAPANESE = re.compile(r"[\u3041-\u30fa]")


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence of an answer, in plain words, with the sources that it names, as indices; none where it names none."""

    text: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The LLM says that the sources do not answer."""


class LlmWriter:
    """Writes with one LLM. `connect` is called when it is first needed; it may start a server or look at one.

    Every method takes `log`, to which the request is added as it is made, with the prompt as it was sent: a failure is
    in it too. One writer may be used by several threads.
    """

    def __init__(self, model: str, connect: Callable[[], Connection], settings: LlmSettings | None = None) -> None:
        self.name = f"llm:{model}"
        self._model = model
        self._settings = settings or LlmSettings()
        self._link = _Link(connect)
        self._leaving = Leaving()

    @property
    def llm(self) -> Any:
        """The LLM itself, a LlamaIndex `LLM`; connected to when it is not yet. Raises `WriterFailed`."""
        return self._link.connection().llm

    def until(self, leaving: Leaving) -> "LlmWriter":
        """The same writer, for a reader who may leave: then its requests fail at once."""
        writer = copy(self)
        writer._leaving = leaving
        return writer

    def write(
        self, question: str, sources: Sequence[Source], *, language: str = "en", log: list[Request] | None = None
    ) -> Iterator[Draft | NoAnswer]:
        """The answer's sentences, each as soon as it is complete; or `NoAnswer`, alone.

        `sources` come most probable first: what does not fit is left out from the end, and a note in the request says
        so. Closing the iterator closes the LLM's connection. Raises `WriterFailed` at any moment, after which the
        sentences so far are an answer cut short.
        """
        connection = self._link.connection()
        prompt, keys = self._fitted(question, sources, language, connection)
        note = _shortage(len(keys), len(sources), connection.context_tokens)
        request = _logged(Request("write", self._model, prompt, (note,) if note else ()), log)
        settings = self._settings
        limits = Limits(
            settings.answer_tokens,
            settings.first_token_seconds,
            settings.between_tokens_seconds,
            settings.total_seconds,
        )
        quoted = "\n".join(source.text for source in sources)
        parser = SentenceParser(keys, allows=lambda address: address in quoted)
        grammar = answer_grammar(keys) if connection.facts.is_llama_cpp else None
        with self._streamed(connection, request, limits, grammar) as pieces:
            yield from _drafts(pieces, parser, keys, request)

    def rewrite(self, question: str, history: Sequence[Message], *, log: list[Request] | None = None) -> str | None:
        """The question as one that stands alone, or None where what the LLM wrote cannot be that: nothing, several
        lines, an essay, or a name or number that nobody said. Raises `WriterFailed`.
        """
        said = [(message.role, message.content) for message in history]
        prompt = rewrite_prompt(question, said, language="ja" if _JAPANESE.search(question) else "en")
        text = self.ask("rewrite", prompt, max_tokens=_REWRITE_TOKENS, log=log)
        return usable_rewrite(text, question, [content for _, content in said])

    def ask(
        self,
        task: str,
        prompt: Prompt,
        *,
        max_tokens: int,
        grammar: str | None = None,
        log: list[Request] | None = None,
    ) -> str:
        """What the LLM writes to a short prompt, whole; under the grammar where its server takes one.

        `task` names it in the log. Raises `WriterFailed`.
        """
        connection = self._link.connection()
        request = _logged(Request(task, self._model, prompt), log)
        room = connection.context_tokens - max_tokens - _SPARE_TOKENS
        if num_tokens(prompt, connection.facts, connection.key) > room:
            request.failure = "the question does not fit into what the LLM reads"
            raise WriterFailed(request.failure)
        seconds = self._settings.aside_seconds
        limits = Limits(max_tokens, seconds, seconds, seconds)
        usable = grammar if connection.facts.is_llama_cpp else None
        with self._streamed(connection, request, limits, usable) as pieces:
            return re.sub(r"(?s)<think>.*?(?:</think>|$)", "", "".join(pieces))

    def _streamed(
        self, connection: Connection, request: Request, limits: Limits, grammar: str | None
    ) -> "closing[Generator[str]]":
        """The LLM's text as it comes; a server that fails is looked at anew before it is asked again."""
        return closing(self._watched(stream(connection, request, limits, grammar=grammar, leaving=self._leaving)))

    def _watched(self, pieces: Generator[str]) -> Generator[str]:
        try:
            with closing(pieces):
                yield from pieces
        except WriterFailed:
            self._link.forget()
            raise

    def _fitted(
        self, question: str, sources: Sequence[Source], language: str, connection: Connection
    ) -> tuple[Prompt, list[str]]:
        """The prompt with as many of the sources as fit, and their keys."""
        texts = [question, *(part for source in sources for part in (source.text, source.title, source.heading or ""))]
        seed = self._settings.key_seed
        keys, token = new_keys(len(sources), texts, seed=None if seed is None else f"{seed} {question}")
        room = connection.context_tokens - self._settings.answer_tokens - _SPARE_TOKENS
        for number in range(len(sources), 0, -1):
            prompt = write_prompt(question, sources[:number], keys=keys[:number], token=token, language=language)
            if num_tokens(prompt, connection.facts, connection.key) <= room:
                return prompt, keys[:number]
        raise WriterFailed(
            f"the question and a quote do not fit into what the LLM reads, {connection.context_tokens:,} tokens"
            if sources
            else "there is nothing to write from"
        )


class _Link:
    """The connection to the LLM, made when it is first needed, and again when it was forgotten."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._connection: Connection | None = None
        self._lock = Lock()

    def connection(self) -> Connection:
        with self._lock:
            if self._connection is None:
                self._connection = self._connect()
            return self._connection

    def forget(self) -> None:
        with self._lock:
            self._connection = None


def usable_rewrite(text: str, question: str, said: Sequence[str]) -> str | None:
    """What an LLM made of a question, where that can be trusted to be the question; else None.

    >>> usable_rewrite("What is the budget of NEXUS?", "What is its budget?", ["Tell me about NEXUS."])
    'What is the budget of NEXUS?'
    >>> usable_rewrite("What is the budget of ASPIRE?", "What is its budget?", ["Tell me about NEXUS."])
    """
    made = text.strip().strip('"“”「」`*').strip()
    asks = question.strip().endswith(("?", "？"))
    if not made or "\n" in made or len(made) > MAX_QUESTION_CHARS or (asks and not made.endswith(("?", "？"))):
        return None
    known = "\n".join((question, *said)).casefold()
    known_words = set(words(known))
    numbers = all(number in _NUMBER.findall(known) for number in _NUMBER.findall(made))
    names = [word for name in names_in(made) for word in words(name)]
    terms = [term for term in _TERM.findall(made) if not term.isascii()] if _JAPANESE.search(made) else []
    is_said = all(word in known_words or word in known for word in (*names, *(term.casefold() for term in terms)))
    return made if numbers and is_said else None


def _drafts(
    pieces: Iterator[str], parser: SentenceParser, keys: Sequence[str], request: Request
) -> Iterator[Draft | NoAnswer]:
    """The sentences of a stream as drafts, up to where the parser stops or the LLM says that there is no answer."""
    places = {key: index for index, key in enumerate(keys)}
    num_drafts = 0
    try:
        for sentence in _sentences(pieces, parser, request):
            if NO_ANSWER in sentence.text.upper():
                if not num_drafts:
                    yield NoAnswer()
                return
            num_drafts += 1
            yield Draft(sentence.text, tuple(places[key] for key in sentence.keys))
    finally:
        request.num_unknown_keys = parser.num_unknown_keys
        request.ending = parser.stopped or request.ending
    if not num_drafts:
        request.failure = "the LLM's answer holds no sentence" if request.output.strip() else "the LLM sent nothing"
        raise WriterFailed(request.failure)


def _sentences(pieces: Iterator[str], parser: SentenceParser, request: Request) -> Iterator[Sentence]:
    for piece in pieces:
        yield from parser.feed(piece)
        if parser.stopped:
            return
    yield from parser.finish(complete=request.ending not in CUT_ENDINGS)


def _shortage(num_given: int, num_sources: int, context_tokens: int) -> str:
    """The note where not every source was given to the LLM; else empty."""
    if num_given == num_sources:
        return ""
    return f"{num_given} of {num_sources} quotes were given to the LLM: its context holds {context_tokens:,} tokens"


def _logged(request: Request, log: list[Request] | None) -> Request:
    if log is not None:
        log.append(request)
    return request
