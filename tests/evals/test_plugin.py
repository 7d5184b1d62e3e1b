import json
import subprocess
import sys
from pathlib import Path

import pytest

from evals.measures import MEASURES


def communique(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The program as a user starts it."""
    program = Path(sys.executable).with_name("communique")
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_sample_suite_runs_from_the_command_line(tmp_path: Path) -> None:
    """One command gives every figure with its interval, over a home of the suite's own: the user's stays empty."""
    got = communique("--home", tmp_path, "eval", "run", "sample", "--json")
    report = json.loads(got.stdout)
    assert (got.returncode, report["num_errors"]) == (0, 0), got.stderr
    assert set(report) == {"suite", "num_cases", "num_errors", "measures", "tags", "latency_ms", "cases"}
    assert report["num_cases"] == len(report["cases"]) >= 80
    assert list(report["measures"]) == list(MEASURES)
    for row in report["measures"].values():
        assert 0 <= row["low"] <= row["mean"] <= row["high"] <= 1
    assert all(0 <= score <= 1 for case in report["cases"] for score in case["scores"].values() if score is not None)
    assert communique("--home", tmp_path, "documents").stdout == ""
