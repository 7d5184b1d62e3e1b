"""What the scripts read and write is where they look for it."""

from evals.bench import writing


def test_the_suite_that_is_written_from_is_there() -> None:
    assert writing._SUITE.is_file()
