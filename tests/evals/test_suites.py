import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.conversation import Message
from corpus.catalogue import new_document
from corpus.document import Document
from corpus.errors import UnknownDocument
from corpus.reading import find_files, read_file
from evals.case import Case, Judgement
from evals.errors import InvalidSuite
from evals.suites import SUITES, load_cases
from index.adding import SAMPLE_FOLDER, sample_origin
from index.words import stems

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


def test_a_case_is_read_with_all_it_has_its_quotes_as_spans(tmp_path: Path) -> None:
    """What a person wrote by hand becomes spans of the document; blank lines between cases are nothing."""
    row = GOOD | {
        "history": [{"role": "user", "content": "Tell me about the sea."}],
        "answers": ["Out."],
        "tags": ["look-up"],
        "evidence": [*GOOD["evidence"], {"document_id": "sea", "start": 0, "end": 17, "group": "b"}],
    }
    none = {"id": "fish", "question": "How many fish?", "answerable": False}
    assert load_cases(suite(tmp_path, row, "", none), sea) == [
        Case(
            id="tide",
            question="Where are the boats?",
            history=(Message("user", "Tell me about the sea."),),
            judgements=(Judgement("sea", 18, 36), Judgement("sea", 0, 17, "b")),
            references=("Out.",),
            answerable=True,
            tags=("look-up",),
        ),
        Case("fish", "How many fish?", (), (), (), answerable=False),
    ]


def evidence(**fields: object) -> dict[str, object]:
    return GOOD | {"evidence": [{"document_id": "sea", **fields}]}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{broken", "suite.jsonl, line 2: Expecting property name"),
        ({key: GOOD[key] for key in GOOD if key != "question"}, "suite.jsonl, line 2: 'question' is missing"),
        ({key: GOOD[key] for key in GOOD if key != "answerable"}, "suite.jsonl, line 2: 'answerable' is missing"),
        (evidence(start=3), "suite.jsonl, line 2: 'end' is missing"),
        (
            evidence(quote="The fish"),
            "suite.jsonl, line 2: the quote 'The fish' occurs 0 times in 'sea', once is needed",
        ),
        (evidence(quote="The tide is"), "suite.jsonl, line 2: the quote 'The tide is' occurs 2 times in 'sea'"),
        (evidence(quote=""), "suite.jsonl, line 2: the quote '' occurs 0 times"),
        (evidence(start=40, end=54), "suite.jsonl, line 2: the span 40 to 54 is not in 'sea', which has 53 characters"),
        (evidence(start=4, end=4), "suite.jsonl, line 2: the span 4 to 4 is not in 'sea'"),
        (evidence(start=-1, end=4), "suite.jsonl, line 2: the span -1 to 4 is not in 'sea'"),
        (evidence(document_id="lake", quote="x"), "suite.jsonl, line 2: there is no document 'lake'"),
        (GOOD | {"evidence": []}, "suite.jsonl, line 2: an answerable case needs evidence"),
        (GOOD | {"answerable": False}, "suite.jsonl, line 2: an answerable case needs evidence, and one without"),
        (GOOD | {"id": "first"}, "suite.jsonl, line 2: the id 'first' is that of line 1 too"),
    ],
    ids=[
        "not JSON",
        "no question",
        "not said whether answerable",
        "half a span",
        "quote not there",
        "quote twice",
        "quote empty",
        "span beyond the end",
        "span empty",
        "span before the start",
        "no such document",
        "no evidence",
        "evidence for nothing",
        "id twice",
    ],
)
def test_a_row_that_is_no_case_is_told_with_its_line(tmp_path: Path, row: object, message: str) -> None:
    """Whoever writes a suite is led to the line and told what to mend."""
    with pytest.raises(InvalidSuite) as raised:
        load_cases(suite(tmp_path, GOOD | {"id": "first"}, row), sea)
    assert str(raised.value).startswith(message)


def test_a_suite_without_cases_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidSuite, match=r"suite.jsonl has no cases: write one JSON object a line"):
        load_cases(suite(tmp_path, "", " "), sea)


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
