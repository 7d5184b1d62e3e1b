"""`communique add https://…`, as a user calls it, against a server of the test's own."""

import json
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.assistant.cli.conftest import Call

HARBOUR = b"<html><title>Harbour</title><p>The Harbour Compact has a budget of 12 million crowns for three years.</p>"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The address of a site with a page and a feed."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "harbour.html").write_bytes(HARBOUR)
    (folder / "feed.xml").write_text("<rss><item><link>/harbour.html</link></item><item><link>/no</link></item></rss>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *given: _Quiet(*given, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.slow
def test_pages_are_added_and_quoted(call: Call, site: str) -> None:
    """A page by its address, a feed with what it lists; what is unchanged is left alone; the answer names the page."""
    added = call("add", f"{site}/harbour.html", "--allow-private", "--json")
    (row,) = json.loads(added.stdout)["files"]
    assert (added.returncode, row["path"], row["status"]) == (0, f"{site}/harbour.html", "added")
    fed = call("add", f"{site}/feed.xml", "--allow-private", "--json")
    rows = json.loads(fed.stdout)["files"]
    assert fed.returncode == 1
    assert [(each["path"].removeprefix(site), each["status"], each["reason"]) for each in rows] == [
        ("/feed.xml", "unchanged", None),
        ("/harbour.html", "unchanged", None),
        ("/no", "refused", "nothing is there (404): check the address"),
    ]
    answer = json.loads(call("ask", "What is the budget of the Harbour Compact?", "--json").stdout)
    assert [each["source"] for each in answer["citations"]] == [f"{site}/harbour.html"]


@pytest.mark.slow
def test_the_own_network_is_not_asked_unless_one_says_so(call: Call, site: str, coast_files: Path) -> None:
    """One line says what and why; the files beside it go in."""
    got = call("add", "http://localhost/", f"{site}/harbour.html", coast_files / "harbour.md")
    assert got.returncode == 1
    first, second, third, count = got.stdout.splitlines()
    assert first.startswith("refused    http://localhost/  localhost is ")
    assert first.endswith("is inside this network: if you mean it, say --allow-private")
    assert "is not one that pages are at (80, 443)" in second
    assert third.startswith("added      harbour.md")
    assert count == "1 added  2 refused"
