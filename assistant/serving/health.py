"""`/health`, whether the process lives, and `/ready`, whether it can answer."""

import logging
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel

from assistant.home import Home
from assistant.serving.problems import declared, line_of
from assistant.serving.responses import Json
from assistant.serving.served import FromHome

logger = logging.getLogger(__name__)

router = APIRouter(tags=["state"])


class Alive(BaseModel):
    """The process lives."""

    status: str
    version: str


class Ready(BaseModel):
    """Whether questions can be answered, and why not."""

    ready: bool
    reasons: list[str]


_NOT_READY: dict[int | str, dict[str, Any]] = {503: {"model": Ready, "description": "Why it cannot answer."}}


@router.get("/health", response_model=Alive)
async def health() -> Response:
    """Says that the process lives; it looks at nothing else."""
    return Json({"status": "alive", "version": version("communique")})


@router.get("/ready", response_model=Ready, responses=declared() | _NOT_READY)
def ready(home: FromHome) -> Response:
    """Says whether models, database and index answer. It tells nothing of what they hold."""
    reasons = reasons_against(home)
    return Json({"ready": not reasons, "reasons": reasons}, status_code=503 if reasons else 200)


def reasons_against(home: Home) -> list[str]:
    """Why the home cannot answer just now; empty when it can."""
    if "sources" not in vars(home):
        return ["the models are not loaded yet"]
    try:
        home.catalogue.has_unfinished()
        home.sources.retriever.search("Is everything well?", 1)
    except Exception as error:  # the edge: whatever fails here is the answer
        logger.warning("not ready", exc_info=True)
        return [line_of(error)]
    return []
