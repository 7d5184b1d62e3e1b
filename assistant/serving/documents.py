"""`/api/documents`: what there is, its exact text, and, for admins, adding and removing."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from assistant.errors import InvalidCall
from assistant.home import Home
from assistant.serving.access import Admin, Reader
from assistant.serving.bodies import ListedDocument, RemovedDocument, Reports
from assistant.serving.edge import MAX_UPLOAD_BYTES
from assistant.serving.encoded_ids import DocumentId, EncodedRoute
from assistant.serving.problems import declared, declared_as
from assistant.serving.responses import Json
from assistant.serving.served import FromHome
from assistant.ui.documents.uploads import MAX_FILES, found_uploads, uploaded_name
from corpus.document import Document
from index.adding import add_files
from index.indexing import Indexer, remove_documents
from index.reports import FileReport

_FIELD = "files"
_TEXT = "text/plain; charset=utf-8"
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [_FIELD],
                    "additionalProperties": False,
                    "properties": {
                        _FIELD: {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "format": "binary"},
                            "description": f"Files, {MAX_UPLOAD_BYTES // 1024**2} MiB in all. A document is known by "
                            "its file's name: the same name again is its next version.",
                        }
                    },
                }
            }
        },
    }
}

router = APIRouter(tags=["documents"], route_class=EncodedRoute)


class ListedDocuments(BaseModel):
    """Every document, by date."""

    documents: list[ListedDocument]


class Part(BaseModel):
    """A stretch of a document under one heading, a numbered paragraph, or a page."""

    heading: str
    level: int
    start: int
    end: int
    page: int | None


class DocumentDetails(BaseModel):
    """All that is known of a document but its text."""

    id: str
    title: str
    source: str
    published: str | None
    language: str
    num_chars: int
    sha256: str
    sections: list[Part]
    metadata: dict[str, Any]


@router.get("/documents", response_model=ListedDocuments, responses=declared())
def list_documents(_: Reader, home: FromHome) -> Response:
    """Lists the documents, by date."""
    return Json({"documents": [asdict(summary) for summary in home.catalogue.summaries()]})


@router.get(
    "/documents/{document_id:path}/text",
    response_class=Response,
    responses=declared_as(_TEXT) | declared(400, 404),
)
def read_text(
    document_id: DocumentId,
    _: Reader,
    home: FromHome,
    start: Annotated[int, Query(ge=0, description="The first character, counted from 0.")] = 0,
    end: Annotated[int | None, Query(ge=0, description="The character after the last.")] = None,
    version: Annotated[
        str | None, Query(min_length=1, description="The sha256 of an earlier snapshot, or its beginning.")
    ] = None,
) -> Response:
    """Gives exactly the characters of a document, or of a span of it, and nothing else."""
    text = home.catalogue.document(document_id, version).text
    last = len(text) if end is None else end
    if not start <= last <= len(text):
        raise InvalidCall(f"no span {start} to {last} in {document_id!r}: it has {len(text)} characters")
    return Response(text[start:last].encode(), media_type=_TEXT, headers={"X-Content-Type-Options": "nosniff"})


@router.get("/documents/{document_id:path}", response_model=DocumentDetails, responses=declared(404))
def describe_document(document_id: DocumentId, _: Reader, home: FromHome) -> Response:
    """Says what is known of a document: title, source, date, sections, metadata."""
    return Json(_details(home.catalogue.document(document_id)))


@router.post("/documents", response_model=Reports, responses=declared(400, 413), openapi_extra=_FORM)
async def add_documents(_: Admin, home: FromHome, request: Request) -> Response:
    """Adds the files of a form, or takes up their changes, and reports on each; a bad one never stops the others."""
    async with request.form(max_files=MAX_FILES, max_fields=10) as form:
        files = form.getlist(_FIELD)
        uploads = [each for each in files if isinstance(each, UploadFile)]
        strangers = sorted({key for key in form if key != _FIELD})
        if not uploads or len(uploads) < len(files) or strangers:
            raise InvalidCall(f"send a form whose field {_FIELD!r} holds one file or more, and nothing else")
        reports = await run_in_threadpool(_added, home, uploads)
    return Json({"files": [asdict(report) for report in reports]})


@router.delete("/documents/{document_id:path}", response_model=RemovedDocument, responses=declared(404))
def remove_document(document_id: DocumentId, _: Admin, home: FromHome) -> Response:
    """Takes a document out of lists, search and chat; conversations keep the words that they cite."""
    known = home.catalogue.document(document_id)
    remove_documents(home.database, home.store, [known.id])
    return Json({"removed": [known.id]})


def _details(document: Document) -> dict[str, Any]:
    shown = ("id", "title", "source", "published", "language", "sha256")
    return {
        **{name: getattr(document, name) for name in shown},
        "num_chars": len(document.text),
        "sections": [asdict(section) for section in document.sections],
        "metadata": dict(document.metadata),
    }


def _added(home: Home, uploads: Sequence[UploadFile]) -> list[FileReport]:
    """The report on each upload; their copies are gone when this returns."""
    with tempfile.TemporaryDirectory(prefix="communique-") as folder:
        payload = []
        for number, upload in enumerate(uploads):
            copy = Path(folder) / str(number)
            with copy.open("wb") as file:
                shutil.copyfileobj(upload.file, file)
            payload.append({"path": copy, "orig_name": upload.filename})
        found, refused = found_uploads(payload)

        def indexer() -> Indexer:
            return Indexer(home.database, home.store, home.encoder)

        return [*refused, *add_files(found, home.catalogue, indexer, origin=uploaded_name)]
