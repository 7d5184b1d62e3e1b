"""`/api/compare`: the same questions put to several documents, each read alone."""

from collections.abc import Iterator, Sequence
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from assistant.comparing import compare, matrix_json
from assistant.errors import InvalidCall
from assistant.exporting.formats import Format
from assistant.exporting.rendering import matrix_bytes
from assistant.home import Home
from assistant.serving.access import Reader
from assistant.serving.bodies import Citation
from assistant.serving.leaving import LEFT, watched
from assistant.serving.problems import declared, declared_as
from assistant.serving.responses import MEDIA_TYPES, Json, file_response
from assistant.serving.scoping import MAX_DOCUMENTS, Strict
from assistant.serving.served import FromHome
from assistant.writing.leaving import Leaving

MAX_QUESTIONS = 50
MAX_CELLS = 1_000

router = APIRouter(tags=["questions"])

_FILES = declared_as(*(media_type for form, media_type in MEDIA_TYPES.items() if form is not Format.JSON))


class Comparison(BaseModel):
    """Which questions are put to which documents."""

    model_config = Strict

    documents: list[str] | None = Field(None, description="Their ids; all without.", max_length=MAX_DOCUMENTS)
    questions: list[str] = Field(min_length=1, max_length=MAX_QUESTIONS, examples=[["Who pays?", "Since when?"]])
    format: Literal["json", "csv", "md", "docx"] = "json"


class ComparedDocument(BaseModel):
    """A row of the matrix."""

    id: str
    title: str
    published: str | None
    sha256: str


class Cell(BaseModel):
    """What one document says to one question, or that it is silent."""

    citation: Citation | None
    searched: list[str]
    verdict: Literal["supported", "partly", "unsupported", "silent"]


class Matrix(BaseModel):
    """Documents × questions: `cells[i][j]` is what document i says to question j."""

    documents: list[ComparedDocument]
    questions: list[str]
    cells: list[list[Cell]]


class _Left(Exception):
    """Nobody waits for the matrix any more."""


@router.post("/compare", response_model=Matrix, responses=_FILES | declared(400, 404, 413))
async def compare_documents(body: Comparison, _: Reader, home: FromHome, request: Request) -> Response:
    """Puts the same questions to several documents: a row a document, a column a question."""
    try:
        async with watched(request) as leaving:
            return await run_in_threadpool(_compared, home, body, leaving)
    except _Left:
        return Response(status_code=LEFT)


def _compared(home: Home, body: Comparison, leaving: Leaving) -> Response:
    ids = body.documents if body.documents is not None else [one.id for one in home.catalogue.summaries()]
    if len(ids) * len(body.questions) > MAX_CELLS:
        raise InvalidCall(
            f"{len(ids)} documents and {len(body.questions)} questions make more than {MAX_CELLS} cells: name fewer"
        )

    def while_waited_for(pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for pair in pairs:
            if leaving.has_left:
                raise _Left
            yield pair

    matrix = compare(home.sources, ids, body.questions, progress=while_waited_for)
    form = Format(body.format)
    return (
        Json(matrix_json(matrix)) if form is Format.JSON else file_response(matrix_bytes(matrix, form), form, "matrix")
    )
