"""The command mcp: the documents for other programs' assistants, over stdin and stdout."""

from typing import Annotated

import typer

from assistant.cli.context import opened_home


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command("mcp")(mcp)


def mcp(
    allow_changes: Annotated[
        bool, typer.Option("--allow-changes", help="Let the client add and remove documents, too.")
    ] = False,
    llm: Annotated[
        str | None,
        typer.Option(help="Who writes, as for ask. Default: COMMUNIQUE_LLM.", metavar="SPEC", show_default=False),
    ] = None,
) -> None:
    """Serve the documents to an MCP client over stdin and stdout: it asks, searches, reads spans, lists.

    The client starts it, as "communique" with the arguments: --home FOLDER mcp
    """
    from assistant.serving.mcp_stdio import serve

    with opened_home(llm) as home:
        serve(home, allow_changes=allow_changes)
