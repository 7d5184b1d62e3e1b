"""Evaluation over HTTP, as the plugin adds it to the API."""

import asyncio
import html
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.home import Home
from assistant.serving.app import build
from assistant.serving.problems import handle_problems
from assistant.settings import Settings
from evals.plugin import EvaluationPlugin, plugin
from evals.routes import routes
from evals.suites import SUITES
from evals.ui.active_run import ActiveRun, Phase, Watched
from tests.fakes_runs import kept, made

RESULTS = [made("a", {"right words cited": 1.0}), made("b", {"right words cited": 0.0})]


@pytest.fixture
def api(home: Home) -> Iterator[TestClient]:
    with TestClient(build(home, with_page=False)) as client:
        yield client


def test_suites_are_listed(api: TestClient) -> None:
    assert [one["name"] for one in api.get("/api/eval/suites").json()["suites"]] == list(SUITES)


def test_runs_that_are_kept_are_listed_and_read(api: TestClient, home: Home) -> None:
    """The figures are those of the report: the mean of 1 and 0 over two cases."""
    run = kept(home.database, RESULTS)
    (listed,) = api.get("/api/eval/runs").json()["runs"]
    assert (listed["run"], listed["suite"], listed["num_done"], listed["num_cases"]) == (run.id, "tiny", 2, 4)
    assert api.get("/api/eval/runs", params={"suite": "other"}).json() == {"runs": []}
    for name in (run.id, "last", "last:tiny"):
        figures = api.get(f"/api/eval/runs/{name}").json()
        row = figures["measures"]["right words cited"]
        assert (figures["run"], row["mean"], row["num_cases"]) == (run.id, 0.5, 2)
    got = api.get("/api/eval/runs/nope")
    assert (got.status_code, got.json()["error"].partition(":")[0]) == (404, "there is no run 'nope'")


@pytest.mark.parametrize("suite", ["/etc/passwd", "../my-suite.jsonl", "", "\x00"])
def test_files_of_the_machine_are_no_suites_here(api: TestClient, suite: str) -> None:
    got = api.post("/api/eval/runs", json={"suite": suite})
    assert (got.status_code, list(got.json())) == (404, ["error"])
    assert api.get("/api/eval/active").json()["phase"] == "none"


def test_a_run_that_cannot_be_made_says_why(api: TestClient) -> None:
    """It is started beside; its state has the line that the command line would print."""
    got = api.post("/api/eval/runs", json={"suite": "kept"})
    assert (got.status_code, got.json()["suite"]) == (202, "kept")
    state = got.json()
    while state["phase"] in {"preparing", "running"}:
        state = api.get("/api/eval/active").json()
    assert (state["phase"], state["error"].partition(":")[0]) == ("failed", "nothing is kept yet")


class BusyRun(ActiveRun):
    """A run that is always on, until it is stopped."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._seen = Watched(Phase.RUNNING, "sample", 1, 2)


def test_one_run_at_a_time(home: Home) -> None:
    """A second one is told which is on, and starts nothing; the one that is on can be stopped."""
    app = FastAPI()
    handle_problems(app)
    app.include_router(routes(home, active=BusyRun(Settings(home.path))))
    with TestClient(app) as client:
        got = client.post("/runs", json={"suite": "kept"})
        assert (got.status_code, got.json()["error"]) == (409, "a run of 'sample' is on: wait for its end, or stop it")
        assert client.get("/active").json() == {
            "phase": "running", "suite": "sample", "done": 1, "total": 2, "run": None, "error": None,
        }  # fmt: skip
        assert client.delete("/active").json()["phase"] == "stopping"


def test_only_admins_come_in(home: Home) -> None:
    """Every route of the plugin asks for one."""
    from assistant.serving.access import admin

    assert all(
        admin in [needed.call for needed in route.dependant.dependencies] for route in plugin.routes(home).routes
    )
    assert len(plugin.routes(home).routes) == 6


@pytest.mark.slow
def test_page_and_api_know_of_the_same_run(home: Home) -> None:
    """While one of them makes a run the other starts none, and says so: 409 here, a line there."""
    own = EvaluationPlugin()
    active = own._active[home] = BusyRun(Settings(home.path))

    async def built() -> gr.Blocks:
        with gr.Blocks() as page, gr.Tab("Evaluate"):
            own.build_tab(home)
        return page

    with ThreadPoolExecutor() as elsewhere:  # a browser of another test may have left its loop running here
        page = elsewhere.submit(asyncio.run, built()).result()
    (start,) = (one.fn for one in page.fns.values() if one.api_name == "start")
    shown = start("sample", None, None, None, False, False, None)
    assert any("A run of sample is on." in html.unescape(str(said)) for said in shown.values())
    app = FastAPI()
    handle_problems(app)
    app.include_router(own.routes(home))
    with TestClient(app) as client:
        assert client.post("/runs", json={"suite": "kept"}).status_code == 409
        assert client.delete("/active").json()["phase"] == active.seen.phase.value == "stopping"
    assert EvaluationPlugin().active_run(home) is not active
