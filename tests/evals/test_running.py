from pathlib import Path

import pytest

from assistant.conversation import Message
from assistant.home import Home
from corpus.reading import FoundFile
from evals.case import Case, Judgement
from evals.measures import MEASURES
from evals.running import run_cases
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
