"""The MCP tools: what each does with its arguments, over one home. What is asked here is kept in no conversation.

They block: `mcp_server.py` runs them in threads.
"""

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import BaseModel

from assistant.answer import answer_json
from assistant.answerers import Answerers
from assistant.assistant import Assistant
from assistant.conversation import Message
from assistant.errors import InvalidCall
from assistant.events import Done
from assistant.scoping import Within, scope_of
from assistant.serving import bodies
from assistant.serving import mcp_arguments as given
from assistant.serving import mcp_results as results
from assistant.serving import mcp_text as text
from assistant.writing.leaving import Leaving
from index.passage import hit_json


@dataclass(frozen=True, slots=True)
class Service:
    """What the tools work with: the home, who answers its questions, and whether the client's files are this machine's.

    Where they are not, `add_documents` takes web addresses alone: a path would name the server's files.
    """

    assistant: Assistant
    answerers: Answerers
    takes_files: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool gives: JSON, and the same in words."""

    content: dict[str, Any]
    text: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as clients see it, and what it runs: `run(service, arguments, leaving)`, where `leaving` says that the
    caller waits no more.
    """

    name: str
    title: str
    description: str
    arguments: type[BaseModel]
    results: type[BaseModel]
    run: Callable[[Service, Any, Leaving], Outcome]
    changes: bool = False
    removes: bool = False


def ask(service: Service, arguments: given.Ask, leaving: Leaving) -> Outcome:
    """The answer as the contract's JSON, and with footnotes."""
    catalogue, reader = service.assistant.home.catalogue, secrets.token_hex(8)
    scope = scope_of(catalogue, _within(arguments))
    history = [Message(message.role, message.content) for message in arguments.history]
    _ = service.assistant.sources  # loaded once, whoever else asks now
    with leaving.ending(lambda: service.answerers.leave(reader)):
        events = service.answerers.events(
            arguments.question,
            reader=reader,
            history=history,
            scope=scope,
            standalone=arguments.standalone_question,
        )
        answers = [event.answer for event in events if isinstance(event, Done)]
    if not answers:
        raise InvalidCall("nobody waits for the answer any more")
    (answer,) = answers
    published = catalogue.published((each.document_id, each.sha256) for each in text.cited_by(answer))
    return Outcome(answer_json(answer), text.told_answer(answer, published))


def search(service: Service, arguments: given.Search, _: Leaving) -> Outcome:
    """The hits, best first."""
    found = service.assistant.search(arguments.query, k=arguments.k, **_within(arguments))
    hits = [hit_json(hit) for hit in found.hits]
    return Outcome({"query": arguments.query, "notes": list(found.notes), "hits": hits}, text.told_hits(found))


def read_span(service: Service, arguments: given.ReadSpan, _: Leaving) -> Outcome:
    """A span of a snapshot; without an end, as much as is given at once."""
    document = service.assistant.document(arguments.document_id, arguments.version)
    num_chars, start = len(document.text), arguments.start
    end = min(num_chars, start + given.MAX_SPAN_CHARS) if arguments.end is None else arguments.end
    if not start <= end <= num_chars:
        raise InvalidCall(f"no span {start} to {end} in {document.id!r}: it has {num_chars} characters")
    if end - start > given.MAX_SPAN_CHARS:
        raise InvalidCall(f"{end - start} characters are too many at once: read {given.MAX_SPAN_CHARS} at most")
    content = {
        "document_id": document.id,
        "sha256": document.sha256,
        "title": document.title,
        "source": document.source,
        "published": document.published,
        "num_chars": num_chars,
        "start": start,
        "end": end,
        "text": document.text[start:end],
    }
    return Outcome(content, document.text[start:end])


def list_documents(service: Service, arguments: given.ListDocuments, _: Leaving) -> Outcome:
    """Some of the documents, in the order of the command line's list."""
    documents = service.assistant.documents()
    some = documents[arguments.offset : arguments.offset + arguments.limit]
    content = {"documents": [asdict(each) for each in some], "num_documents": len(documents)}
    return Outcome(content, text.told_documents(some, len(documents)))


def add_documents(service: Service, arguments: given.AddDocuments, leaving: Leaving) -> Outcome:
    """What became of each file; those after the one at which the caller left are not added."""
    from corpus.fetching.addresses import is_address

    files = [path for path in arguments.paths if not is_address(path)]
    if files and not service.takes_files:
        raise InvalidCall(f"{files[0][:80]!r} is no web address: files are uploaded, not named, from another machine")
    reports = []
    for report in service.assistant.adding(*arguments.paths):
        reports.append(report)
        if leaving.has_left:
            break
    return Outcome({"files": [asdict(report) for report in reports]}, text.told_files(reports))


def remove_documents(service: Service, arguments: given.RemoveDocuments, _: Leaving) -> Outcome:
    """The ids of the documents removed: all that were named, or none."""
    ids = list(dict.fromkeys(arguments.document_ids))
    service.assistant.remove(*ids)
    return Outcome({"removed": ids}, f"{len(ids)} removed: {', '.join(ids)}")


TOOLS = (
    Tool(
        "ask",
        "Ask the documents",
        "Answers a question from the documents. Every sentence carries numbered citations, exact quotes, and was "
        "checked against them; what the documents do not answer is refused, with the nearest passages.",
        given.Ask,
        bodies.Answer,
        ask,
    ),
    Tool(
        "search",
        "Search the documents",
        "Finds the passages that bear most on a query, by meaning and by words, with their places.",
        given.Search,
        results.Hits,
        search,
    ),
    Tool(
        "read_span",
        "Read a span of a document",
        "Gives exactly the characters of a document from start to end, such as what stands around a citation.",
        given.ReadSpan,
        results.Span,
        read_span,
    ),
    Tool(
        "list_documents",
        "List the documents",
        "Lists the documents with their ids, titles, dates and lengths, by date.",
        given.ListDocuments,
        results.Documents,
        list_documents,
    ),
    Tool(
        "add_documents",
        "Add documents",
        "Adds documents, or takes up their changes, and reports on each file; what is unchanged is left alone.",
        given.AddDocuments,
        bodies.Reports,
        add_documents,
        changes=True,
    ),
    Tool(
        "remove_documents",
        "Remove documents",
        "Takes documents out of lists, search and answers. A person can bring them back: communique restore ID.",
        given.RemoveDocuments,
        bodies.RemovedDocument,
        remove_documents,
        changes=True,
        removes=True,
    ),
)


def _within(arguments: given.Narrowed) -> Within:
    return {
        "documents": arguments.documents or None,
        "since": arguments.since,
        "until": arguments.until,
        "kinds": arguments.kinds,
        "languages": arguments.languages,
    }
