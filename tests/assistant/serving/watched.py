"""An application with the routes that answer and all that observes them, over a home: made here of the same parts, so
that what is observed is known.
"""

from fastapi import FastAPI

from assistant.home import Home
from assistant.serving import asking, metrics
from assistant.serving.edge import Edge, answer_for_the_rest
from assistant.serving.metrics import OWN_SPANS, CountedAnswerers, Meters, watch
from assistant.serving.problems import handle_problems
from assistant.serving.served import Served


def watched(home: Home) -> FastAPI:
    """The application, not yet served; it has no page and no guard."""
    meters = Meters(home)
    app = FastAPI(openapi_url="/api/openapi.json", telemetry=OWN_SPANS)
    app.state.served = Served(home, CountedAnswerers(home, meters), 0)
    app.state.page = None
    app.add_middleware(Edge, hosts=None)
    handle_problems(app)
    app.include_router(asking.router, prefix="/api")
    app.include_router(metrics.router)

    @app.get("/api/broken")
    def broken(words: str) -> None:
        raise RuntimeError(words)

    answer_for_the_rest(app)
    watch(app, meters)
    return app
