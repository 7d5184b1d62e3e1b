"""The program `communique`: its commands, its plugins' commands, and what every call has in common."""

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import (
    asking,
    catalogue,
    chatting,
    comparing,
    documents,
    exporting,
    folders,
    homes,
    mcp,
    searching,
    verifying,
)
from assistant.cli.context import FAILED, UNUSABLE, choose
from assistant.cli.plugged import add_plugins
from assistant.exporting.escaping import visible

INTERRUPTED = 130

EXAMPLES = """Answers questions about your documents; every sentence carries the words it rests on.

\b
Examples:
  communique add --sample          (or your own files and folders)
  communique ask "How much money is behind NEXUS?"
  communique chat
"""

app = typer.Typer(help=EXAMPLES, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"communique {version('communique')}")
        raise typer.Exit


@app.callback()
def call(  # noqa: D103  (its docstring would replace the program's help)
    home: Annotated[
        Path | None, typer.Option(help="The folder with documents, index and conversations.", show_default=False)
    ] = None,
    embedder: Annotated[
        str | None,
        typer.Option(help="A sentence-transformers model, by name or folder, or server:MODEL.", show_default=False),
    ] = None,
    reranker: Annotated[
        str | None, typer.Option(help="A cross-encoder that reads the best hits again.", show_default=False)
    ] = None,
    checker: Annotated[
        str | None, typer.Option(help="A cross-encoder that checks what an LLM writes.", show_default=False)
    ] = None,
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True)] = False,
) -> None:
    choose(home=home, embedder=embedder, reranker=reranker, checker=checker)


documents.register(app)
catalogue.register(app)
folders.register(app)
searching.register(app)
asking.register(app)
comparing.register(app)
verifying.register(app)
exporting.register(app)
homes.register(app)
chatting.register(app)
mcp.register(app)


def main() -> None:
    """Runs the program and ends the process with the contract's exit status."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    add_plugins(app)
    command = typer.main.get_command(app)
    try:
        status = command.main(prog_name="communique", standalone_mode=False)
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        status = INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left: nothing to say to it
        status = FAILED
    except Exception as error:
        status = _explain(error)
    if status == INTERRUPTED:  # typer returns it too, where Ctrl-C came while a command ran
        print("communique: interrupted; everything reported so far is kept", file=sys.stderr)
    sys.exit(status if isinstance(status, int) else 0)


def _explain(error: Exception) -> int:
    """One line for the errors that a user can mend; anything else is ours and keeps its traceback."""
    from assistant.errors import AssistantError
    from corpus.errors import CorpusError
    from index.errors import IndexRoomError

    if isinstance(error, typer.Exit):
        return error.exit_code
    if hasattr(error, "format_message"):  # click's own errors about a call
        print(f"communique: {visible(error.format_message())} (see `communique --help`)", file=sys.stderr)
        return UNUSABLE
    if isinstance(error, AssistantError | CorpusError | IndexRoomError):
        print(f"communique: {visible(str(error))}", file=sys.stderr)
        return UNUSABLE
    raise error
