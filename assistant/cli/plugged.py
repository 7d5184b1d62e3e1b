"""Plugins' commands as commands of this program: a group each, its options read from the functions' signatures."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer

from assistant.cli.context import chosen_settings
from assistant.plugins import Command, plugins


def add_plugins(app: typer.Typer) -> None:
    """Adds a group of commands for each installed plugin."""
    for plugin in plugins():
        group = typer.Typer(help=plugin.help, no_args_is_help=True, rich_markup_mode=None)
        for name, command in plugin.commands(chosen_settings).items():
            group.command(name)(_as_typer(command))
        app.add_typer(group, name=plugin.name)


def _as_typer(command: Command) -> Callable[..., None]:
    """The command with a signature that typer reads, its result turned into the exit status."""

    def run(**arguments: Any) -> None:
        status = command(**arguments)
        if status:
            raise typer.Exit(status)

    signature = inspect.signature(command)
    hints = get_type_hints(command, include_extras=True)
    parameters = [
        parameter.replace(annotation=_annotation(hints[name], parameter), kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in signature.parameters.items()
    ]
    run.__signature__ = signature.replace(parameters=parameters, return_annotation=None)  # type: ignore[attr-defined]
    run.__doc__ = command.__doc__
    return run


def _annotation(hint: Any, parameter: inspect.Parameter) -> Any:
    if get_origin(hint) is not Annotated:
        return hint
    type_, help_, *rest = get_args(hint)
    is_argument = parameter.default is inspect.Parameter.empty
    if is_argument:
        return Annotated[type_, typer.Argument(help=help_)]
    names = [f"--{parameter.name.rstrip('_').replace('_', '-')}"]
    return Annotated[type_, typer.Option(*names, help=help_, metavar=rest[0] if rest else None)]
