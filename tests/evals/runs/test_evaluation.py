import json
from pathlib import Path

import pytest

from assistant.errors import InvalidCall
from assistant.home import Home, open_home
from assistant.settings import Settings
from corpus.reading.files import FoundFile
from evals.errors import InvalidSuite, RunIsOn, UnknownRun
from evals.runs.alone import held_alone
from evals.runs.evaluation import kept_runs, report_html, run_suite, start_run
from evals.runs.running import Options
from index.adding import add_files

TEXT = "The tide office in Port Elin runs the harbour. It has a budget of 12 million crowns."


def test_a_job_that_cannot_start_has_its_error(tmp_path: Path) -> None:
    """The page polls it: nothing is raised in a thread that nobody listens to."""
    job = start_run("nope", Settings(tmp_path))
    job.wait(60)
    assert job.is_over
    assert isinstance(job.error, InvalidSuite)
    assert (job.run, job.done) == (None, 0)


def test_a_report_of_no_run_is_an_error(home: Home) -> None:
    with pytest.raises(UnknownRun, match="there is no finished run"):
        report_html(Settings(home.path), "last")


def test_a_judge_that_is_none_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(InvalidCall, match="'oracle:1' names no LLM"):
        run_suite("sample", Settings(tmp_path, llm="oracle:1"))


@pytest.mark.slow
def test_a_job_runs_in_a_thread_is_cancelled_and_goes_on(tmp_path: Path) -> None:
    """Watched from outside; cancelled before its first case it is kept, and the next one brings it to its end."""
    settings = Settings(tmp_path / "home")
    (tmp_path / "rows.jsonl").write_text(json.dumps({"id": "sea", "title": "Sea", "text": TEXT}))
    home = open_home(settings)
    list(add_files([FoundFile(tmp_path / "rows.jsonl", "rows.jsonl")], home.catalogue, lambda: home.indexer))
    home.close()
    suite = tmp_path / "own.jsonl"
    row = {
        "question": "What is the budget of the harbour?",
        "evidence": [{"document_id": "sea", "start": 47, "end": 84}],
    }
    suite.write_text("".join(json.dumps({"id": id_} | row) + "\n" for id_ in "abc"))
    job = start_run(str(suite), settings)
    job.cancel()
    job.wait(300)
    assert (job.error, job.run.num_done, job.run.finished_at) == (None, 0, None)
    with held_alone(settings.home, job.run):
        beside = start_run(str(suite), settings)
        beside.wait(300)
    assert isinstance(beside.error, RunIsOn)
    assert str(beside.error).startswith(f"the run {job.run.id} of 'own' is being made just now")
    again = start_run(str(suite), settings, options=Options())
    again.wait(300)
    assert again.error is None
    assert (again.run.id, again.run.num_done, again.done, again.total) == (job.run.id, 3, 3, 3)
    with kept_runs(settings) as runs:
        assert [result.values["right words cited"] for result in runs.results(again.run)] == [1.0] * 3
    assert "own: 3 cases, 0 failing" in report_html(settings, "last")
