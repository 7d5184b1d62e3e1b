"""The secret that the page's storage in browsers is encrypted with: one for each home, made when first needed."""

import os
import secrets
from pathlib import Path

FILE_NAME = "page.secret"


def browser_secret(home: Path) -> str:
    """The home's secret, which only the user who runs the program can read."""
    path = home / FILE_NAME
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    made = secrets.token_urlsafe(32)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made)
    return made
