"""What a command tells of itself where the environment asks for it: spans, and lines of JSON."""

import json
from pathlib import Path

import pytest

from tests.assistant.cli.conftest import forked

pytestmark = pytest.mark.slow


def test_a_command_traces_its_question(coast_home: Path) -> None:
    """`ask` with the standard variables: its spans on stderr, under the service's name, without a word; and stdout is
    the answer alone.
    """
    environment = {"OTEL_TRACES_EXPORTER": "console", "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=test"}
    process, streams = forked(
        "ask", "Who runs the Harbour Compact?", "--json", home=coast_home, environment=environment
    )
    process.join(timeout=120)
    assert process.exitcode == 0, streams[2].read_text()
    answer = json.loads(streams[1].read_text())
    told = streams[2].read_text()
    first = json.JSONDecoder().raw_decode(told[told.index("{") :])[0]
    assert first["resource"]["attributes"]["service.name"] == "communique"
    assert first["resource"]["attributes"]["deployment.environment"] == "test"
    for name in ("question", "rewrite", "retrieve", "evidence", "write", "verify"):
        assert f'"name": "{name}"' in told
    assert answer["claims"]
    assert "Harbour" not in told


def test_a_form_of_lines_that_there_is_not_is_refused(coast_home: Path) -> None:
    """One line, and the status of a call that cannot be used."""
    process, streams = forked("documents", home=coast_home, environment={"COMMUNIQUE_LOG_FORMAT": "xml"})
    process.join(timeout=60)
    assert process.exitcode == 2
    assert streams[2].read_text() == "communique: COMMUNIQUE_LOG_FORMAT is 'xml': set it to plain or json\n"
