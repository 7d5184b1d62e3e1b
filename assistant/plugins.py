"""The seam through which others join: entry points in the group `communique.plugins`.

An entry point names an object with a `name`, a one-line `help`, and `commands`: a function that is given a way to learn
the settings of the call and returns functions by name. `communique NAME COMMAND …` then runs them. A command's
parameters and their help are read from its signature: `Annotated[str, "what it is"]`, an argument where there is no
default, an option where there is one; `Annotated[list[str] | None, "what it is", "NAME"]` is an option that may be
repeated, its value called NAME in the help. It returns the exit status. `evals` joins this way, and is not known here
by any other. A plugin that has `tab_title` and `build_tab` adds a tab to the page.
"""

import sys
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.home import Home

GROUP = "communique.plugins"

Command = Callable[..., int]


class Plugin(Protocol):
    """What an entry point of the group leads to."""

    name: str
    help: str

    def commands(self, settings: Callable[[], Settings]) -> Mapping[str, Command]:
        """The commands by name; `settings` may be called only when one runs."""
        ...


@runtime_checkable
class TabPlugin(Protocol):
    """A plugin that adds a tab to the page as well."""

    name: str

    @property
    def tab_title(self) -> str:
        """The tab's title."""

    def build_tab(self, home: "Home") -> None:
        """The tab's components, within the page that is being built."""


def plugins() -> list[Plugin]:
    """Every installed plugin, by name; one that cannot be loaded is named on stderr and left out."""
    found: list[Plugin] = []
    for point in entry_points(group=GROUP):
        try:
            found.append(point.load())
        except Exception as error:  # somebody else's code must not stop ours
            print(
                f"communique: the plugin {point.name!r} cannot be loaded ({error}): upgrade it or remove it",
                file=sys.stderr,
            )
    return sorted(found, key=lambda plugin: plugin.name)
