"""A run is made by one at a time, whoever else would."""

import pytest

from assistant.home import Home
from evals.errors import RunIsOn
from evals.runs.alone import held_alone
from tests.fakes_runs import kept, made


def test_a_run_that_is_held_is_nobody_elses(home: Home) -> None:
    """Other runs are; and when it is let go of, nothing of that is left in the home."""
    one, other = kept(home.database, [made("a", {})]), kept(home.database, [made("b", {})])
    before = {path.name for path in home.path.iterdir()}
    with held_alone(home.path, one):
        message = f"^the run {one.id} of 'tiny' is being made just now"
        with pytest.raises(RunIsOn, match=message), held_alone(home.path, one):
            pass
        with held_alone(home.path, other):
            pass
    with held_alone(home.path, one):
        pass
    assert {path.name for path in home.path.iterdir()} == before
