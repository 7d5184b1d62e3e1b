import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversation import Message
from corpus.catalogue import new_document
from corpus.document import Document
from corpus.errors import UnknownDocument
from evals.case import Case, Judgement, case_sha256
from evals.cases.finding import ERROR, WARNING, errors_in
from evals.cases.rows import case_schema, cases_of

TEXT = "The tide is high. The boats are out. The tide is low."
GOOD: dict[str, Any] = {
    "id": "tide",
    "question": "Where are the boats?",
    "answerable": True,
    "evidence": [{"document_id": "sea", "quote": "The boats are out."}],
}


def sea(document_id: str) -> Document:
    if document_id != "sea":
        raise UnknownDocument(f"there is no document {document_id!r}")
    return new_document({"id": "sea", "title": "Sea", "source": "/sea", "language": "en"}, text=TEXT)


def read(*rows: dict[str, Any]) -> tuple[list[Case], list[tuple[int, str, str]]]:
    """The cases of rows, and the findings as tuples."""
    cases, findings = cases_of(enumerate(rows, start=1), sea)
    return cases, [(finding.line, finding.level, finding.message) for finding in findings]


def evidence(**fields: object) -> dict[str, Any]:
    return GOOD | {"evidence": [{"document_id": "sea", **fields}]}


def test_everything_that_a_row_may_have_is_read() -> None:
    row = GOOD | {
        "history": [{"role": "user", "content": "Tell me about the sea."}],
        "answers": ["Out."],
        "tags": ["look-up"],
        "draft": True,
        "cluster": "talk 1",
        "evidence": [*GOOD["evidence"], {"document_id": "sea", "start": 0, "end": 17, "group": "b"}],
        "note": "for me",
        "meta": {"by": "me"},
    }
    cases, findings = read(row)
    assert cases == [
        Case(
            id="tide",
            question="Where are the boats?",
            history=(Message("user", "Tell me about the sea."),),
            judgements=(Judgement("sea", 18, 36), Judgement("sea", 0, 17, "b")),
            references=("Out.",),
            answerable=True,
            tags=("look-up",),
            draft=True,
            cluster="talk 1",
        )
    ]
    assert [level for _, level, _ in findings] == [WARNING]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"question": "What?"}, "'id' is missing"),
        (GOOD | {"id": ""}, "'id' is empty: it is ''"),
        (GOOD | {"id": 7}, "'id' is not a text: it is 7"),
        (GOOD | {"question": "  "}, "the question is empty: ask something"),
        (
            GOOD | {"question": "x" * 20_001},
            "the question has 20,001 characters, 20,000 are allowed: ask a shorter one",
        ),
        (GOOD | {"question": "\ud800"}, "'question' holds half a character (a lone surrogate): it is"),
        (GOOD | {"tags": ["a\0"]}, "'tags' holds the character U+0000, which no text has: take it out"),
        (GOOD | {"tags": "a"}, "'tags' is not a list: it is 'a'"),
        (GOOD | {"tags": ["a", None]}, "tags 2 is not a text: it is null"),
        (GOOD | {"answerable": "yes"}, "'answerable' is not true or false: it is 'yes'"),
        (GOOD | {"draft": None}, "'draft' is not true or false: it is null"),
        (GOOD | {"history": [{"role": "bot", "content": ""}]}, "history 1: 'role' is not 'user' or 'assistant': it is"),
        (GOOD | {"history": ["hello"]}, "history 1 is not an object: it is 'hello'"),
        (GOOD | {"evidence": []}, "an answerable case needs evidence, and one without an answer has none"),
        (GOOD | {"answerable": False}, "an answerable case needs evidence, and one without an answer has none"),
        (evidence(), "give a quote, or start and end"),
        (evidence(start=3), "'end' is missing: a span has both"),
        (evidence(start=3, end=4.5), "evidence 1: 'end' is not a whole number: it is 4.5"),
        (evidence(start=-3, end=4), "evidence 1: 'start' is too small: it is -3"),
        (evidence(start=4, end=4), "the span 4 to 4 is not in 'sea', which has 53 characters"),
        (evidence(start=40, end=54), "the span 40 to 54 is not in 'sea', which has 53 characters"),
        (evidence(quote=" "), "the quote is empty: copy the words that answer"),
        (evidence(quote="The fish"), "the quote 'The fish' is not in 'sea': the nearest sentence there is 'The tide"),
        (evidence(quote="The tide is"), "the quote 'The tide is' occurs 2 times in 'sea': make it longer, or give"),
        (evidence(document_id="lake", quote="x"), "there is no document 'lake'"),
        (
            evidence(document_id="\ud800", quote="x"),
            "evidence 1: 'document_id' holds half a character (a lone surrogate): it is",
        ),
    ],
)
def test_a_row_with_an_error_is_told_what_to_mend(row: dict[str, Any], message: str) -> None:
    """Whoever writes a suite is told which key, in which piece of evidence, and what is wanted; the row is no case."""
    cases, findings = read(row)
    assert cases == []
    line, level, said = findings[0]
    assert (line, level) == (1, ERROR)
    assert said.startswith(message)


