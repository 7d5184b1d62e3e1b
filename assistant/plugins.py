"""The seam through which others join: entry points in the group `communique.plugins`.

An entry point names an object with a `name`, a one-line `help`, and `commands`: a function that is given a way to learn
the settings of the call and returns functions by name. `communique NAME COMMAND …` then runs them. A command's
parameters and their help are read from its signature: `Annotated[str, "what it is"]`, an argument where there is no
default, an option where there is one; `Annotated[list[str] | None, "what it is", "NAME"]` is an option that may be
repeated, its value called NAME in the help. It returns the exit status. `evals` joins this way, and is not known here
by any other. A plugin that has `tab_title` and `build_tab` adds a tab to the page; one that has `routes` adds
them to the HTTP API, below /api/NAME; one that has `index_check` can say whether a new index finds less than the one in
use.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.home import Home
    from index.retrieval import Retriever

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


@runtime_checkable
class RoutePlugin(Protocol):
    """A plugin that adds routes to the HTTP API as well, below /api/NAME."""

    name: str

    def routes(self, home: "Home") -> Any:
        """The routes, a FastAPI `APIRouter`. Each depends on `reader` or `admin` of `assistant.serving.access`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of a new index came to: whether it finds significantly less, and the figures, a line each."""

    is_worse: bool
    lines: tuple[str, ...]


@runtime_checkable
class IndexCheckPlugin(Protocol):
    """A plugin that can hold a new index against the one in use."""

    name: str

    def index_check(self, suite: str, home: "Home") -> "Callable[[Retriever, Retriever], Verdict]":
        """What compares two indexes of the home, the one in use first, by a suite of cases.

        Raises `AssistantError` at once where the suite cannot be used with this home.
        """


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
