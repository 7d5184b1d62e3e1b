"""The server as a user starts it: page and API in one process, ended by Ctrl-C."""

import re
import signal
import time

import httpx2
import pytest

from assistant.errors import InvalidCall
from assistant.home import Home
from assistant.serving.server import address_of, listening
from tests.assistant.cli.conftest import started
from tests.assistant.serving.conftest import MONEY


@pytest.mark.slow
def test_the_program_serves_page_and_api_until_ctrl_c(api_home: Home) -> None:
    """It prints where; while an answer is streamed it can be ended; status 130, one line, nothing on stdout beside."""
    process = started("chat", "--port", 0, home=api_home.path)
    line = process.stdout.readline()
    address = re.search(r"^Communiqué answers at (http://127\.0\.0\.1:\d+)/  \(Ctrl-C ends it\)$", line)[1]
    with httpx2.Client(base_url=address, timeout=60) as client:
        assert client.get("/").status_code == 200
        assert "12 million" in client.post("/api/ask", json={"question": MONEY}).json()["answer"]
        assert client.get("/ready").json() == {"ready": True, "reasons": []}
        with client.stream("GET", "/gradio_api/heartbeat/abc") as open_page:
            assert open_page.status_code == 200
            begun = time.monotonic()
            process.send_signal(signal.SIGINT)
            stdout, stderr = process.communicate(timeout=30)
    assert (process.returncode, stdout) == (130, "")
    assert stderr == "communique: interrupted; everything reported so far is kept\n"
    assert time.monotonic() - begun < 10


def test_an_address_is_held_as_soon_as_it_is_had() -> None:
    """A second server is told at once, and not only when it has loaded its models."""
    with listening("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert address_of("127.0.0.1", listener) == f"http://127.0.0.1:{port}/"
        assert address_of("0.0.0.0", listener) == f"http://localhost:{port}/"  # noqa: S104
        assert address_of("::1", listener) == f"http://[::1]:{port}/"
        with pytest.raises(InvalidCall, match=rf"^port {port} cannot be used \(.*\): choose another with --port"):
            listening("127.0.0.1", port)


@pytest.mark.parametrize("host", ["no.such.host.invalid", "999.1.1.1", "x" * 300, "\ud800"])
def test_a_host_that_is_none_is_said_so(host: str) -> None:
    with pytest.raises(InvalidCall, match="cannot be used"):
        listening(host, 0)