def test_all_errors_of_all_rows_are_told_in_one_go() -> None:
    """A second piece of bad evidence, a bad key beside it and a bad row behind it wait for no second attempt."""
    bad = GOOD | {"evidence": [{"document_id": "lake", "quote": "x"}, {"document_id": "sea", "quote": "no such"}]}
    cases, findings = read(bad, GOOD, GOOD, {"id": 1, "question": 2})
    assert [case.id for case in cases] == []
    assert [(line, message.partition(":")[0]) for line, level, message in findings if level == ERROR] == [
        (1, "evidence 1"),
        (1, "evidence 2"),
        (2, "the id 'tide' is that of line 1 too"),
        (3, "the id 'tide' is that of line 1 too"),
        (4, "'id' is not a text"),
        (4, "'question' is not a text"),
    ]


def test_what_is_odd_but_can_be_run_is_a_warning() -> None:
    """Left out, drafted, asked twice, misspelt: said, and the case stands."""
    plain = {"id": "a", "question": "Where are the  BOATS?", "evidence": GOOD["evidence"], "draft": True}
    cases, findings = read(GOOD, plain, {"id": "b", "question": "How many fish?", "anwsers": ["two"]})
    assert [(case.id, case.answerable, case.draft) for case in cases] == [
        ("tide", True, False),
        ("a", True, True),
        ("b", False, False),
    ]
    assert findings == [
        (2, WARNING, "'answerable' is left out: taken as true, as it has evidence"),
        (2, WARNING, "a draft: left out of runs until somebody looks at it and takes 'draft' away"),
        (2, WARNING, "the question is that of line 1 too"),
        (3, WARNING, "the key 'anwsers' is not known and was left out: is it 'answers'?"),
        (3, WARNING, "'answerable' is left out: taken as false, as it has no evidence"),
    ]


def test_the_same_question_after_another_history_is_another_question() -> None:
    second = GOOD | {"id": "b", "history": [{"role": "user", "content": "Hello"}]}
    assert read(GOOD, second)[1] == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
PIECES = st.fixed_dictionaries(
    {"document_id": st.just("sea") | JSON},
    optional={"quote": st.just("The boats are out.") | JSON, "start": st.integers(0, 60) | JSON, "end": JSON},
)
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.just("a") | JSON,
        "question": st.just("Where?") | JSON,
        "answerable": st.booleans() | JSON,
        "evidence": st.lists(PIECES, max_size=2) | JSON,
        "history": st.lists(st.fixed_dictionaries({"role": st.just("user"), "content": JSON}), max_size=2) | JSON,
        "tags": JSON,
        "draft": JSON,
    },
)


@given(ROWS)
def test_whatever_the_row_it_is_a_case_or_told_and_a_case_fits_the_schema(row: dict[str, Any]) -> None:
    """Nothing that a file may hold is a traceback, and what is taken is what the schema describes."""
    cases, findings = cases_of([(1, row)], sea)
    assert bool(cases) != bool(errors_in(findings))
    if cases:
        jsonschema.validate(row, case_schema())
        assert all(0 <= one.start < one.end <= len(TEXT) for one in cases[0].judgements)


@pytest.mark.parametrize(
    "row",
    [
        GOOD | {"id": ""},
        GOOD | {"evidence": []},
        GOOD | {"answerable": False},
        GOOD | {"history": [{"role": "bot", "content": "x"}]},
        evidence(start=4),
        evidence(),
        {"question": "What?"},
        {"id": "a", "question": "What?", "answerable": True},
    ],
)
def test_an_editor_that_knows_the_schema_marks_the_row_too(row: dict[str, Any]) -> None:
    """What can be told without the documents, the schema tells."""
    jsonschema.validate(GOOD, case_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(row, case_schema())


def test_the_schema_is_one_of_draft_2020_12() -> None:
    jsonschema.Draft202012Validator.check_schema(case_schema())
    assert json.loads(json.dumps(case_schema()))["required"] == ["id", "question"]


def test_equal_cases_have_equal_digests_and_any_change_gives_another() -> None:
    """A run may take a case's result from another run where nothing about the case differs."""
    ((case,), _), ((same,), _) = read(GOOD), read(GOOD)
    ((other,), _) = read(GOOD | {"tags": ["x"]})
    assert case_sha256(case) == case_sha256(same) != case_sha256(other)
