"""Tokens: unguessable, found by their beginning, kept as a digest alone."""

import hashlib

import pytest

from assistant.serving.tokens import digest, is_key, new_key, new_token, read_token


def test_a_token_is_read_as_what_it_is() -> None:
    """What is kept of it is its prefix and the SHA-256 of its text; its secret part has 256 bits."""
    token = new_token()
    assert read_token(token.text) == token
    assert token.sha256 == hashlib.sha256(token.text.encode()).hexdigest() == digest(token.text)
    assert token.text == f"cmq_{token.prefix}_{token.text[17:]}"
    assert len(token.text[17:]) == 43  # 32 bytes in base64 without padding
    assert token.text[17:] not in repr(token)


def test_no_two_are_the_same() -> None:
    assert len({new_token().text for _ in range(100)} | {new_key() for _ in range(100)}) == 200


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cmq_",
        "x" * 60,
        "cmq_0123456789ab_" + "x" * 42,
        "cmq_0123456789ab_" + "x" * 44,
        "cmq_0123456789AB_" + "x" * 43,
        "cmq_0123456789ab_" + "ｘ" * 43,
        "cmq_0123456789ab_" + "x" * 43 + "\n",
        "x" * 100_000,
    ],
)
def test_what_cannot_be_a_token_is_none(text: str) -> None:
    assert read_token(text) is None


def test_a_session_key_is_one_by_its_form() -> None:
    assert is_key(new_key())
    assert not any(map(is_key, ("", "x" * 42, "x" * 44, "x" * 42 + "%", "x" * 43 + "\n")))
