import pytest

from assistant.home import Home
from evals.errors import UnknownRun
from evals.runs.kept_runs import Runs, fingerprint
from tests.fakes_runs import RECORD, kept, made

RESULTS = [made("one", {"right words cited": 1.0}), made("two", {"right words cited": 0.0})]


def test_results_come_back_in_the_order_of_the_cases(home: Home) -> None:
    run = kept(home.database, RESULTS)
    runs = Runs(home.database)
    assert [result.case.id for result in runs.results(run)] == ["one", "two"]
    assert (run.num_done, run.suite, run.finished_at is None) == (2, "tiny", False)
    assert runs.list() == [run]


def test_a_result_that_is_kept_stays(home: Home) -> None:
    """Two processes that go on with one run do each other no harm."""
    run = kept(home.database, RESULTS)
    Runs(home.database).keep(run, 7, "other", made("one", {"right words cited": 0.0}))
    assert Runs(home.database).results(run)[0].values == {"right words cited": 1.0}


def test_names_of_runs(home: Home) -> None:
    """An id, the beginning of one, last, and last of a suite, which may be named by its file."""
    runs = Runs(home.database)
    first, other = kept(home.database, RESULTS), kept(home.database, RESULTS, suite="other")
    unfinished = kept(home.database, RESULTS, finish=False)
    assert runs.get(unfinished.id) == unfinished
    assert runs.get(first.id[:-1] if not other.id.startswith(first.id[:-1]) else first.id) == first
    assert runs.get("last:tiny") == runs.get("last:cases/tiny.jsonl") == first
    assert runs.get("last") in (first, other)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nope", "there is no run 'nope': `communique eval runs` lists them"),
        ("", "there is no run '': `communique eval runs` lists them"),
        ("last:nope", "there is no finished run of 'nope': `communique eval run nope` makes one"),
        ("2", "'2' begins 2 runs ("),
        ("%", "there is no run '%'"),
    ],
)
def test_a_name_that_means_no_run_says_what_to_do(home: Home, name: str, message: str) -> None:
    kept(home.database, RESULTS)
    kept(home.database, RESULTS)
    with pytest.raises(UnknownRun) as error:
        Runs(home.database).get(name)
    assert str(error.value).startswith(message)


def test_only_an_unfinished_run_of_the_same_record_goes_on(home: Home) -> None:
    """What was measured must be equal; what was learnt about the judges on the way does not matter."""
    runs = Runs(home.database)
    kept(home.database, RESULTS)
    assert runs.unfinished("tiny", RECORD) is None
    run = kept(home.database, RESULTS[:1], finish=False, judges=["a line"])
    assert runs.unfinished("tiny", RECORD) == run
    assert runs.unfinished("tiny", RECORD | {"code": "other"}) is None
    assert runs.unfinished("tiny", RECORD | {"suite": {"num_cases": 5, "sha256": "x"}}) is None
    assert runs.unfinished("other", RECORD) is None


def test_what_was_answered_under_the_same_fingerprint_is_known(home: Home) -> None:
    """From finished runs alone, the latest first, and never an error; the suite may have got further cases."""
    runs = Runs(home.database)
    broken = made("three", error="ValueError: no")
    kept(home.database, RESULTS)
    run = kept(home.database, [*RESULTS, broken])
    kept(home.database, [made("four")], finish=False)
    found = runs.answered_before("tiny", RECORD | {"suite": {"num_cases": 9, "sha256": "grown"}})
    assert sorted(found.values())[-1][0] == run.id
    assert sorted(case_id for _, case_id in found.values()) == ["one", "two"]
    assert runs.answered_before("tiny", RECORD | {"documents": {"num": 2, "sha256": "x"}}) == {}


@pytest.mark.parametrize("key", ["code", "settings", "documents", "measures", "variant"])
def test_the_fingerprint_covers_what_decides_a_score(key: str) -> None:
    assert fingerprint(RECORD | {key: "other"}) != fingerprint(RECORD)
    assert fingerprint(RECORD | {"commit": "other"}) == fingerprint(RECORD)


def test_deleting_takes_all_or_none(home: Home) -> None:
    runs, run = Runs(home.database), kept(home.database, RESULTS)
    with pytest.raises(UnknownRun):
        runs.delete(run.id, "nope")
    assert runs.delete(run.id, run.id) == [run.id]
    assert (runs.list(), runs.results(run)) == ([], [])
