"""The seam through which others join: entry points in the group `communique.plugins`.

An entry point names an object with a `name`, a one-line `help`, and `commands`: a function that is given a way to learn
the settings of the call and returns functions by name. `communique NAME COMMAND …` then runs them. A command's
parameters and their help are read from its signature: `Annotated[str, "what it is"]`, an argument where there is no
default, an option where there is one. It returns the exit status. `evals` joins this way, and is not known here by
any other.
"""

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import Protocol

from assistant.settings import Settings

GROUP = "communique.plugins"

Command = Callable[..., int]


class Plugin(Protocol):
    """What an entry point of the group leads to."""

    name: str
    help: str

    def commands(self, settings: Callable[[], Settings]) -> Mapping[str, Command]:
        """The commands by name; `settings` may be called only when one runs."""
        ...


def plugins() -> list[Plugin]:
    """Every installed plugin, by name."""
    return sorted((point.load() for point in entry_points(group=GROUP)), key=lambda plugin: str(plugin.name))
