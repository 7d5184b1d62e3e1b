"""The command chat: the web page, with the HTTP API beside it; and with them who may come in, `users.py`."""

from typing import Annotated

import typer

from assistant.cli import users
from assistant.cli.context import opened_home


def register(app: typer.Typer) -> None:
    """Adds the commands to the program."""
    app.command("chat")(chat)
    users.register(app)


def chat(
    host: Annotated[
        str, typer.Option(help="The address to listen on; others than this machine's need users.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 takes a free one.", min=0, max=65535)] = 7860,
) -> None:
    """Open the chat in a browser, on this machine; other programs ask at /api and /v1.

    Example: communique chat --port 8000
    """
    from assistant.serving.server import serve

    with opened_home() as home:
        serve(home, host=host, port=port)
