"""The command chat: the web page, with the HTTP API beside it."""

from typing import Annotated

import typer

from assistant.cli.context import opened_home


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command("chat")(chat)


def chat(
    host: Annotated[str, typer.Option(help="The address to listen on; this machine alone by default.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 takes a free one.", min=0, max=65535)] = 7860,
) -> None:
    """Open the chat in a browser, on this machine; other programs ask at /api and /v1.

    Example: communique chat --port 8000
    """
    from assistant.serving.server import serve

    with opened_home() as home:
        serve(home, host=host, port=port)
