import json
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.catalogue import new_document
from corpus.document import Document
from corpus.errors import UnknownDocument
from corpus.reading.files import find_files
from evals.case import Case, Judgement
from evals.errors import InvalidSuite
from evals.formats.beir import BEIR
from evals.suites import SUITES, Origin, Suite, find_suite, load_cases
from index.adding import SAMPLE_FOLDER, sample_origin
from index.words import stems
from tests.reading import read_file

TEXT = "The tide is high. The boats are out. The tide is low."
GOOD = {
    "id": "tide",
    "question": "Where are the boats?",
    "answerable": True,
    "evidence": [{"document_id": "sea", "quote": "The boats are out."}],
}


def sea(document_id: str) -> Document:
    if document_id != "sea":
        raise UnknownDocument(f"there is no document {document_id!r}")
    return new_document({"id": "sea", "title": "Sea", "source": "/sea", "language": "en"}, text=TEXT)


def suite(folder: Path, *rows: object) -> Path:
    path = folder / "suite.jsonl"
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path


def test_a_line_separator_in_a_question_ends_no_row(tmp_path: Path) -> None:
    """A question pasted from a word processor may hold a U+2028: it is a character like others, and lines count on."""
    question = "Where are\u2028the boats?"
    path = suite(tmp_path, json.dumps(GOOD | {"question": question}, ensure_ascii=False), "no case")
    with pytest.raises(InvalidSuite, match="line 2"):
        load_cases(path, sea)
    path = suite(tmp_path, json.dumps(GOOD | {"question": question}, ensure_ascii=False))
    assert [case.question for case in load_cases(path, sea)] == [question]


def test_cases_come_in_the_order_of_their_lines(tmp_path: Path) -> None:
    """Quotes are spans; blank lines between cases are nothing."""
    none = {"id": "fish", "question": "How many fish?", "answerable": False}
    assert load_cases(suite(tmp_path, GOOD, "", none), sea) == [
        Case("tide", "Where are the boats?", (), (Judgement("sea", 18, 36),), (), answerable=True),
        Case("fish", "How many fish?", (), (), (), answerable=False),
    ]


def test_drafts_are_left_out_unless_they_are_asked_for(tmp_path: Path) -> None:
    draft = GOOD | {"id": "b", "draft": True}
    path = suite(tmp_path, GOOD, draft)
    assert [case.id for case in load_cases(path, sea)] == ["tide"]
    assert [case.id for case in load_cases(path, sea, drafts=True)] == ["tide", "b"]
    with pytest.raises(InvalidSuite, match=r"suite.jsonl has 1 drafts and no other cases: look at them .* --drafts"):
        load_cases(suite(tmp_path, draft), sea)


def test_a_suite_with_errors_is_not_run_and_the_first_five_are_told(tmp_path: Path) -> None:
    """Whoever writes a suite is led to the lines, a line each, and to the linter for the others."""
    bad = [GOOD | {"id": str(number), "answerable": False} for number in range(7)]
    with pytest.raises(InvalidSuite) as raised:
        load_cases(suite(tmp_path, GOOD, *bad), sea)
    told = str(raised.value).split("\n")
    assert [line.partition(": ")[0] for line in told[:5]] == [f"suite.jsonl, line {number}" for number in range(2, 7)]
    assert told[0] == "suite.jsonl, line 2: an answerable case needs evidence, and one without an answer has none"
    assert told[5:] == ["and 2 more: `communique eval lint` shows all"]


def test_a_suite_without_cases_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidSuite, match=r"suite.jsonl: it has no cases: write one JSON object a line"):
        load_cases(suite(tmp_path, "", " "), sea)


def test_a_suite_is_found_by_name_or_by_path(tmp_path: Path) -> None:
    """Our own by name, a user's own file, and published data by what it looks like."""
    own = suite(tmp_path, GOOD)
    assert find_suite("sample") == SUITES["sample"]
    assert find_suite("kept").origin is Origin.KEPT
    assert find_suite(str(own)) == Suite("suite", own.resolve(), "your own cases, over your documents", Origin.OWN)
    (tmp_path / "beir").mkdir()
    for name in ("corpus.jsonl", "queries.jsonl"):
        (tmp_path / "beir" / name).write_text("{}\n")
    found = find_suite(str(tmp_path / "beir"))
    assert (found.origin, found.format, found.name) == (Origin.PUBLIC, BEIR, "beir")


@pytest.mark.parametrize("name", ["nope", "nope.jsonl", "", "nul\0", "x" * 5_000, "notes.txt", "folder"])
def test_what_is_no_suite_is_told_with_what_can_be_run(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(
        InvalidSuite, match=r"(?s)there is no suite .*the suites are sample, wordings, kept; or name a .jsonl file"
    ):
        find_suite(str(tmp_path / name) if name and "\0" not in name else name or str(tmp_path))


def test_a_table_of_cases_leads_to_the_command_that_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("id,question\na,b\n")
    with pytest.raises(
        InvalidSuite, match=r"is a table: `communique eval cases .*cases.csv > suite.jsonl` makes cases"
    ):
        find_suite(str(path))


@pytest.fixture(scope="module")
def sample_document() -> Callable[[str], Document]:
    """The sample documents as they are read, by the ids that they get in a home."""
    from index.adding import document_id

    documents = {}
    for found in find_files(str(SAMPLE_FOLDER)):
        (draft,), _ = read_file(found)
        id_ = document_id(found.relative, sample_origin(found))
        fields = {"id": id_, "title": draft.title, "source": "", "language": "en"}
        documents[id_] = new_document(fields, text=draft.text)
    return documents.__getitem__


@pytest.fixture(scope="module")
def sample(sample_document: Callable[[str], Document]) -> list[Case]:
    """The cases of the sample suite, every quote found exactly once in its document."""
    return load_cases(SUITES["sample"].path, sample_document)


def tagged(cases: list[Case], tag: str) -> list[Case]:
    return [case for case in cases if tag in case.tags]


def test_the_sample_suite_is_large_and_hard_enough(sample: list[Case]) -> None:
    """Its figures mean something: enough of every kind, and enough questions that have no answer."""
    unanswerable = [case for case in sample if not case.answerable]
    assert len(sample) >= 80
    assert len(unanswerable) >= 20
    assert len(tagged(unanswerable, "near-miss")) >= 14
    assert len(tagged(sample, "conflict")) >= 8
    assert len([case for case in tagged(sample, "follow-up") if case.history]) >= 16


def test_questions_over_two_documents_need_both(sample: list[Case]) -> None:
    two = tagged(sample, "two-documents")
    assert len(two) >= 10
    for case in two:
        assert len({judgement.document_id for judgement in case.judgements}) >= 2, case.id
        assert len(case.groups) >= 2, case.id


def test_paraphrases_say_it_in_other_words(sample: list[Case], sample_document: Callable[[str], Document]) -> None:
    """At least thirty questions share at most two content words with each of the sentences that answer them."""

    def most_shared(case: Case) -> int:
        asked = set(stems(case.question))
        quotes = [sample_document(j.document_id).text[j.start : j.end] for j in case.judgements]
        return max(len(asked & set(stems(quote))) for quote in quotes)

    paraphrases = tagged(sample, "paraphrase")
    assert all(case.answerable for case in paraphrases)
    assert sum(most_shared(case) <= 2 for case in paraphrases) >= 30
