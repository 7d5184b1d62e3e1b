"""The routes of evaluation below `/api/eval`: suites, a run that goes on beside, the figures of those that are kept.

For admins alone: a run takes the machine for minutes, and what it asked may be words from somebody's conversations.
Files of this machine cannot be named here; the command line runs them.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from assistant.home import Home
from assistant.serving.access import admin
from assistant.serving.problems import declared, one_line
from assistant.serving.responses import Json
from assistant.serving.scoping import Strict
from evals.errors import UnknownRun
from evals.reports.reporting import report_json
from evals.runs.kept_runs import Run, Runs
from evals.runs.running import Options
from evals.suites import SUITES
from evals.ui.active_run import ActiveRun, Watched


class ListedSuite(BaseModel):
    """A suite by its name, and a line on what it is."""

    name: str
    about: str


class ListedSuites(BaseModel):
    """The suites that can be run."""

    suites: list[ListedSuite]


class NewRun(BaseModel):
    """Which suite is run, and how."""

    model_config = Strict

    suite: str = Field(examples=["sample"])
    limit: int | None = Field(None, description="Ask the first so many cases only.", ge=1)
    tags: list[str] = Field([], description="Ask the cases with one of these tags only.", max_length=100)
    drafts: bool = Field(False, description="Ask drafts too.")
    anew: bool = Field(False, description="Ask every case, whatever earlier runs hold.")


class State(BaseModel):
    """How far the run is that is on, or the last one; `run` is its id once it is kept."""

    phase: str = Field(examples=["running"])
    suite: str
    done: int
    total: int
    run: str | None
    error: str | None


class ListedRun(BaseModel):
    """A run that is kept; times are ISO, UTC, `finished_at` is null where it was not brought to its end."""

    run: str
    suite: str
    started_at: str
    finished_at: str | None
    num_done: int
    num_cases: int
    llm: str | None


class ListedRuns(BaseModel):
    """The runs that are kept, the latest first."""

    runs: list[ListedRun]


class Figures(BaseModel):
    """Per measure its mean, interval and number of cases, over all and by tag; latency; each case."""

    suite: str
    run: str
    started_at: str
    finished_at: str | None
    num_cases: int
    measures: dict[str, Any]
    suite_measures: dict[str, Any]
    cases: list[dict[str, Any]]


def routes(home: Home, *, active: ActiveRun) -> APIRouter:
    """The routes over one home; one run at a time is started here, or by whoever else has `active`."""
    router = APIRouter(dependencies=[Depends(admin)])
    _add_watching(router, active)
    _add_reading(router, Runs(home.database))
    return router


def _add_watching(router: APIRouter, active: ActiveRun) -> None:
    """Starting a run, looking at it and stopping it."""

    @router.post("/runs", status_code=202, response_model=State, responses=declared(400, 404, 409, 413))
    def start_run(body: NewRun) -> Response:
        """Starts a run, which goes on beside; `GET /api/eval/active` says how far it is."""
        if body.suite not in SUITES:
            raise HTTPException(404, one_line(f"there is no suite {body.suite!r}: the suites are {', '.join(SUITES)}"))
        options = Options(limit=body.limit, tags=tuple(body.tags), drafts=body.drafts, anew=body.anew)
        if not active.start(body.suite, options):
            raise HTTPException(409, f"a run of {active.seen.suite!r} is on: wait for its end, or stop it")
        return Json(_state(active.seen), status_code=202)

    @router.get("/active", response_model=State, responses=declared())
    def active_run() -> Response:
        """Says how far the run is that was started here or on the page."""
        return Json(_state(active.seen))

    @router.delete("/active", response_model=State, responses=declared())
    def stop_run() -> Response:
        """Ends the run after the case that is being asked; started again it goes on from there."""
        active.stop()
        return Json(_state(active.seen))


def _add_reading(router: APIRouter, runs: Runs) -> None:
    """Suites, runs and figures."""

    @router.get("/suites", response_model=ListedSuites, responses=declared())
    def list_suites() -> Response:
        """Lists the suites that come along, and that of the turns that were kept."""
        return Json({"suites": [{"name": suite.name, "about": suite.about} for suite in SUITES.values()]})

    @router.get("/runs", response_model=ListedRuns, responses=declared())
    def list_runs(suite: Annotated[str | None, Field(description="Those of this suite only.")] = None) -> Response:
        """Lists the runs that are kept, the latest first."""
        return Json({"runs": [_listed(run) for run in runs.list(suite)]})

    @router.get("/runs/{run}", response_model=Figures, responses=declared(404))
    def read_figures(run: str) -> Response:
        """Gives the figures of a run: an id, the beginning of one, `last`, or `last:SUITE`."""
        try:
            found = runs.get(run)
        except UnknownRun as error:
            raise HTTPException(404, one_line(str(error))) from error
        return Json(report_json(found.suite, runs.results(found), run=found))


def _state(seen: Watched) -> dict[str, Any]:
    return {
        "phase": seen.phase.value,
        "suite": seen.suite,
        "done": seen.done,
        "total": seen.total,
        "run": seen.run_id,
        "error": one_line(seen.error) if seen.error else None,
    }


def _listed(run: Run) -> dict[str, Any]:
    llm = run.record.get("settings", {}).get("llm")
    shown = {"suite": run.suite, "started_at": run.started_at, "finished_at": run.finished_at}
    return {"run": run.id, **shown, "num_done": run.num_done, "num_cases": run.num_cases, "llm": llm}
