"""Passwords as they are kept: scrypt with a salt of their own, and what it cost beside it [1].

Nothing here knows whose a password is.

[1] RFC 7914; the cost is one that the OWASP Password Storage Cheat Sheet gives for interactive logins.
"""

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass

from assistant.errors import InvalidCall

MIN_CHARS = 10
MAX_CHARS = 1_000
_SCHEME = "scrypt"
_SALT_BYTES = 16
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Cost:
    """scrypt's parameters: it takes 128 · n · r bytes, and p times as long."""

    n: int = 2**15
    r: int = 8
    p: int = 3


COST = Cost()


def valid_password(text: str) -> str:
    """The password itself. Raises `InvalidCall` for one that is too short or too long; it is in no message."""
    if not MIN_CHARS <= len(text) <= MAX_CHARS:
        raise InvalidCall(f"a password of {len(text)} characters cannot be used: give {MIN_CHARS} to {MAX_CHARS}")
    return text


def hashed(password: str, cost: Cost = COST) -> str:
    """The password as it is kept: scheme, parameters, salt and key, with "$" between them."""
    salt = secrets.token_bytes(_SALT_BYTES)
    key = _key(password, salt, cost)
    return "$".join([_SCHEME, str(cost.n), str(cost.r), str(cost.p), salt.hex(), key.hex()])


def matches(password: str, kept: str | None, cost: Cost = COST) -> bool:
    """Whether it is the password that is kept, compared in constant time.

    Without one that is kept the answer is no, after the same work, so that nobody learns by waiting whether there is.
    """
    if kept is None:
        _key(password, bytes(_SALT_BYTES), cost)
        return False
    _, n, r, p, salt, key = kept.split("$")
    return hmac.compare_digest(_key(password, bytes.fromhex(salt), Cost(int(n), int(r), int(p))), bytes.fromhex(key))


def _key(password: str, salt: bytes, cost: Cost) -> bytes:
    """The key of a password, however its characters were composed when it was typed."""
    text = unicodedata.normalize("NFC", password[:MAX_CHARS]).encode("utf-8", "surrogatepass")
    most = 132 * cost.n * cost.r + 1024 * cost.p * cost.r
    return hashlib.scrypt(text, salt=salt, n=cost.n, r=cost.r, p=cost.p, maxmem=most, dklen=_KEY_BYTES)
