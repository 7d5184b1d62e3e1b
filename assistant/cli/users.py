"""The commands users …: who may ask, and what they say to prove who they are.

Passwords are never options: other users of the machine could read them in its list of processes.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.context import chosen_settings, print_json

if TYPE_CHECKING:
    from assistant.serving.accounts import Accounts

ROLES = ("reader", "admin")
_MAX_STDIN_CHARS = 10_000
Name = Annotated[str, typer.Argument(help="The user's name; case makes no difference.", metavar="NAME")]


def register(app: typer.Typer) -> None:
    """Adds the group of commands to the program."""
    group = typer.Typer(
        help="Who may ask. As soon as there is a user, page and API ask everybody who they are.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("add")(add)
    group.command("list")(list_)
    group.command("remove")(remove)
    group.command("token")(token)
    group.command("password")(password)
    app.add_typer(group, name="users")


def add(
    name: Name,
    role: Annotated[
        str, typer.Option(help="reader: asks and reads; admin: also adds, removes, evaluates.", metavar="ROLE")
    ] = "reader",
) -> None:
    """Add a user, who then needs a password, for the page, or a token, for programs.

    Example: communique users add ann --role admin
    """
    from assistant.errors import InvalidCall
    from assistant.serving.accounts import Role

    if role not in ROLES:
        raise InvalidCall(f"{role!r} is no role: {' or '.join(ROLES)}")
    with _accounts() as accounts:
        is_first = not accounts.any()
        added = accounts.add(name, Role(role))
    print(f"added {added.name}, {added.role.value}")
    _advise(f"give them a way in: `communique users password {added.name}` or `communique users token {added.name}`")
    if is_first:
        _advise("from now on page and API ask everybody who they are")


def list_(
    json: Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")] = False,
) -> None:
    """List the users: name, role, whether there is a password, how many tokens."""
    with _accounts() as accounts:
        found = accounts.list()
    if json:
        shown = ("name", "has_password", "num_tokens", "added_at")
        print_json({"users": [{"role": one.role.value} | {key: getattr(one, key) for key in shown} for one in found]})
        return
    for one in found:
        password_ = "password" if one.has_password else "no password"
        print(f"{one.name}\t{one.role.value}\t{password_}\t{one.num_tokens} tokens")
    if not found:
        _advise("there are no users: whoever reaches the page may ask")


def remove(name: Name) -> None:
    """Remove a user; their sessions and tokens end at once, their conversations are nobody's."""
    with _accounts() as accounts:
        removed = accounts.remove(name)
        is_last = not accounts.any()
    print(f"removed {removed.name}")
    if is_last:
        _advise("there are no users any more: whoever reaches the page on this machine may ask")


def token(
    name: Name,
    replace: Annotated[bool, typer.Option("--replace", help="End the user's other tokens.")] = False,
) -> None:
    """Make a token for programs, which send it as Authorization: Bearer TOKEN. It is shown this once.

    Example: communique users token ann > ann.token
    """
    with _accounts() as accounts:
        print(accounts.make_token(name, replace=replace))


def password(name: Name) -> None:
    """Give a user a password, typed twice, or the first line of stdin; wherever they were logged in, they are not now.

    Example: pass show communique/ann | communique users password ann
    """
    with _accounts() as accounts:
        accounts.get(name)
        changed = accounts.set_password(name, _typed() if sys.stdin.isatty() else _piped())
    print(f"{changed.name} has this password now")


def _typed() -> str:
    """The password from the terminal, which does not show it. Raises `InvalidCall` where the two are not the same."""
    from getpass import getpass

    from assistant.errors import InvalidCall

    first = getpass("Password: ")
    if getpass("Again: ") != first:
        raise InvalidCall("these are two passwords: type the same one twice")
    return first


def _piped() -> str:
    """The first line of stdin. Raises `InvalidCall` where there is none."""
    from assistant.errors import InvalidCall

    line = sys.stdin.readline(_MAX_STDIN_CHARS).rstrip("\r\n")
    if not line:
        raise InvalidCall("there is no password on stdin: write it there, on one line")
    return line


@contextmanager
def _accounts() -> "Iterator[Accounts]":
    """The users of this call's home; no model is loaded for them."""
    from assistant.serving.accounts import Accounts
    from corpus.database import open_database

    settings = chosen_settings()
    database = open_database(settings.home, settings.engines.database)
    try:
        yield Accounts(database)
    finally:
        database.close()


def _advise(line: str) -> None:
    """Says what is not the result."""
    print(f"communique: {line}", file=sys.stderr)
