"""The commands about what a home keeps: documents, show, remove, restore; and deleting for good, `vacuuming.py`."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli import vacuuming
from assistant.cli.context import FAILED, UNUSABLE, opened_home, print_json
from assistant.cli.documents import AsJson, printable
from assistant.errors import InvalidCall
from assistant.exporting.escaping import visible

if TYPE_CHECKING:
    from assistant.home import Home
    from corpus.differences import Difference
    from corpus.history import Wording

_SHOWN_CHARS = 160
_MARKS = {"removed": ("[-", "-]"), "added": ("{+", "+}"), "same": ("", "")}
_COLOURS = {"removed": ("\x1b[31;9m", "\x1b[0m"), "added": ("\x1b[32m", "\x1b[0m"), "same": ("", "")}

Ids = Annotated[list[str], typer.Argument(help="Ids from `communique documents`.")]


def register(app: typer.Typer) -> None:
    """Adds these commands to the program."""
    app.command("documents")(list_documents)
    app.command("show")(show)
    app.command("remove")(remove)
    app.command("restore")(restore)
    vacuuming.register(app)


def list_documents(
    versions: Annotated[
        str | None, typer.Option("--versions", metavar="ID", help="List the kept versions of a document.")
    ] = None,
    duplicates: Annotated[
        bool, typer.Option("--duplicates", help="List the documents of almost the same words as another.")
    ] = False,
    removed: Annotated[bool, typer.Option("--removed", help="List what `communique restore` can bring back.")] = False,
    json: AsJson = False,
) -> None:
    """List the documents, by date; or the versions of one, the near duplicates, those that were removed."""
    if sum((versions is not None, duplicates, removed)) > 1:
        raise InvalidCall("one list at a time: --versions ID, --duplicates or --removed")
    with opened_home() as home:
        if versions is not None:
            _list_versions(home, versions, as_json=json)
        elif duplicates:
            _list_duplicates(home, as_json=json)
        elif removed:
            _list_removed(home, as_json=json)
        else:
            _list_current(home, as_json=json)


def show(
    document_id: Annotated[str, typer.Argument(help="An id from `communique documents`.")],
    sha256: Annotated[str | None, typer.Argument(help="With --diff: the version to compare with.")] = None,
    start: Annotated[int | None, typer.Option(help="First character, counted from 0.")] = None,
    end: Annotated[int | None, typer.Option(help="The character after the last.")] = None,
    version: Annotated[str | None, typer.Option(help="The sha256 of an earlier snapshot, or its beginning.")] = None,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what the version before, or SHA256, was worded otherwise.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Write a snapshot, or a span of it: exactly its characters and nothing else. On a terminal, which would obey them,
    control characters are shown as U+FFFD.

    Example: communique show oslo-1f6a2c3d --diff
    """
    if diff:
        if start is not None or end is not None:
            raise InvalidCall("--diff compares whole versions: leave out --start and --end")
        _show_difference(document_id, sha256, version, as_json=json)
        return
    if sha256 is not None or json:
        raise InvalidCall("SHA256 and --json go with --diff; one version by itself is --version SHA256")
    with opened_home() as home:
        document = home.catalogue.document(document_id, version)
    length = len(document.text)
    first, last = start or 0, length if end is None else end
    if not 0 <= first <= last <= length:
        raise InvalidCall(f"no span {first} to {last} in {document_id!r}: it has {length} characters")
    span = document.text[first:last]
    sys.stdout.buffer.write((visible(span) if sys.stdout.isatty() else span).encode())


def remove(document_ids: Ids) -> None:
    """Take documents out of lists, search and chat; `restore` brings them back, `vacuum` deletes them for good."""
    with opened_home() as home:
        known = {summary.id for summary in home.catalogue.summaries()}
        present = [id_ for id_ in dict.fromkeys(document_ids) if id_ in known]
        if present:
            from index.indexing import remove_documents

            remove_documents(home.database, home.store, present)
        unknown = [id_ for id_ in document_ids if id_ not in known]
    _report_ids(f"{len(present)} removed" if present else "", unknown, "not in this home")


