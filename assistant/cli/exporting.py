"""The command export, and how a result becomes a file: whole under its name, or not at all."""

import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.context import opened_home
from assistant.errors import InvalidCall
from assistant.exporting.escaping import visible
from assistant.exporting.formats import Format

AsFormat = Annotated[
    Format | None,
    typer.Option("--format", help="md, docx, csv or json; what --output ends in, else md.", show_default=False),
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write this file; stdout without it.")]


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command("export")(export)


def export(
    conversation: Annotated[str, typer.Argument(help="An id from `communique conversations`, or last.")],
    format: AsFormat = None,
    output: Output = None,
) -> None:
    """Write the evidence pack of a conversation: every claim with its verdict and the verbatim words it rests on, their
    document, date, place and sha256.

    What changed or was removed since it was cited is marked. In CSV, a cell that a spreadsheet would take for a formula
    begins with an apostrophe.

    \b
    Examples:
      communique export last                          (Markdown, with footnotes)
      communique export last --output pack.docx       (Word, with footnotes)
      communique export 5f0c9a3b21d4 --format csv > claims.csv
    """  # noqa: D301  (typer wants the \b itself: it keeps the lines apart)
    chosen = format_for(format, output)
    with opened_home() as home:
        from assistant.exporting.pack import pack_of
        from assistant.exporting.rendering import pack_bytes

        kept = home.conversations.get(conversation)
        pack = pack_of(kept, home.conversations.turns(kept.id), home.catalogue)
    write_result(pack_bytes(pack, chosen), output)


def format_for(format: Format | None, output: Path | None) -> Format:
    """The format that was asked for, else that of the file's ending, else Markdown.

    Raises `InvalidCall` for a file of bytes that would go to a terminal.
    """
    endings = {one.value: one for one in Format}
    chosen = format or endings.get(output.suffix.lower().lstrip(".") if output else "", Format.MD)
    if chosen.is_binary and output is None and sys.stdout.isatty():
        raise InvalidCall(f"a terminal cannot show {chosen}: name a file with --output")
    return chosen


def write_result(content: bytes, output: Path | None) -> None:
    """Writes a result to stdout or to a file, which is replaced only once the new one is whole.

    On a terminal, which would obey them, control characters are shown as U+FFFD. Raises `InvalidCall` when the file
    cannot be written.
    """
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(visible(content.decode()).encode() if sys.stdout.isatty() else content)
        return
    try:
        target = output.resolve()
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(content)  # a device or a pipe: there is no name to give it
        else:
            _replace(target, content)
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or error
        raise InvalidCall(f"cannot write {str(output)!r}: {reason}") from error


def _replace(target: Path, content: bytes) -> None:
    if target.is_dir():
        raise IsADirectoryError(0, "it is a folder")
    draft = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        draft.write_bytes(content)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
