import gzip
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpcore
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.fetching.connecting import Network
from corpus.fetching.fetching import MAX_BYTES, Fetcher
from corpus.fetching.requesting import unpacked
from corpus.reading.files import FetchedFile
from tests.corpus.fetching.conftest import WORDS, Answer, Fetch, Site


def test_a_packed_page_is_unpacked(site: Site, fetch: Fetch) -> None:
    site.page("/", gzip.compress(WORDS), Content_Encoding="gzip")
    (found,) = fetch("http://example.org/")
    assert isinstance(found, FetchedFile)
    assert found.content == WORDS


@settings(deadline=None)  # the first example loads libraries
@given(st.lists(st.binary(max_size=300_000), min_size=1, max_size=3), st.integers(1, 100_000))
def test_what_gzip_packs_is_unpacked_whatever_the_pieces(parts: list[bytes], size: int) -> None:
    """Also where several files stand one after the other, as `cat a.gz b.gz` makes them."""
    packed = b"".join(map(gzip.compress, parts))
    pieces = list(unpacked(packed[start : start + size] for start in range(0, len(packed), size)))
    assert b"".join(pieces) == b"".join(parts)
    assert all(len(piece) <= 65_536 for piece in pieces)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no gzip", "it comes packed, and cannot be unpacked"),
        (gzip.compress(WORDS)[:-9], "what came breaks off"),
        (b"", "what came breaks off"),
        (gzip.compress(b"") * 200, "it comes packed, and cannot be unpacked"),
    ],
    ids=["no gzip", "half", "nothing", "many parts"],
)
def test_what_cannot_be_unpacked_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=f"^{reason}"):
        list(unpacked([content]))


def test_a_page_that_unpacks_to_too_much_is_refused(site: Site, refusal: Callable[..., str]) -> None:
    """A bomb of some kilobytes, which is not held in memory."""
    site.page("/", gzip.compress(bytes(MAX_BYTES + 1)), Content_Encoding="gzip")
    assert refusal("http://example.org/") == "it is larger than 30 MiB: download it, and add the file"


def test_a_page_that_says_that_it_is_too_large_is_not_waited_for(site: Site, refusal: Callable[..., str]) -> None:
    site.page("/", b"x", Content_Length=str(MAX_BYTES + 1))
    assert refusal("http://example.org/") == "it is larger than 30 MiB: download it, and add the file"


def test_a_page_without_end_ends(site: Site, refusal: Callable[..., str]) -> None:
    def pour(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            handler.wfile.write(b"rain " * 20_000)

    site.answers["/"] = Answer(write=pour)
    assert refusal("http://example.org/").startswith("it is larger than 30 MiB")


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n"]
)
def test_a_server_that_drips_is_left(site: Site, refusal: Callable[..., str], head: bytes) -> None:
    """A byte now and then, before the head, in it, in the body: the clock runs over all of it."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(head)
        for _ in range(100):
            handler.wfile.write(b"x")
            time.sleep(0.05)

    site.answers["/"] = Answer(write=drip)
    began = time.monotonic()
    assert refusal("http://example.org/", max_seconds=0.4) == "example.org takes too long to answer: try again later"
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (b"", "example.org does not answer as a web server does"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "example.org does not answer as a web server does"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nContent-Type: text/html\r\n\r\nhalf",
            "example.org does not answer",
        ),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000, "example.org does not answer as a web server does"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\nx", "it comes packed as 'br'"),
    ],
    ids=["nothing", "another protocol", "half", "endless head", "packed unasked"],
)
def test_what_is_no_answer_is_refused(site: Site, refusal: Callable[..., str], written: bytes, reason: str) -> None:
    site.answers["/"] = Answer(write=lambda handler: handler.wfile.write(written) and None)
    assert refusal("http://example.org/").startswith(reason)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://unknown.example/", "no machine is called 'unknown.example': check the address, and your network"),
        (f"http://{'a' * 70}.example/", "no machine is called"),
        ("http://empty.example/", "empty.example cannot be reached"),
        ("http://silent.example/", "silent.example takes too long to answer: try again later"),
    ],
)
def test_a_machine_that_is_not_there_is_named(
    site: Site, refusal: Callable[..., str], address: str, reason: str
) -> None:
    site.names |= {"silent.example": [["8.8.4.4"]], "empty.example": [[]]}
    assert refusal(address).startswith(reason)


def test_a_refused_connection_is_named(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    def connect(_: str, __: int, seconds: float) -> httpcore.NetworkStream:
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", port, seconds)

    (found,) = Fetcher(Network(resolve=site.resolve, connect=connect)).fetch("http://example.org/")
    assert isinstance(found, FetchedFile)
    assert found.reason == "example.org refuses connections at port 80: check the address"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for example.org that nobody signed but itself, with its key."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not installed, which makes the certificate")
    path = tmp_path / "both.pem"
    subprocess.run(
        [
            *[program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=example.org"],
            *["-addext", "subjectAltName=DNS:example.org", "-keyout", path, "-out", tmp_path / "certificate.pem"],
        ],
        check=True,
        capture_output=True,
    )
    path.write_bytes(path.read_bytes() + (tmp_path / "certificate.pem").read_bytes())
    return path


def test_a_certificate_must_hold_for_the_name_though_the_number_is_connected_to(site: Site, certificate: Path) -> None:
    """The page comes where the certificate is trusted and of that name, and not else."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    site.server.socket = server.wrap_socket(site.server.socket, server_side=True, do_handshake_on_connect=False)
    site.names["other.example"] = site.names["example.org"]
    site.page("/")
    trusting = site.network(tls=ssl.create_default_context(cafile=certificate))
    found = [
        next(Fetcher(network).fetch(address))
        for network, address in (
            (trusting, "https://example.org/"),
            (trusting, "https://other.example/"),
            (site.network(), "https://example.org/"),
        )
    ]
    assert [file.reason for file in found if isinstance(file, FetchedFile)] == [
        None,
        "the certificate of other.example does not hold (Hostname mismatch, certificate is not valid for"
        " 'other.example'.): do not trust the page",
        "the certificate of example.org does not hold (self-signed certificate): do not trust the page",
    ]
    assert set(site.connected) == {("93.184.215.14", 443)}
