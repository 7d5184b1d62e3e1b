from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.conversation import Message
from assistant.home import Home
from assistant.settings import Settings
from corpus.reading.files import FoundFile
from evals.case import Case, Judgement, Score
from evals.errors import InvalidSuite
from evals.measures import MEASURES
from evals.runs.kept_runs import Run, Runs
from evals.runs.record import record_of
from evals.runs.running import Options, begin, chosen, keep_running, measures_for, run_cases
from index.adding import add_files

TEXT = "The tide office in Port Elin runs the harbour. It has a budget of 12 million crowns."


def case(id_: str, question: str, *history: Message, answerable: bool = True) -> Case:
    """A case about the second sentence."""
    return Case(id_, question, history, (Judgement("sea", 47, 84),) if answerable else (), (), answerable)


@pytest.fixture
def sea(home: Home, tmp_path: Path) -> Home:
    """A home with one document."""
    path = tmp_path / "rows.jsonl"
    path.write_text(f'{{"id": "sea", "title": "Sea", "text": "{TEXT}"}}\n')
    assert [r.status for r in add_files([FoundFile(path, path.name)], home.catalogue, lambda: home.indexer)] == [
        "added"
    ]
    return home


def test_each_case_is_asked_in_its_own_right_and_one_that_fails_stops_nothing(
    sea: Home, caplog: pytest.LogCaptureFixture
) -> None:
    """Results come in order; the failed one has its error and no scores, and no history leaks into the next."""
    cases = [
        case("one", "What is the budget of the harbour?"),
        case("bad", " "),
        case("two", "What does it cost?", Message("user", "Tell me about Port Elin.")),
        case("three", "Does Zorblax trade with Yuggoth?", answerable=False),
    ]
    one, bad, two, three = run_cases(cases, sea)
    assert [result.case for result in (one, bad, two, three)] == cases
    assert one.scores["right words cited"].value == 1.0
    assert (bad.answer, bad.scores) == (None, {})
    assert bad.error == "InvalidCall: the question is empty: ask something"
    assert "the case 'bad' failed" in caplog.text
    assert two.answer.standalone_question == "What does Port Elin cost?"
    assert three.answer.standalone_question == "Does Zorblax trade with Yuggoth?"
    assert three.scores["refused rightly"].value == 1.0
    assert list(three.scores) == list(MEASURES)


CASES = [
    case("one", "What is the budget of the harbour?"),
    case("two", "Who runs the harbour?"),
    case("three", "Does Zorblax trade with Yuggoth?", answerable=False),
]


class Stopped(BaseException):
    """What kills a run, as Ctrl-C does."""


def counted(asked: list[str], *, stop_at: str = "") -> dict[str, object]:
    """A measure that notes which case is asked, and stops the run at one of them."""

    def measure(case: Case, answer: Answer) -> Score:
        if case.id == stop_at:
            raise Stopped
        asked.append(case.id)
        return Score(float(bool(answer.citations)))

    return {"cites": measure}


def kept_run(home: Home, cases: Sequence[Case], measures: dict[str, object], *, anew: bool = False) -> Run:
    """A run of these cases as the program makes it, kept in the same home."""
    runs = Runs(home.database)
    record = record_of(home, cases, Settings(home.path), measures=list(measures))
    return keep_running(begin(runs, "sea", record, anew=anew), cases, home, runs, measures=measures, anew=anew)


def test_a_run_that_was_killed_goes_on_where_it_stopped(sea: Home) -> None:
    """No case is asked twice, and the figures are those of a run that was never killed."""
    asked: list[str] = []
    with pytest.raises(Stopped):
        kept_run(sea, CASES, counted(asked, stop_at="two"))
    (left,) = Runs(sea.database).list()
    assert (left.finished_at, left.num_done, left.num_cases) == (None, 1, 3)
    run = kept_run(sea, CASES, counted(asked))
    assert (run.id, asked) == (left.id, ["one", "two", "three"])
    assert run.finished_at is not None
    whole = kept_run(sea, CASES, counted([]), anew=True)
    figures = [[r.values for r in Runs(sea.database).results(one)] for one in (run, whole)]
    assert figures[0] == figures[1]
    assert whole.id != run.id


