"""The commands users …, and what chat does without users."""

import json
import re
from pathlib import Path

import pytest

from assistant.serving.accounts import Accounts
from assistant.settings import engines_from_environment
from corpus.database import open_database
from tests.assistant.cli.conftest import Call

pytestmark = pytest.mark.slow
PASSWORD = "twelve crowns a year"  # noqa: S105


def test_users_are_added_listed_and_removed(call: Call) -> None:
    """What comes of it on stdout, advice on stderr."""
    assert call("users", "list").stdout == ""
    first = call("users", "add", "Ann", "--role", "admin")
    assert (first.returncode, first.stdout) == (0, "added ann, admin\n")
    assert first.stderr.endswith("communique: from now on page and API ask everybody who they are\n")
    assert call("users", "add", "bob").stdout == "added bob, reader\n"
    listed = call("users", "list")
    assert listed.stdout == "ann\tadmin\tno password\t0 tokens\nbob\treader\tno password\t0 tokens\n"
    assert call("users", "remove", "ANN").stdout == "removed ann\n"
    last = call("users", "remove", "bob")
    assert (last.stdout, "there are no users any more" in last.stderr) == ("removed bob\n", True)


def test_a_password_comes_from_stdin_and_a_token_is_shown_once(call: Call, tmp_path: Path) -> None:
    """Neither is shown by any other command."""
    call("users", "add", "ann")
    assert call("users", "password", "ann", stdin=f"{PASSWORD}\n").stdout == "ann has this password now\n"
    token = call("users", "token", "ann").stdout.strip()
    assert re.fullmatch(r"cmq_[0-9a-f]{12}_[\w-]{43}", token)
    listed = call("users", "list", "--json").stdout
    (user,) = json.loads(listed)["users"]
    assert {key: user[key] for key in user if key != "added_at"} == {
        "name": "ann", "role": "reader", "has_password": True, "num_tokens": 1,
    }  # fmt: skip
    assert token not in listed
    database = open_database(tmp_path / "home", engines_from_environment().database)
    accounts = Accounts(database)
    assert accounts.by_token(token) == accounts.by_password("ann", PASSWORD) == accounts.get("ann")
    other = call("users", "token", "ann", "--replace").stdout.strip()
    assert accounts.by_token(token) is None and accounts.by_token(other)
    database.close()


@pytest.mark.parametrize(
    ("arguments", "stdin", "line"),
    [
        (("add", "bob", "--role", "king"), "", "'king' is no role: reader or admin"),
        (("add", "\u0430nn"), "", "'\\u0430nn' is no name for a user: give 1 to 64 letters"),
        (("remove", "carl"), "", "there is no user 'carl': `communique users list` names those there are"),
        (("token", "carl"), "", "there is no user 'carl'"),
        (("password", "carl"), PASSWORD, "there is no user 'carl'"),
        (("password", "ann"), "short\n", "a password of 5 characters cannot be used: give 10 to 1000"),
        (("password", "ann"), "", "there is no password on stdin: write it there, on one line"),
        (("add", "ann"), "", "there is a user 'ann' already"),
    ],
)
def test_what_cannot_be_done_is_one_line(call: Call, arguments: tuple[str, ...], stdin: str, line: str) -> None:
    call("users", "add", "ann")
    got = call("users", *arguments, stdin=stdin)
    assert (got.returncode, got.stdout, got.stderr.count("\n")) == (2, "", 1)
    assert got.stderr.startswith(f"communique: {line}")


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104
def test_other_machines_are_not_served_without_users(call: Call, host: str) -> None:
    """One line that names the remedy, before any model is loaded."""
    got = call("chat", "--host", host, "--port", 0)
    assert (got.returncode, got.stdout) == (2, "")
    assert got.stderr == (
        f"communique: at {host} other machines could read everything, since there are no users: add one first with "
        "`communique users add NAME --role admin`, or leave out --host\n"
    )