def restore(document_ids: Ids) -> None:
    """Bring removed documents back, as they were; `communique documents --removed` lists them."""
    with opened_home() as home:
        from corpus.history import removed_documents

        known = {document.id for document in removed_documents(home.database)}
        present = [id_ for id_ in dict.fromkeys(document_ids) if id_ in known]
        restored = home.indexer.restore(present) if present else []
        unknown = [id_ for id_ in document_ids if id_ not in restored]
    _report_ids(f"{len(restored)} restored" if restored else "", unknown, "not among the removed documents")


def _list_current(home: "Home", *, as_json: bool) -> None:
    found = home.catalogue.summaries()
    _print_list("documents", found, _line, as_json=as_json, counted="documents")


def _list_versions(home: "Home", document_id: str, *, as_json: bool) -> None:
    from corpus.history import wordings

    def line(version: "Wording") -> str:
        published = printable(version.published or "-")
        return (
            f"{version.sha256[:16]}  {version.status:10}  {version.added_at}  {published:10}  {version.num_chars:9,}  "
            f"{printable(version.title)}"
        )

    found = wordings(home.database, document_id)
    _print_list("versions", found, line, as_json=as_json, counted="versions", id=document_id)


def _list_duplicates(home: "Home", *, as_json: bool) -> None:
    from corpus.duplicates import duplicates

    found = list(duplicates(home.database))
    _print_list(
        "duplicates",
        found,
        lambda duplicate: f"{printable(duplicate.id)}  {printable(str(duplicate))}",
        as_json=as_json,
        counted="near duplicates",
    )


def _list_removed(home: "Home", *, as_json: bool) -> None:
    from corpus.history import removed_documents

    found = removed_documents(home.database)
    _print_list("removed", found, _line, as_json=as_json, counted="removed documents")


def _line(document: Any) -> str:
    return f"{printable(document.published or '-'):10}  {printable(document.id)}  {printable(document.title)}"


def _print_list(
    key: str, found: Sequence[Any], line: Callable[[Any], str], *, as_json: bool, counted: str, **identity: str
) -> None:
    """A list for programs, or a line each for readers and their number on stderr."""
    if as_json:
        print_json({**identity, key: [asdict(one) for one in found]})
        return
    for one in found:
        print(line(one))
    print(f"{len(found)} {counted}", file=sys.stderr)


def _show_difference(document_id: str, sha256: str | None, version: str | None, *, as_json: bool) -> None:
    from corpus.differences import differences
    from corpus.history import wording, wording_before

    with opened_home() as home:
        new = wording(home.database, document_id, version)
        old = (
            wording(home.database, document_id, sha256)
            if sha256 is not None
            else wording_before(home.database, document_id, new.sha256)
        )
    found = differences(old.text, new.text)
    if as_json:
        content: dict[str, Any] = {"id": document_id, "old": old.sha256, "new": new.sha256}
        print_json(content | {"differences": [asdict(difference) for difference in found]})
        return
    for difference in found:
        print(f"@@ {_span(difference.old)} to {_span(difference.new)} @@")
        print(_marked(difference, in_colour=sys.stdout.isatty()))
    print(f"{len(found)} stretches differ: {old.sha256[:16]} to {new.sha256[:16]}", file=sys.stderr)


def _marked(difference: "Difference", *, in_colour: bool) -> str:
    """The pieces with what was removed and added marked, long stretches that are the same shortened."""
    marks = _COLOURS if in_colour else _MARKS
    parts = []
    for piece in difference.pieces:
        shown = "".join(c if c.isprintable() or c == "\n" else " " for c in piece.text)
        if piece.kind == "same" and len(shown) > _SHOWN_CHARS:
            shown = f"{shown[: _SHOWN_CHARS // 2]} … {shown[-_SHOWN_CHARS // 2 :]}"
        before, after = marks[piece.kind]
        parts.append(f"{before}{shown}{after}")
    return "".join(parts).rstrip("\n")


def _span(of: tuple[int, int]) -> str:
    return f"{of[0]}-{of[1]}"


def _report_ids(done: str, unknown: list[str], why: str) -> None:
    """Says what was done, and which ids it was not done to, with the exit status that follows."""
    if done:
        print(done)
    if unknown:
        print(f"communique: {why}: {', '.join(map(repr, unknown))}", file=sys.stderr)
        raise typer.Exit(FAILED if done else UNUSABLE)
