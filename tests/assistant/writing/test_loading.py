import struct
from pathlib import Path

import pytest

from assistant.errors import InvalidCall
from assistant.writing.gguf import GgufHeader, read_header
from assistant.writing.loading import load_llm
from assistant.writing.server import ServerFacts, estimated_tokens, look_at
from tests.fakes_llm import Script, free_address, serving


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "COMMUNIQUE_LLM_KEY", "OLLAMA_HOST"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("ollama:llama3.2:3b", "llm:llama3.2:3b"),
        ("server:my/model@http://127.0.0.1:1/v1", "llm:my/model"),
        ("server:user@model@https://llm.example/v1/", "llm:user@model"),
    ],
)
def test_a_writer_is_named_for_its_model_and_nothing_is_asked_yet(spec: str, name: str) -> None:
    """No server is there in this test, and none is missed."""
    assert load_llm(spec).name == name


@pytest.mark.parametrize(
    ("spec", "part"),
    [
        ("", "names no LLM: give ollama:MODEL, openai:MODEL"),
        ("gpt-4", "names no LLM"),
        ("openai:", "names no LLM"),
        ("mystery:model", "'mystery:model' names no LLM"),
        ("ollama:a\nb", "names no LLM"),
        ("server:model", "give server:MODEL@http://host:port/v1"),
        ("server:@http://127.0.0.1:1/v1", "names no server"),
        ("server:m@ftp://127.0.0.1/v1", "names no server"),
        ("server:m@http://127.0.0.1:99999/v1", "names no server"),
        ("server:m@http://", "names no server"),
        ("server:m@http://h/v1?key=1", "names no server"),
        ("server:m@http://[::1/v1", "names no server"),
        ("openai:gpt-4o", "needs a key: set OPENAI_API_KEY"),
        ("gguf:/nowhere/model.gguf", "cannot be read (No such file or directory)"),
        ("gguf:/", "cannot be read (Is a directory)"),
    ],
)
def test_what_cannot_be_used_is_said_at_once_in_one_line_with_the_remedy(spec: str, part: str) -> None:
    with pytest.raises(InvalidCall) as caught:
        load_llm(spec)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(InvalidCall) as caught:
        load_llm("server:m@http://me:sk-secret@host/v1")
    assert "sk-secret" not in str(caught.value)


def test_anthropic_needs_its_package_or_its_key() -> None:
    with pytest.raises(InvalidCall, match=r"pip install 'communique\[anthropic\]'|set ANTHROPIC_API_KEY"):
        load_llm("anthropic:claude")


def gguf(*names: tuple[str, int, bytes]) -> bytes:
    """A GGUF header with such names, each with its type and its value's bytes."""
    head = b"GGUF" + struct.pack("<IQQ", 3, 0, len(names))
    return head + b"".join(struct.pack("<Q", len(n)) + n.encode() + struct.pack("<I", kind) + v for n, kind, v in names)


LLAMA = ("general.architecture", 8, struct.pack("<Q", 5) + b"llama")
TAGS = ("general.tags", 9, struct.pack("<IQ", 8, 2) + (struct.pack("<Q", 1) + b"a") * 2)
SIZES = ("general.sizes", 9, struct.pack("<IQ", 4, 3) + b"\0" * 12)
LENGTH = ("llama.context_length", 4, struct.pack("<I", 8192))


def test_a_model_file_says_how_much_it_reads(tmp_path: Path) -> None:
    """The length of its own architecture, whatever stands before it."""
    path = tmp_path / "m.gguf"
    path.write_bytes(gguf(LLAMA, TAGS, SIZES, ("other.context_length", 4, struct.pack("<I", 5)), LENGTH))
    assert read_header(path) == GgufHeader("llama", 8192)
    path.write_bytes(gguf(LLAMA))
    assert read_header(path) == GgufHeader("llama", None)
    assert load_llm(f"gguf:{path}").name == "llm:m"


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "is no GGUF file"),
        (b"PK\x03\x04", "is no GGUF file"),
        (b"GGUF", "is a broken GGUF file"),
        (b"GGUF" + struct.pack("<IQQ", 99, 0, 0), "of version 2 or 3"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 2**60), "of version 2 or 3"),
        (gguf(LLAMA, LENGTH)[:-3], "is a broken GGUF file"),
        (gguf(("a", 77, b"")), "is a broken GGUF file"),
        (gguf(("a", 8, struct.pack("<Q", 2**62))), "is a broken GGUF file"),
        (gguf(("a", 9, struct.pack("<IQ", 9, 2**40))), "is a broken GGUF file"),
    ],
)
def test_a_file_that_is_no_model_is_refused_before_it_is_loaded(tmp_path: Path, content: bytes, part: str) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(content)
    with pytest.raises(InvalidCall, match=part):
        load_llm(f"gguf:{path}")


def test_a_server_is_asked_what_it_is() -> None:
    """llama.cpp tells; others tell nothing, and nothing is made up for them."""
    with serving(Script(n_ctx=4_096)) as server:
        assert look_at(server.url, None, "m") == ServerFacts(4_096, True, server.url.removesuffix("/v1"))
    with serving(Script()) as server:
        assert look_at(server.url, None, "m") == ServerFacts()
    assert look_at(free_address(), None, "m") == ServerFacts()


@pytest.mark.parametrize(("text", "num_tokens"), [("", 0), ("abc", 1), ("abcd", 2), ("日本、英国", 5), ("Привет", 6)])
def test_tokens_are_estimated_rather_too_many(text: str, num_tokens: int) -> None:
    """Three Latin letters or marks a token, a token for any other character."""
    assert estimated_tokens(text) == num_tokens
