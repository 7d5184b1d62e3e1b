"""The commands over a home of hash vectors: exit statuses, stdout for the result alone, one line for an error."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from assistant.errors import InvalidCall
from assistant.home import Home
from assistant.settings import Settings
from evals import commands
from evals.runs.evaluation import comparison_html, report_html
from evals.runs.kept_runs import Runs
from tests.fakes_runs import kept, made

WORDS = "right words cited"
NO_FILES = commands.Files()


@pytest.fixture
def settings(home: Home) -> Settings:
    """The settings of a home with three runs: two of one suite, the later one worse, and one of another."""
    good = [made(f"c{i}", {WORDS: 1.0}) for i in range(20)]
    bad = [made(f"c{i}", {WORDS: float(i >= 10)}) for i in range(20)]
    kept(home.database, good, suite="first")
    kept(home.database, bad, suite="first")
    kept(home.database, [made("x", {WORDS: 1.0})], suite="other")
    return Settings(home.path)


@pytest.fixture
def ids(settings: Settings, home: Home) -> list[str]:
    """The good run, the bad one, the other suite's."""
    by_start = sorted(Runs(home.database).list(), key=lambda run: run.started_at)
    return [run.id for run in by_start]


def test_a_gate_that_closes_is_status_1_and_one_that_does_not_0(
    settings: Settings, ids: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = commands.Files(junit=tmp_path / "gate.xml", summary=tmp_path / "gate.md")
    assert commands.gate(ids[1], ids[0], settings, measures=(), files=files, as_json=False) == 1
    assert "right words cited fell by 0.500" in capsys.readouterr().out
    assert ElementTree.parse(files.junit).getroot().get("failures") == "1"  # noqa: S314  (our own)
    assert "**drop**" in files.summary.read_text()
    assert commands.gate(ids[0], ids[1], settings, measures=(), files=NO_FILES, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["open"] is True


@pytest.mark.parametrize(
    ("run", "baseline", "measures", "message"),
    [
        ("last", None, (), "--baseline is missing: name the run to hold this one against"),
        ("nope", "last", (), "there is no run 'nope'"),
        ("last:other", "last:first", (), "compare two runs of one suite"),
        ("last:first", "last:first", (), "is its own baseline: run the suite again after a change"),
    ],
)
def test_a_wrong_call_is_one_line(
    settings: Settings, run: str, baseline: str | None, measures: tuple[str, ...], message: str
) -> None:
    with pytest.raises(InvalidCall) as error:
        commands.gate(run, baseline, settings, measures=measures, files=NO_FILES, as_json=False)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_measure_that_is_not_there_is_one_line(settings: Settings, ids: list[str]) -> None:
    with pytest.raises(InvalidCall, match="no case of both runs has a value of 'wit'"):
        commands.gate(ids[1], ids[0], settings, measures=("wit",), files=NO_FILES, as_json=False)


def test_a_comparison_is_text_json_or_a_page(
    settings: Settings, ids: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "comparison.html"
    assert commands.compare(ids[0], ids[1], settings, report=page, as_json=False) == 0
    shown = capsys.readouterr()
    assert "10 cases changed, worst first:" in shown.out
    assert shown.err == f"wrote {page}\n"
    assert page.read_text() == comparison_html(settings, ids[0], ids[1])
    assert "Significant drop: right words cited." in page.read_text()
    commands.compare(ids[0], ids[1], settings, report=None, as_json=True)
    assert len(json.loads(capsys.readouterr().out)["changed"]) == 10


def test_runs_are_listed_shown_and_deleted(
    settings: Settings, ids: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.runs(settings, suite=None, delete=(), as_json=False) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines} == set(ids)
    assert commands.show(ids[2], settings, files=NO_FILES, as_json=False) == 0
    assert capsys.readouterr().out.startswith(f"run {ids[2]}  llm none\nother: 1 cases\n")
    files = commands.Files(report=tmp_path / "r.html", junit=tmp_path / "r.xml", summary=tmp_path / "r.md")
    assert commands.show(ids[1], settings, files=files, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["run"] == ids[1]
    assert files.report.read_text() == report_html(settings, ids[1])
    assert all(path.exists() for path in (files.junit, files.summary))
    assert commands.runs(settings, suite=None, delete=[ids[0]], as_json=True) == 0
    assert json.loads(capsys.readouterr().out) == {"deleted": [ids[0]]}
    commands.runs(settings, suite="first", delete=(), as_json=True)
    assert [run["id"] for run in json.loads(capsys.readouterr().out)["runs"]] == [ids[1]]


def test_a_file_that_cannot_be_written_is_named(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(InvalidCall, match=r"cannot write '.*/no/r\.html': No such file or directory"):
        commands.show("last", settings, files=commands.Files(report=tmp_path / "no" / "r.html"), as_json=False)


def test_a_suite_that_is_not_there_is_one_line(settings: Settings) -> None:
    with pytest.raises(InvalidCall, match="there is no suite 'nope'"):
        commands.run("nope", settings, llms=(), options=commands.Options(), files=NO_FILES, as_json=False)


def test_files_are_of_one_run_alone(settings: Settings, tmp_path: Path) -> None:
    files = commands.Files(report=tmp_path / "r.html")
    with pytest.raises(InvalidCall, match="files are of one run: name one --llm"):
        commands.run("sample", settings, llms=("none", "none"), options=commands.Options(), files=files, as_json=False)


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.print_schema() == 0
    assert "question" in json.loads(capsys.readouterr().out)["properties"]
