"""How results become bytes: JSON that holds whatever a document holds, server-sent events, files."""

import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi.responses import JSONResponse, Response, StreamingResponse
from fastapi.sse import format_sse_event

from assistant.exporting.formats import Format

MEDIA_TYPES = {
    Format.MD: "text/markdown; charset=utf-8",
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSON: "application/json",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
EVENTS = "text/event-stream"


def json_bytes(content: Any) -> bytes:
    """The content as JSON on one line, in UTF-8: every character as it is, half of one as JSON's own escape.

    Raises `ValueError` for numbers that JSON has not.
    """
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode(errors="backslashreplace")


class Json(JSONResponse):
    """A JSON answer, made of what is given without looking at it again."""

    def render(self, content: Any) -> bytes:
        """The body."""
        return json_bytes(content)


def event_bytes(content: Any, *, name: str | None = None) -> bytes:
    """A server-sent event that holds the content as JSON."""
    return format_sse_event(event=name, data_str=json_bytes(content).decode())


def event_stream(events: AsyncIterator[bytes]) -> StreamingResponse:
    """The events as they come; nobody on the way is to keep or to gather them."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type=EVENTS, headers=headers)


def file_response(content: bytes, form: Format, name: str) -> Response:
    """A file to be saved under that name, which is plain ASCII."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form.value}"'}
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)
