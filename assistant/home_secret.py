"""The secrets of a home: random words, each in a file of its own that only the user who runs the program can read.

What each is for stands where it is used. None is made before it is needed.
"""

import os
import secrets
from pathlib import Path

from filelock import FileLock

BROWSER = "page.secret"
"""What the page's storage in browsers is encrypted with. Gradio tells it to every browser: nothing else rests on it
alone."""
OWNER = "owner.secret"
"""What the key is made with under which the user of this machine keeps conversations. No route tells it."""


def home_secret(home: Path, name: str) -> str:
    """The home's secret of that name, made where there is none, by one process alone."""
    path = home / name
    if found := _kept(path):
        return found
    with FileLock(home / "secrets.lock"):
        return _kept(path) or _made(path)


def _kept(path: Path) -> str:
    """What the file holds; nothing where it is not there."""
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def _made(path: Path) -> str:
    """A new secret, whose file is whole as soon as it is there."""
    made, partial = secrets.token_urlsafe(32), path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made)
    partial.replace(path)
    return made
