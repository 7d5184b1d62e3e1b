"""`/metrics`: what a server does, as Prometheus reads it: requests, questions, stages, an LLM's tokens, the home.

Labels are routes' templates, methods, statuses and names from fixed lists: no series is made of what somebody asked
for, and none holds a word of a question, an answer or a document. Questions are counted where their events pass,
whichever process answers. What is asked without the server, from the command line, is counted nowhere.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.routing import iter_route_contexts
from fastapi.telemetry import TelemetryConfig
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.types import Scope

from assistant.answerers import Answerers
from assistant.events import Done, Event
from assistant.home import Home
from assistant.observing.outcomes import FAILED, LEFT, OTHER, Outcome, outcome_of
from assistant.observing.requests import Answered, Observed
from assistant.serving.access import Reader
from assistant.serving.edge import is_ours
from assistant.serving.problems import declared, declared_as
from index.counting import counted

PAGE, NONE = "page", "none"
"""The routes of what is the page's own, and of what took no route of ours."""
OWN_SPANS: TelemetryConfig = {"exclude": lambda _: True}
"""What FastAPI is told, so that it makes no spans beside ours: they would hold paths and queries, which are words."""
_FORMS = (
    "text/plain; version=0.0.4; charset=utf-8",
    "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores",
)
_REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180)
_STAGE_SECONDS = (0.0001, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60, 180)

logger = logging.getLogger(__name__)

router = APIRouter(tags=["state"])


class Meters:
    """The counts of one server, from its start; its own, so that several may run in one process."""

    def __init__(self, home: Home) -> None:
        self.registry = CollectorRegistry()
        self._requests = self._counter("http_requests", "Requests answered.", "method", "route", "status")
        self._request_seconds = self._histogram(
            "http_request_seconds", "From request to the end of its answer, the page's left out.", "method", "route"
        )
        self._questions = self._counter("questions", "Questions, by kind and by what came of them.", "kind", "outcome")
        self._answer_seconds = self._histogram("answer_seconds", "From question to whole answer.", "outcome")
        self._stage_seconds = self._histogram(
            "stage_seconds", "Work of one stage of an answer.", "stage", buckets=_STAGE_SECONDS
        )
        self._claims = self._counter("claims", "Claims written, by what their check said.", "verdict")
        self._llm_requests = self._counter("llm_requests", "Requests to the LLM.", "task", "outcome")
        self._llm_tokens = self._counter("llm_tokens", "Tokens, as the LLM's server counts them.", "direction")
        self.in_progress = Gauge(
            "communique_answers_in_progress", "Questions that are being answered.", registry=self.registry
        )
        self.registry.register(_Held(home))
        ProcessCollector(registry=self.registry)

    def tell_request(self, answered: Answered) -> None:
        """Counts a request."""
        self._requests.labels(answered.method, answered.route, str(answered.status)).inc()
        if answered.route != PAGE:  # an open page holds one for as long as it is open
            self._request_seconds.labels(answered.method, answered.route).observe(answered.seconds)

    def tell_answer(self, told: Outcome, seconds: float) -> None:
        """Counts a whole answer, which its reader had so many seconds after asking."""
        self._questions.labels(told.kind, told.outcome).inc()
        self._answer_seconds.labels(told.outcome).observe(seconds)
        for stage, spent in (told.stage_seconds or {}).items():
            self._stage_seconds.labels(stage).observe(spent)
        verdicts = {"supported": told.num_supported, "partly": told.num_partly, "dropped": told.num_dropped}
        for verdict, count in verdicts.items():
            self._claims.labels(verdict).inc(count)
        for asked in told.asked:
            self._llm_requests.labels(asked.task, FAILED if asked.has_failed else "written").inc()
            self._llm_tokens.labels("input").inc(asked.num_input_tokens)
            self._llm_tokens.labels("output").inc(asked.num_output_tokens)

    def tell_nothing(self, outcome: str) -> None:
        """Counts a question that got no answer."""
        self._questions.labels(OTHER, outcome).inc()

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"communique_{name}", about, labels, registry=self.registry)

    def _histogram(
        self, name: str, about: str, *labels: str, buckets: tuple[float, ...] = _REQUEST_SECONDS
    ) -> Histogram:
        return Histogram(f"communique_{name}", about, labels, registry=self.registry, buckets=buckets)


class CountedAnswerers(Answerers):
    """Answerers whose questions are counted."""

    def __init__(self, home: Home, meters: Meters) -> None:
        super().__init__(home)
        self._meters = meters

    def events(self, question: str, *, reader: str, **options: Any) -> Iterator[Event]:
        """As of all answerers."""
        return counting(super().events(question, reader=reader, **options), self._meters)


def counting(events: Iterable[Event], meters: Meters) -> Iterator[Event]:
    """The events of one question, counted on the way."""
    began, outcome = time.perf_counter(), LEFT
    try:
        with meters.in_progress.track_inprogress():
            for event in events:
                if isinstance(event, Done):
                    outcome = ""
                    meters.tell_answer(outcome_of(event.answer), time.perf_counter() - began)
                yield event
    except Exception:
        outcome = FAILED
        raise
    finally:
        if outcome:
            meters.tell_nothing(outcome)


def watch(app: FastAPI, meters: Meters) -> None:
    """Has every request of an application observed, outside all layers that it has so far. Its routes must be there."""
    app.state.meters = meters
    app.add_middleware(Observed, route_of=route_of(app), tell=meters.tell_request)


def route_of(app: FastAPI) -> Callable[[Scope], str]:
    """What says which of the application's routes a request took, by its template."""
    templates: dict[object, str] = {}
    for context in iter_route_contexts(app.routes):
        endpoint = getattr(context.original_route, "endpoint", None)
        if endpoint is not None:  # one at several addresses answers for the rest
            templates[endpoint] = NONE if endpoint in templates else context.path_format or NONE

    def found(scope: Scope) -> str:
        return templates.get(scope.get("endpoint")) or (NONE if is_ours(scope["path"]) else PAGE)

    return found


def meters_of(request: Request) -> Meters:
    """The counts of this request's application."""
    meters: Meters = request.app.state.meters
    return meters


@router.get("/metrics", response_class=Response, responses=declared_as(*_FORMS) | declared())
def metrics(_: Reader, meters: Annotated[Meters, Depends(meters_of)], request: Request) -> Response:
    """Gives what the server has done so far, for Prometheus."""
    encode, media_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(meters.registry), media_type=media_type)


class _Held(Collector):
    """What the home holds, counted when it is asked for."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The sizes of the home, and whether they could be read."""
        try:
            counts = counted(self._home.database)
        except Exception:  # the edge: a home that is out of order is when the other figures are wanted most
            logger.warning("the home cannot be counted", exc_info=True)
            yield GaugeMetricFamily("communique_home_readable", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("communique_home_readable", "Whether the database answers.", 1)
        yield GaugeMetricFamily("communique_documents", "Documents in the home.", counts.num_documents)
        yield GaugeMetricFamily("communique_passages", "Passages that can be found.", counts.num_passages)
