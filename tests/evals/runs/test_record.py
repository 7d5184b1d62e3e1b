"""What a run was made with: another program is another record."""

from pathlib import Path

import pytest

from evals.runs.record import commit, deciding_files

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    "name",
    [
        "corpus/reading/pdf/reader.py",
        "corpus/sentences.py",
        "index/retrieval.py",
        "assistant/claims/features.py",
        "assistant/evidence_weights.json",
        "assistant/writing/prose.py",
        "evals/measures/spans.py",
        "evals/judges.py",
    ],
)
def test_what_decides_answers_and_scores_is_in_the_digest(name: str) -> None:
    assert name in deciding_files()


def test_what_only_shows_answers_is_not() -> None:
    assert not [name for name in deciding_files() if name.startswith(("assistant/ui/", "assistant/cli/", "evals/ui/"))]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no checkout")
def test_a_checkout_is_named_by_its_commit() -> None:
    assert not commit().startswith("version")