def test_anew_leaves_an_unfinished_run_alone(sea: Home) -> None:
    asked: list[str] = []
    with pytest.raises(Stopped):
        kept_run(sea, CASES, counted(asked, stop_at="two"))
    kept_run(sea, CASES, counted(asked), anew=True)
    assert asked == ["one", "one", "two", "three"]


def test_what_a_finished_run_asked_is_taken_from_it(sea: Home) -> None:
    """A case that is new is asked; what the others cost is not taken for this run's."""
    asked: list[str] = []
    first = kept_run(sea, CASES[:2], counted(asked) | {"latency (ms)": MEASURES["latency (ms)"]})
    second = kept_run(sea, CASES, counted(asked) | {"latency (ms)": MEASURES["latency (ms)"]})
    assert asked == ["one", "two", "three"]
    results = Runs(sea.database).results(second)
    assert [result.cached_from for result in results] == [first.id, first.id, None]
    assert results[0].scores["latency (ms)"] == Score(None, f"taken from the run {first.id}: not measured")
    assert results[2].values["latency (ms)"] > 0


def test_a_changed_document_has_every_case_asked_again(sea: Home, tmp_path: Path) -> None:
    asked: list[str] = []
    kept_run(sea, CASES, counted(asked))
    (tmp_path / "more.jsonl").write_text('{"id": "more", "title": "More", "text": "The harbour has a budget."}')
    list(add_files([FoundFile(tmp_path / "more.jsonl", "more.jsonl")], sea.catalogue, lambda: sea.indexer))
    kept_run(sea, CASES, counted(asked))
    assert asked == ["one", "two", "three"] * 2


def test_a_measure_that_fails_leaves_the_others_intact(sea: Home, caplog: pytest.LogCaptureFixture) -> None:
    """A judge that stumbles over one case costs that score and nothing else."""

    def stumbles(case: Case, answer: Answer) -> Score:
        raise TimeoutError("the judge is away")

    (result,) = run_cases(CASES[:1], sea, measures={"judged": stumbles} | MEASURES)
    assert result.scores["judged"] == Score(None, "the measure failed: TimeoutError: the judge is away")
    assert result.values["right words cited"] == 1.0
    assert "the measure 'judged' failed on the case 'one'" in caplog.text


def test_a_cancelled_run_stays_unfinished_and_tells_how_far_it_came(sea: Home) -> None:
    runs, told = Runs(sea.database), []
    record = record_of(sea, CASES, Settings(sea.path), measures=["cites"])
    run = keep_running(
        begin(runs, "sea", record),
        CASES,
        sea,
        runs,
        measures=counted([]),
        progress=lambda done, total: told.append((done, total)),
        cancelled=lambda: len(told) == 2,
    )
    assert (run.finished_at, run.num_done, told) == (None, 2, [(0, 3), (1, 3)])


def test_the_built_in_verifier_and_the_documents_are_among_the_measures(sea: Home) -> None:
    (result,) = run_cases(CASES[:1], sea, measures=measures_for(sea))
    assert (result.values["quote exactness"], result.values["citation recall"]) == (1.0, 1.0)
    assert result.wanted == (TEXT[47:84],)


def test_the_words_of_the_evidence_are_kept_for_readers(sea: Home) -> None:
    (result,) = run_cases(CASES[:1], sea)
    rows = result.answer.trace["evidence"]
    assert all(row["text"] == TEXT[row["start"] : row["end"]] for row in rows)
    assert rows


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (Options(), ["a", "b", "c"]),
        (Options(limit=2), ["a", "b"]),
        (Options(tags=("x",)), ["b", "c"]),
        (Options(tags=("x", "y"), limit=1), ["b"]),
    ],
)
def test_cases_are_chosen_by_tag_then_by_number(options: Options, ids: list[str]) -> None:
    cases = [Case(id_, "?", (), (), (), False, tags) for id_, tags in (("a", ()), ("b", ("x",)), ("c", ("x", "z")))]
    assert [one.id for one in chosen(cases, options)] == ids


@pytest.mark.parametrize("options", [Options(limit=0), Options(limit=-1), Options(tags=("nope",))])
def test_no_case_left_is_said_with_the_tags_there_are(options: Options) -> None:
    with pytest.raises(InvalidSuite, match="the tags are x"):
        chosen([Case("b", "?", (), (), (), False, ("x",))], options)
