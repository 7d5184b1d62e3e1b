"""Logging in by the page, and what does not let anybody in."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse

from assistant.serving.callers import Callers
from assistant.serving.claims import Claims
from assistant.serving.guard import Guard
from assistant.serving.login import Login
from assistant.serving.sessions import Sessions
from assistant.serving.slowing import Slowing
from tests.assistant.serving.guarded import OWN, PASSWORDS, Guarded, guarded_home, log_in
from tests.assistant.serving.test_sessions import Clock

WRONG = "No user has this name and this password."
HTTPS = "https://docs.example"
HERE = {"origin": HTTPS}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A home with users; tests fail to log in ten times at most."""
    with guarded_home(tmp_path_factory.mktemp("login")) as found:
        yield found


@pytest.fixture
def secure(guarded: Guarded) -> TestClient:
    """A browser of its own, which asks over https."""
    return TestClient(guarded.client.app, base_url=HTTPS, follow_redirects=False)


def told(got: Any) -> str:
    """What the page says is wrong."""
    found = re.search(r'<p role="alert">(.*?)</p>', got.text)
    return found[1] if found else ""


def entered(client: TestClient, name: str = "ann", **headers: str) -> Any:
    return log_in(client, name, PASSWORDS[name], **HERE | headers)


def test_a_browser_is_led_to_a_page_that_names_nothing(secure: TestClient) -> None:
    """It works without scripts and fetches nothing, and says what it says in the reader's language."""
    led = secure.get("/", headers={"accept": "text/html"})
    assert (led.status_code, led.headers["location"]) == (303, "/login")
    page = secure.get("/login")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert not re.search(r"<script|https?:|harbour|ann\b", page.text, re.IGNORECASE)
    assert '<html lang="en">' in page.text and "Log in" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    japanese = secure.get("/login", headers={"accept-language": "ja"})
    assert '<html lang="ja">' in japanese.text and "ログイン" in japanese.text


def test_a_login_is_a_cookie_that_opens_page_and_api(secure: TestClient) -> None:
    """Random, unreadable to scripts, sent to this host alone and over https alone, gone with the browser."""
    got = entered(secure)
    assert (got.status_code, got.headers["location"]) == (303, "/")
    cookie = got.headers["set-cookie"]
    assert re.fullmatch(
        r"__Host-communique-[0-9a-f]{8}=[\w-]{43}; HttpOnly; Path=/; SameSite=strict; Secure", cookie, re.ASCII
    )
    assert secure.get("/api/documents").status_code == 200
    assert secure.get("/login").headers["location"] == "/"
    assert entered(secure).headers["set-cookie"] != cookie


def test_on_this_machine_the_cookie_goes_without_https(guarded: Guarded) -> None:
    """Over http from another machine nobody is even asked for a password."""
    app = guarded.client.app
    here = TestClient(app, base_url="http://127.0.0.1:7860", follow_redirects=False)
    got = log_in(here, "ann", PASSWORDS["ann"], origin="http://127.0.0.1:7860")
    assert "Secure" not in got.headers["set-cookie"] and not got.headers["set-cookie"].startswith("__Host-")
    assert here.get("/api/documents").status_code == 200
    far = TestClient(app, base_url="http://192.0.2.7:7860", follow_redirects=False)
    for page in (far.get("/login"), log_in(far, "ann", PASSWORDS["ann"], origin="http://192.0.2.7:7860")):
        assert (page.status_code, "<form" in page.text, "set-cookie" in page.headers) == (403, False, False)
        assert told(page).startswith("Over http, everybody on the way could read a password.")


@pytest.mark.parametrize(
    ("name", "password"),
    [("ann", PASSWORDS["bob"]), ("nobody", PASSWORDS["ann"]), ("<b>'\x00\ud800", "x" * 9_000)],
    ids=["another's", "unknown", "hostile"],
)
def test_who_is_wrong_is_told_nothing(secure: TestClient, name: str, password: str) -> None:
    """An unknown name gets the same page as a wrong password, to the byte."""
    form = b"name=%s&password=%s" % (
        name.encode("utf-8", "surrogatepass").hex(" ").replace(" ", "%").join(("%", "")).encode(),
        password.encode(),
    )
    headers = {**HERE, "content-type": "application/x-www-form-urlencoded"}
    got = secure.post("/login", content=form, headers=headers)
    assert (got.status_code, told(got), "set-cookie" in got.headers) == (401, WRONG, False)
    assert got.text == log_in(secure, "bob", "wrong", **HERE).text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://docs.example.evil.example"}, 403),
        ({}, 403),
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"origin": HTTPS}, 303),
        ({"origin": "https://proxied.example", "sec-fetch-site": "same-origin"}, 303),
    ],
)
def test_a_form_of_another_site_changes_nothing(secure: TestClient, headers: dict[str, str], status: int) -> None:
    """Neither logs in nor out, nor deletes by a cookie; a program's token is its own proof."""
    data = {"name": "ann", "password": PASSWORDS["ann"]}
    assert secure.post("/login", data=data, headers=headers).status_code == status
    entered(secure)
    if status == 403:
        for method, path in (("DELETE", "/api/conversations/x"), ("POST", "/gradio_api/queue/join"), ("POST", "/mcp")):
            assert secure.request(method, path, headers=headers).status_code == 403
        assert secure.post("/logout", headers=headers).status_code == 403
        assert secure.get("/api/documents").status_code == 200
    elif "proxied" not in headers.get("origin", ""):
        assert secure.delete("/api/conversations/x", headers=headers).status_code == 404


