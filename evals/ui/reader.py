"""Who looks at the tab, and what of it is theirs to see.

Turns that were kept in the chat are words from conversations, and a path names a file of the machine that serves: both
are for a reader at that machine, as the command line is. Others run the suites that come along, or one that they
upload, and are told how many turns are kept.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import InvalidCall
from assistant.ui.wording import Language, language_of, text
from evals.runs.kept_runs import Run
from evals.suites import SUITES

if TYPE_CHECKING:
    import gradio as gr

KEPT = "kept"
OWN = "own"
"""The choice of a file, uploaded or named by its path."""
MAX_SUITE_BYTES = 32 * 1024 * 1024
"""The wording of the tab says it, too."""
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


@dataclass(frozen=True, slots=True)
class Reader:
    """The language of a reader, and whether the reader sits at the machine that serves the page."""

    language: Language
    is_local: bool

    def may_see(self, run: Run) -> bool:
        """Whether the report of the run is for this reader."""
        return self.is_local or run.suite != KEPT

    @property
    def suites(self) -> list[str]:
        """The names of the suites that this reader can run, and `OWN`."""
        return [name for name in SUITES if self.is_local or name != KEPT] + [OWN]

    def suite(self, choice: str | None, uploaded: str | None, path: str | None) -> str:
        """The name or path of the suite that was chosen. Raises `InvalidCall`, in the reader's language."""
        if choice not in self.suites:
            raise InvalidCall(text("evaluate.no_suite", self.language))
        if choice != OWN:
            return choice
        if path and path.strip() and self.is_local:
            return path.strip()
        if not uploaded:
            raise InvalidCall(text("evaluate.no_file", self.language))
        if Path(uploaded).stat().st_size > MAX_SUITE_BYTES:
            raise InvalidCall(text("evaluate.too_large", self.language))
        return uploaded


def reader_of(request: "gr.Request | None") -> Reader:
    """The reader behind a request. One whose request came through a proxy is taken to be elsewhere."""
    return Reader(language_of(request), _is_local(request))


def _is_local(request: "gr.Request | None") -> bool:
    if request is None or request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return False
    return address.is_loopback
