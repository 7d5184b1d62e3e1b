from pathlib import Path

import pytest

from assistant.home import Home
from assistant.settings import Engines
from assistant.ui.settings_tab import findings_html, lines_of, settings_html, what_leaves, where
from index.health import Health
from tests.fakes import HashEncoder


@pytest.mark.parametrize(
    ("llm", "said"),
    [
        ("none", "Nothing. Documents"),
        ("gguf:/m/x.gguf", "Nothing: the LLM runs on this machine"),
        ("server:m@http://127.0.0.1:8080/v1", "Nothing: the LLM runs on this machine"),
        ("server:m@http://[::1]:8080/v1", "Nothing: the LLM runs on this machine"),
        ("server:m@http://llm.example.org/v1", "To llm.example.org: each question"),
        ("server:m@http://10.0.0.7:8080/v1", "To 10.0.0.7: each question"),
        ("openai:gpt", "To OpenAI: each question"),
        ("anthropic:claude", "To Anthropic: each question"),
    ],
    ids=["none", "file", "loopback", "loopback, IPv6", "another host", "another machine", "OpenAI", "Anthropic"],
)
def test_what_leaves_the_machine_is_said(llm: str, said: str) -> None:
    assert what_leaves(llm, "en").startswith(said)


def test_ollama_is_local_unless_its_variable_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    assert what_leaves("ollama:m", "en").startswith("Nothing")
    monkeypatch.setenv("OLLAMA_HOST", "http://gpu.example.org:11434")
    assert what_leaves("ollama:m", "en").startswith("To gpu.example.org")


@pytest.mark.embedded
def test_every_setting_is_shown_with_what_changes_it(home: Home) -> None:
    """Values are text, whatever they hold; both languages have the same lines."""
    lines = lines_of(home, "en")
    assert len(lines) == len(lines_of(home, "ja")) == 8
    assert str(home.path) in [line.value for line in lines]
    assert lines[0].value == "Nothing. Documents, questions and answers stay here."
    shown = settings_html(lines, "en")
    assert shown.count('<th scope="row">') == 8
    assert "COMMUNIQUE&#95;EMBEDDER" in shown


@pytest.mark.embedded
def test_where_traces_go_is_said(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://otel.example.org:4317")
    for language in ("en", "ja"):
        assert "http://otel.example.org:4317" in lines_of(home, language)[1].value
    assert len(lines_of(home, "en")) == 9


def test_what_a_check_finds_is_text() -> None:
    assert "All is well" in findings_html(Health(1, 2, 2, ()), "en")
    assert "<b>" not in findings_html(Health(1, 2, 2, ("<b>gone</b>",)), "en")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:8000", "On the Chroma server http://127.0.0.1:8000, on this machine."),
        ("https://vectors.example.org", "To the Chroma server https://vectors.example.org: the vectors of passages"),
    ],
    ids=["this machine", "another"],
)
def test_where_vectors_go_is_said(tmp_path: Path, url: str, said: str) -> None:
    """What keeps vectors can tell much of what was said."""
    home = Home(tmp_path / "home", load_encoder=HashEncoder, engines=Engines(vectors=url))
    for language in ("en", "ja"):
        (line,) = [line for line in lines_of(home, language) if line.change == "CHROMA_URL"]
        assert url in line.value
        assert language == "ja" or line.value.startswith(said)
    home.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://ann:sesame@127.0.0.1:5433/c?schema=x", "On the PostgreSQL server 127.0.0.1:5433/c, on this"),
        ("postgresql://ann@/c?host=/run/postgresql", "On the PostgreSQL server localhost/c, on this machine."),
        ("postgresql://ann:sesame@example.org/c", "To the PostgreSQL server example.org/c: documents, questions and"),
    ],
    ids=["this machine", "a socket", "another"],
)
def test_where_documents_go_is_said(url: str, said: str) -> None:
    """Without anybody's password."""
    assert where("database", url, "en").startswith(said)
    japanese = where("database", url, "ja")
    assert "PostgreSQL" in japanese
    assert "sesame" not in japanese


@pytest.mark.parametrize(
    ("url", "said", "leaves"),
    [
        (
            "http://127.0.0.1:8000/v1",
            "By the embeddings server http://127.0.0.1:8000/v1, on this",
            "Nothing. Documents",
        ),
        (
            "https://gpu.example.org/v1",
            "To the embeddings server https://gpu.example.org/v1: the words of all",
            "To no LLM",
        ),
    ],
    ids=["this machine", "another"],
)
def test_who_reads_everything_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, said: str, leaves: str
) -> None:
    """An embeddings server is told all there is: nothing else may then say that nothing leaves."""
    monkeypatch.setenv("COMMUNIQUE_EMBEDDINGS_URL", url)
    home = Home(tmp_path / "home", load_encoder=lambda: HashEncoder(name="server:m"))
    lines = {line.change: line.value for line in lines_of(home, "en")}
    assert lines["COMMUNIQUE_EMBEDDINGS_URL"].startswith(said)
    assert lines_of(home, "en")[0].value.startswith(leaves)
    home.llm = "gguf:/m/x.gguf"
    assert lines_of(home, "en")[0].value.startswith("Nothing: the LLM" if "127" in url else "To no LLM")
    home.close()
