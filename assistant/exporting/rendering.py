"""A pack or a matrix in any of the formats, as the bytes of a file."""

import json
from typing import Any

from assistant.comparing import Matrix, matrix_json
from assistant.exporting.formats import Format
from assistant.exporting.markdown import matrix_markdown, pack_markdown
from assistant.exporting.pack import Pack, pack_json
from assistant.exporting.tables import matrix_csv, pack_csv
from assistant.exporting.word import matrix_docx, pack_docx


def pack_bytes(pack: Pack, format_: Format) -> bytes:
    """The pack in that format; text is UTF-8."""
    match format_:
        case Format.MD:
            return pack_markdown(pack).encode()
        case Format.CSV:
            return pack_csv(pack).encode()
        case Format.JSON:
            return _json_bytes(pack_json(pack))
        case Format.DOCX:
            return pack_docx(pack)


def matrix_bytes(matrix: Matrix, format_: Format) -> bytes:
    """The matrix in that format; text is UTF-8."""
    match format_:
        case Format.MD:
            return matrix_markdown(matrix).encode()
        case Format.CSV:
            return matrix_csv(matrix).encode()
        case Format.JSON:
            return _json_bytes(matrix_json(matrix))
        case Format.DOCX:
            return matrix_docx(matrix)


def _json_bytes(content: dict[str, Any]) -> bytes:
    """Every character as it is; half of one, which UTF-8 cannot hold, as JSON's own escape."""
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode(errors="backslashreplace")
