"""Tokens and session keys: 256 random bits each, of which only the SHA-256 is kept.

A digest without salt is enough for what nobody can guess. Who a token belongs to is `accounts.py`.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass, field

_BYTES = 32
_TOKEN = re.compile(r"cmq_([0-9a-f]{12})_[A-Za-z0-9_-]{43}", re.ASCII)
_KEY = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its `text`, which is shown once, and what is kept of it, a `prefix` to find it by and its `sha256`."""

    text: str = field(repr=False)
    prefix: str
    sha256: str


def new_token() -> Token:
    """A token that nobody has."""
    prefix = secrets.token_hex(6)
    text = f"cmq_{prefix}_{secrets.token_urlsafe(_BYTES)}"
    return Token(text, prefix, digest(text))


def read_token(text: str) -> Token | None:
    """The token that a client sent; None for what cannot be one."""
    found = _TOKEN.fullmatch(text)
    return Token(text, found[1], digest(text)) if found else None


def new_key() -> str:
    """A session's key that nobody has."""
    return secrets.token_urlsafe(_BYTES)


def is_key(text: str) -> bool:
    """Whether a client sent what may be a session's key."""
    return _KEY.fullmatch(text) is not None


def digest(text: str) -> str:
    """The SHA-256 of the text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
