"""A Chroma server that is asked over the network, and that is not always there."""

import socket
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from uuid import uuid4

import numpy as np
import pytest

from index.errors import VectorStoreError
from index.store import VectorStore
from index.vectors_server import VectorsServer
from tests.servers import ChromaServer, Line, free_port

_VECTORS = np.eye(4, dtype=np.float32)
_IDS = ["a#1.0", "b#1.0", "a#1.1", "c#1.0"]


class _NoChroma(BaseHTTPRequestHandler):
    """Any other web server."""

    def do_GET(self) -> None:
        self.send_response(404)
        self.end_headers()
        self.wfile.write(b"<html>\n\n<h1>Not here</h1></html>")

    def log_message(self, *_: object) -> None:
        """Tells nobody."""


@pytest.fixture
def line(chroma: ChromaServer) -> Iterator[Line]:
    """A line to the server that can be cut."""
    made = Line(chroma.port)
    yield made
    made.close()


@pytest.mark.parametrize(
    "url",
    [
        "localhost:8000",
        "ftp://here",
        "http://",
        "http://here:port",
        "http://here:0",
        "http://here/a?b",
        "http://a b",
        "",
    ],
)
def test_an_address_that_is_none(url: str) -> None:
    """It is refused before anything is opened, with what it should be."""
    with pytest.raises(VectorStoreError, match=r"^CHROMA_URL names no Chroma server \(.*\): set CHROMA_URL to [^\n]+$"):
        VectorsServer(url, home="x")


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    """An address is shown in errors."""
    with pytest.raises(VectorStoreError, match="holds no password") as raised:
        VectorsServer("http://ann:sesame@127.0.0.1:8000", home="x")
    assert "sesame" not in str(raised.value)


def test_where_nobody_listens() -> None:
    """One line says what helps; who asks again at once is told so at once."""
    place = VectorsServer(f"http://127.0.0.1:{free_port()}", home="x")
    for limit_seconds in (30.0, 1.0):
        begun = monotonic()
        with pytest.raises(
            VectorStoreError,
            match=r"^the vectors on the Chroma server http://\S+:\d+ cannot be used \(.*refused\): see that it runs",
        ):
            VectorStore(place)
        assert monotonic() - begun < limit_seconds
        VectorStore(place, opening=nullcontext)  # which is not opened before it is used


def test_a_server_that_never_answers_is_not_waited_for() -> None:
    """It is asked once, and left alone for some seconds then."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = VectorsServer(f"http://127.0.0.1:{silent.getsockname()[1]}", home="x", answer_seconds=0.5)
        with pytest.raises(VectorStoreError, match=r"\(timed out\): see that it runs"):
            VectorStore(place)
        begun = monotonic()
        with pytest.raises(VectorStoreError, match=r"\(timed out\): see that it runs"):
            VectorStore(place)
        assert monotonic() - begun < 0.4


def test_what_is_no_chroma_server() -> None:
    """Whatever it says, there is one line about it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _NoChroma) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        with pytest.raises(VectorStoreError, match=r"cannot be used \([^\n]*\): see what the server's log says[^\n]+$"):
            VectorStore(VectorsServer(f"http://127.0.0.1:{other.server_port}", home="x"))
        other.shutdown()


@pytest.mark.slow
def test_homes_on_one_server_do_not_meet(chroma: ChromaServer) -> None:
    """Each has its own vectors, and deletes no others."""
    places = [VectorsServer(chroma.url, home=uuid4().hex) for _ in range(2)]
    one, two = map(VectorStore, places)
    for store, width in ((one, 4), (two, 3)):
        store.add(_IDS[:2], _VECTORS[:2, :width], ["a", "b"])
    one.delete(["a#1.0"])
    one.discard()
    assert two.ids() == {"a#1.0", "b#1.0"}
    for place in places:
        place.close()


@pytest.mark.slow
def test_a_line_that_is_cut_doubles_nothing(line: Line) -> None:
    """What was asked before the cut was done, and is done again."""
    place = VectorsServer(line.url, home=uuid4().hex)
    store = VectorStore(place)
    for first in range(4):
        line.num_cuts = 2
        store.add([_IDS[first]], _VECTORS[first : first + 1], ["a"])
        line.num_cuts = 1
        assert store.num_vectors() == first + 1
    line.num_cuts = 1
    store.delete(_IDS[:2])
    assert store.ids() == {"a#1.1", "c#1.0"}
    place.close()


@pytest.mark.slow
def test_a_server_that_is_killed_and_comes_back(tmp_path: Path) -> None:
    """Meanwhile there are errors, with the remedy; then everything is as it was, in programs that went on too."""
    with ChromaServer(tmp_path / "chroma") as server:
        place = VectorsServer(server.url, home="x", rest_seconds=0.1)
        store = VectorStore(place)
        store.add(_IDS, _VECTORS, ["a", "b", "a", "c"])
        server.kill()
        with pytest.raises(VectorStoreError, match=r": see that it runs and that CHROMA_URL is its address, and try"):
            store.query(_VECTORS[0], 1)
        server.start()
        assert store.query(_VECTORS[0], 1) == [("a#1.0", pytest.approx(1.0))]
        assert store.ids() == set(_IDS)
        place.close()
        assert store.ids() == set(_IDS), "and a program that had let go of it goes on, too"
        place.close()
