"""What a run is a run of: code, settings, models, documents, suite, measures; so that figures can be told apart.

The digest of the code covers all that decides answers and scores, weights included, committed or not: of the rooms
before this one, what searches, writes and checks, and here, what measures. Interfaces are left out.
"""

import hashlib
import re
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from assistant.home import Home, model_name
from assistant.settings import Settings
from evals.case import Case, case_sha256
from evals.runs.kept_runs import digest
from index.embedding import DEFAULT_MODEL
from index.manifest import read_manifest

_ROOT = Path(__file__).parents[2]
_DECIDING = ("corpus/**/*.py", "index/**/*.py", "assistant/**/*.py", "assistant/*.json")
_SHOWING = {"assistant/cli", "assistant/exporting", "assistant/ui"}
_MEASURING = ("evals/measures/*.py", "evals/judges.py", "evals/case.py")
_GIT_SECONDS = 10.0
_BUILT_IN = "built-in"


def record_of(
    home: Home, cases: Sequence[Case], settings: Settings, *, measures: Sequence[str], variant: str = ""
) -> dict[str, Any]:
    """The record of a run of these cases over this home, JSON content.

    `variant` names what was changed by hand and no setting says, such as weights that were set to nought.
    """
    return {
        "commit": commit(),
        "code": code_digest(),
        "settings": settings_record(home, settings),
        "documents": documents_record(home),
        "suite": {"num_cases": len(cases), "sha256": digest([case_sha256(case) for case in cases])},
        "measures": list(measures),
        "variant": variant,
    }


def settings_record(home: Home, settings: Settings) -> dict[str, str | None]:
    """Who writes, which models embed, rerank and check; a password within an address is left out."""
    with home.database.reading() as connection:
        kept = read_manifest(connection).get("embedder", DEFAULT_MODEL)
    return {
        "llm": re.sub(r"//[^/@]*@", "//", settings.llm),
        "embedder": model_name(settings.embedder) if settings.embedder else kept,
        "reranker": settings.reranker,
        "verifier": settings.checker or _BUILT_IN,
    }


def documents_record(home: Home) -> dict[str, Any]:
    """How many documents there are, and one digest of the ids and texts of all."""
    pairs = sorted((summary.id, summary.sha256) for summary in home.catalogue.summaries())
    return {"num": len(pairs), "sha256": digest(pairs)}


@cache
def commit() -> str:
    """The commit of the checkout that this package lies in, "-dirty" behind it where files were changed; else the
    version that is installed.
    """
    if (_ROOT / ".git").exists():
        described = ["git", "-C", str(_ROOT), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
        try:
            got = subprocess.run(  # noqa: S603  (our own words and our own folder)
                described, capture_output=True, text=True, timeout=_GIT_SECONDS, check=True
            )
            return got.stdout.strip()
        except (OSError, subprocess.SubprocessError):
            pass  # no git, or a repository that it will not read: the version says enough
    from importlib.metadata import version

    return f"version {version('communique')}"


@cache
def code_digest() -> str:
    """The sha256 over the modules and weights that decide answers and scores, as they are on disk; 16 digits of it."""
    whole = hashlib.sha256()
    for name in deciding_files():
        whole.update(name.encode() + b"\0" + (_ROOT / name).read_bytes() + b"\0")
    return whole.hexdigest()[:16]


def deciding_files() -> list[str]:
    """The modules and weights on which answers and scores depend, relative to the root, in order; what only shows them
    is none.
    """
    found = {path.relative_to(_ROOT) for glob in (*_DECIDING, *_MEASURING) for path in _ROOT.glob(glob)}
    return sorted(path.as_posix() for path in found if not _SHOWING & {parent.as_posix() for parent in path.parents})
