"""`/health`, whether the process lives, and `/ready`, whether it can answer."""

import logging
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel

from assistant.home import Home
from assistant.serving.problems import declared, declared_before_routes, line_of
from assistant.serving.responses import Json
from assistant.serving.served import FromHome

logger = logging.getLogger(__name__)

router = APIRouter(tags=["state"])


class Alive(BaseModel):
    """The process lives."""

    status: str
    version: str


class Ready(BaseModel):
    """Whether questions can be answered; why not, or what is lacking all the same."""

    ready: bool
    reasons: list[str]


_NOT_READY: dict[int | str, dict[str, Any]] = {503: {"model": Ready, "description": "Why it cannot answer."}}


@router.get("/health", response_model=Alive, openapi_extra={"security": []})
async def health() -> Response:
    """Says that the process lives; it looks at nothing else."""
    return Json({"status": "alive", "version": version("communique")})


@router.get("/ready", response_model=Ready, responses=declared() | declared_before_routes() | _NOT_READY)
def ready(home: FromHome) -> Response:
    """Says whether models, database and index answer, and what is lacking. It tells nothing of what they hold."""
    is_ready, reasons = readiness(home)
    return Json({"ready": is_ready, "reasons": reasons}, status_code=200 if is_ready else 503)


def readiness(home: Home) -> tuple[bool, list[str]]:
    """Whether the home can answer just now; why not, or what it does without."""
    if "sources" not in vars(home):
        return False, ["the models are not loaded yet"]
    try:
        home.catalogue.has_unfinished()
        found = home.sources.retriever.search("Is everything well?", 1)
    except Exception as error:  # the edge: whatever fails here is the answer
        logger.warning("not ready", exc_info=True)
        return False, [line_of(error)]
    return True, list(found.notes)