def test_another_site_reads_nothing_by_the_cookie(secure: TestClient) -> None:
    """Its requests name it, and what is answered says that it is for nobody else."""
    entered(secure)
    got = secure.get("/api/documents", headers={"origin": "https://evil.example"})
    assert got.status_code == 403
    assert not [name for name in got.headers if name.startswith("access-control")]
    assert secure.options("/api/documents", headers={"origin": "https://evil.example"}).status_code == 403


def test_logging_out_ends_the_session_itself(secure: TestClient) -> None:
    """The cookie that was sent before is nobody's when it is sent again."""
    entered(secure)
    cookie = dict(secure.cookies)
    assert "Log out" in secure.get("/logout").text
    got = secure.post("/logout", headers=HERE)
    assert (got.status_code, got.headers["location"], dict(secure.cookies)) == (303, "/login", {})
    secure.cookies.update(cookie)
    assert secure.get("/api/documents").status_code == 401
    assert secure.get("/logout").headers["location"] == "/login"
    assert secure.post("/logout", headers=HERE).status_code == 303


@pytest.mark.parametrize("how", ["removed", "new password", "another home", "forged", "empty", "two"])
def test_cookies_that_are_nobodys_any_more(tmp_path: Path, how: str) -> None:
    """Replayed after their end, from elsewhere, or made up."""
    with guarded_home(tmp_path / "one") as own:
        browser = TestClient(own.client.app, base_url=HTTPS, follow_redirects=False)
        entered(browser)
        ((name, key),) = dict(browser.cookies).items()
        assert browser.get("/api/documents").status_code == 200
        if how == "removed":
            own.accounts.remove("ann")
        elif how == "new password":
            own.accounts.set_password("ann", "another password")
        elif how == "another home":
            with guarded_home(tmp_path / "two") as other:
                key = Sessions(other.home.database).start(other.accounts.get("ann"))
        said = {"removed": key, "new password": key, "another home": key, "forged": "A" * 43, "empty": ""}.get(how)
        cookie = f"{name}={key}; {name}=x" if said is None else f"{name}={said}"
        stranger = TestClient(own.client.app, base_url=HTTPS, headers={"cookie": cookie}, follow_redirects=False)
        assert stranger.get("/api/documents").status_code == 401
        assert stranger.get("/", headers={"accept": "text/html"}).headers["location"] == "/login"


def test_who_guesses_is_slowed(tmp_path: Path) -> None:
    """After five wrong passwords a name waits, even for the right one; after ten, whoever tries from that address.

    Who logs in meanwhile takes nothing of that back but their own failures.
    """
    clock = Clock()
    with guarded_home(tmp_path) as own:
        callers = Callers(own.home)
        callers.names, callers.addresses = Slowing(clock=clock), Slowing(num_free=10, clock=clock)
        door = Guard(PlainTextResponse("inside"), callers=callers, claims=Claims(), login=Login(callers))
        browser = TestClient(door, base_url=HTTPS, follow_redirects=False)
        tries = [log_in(browser, "bob", "wrong", **HERE).status_code for _ in range(6)]
        assert tries == [401] * 6
        got = log_in(browser, "ＢＯＢ", PASSWORDS["bob"], **HERE)
        assert (got.status_code, got.headers["retry-after"]) == (429, "1")
        assert told(got) == "Too many attempts. Try again in 1 seconds."
        assert entered(browser, "ann").status_code == 303
        browser.cookies.clear()
        clock.now += 1
        assert entered(browser, "bob").status_code == 303
        browser.cookies.clear()
        assert [log_in(browser, "ann", "wrong", **HERE).status_code for _ in range(5)] == [401] * 5
        assert entered(browser, "bob").status_code == 429
        clock.now += 1
        assert entered(browser, "bob").status_code == 303
        callers.close()


def test_what_is_no_form_is_refused(secure: TestClient) -> None:
    """Too large, of very many fields, of other methods: one line, and nothing is checked."""
    assert secure.post("/login", content=b"x" * 20_000, headers=HERE).status_code == 413
    assert secure.post("/login", content=(b"x" * 1_000 for _ in range(20)), headers=HERE).status_code == 413
    assert secure.post("/login", content=b"a=1&" * 50, headers=HERE).status_code == 400
    got = secure.put("/login")
    assert (got.status_code, got.headers["allow"]) == (405, "GET, HEAD, POST")


def test_without_users_there_is_no_login(unchanged_api: TestClient) -> None:
    assert unchanged_api.get("/login").status_code == unchanged_api.post("/logout", headers=OWN).status_code == 404
