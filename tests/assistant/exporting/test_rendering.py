import json
from dataclasses import replace

import pytest

from assistant.comparing import matrix_json
from assistant.exporting.formats import Format
from assistant.exporting.pack import pack_json
from assistant.exporting.rendering import matrix_bytes, pack_bytes
from tests.fakes_packs import CONVERSATION, MATRIX, PACK


@pytest.mark.parametrize(
    ("format_", "beginning"),
    [(Format.MD, b"# "), (Format.CSV, b"turn,"), (Format.JSON, b"{\n"), (Format.DOCX, b"PK\x03\x04")],
)
def test_each_format_is_written(format_: Format, beginning: bytes) -> None:
    assert pack_bytes(PACK, format_).startswith(beginning)
    assert matrix_bytes(MATRIX, format_)[:2] == (b"do" if format_ is Format.CSV else beginning[:2])


@pytest.mark.parametrize("format_", list(Format))
def test_half_of_a_character_hinders_no_format(format_: Format) -> None:
    """A title that holds one is written, as what it is or as U+FFFD."""
    pack = replace(PACK, conversation=replace(CONVERSATION, title="half \ud800"))
    content = pack_bytes(pack, format_)
    assert format_ is Format.DOCX or content.decode()
    if format_ is Format.JSON:
        assert json.loads(content)["conversation"]["title"] == "half \ud800"


def test_json_is_exact() -> None:
    """Nothing is escaped for a reader: programs get the very characters."""
    assert json.loads(pack_bytes(PACK, Format.JSON)) == json.loads(json.dumps(pack_json(PACK)))
    assert json.loads(matrix_bytes(MATRIX, Format.JSON)) == json.loads(json.dumps(matrix_json(MATRIX)))
