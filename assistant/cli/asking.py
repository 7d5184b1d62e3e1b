"""The commands about questions: ask, conversations."""

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.context import FAILED, opened_home, print_json
from assistant.cli.documents import AsJson, printable
from assistant.cli.scoping import Documents, Kinds, Languages, Since, Until, scope_of
from assistant.errors import InvalidCall

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation
    from assistant.events import Event
    from assistant.home import Home
    from index.scope import Scope


def register(app: typer.Typer) -> None:
    """Adds these commands to the program."""
    app.command("ask")(ask)
    app.command("conversations")(list_conversations)


def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    document: Documents = None,
    since: Since = None,
    until: Until = None,
    kind: Kinds = None,
    language: Languages = None,
    standalone: Annotated[
        str | None, typer.Option(help="Search for this instead of what the question is understood as.")
    ] = None,
    conversation: Annotated[str | None, typer.Option(help="Keep the turn in this one: an id, last, or new.")] = None,
    llm: Annotated[
        str | None,
        typer.Option(
            help="Who writes: none (it is quoted), ollama:MODEL, openai:MODEL, anthropic:MODEL, "
            "server:MODEL@http://host:port/v1, gguf:PATH. Default: COMMUNIQUE_LLM.",
            metavar="SPEC",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
    trace: Annotated[bool, typer.Option("--trace", help="With --json: what was found and dropped.")] = False,
    stream: Annotated[bool, typer.Option("--stream", help="Write events as they happen, one JSON a line.")] = False,
    batch: Annotated[Path | None, typer.Option(help="JSONL rows: id, question[, history]; - for stdin.")] = None,
) -> None:
    """Answer a question from the documents, each sentence with its citation.

    \b
    Examples:
      communique ask "Who leads the committee?" --conversation new --since 2021
      communique ask "Which documents mention JAXA?"
      communique ask "What does NEXUS pay for?" --llm ollama:llama3.2
    """  # noqa: D301  (typer wants the \b itself: it keeps the lines apart)
    alone = (question, document, since, until, kind, language, standalone, conversation, stream)
    if batch is not None and any(alone):
        raise InvalidCall("--batch stands alone: rows carry their own questions and histories")
    with opened_home(llm) as home:
        if batch is not None:
            from assistant.batch import ask_rows

            print_rows(batch, lambda lines: ask_rows(lines, home.sources, trace=trace))
            return
        if question is None:
            raise InvalidCall("nothing to answer: give a question, or --batch FILE")
        scope = scope_of(home, document=document, since=since, until=until, kind=kind, language=language)
        show = _shown_as(json=json, trace=trace, stream=stream)
        _ask_one(home, question, conversation, scope=scope, standalone=standalone, show=show)


def list_conversations(
    search: Annotated[str | None, typer.Option(help="Those that hold all these words.", metavar="WORDS")] = None,
    rename: Annotated[
        tuple[str, str] | None, typer.Option(help="Give one another title.", metavar="ID TITLE", show_default=False)
    ] = None,
    delete: Annotated[
        list[str] | None, typer.Option(help="Delete one with all its turns; may be repeated.", metavar="ID")
    ] = None,
    json: AsJson = False,
) -> None:
    """List the conversations, the latest first; search, rename or delete them. An ID may also be: last.

    \b
    Examples:
      communique conversations --search "open access"
      communique conversations --rename last "Money behind NEXUS"
      communique conversations --delete 5f0c9a3b21d4 --delete 88e1d0a7c2f6
    """  # noqa: D301  (typer wants the \b itself: it keeps the lines apart)
    if sum(option is not None for option in (search, rename, delete)) > 1:
        raise InvalidCall("one thing at a time: --search, --rename or --delete")
    with opened_home() as home:
        if rename is not None:
            title = home.conversations.rename(*rename)
            _print_change({"renamed": rename[0], "title": title}, f"renamed  {printable(title)}", as_json=json)
            return
        if delete is not None:
            deleted = home.conversations.delete(*delete)
            _print_change({"deleted": deleted}, f"{len(deleted)} deleted", as_json=json)
            return
        kept = home.conversations.list() if search is None else home.conversations.search(search)
    if json:
        print_json({"conversations": [asdict(conversation) for conversation in kept]})
        return
    for conversation in kept:
        print(
            f"{conversation.id}  {conversation.updated_at[:16]}  {conversation.num_turns:3} turns  "
            f"{printable(conversation.title)}"
        )
    print(f"{len(kept)} conversations", file=sys.stderr)


def _print_change(content: dict[str, Any], line: str, *, as_json: bool) -> None:
    if as_json:
        print_json(content)
    else:
        print(line)


def print_rows(path: Path, use: Callable[[Iterable[str]], Iterator[dict[str, Any]]]) -> None:
    """Writes one JSON line for each row of a file, as soon as it is known. Exit status 1 when a row had an error."""
    failed = False
    for result in use(_lines(path)):
        print_json(result)
        sys.stdout.flush()
        failed |= "error" in result
    if failed:
        raise typer.Exit(FAILED)


Show = Callable[["Event", dict[str, Any]], None]


def _ask_one(
    home: "Home", question: str, conversation: str | None, *, scope: "Scope", standalone: str | None, show: Show
) -> None:
    """Answers one question and keeps the turn where a conversation is named."""
    from assistant.answering import answer_events, valid_question
    from assistant.conversation import cited_in, history_of
    from assistant.events import Done

    question = valid_question(question)
    sources = home.sources
    conversation_id = home.conversations.resolve(conversation, title=question) if conversation else None
    turns = home.conversations.turns(conversation_id) if conversation_id else ()
    asked: dict[str, Any] = {
        "history": history_of(turns),
        "cited": cited_in(turns),
        "scope": scope,
        "standalone": standalone,
    }
    for event in answer_events(question, sources, **asked):
        turn = None
        if conversation_id and isinstance(event, Done):
            turn = home.conversations.add(conversation_id, event.answer)
        show(event, {"conversation_id": conversation_id, "turn": turn})


def _shown_as(*, json: bool, trace: bool, stream: bool) -> Show:
    """What to do with each event: write it as JSON, write the last as JSON, or write the last for a reader."""
    from assistant.answer import answer_json
    from assistant.events import Done, event_json

    def show(event: "Event", identity: dict[str, Any]) -> None:
        if stream:
            print_json(event_json(event, **identity))
            sys.stdout.flush()
        elif isinstance(event, Done):
            if json:
                print_json(answer_json(event.answer, **identity, trace=trace))
            else:
                _print_answer(event.answer)

    return show


def _print_answer(answer: "Answer") -> None:
    from assistant.answer import is_items, marked

    if answer.standalone_question != answer.question:
        print(f"understood as: {printable(answer.standalone_question)}  (--standalone changes it)", file=sys.stderr)
    for note in answer.notes:
        print(f"note: {printable(note)}", file=sys.stderr)
    if answer.refusal is not None:
        print(printable(answer.refusal.message))
        if answer.refusal.nearest:
            print("\nNearest passages:")
            _print_citations(answer.refusal.nearest)
        return
    between = "\n" if is_items(answer) else " "
    print(between.join(printable(marked(claim)) for claim in answer.claims) + "\n")
    _print_citations(answer.citations, quoted=False)


def _print_citations(citations: Iterable["Citation"], *, quoted: bool = True) -> None:
    for citation in citations:
        where = ", ".join(part for part in (citation.title, citation.heading) if part)
        span = f"{printable(citation.document_id)} {citation.start}-{citation.end}"
        print(f"[{citation.number}] {printable(where)}  ({span})")
        if quoted:
            print(f"    “{printable(citation.quote)}”")


def _lines(path: Path) -> Iterator[str]:
    if str(path) == "-":
        yield from io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="surrogateescape", newline="\n")
        return
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="\n") as file:
            yield from file
    except OSError as error:
        raise InvalidCall(f"cannot read {str(path)!r}: {error.strerror}") from error
