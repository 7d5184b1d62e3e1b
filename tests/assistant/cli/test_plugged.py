"""How a plugin's signature becomes a command, tried on a plugin of the test's own."""

from pathlib import Path
from typing import Annotated, Literal

import pytest
import typer
from typer.testing import CliRunner

from assistant.cli.plugged import _as_typer


def command(  # noqa: PLR0917  (a command has the options that it has)
    name: Annotated[str, "What it is about."],
    tag: Annotated[list[str] | None, "May be repeated.", "TAG"] = None,
    order: Annotated[Literal["up", "down"], "Which way."] = "up",
    output: Annotated[Path | None, "Where to.", "FILE"] = None,
    json: Annotated[bool, "For programs."] = False,
    num_: Annotated[int, "How many.", "N"] = 3,
) -> int:
    """Do it.

    \b
    Example: do name
    """  # noqa: D301  (typer wants the \b itself: it keeps the lines apart)
    print(name, tag, order, output, json, num_)
    return 1 if name == "bad" else 0


@pytest.fixture
def app() -> typer.Typer:
    """A program with this one command."""
    made = typer.Typer(rich_markup_mode=None)
    made.command("do")(_as_typer(command))
    return made


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (["a"], "a None up None False 3\n"),
        (["a", "--tag", "x", "--tag", "y"], "a ['x', 'y'] up None False 3\n"),
        (["a", "--order", "down", "--output", "o.md", "--json", "--num", "4"], "a None down o.md True 4\n"),
    ],
    ids=["defaults", "a list", "a choice, a path, a flag, a number"],
)
def test_a_signature_is_a_command(app: typer.Typer, arguments: list[str], printed: str) -> None:
    got = CliRunner().invoke(app, arguments)
    assert (got.exit_code, got.stdout) == (0, printed)


def test_what_it_returns_is_the_exit_status(app: typer.Typer) -> None:
    assert CliRunner().invoke(app, ["bad"]).exit_code == 1


@pytest.mark.parametrize("arguments", [[], ["a", "--order", "sideways"], ["a", "--num", "x"], ["a", "--nope"]])
def test_a_wrong_call_is_status_2(app: typer.Typer, arguments: list[str]) -> None:
    assert CliRunner().invoke(app, arguments).exit_code == 2


def test_the_help_names_values_as_the_plugin_does(app: typer.Typer) -> None:
    """And has no second form of a flag, such as --no-json."""
    shown = CliRunner().invoke(app, ["--help"]).stdout
    assert "--tag TAG" in shown
    assert "--output FILE" in shown
    assert "--num N" in shown
    assert "--no-json" not in shown
