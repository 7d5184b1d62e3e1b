import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import (
    Answer,
    Citation,
    Claim,
    Refusal,
    answer_from_json,
    answer_json,
    citation_json,
    is_items,
)

CITATION = Citation(
    number=1,
    document_id="harbour",
    sha256="ab12",
    title="The harbour",
    source="/notes/harbour.md",
    start=120,
    end=132,
    quote="It has money",
    heading="Money",
    page=3,
    phrase=(127, 132),
)
ANSWER = Answer(
    question="And the money?",
    standalone_question="And the money of the harbour?",
    claims=(Claim("It has money.", (1,), "supported", 0.93),),
    citations=(CITATION,),
    notes=("the LLM timed out: answered by quoting",),
    timings_ms={"rewrite": 0.1, "total": 14.4},
    trace={"hits": []},
)
REFUSED = Answer(
    question="Who?",
    standalone_question="Who?",
    refusal=Refusal("absent", "The 2 documents searched do not speak of this.", ("Who?",), ("Mara",), (CITATION,)),
)
CITATION_JSON = {
    "number": 1,
    "document_id": "harbour",
    "sha256": "ab12",
    "title": "The harbour",
    "source": "/notes/harbour.md",
    "start": 120,
    "end": 132,
    "quote": "It has money",
    "heading": "Money",
    "page": 3,
    "phrase": [127, 132],
}

texts = st.text(max_size=20)
citations = st.builds(
    Citation,
    number=st.integers(1, 9),
    document_id=texts,
    sha256=texts,
    title=texts,
    source=texts,
    start=st.integers(0, 99),
    end=st.integers(0, 99),
    quote=texts,
    heading=st.none() | texts,
    page=st.none() | st.integers(1, 9),
    phrase=st.none() | st.tuples(st.integers(0, 99), st.integers(0, 99)),
    page_label=st.none() | st.text(min_size=1, max_size=5),
)
some_citations = st.lists(citations, max_size=3).map(tuple)
some_texts = st.lists(texts, max_size=3).map(tuple)
claims = st.builds(
    Claim,
    text=texts,
    citations=st.lists(st.integers(1, 9), max_size=3).map(tuple),
    verdict=st.sampled_from(["supported", "partly", "unsupported"]),
    support=st.floats(0, 1),
)
refusals = st.builds(
    Refusal, kind=texts, message=texts, searched=some_texts, candidates=some_texts, nearest=some_citations
)
answers = st.builds(
    Answer,
    question=texts,
    standalone_question=texts,
    claims=st.lists(claims, max_size=3).map(tuple),
    citations=some_citations,
    refusal=st.none() | refusals,
    writer=texts,
    notes=some_texts,
    timings_ms=st.dictionaries(texts, st.floats(0, 1e6), max_size=3),
    trace=st.dictionaries(texts, st.integers(), max_size=2),
)


def through_json(content: object) -> object:
    return json.loads(json.dumps(content))


def test_an_answer_is_written_as_the_contract_has_it() -> None:
    """A program that was written against the published form finds every key where it looks for it."""
    assert through_json(answer_json(ANSWER, id_="row-7", conversation_id="c0ffee", turn=3)) == {
        "id": "row-7",
        "conversation_id": "c0ffee",
        "turn": 3,
        "question": "And the money?",
        "standalone_question": "And the money of the harbour?",
        "answer": "It has money. [1]",
        "writer": "quote",
        "notes": ["the LLM timed out: answered by quoting"],
        "claims": [{"text": "It has money.", "citations": [1], "verdict": "supported", "support": 0.93}],
        "citations": [CITATION_JSON],
        "refusal": None,
        "timings_ms": {"rewrite": 0.1, "total": 14.4},
    }


def test_a_refusal_is_written_as_the_contract_has_it() -> None:
    """A refused answer says why, what was searched, and has no text, claims or citations of its own."""
    content = through_json(answer_json(REFUSED))
    assert content == {
        "id": None,
        "conversation_id": None,
        "turn": None,
        "question": "Who?",
        "standalone_question": "Who?",
        "answer": "",
        "writer": "quote",
        "notes": [],
        "claims": [],
        "citations": [],
        "refusal": {
            "kind": "absent",
            "message": "The 2 documents searched do not speak of this.",
            "searched": ["Who?"],
            "candidates": ["Mara"],
            "nearest": [CITATION_JSON],
        },
        "timings_ms": {},
    }


def test_a_page_whose_printed_number_is_another_has_both() -> None:
    """The contract has the number alone; what is printed is kept with the whole answer."""
    (citation,) = ANSWER.citations
    labelled = replace(citation, page_label="xii")
    assert through_json(citation_json(labelled)) == CITATION_JSON
    assert through_json(citation_json(labelled, labels=True)) == CITATION_JSON | {"page_label": "xii"}
    assert (citation.page_number, labelled.page_number) == ("3", "xii")
    assert replace(citation, page=None).page_number is None


def test_the_trace_comes_only_when_it_is_asked_for() -> None:
    assert "trace" not in answer_json(ANSWER)
    assert answer_json(ANSWER, trace=True)["trace"] == {"hits": []}


@given(answer=answers)
def test_an_answer_read_back_from_json_is_the_same_answer(answer: Answer) -> None:
    """Nothing of a kept answer is lost or changed, whatever characters it holds."""
    assert answer_from_json(through_json(answer_json(answer, trace=True))) == answer


@pytest.mark.parametrize(
    ("some", "text"),
    [
        ((), ""),
        ((Claim("One.", (1,), "supported", 1.0),), "One. [1]"),
        ((Claim("One.", (1, 2), "partly", 0.5), Claim("Two.", (3,), "supported", 1.0)), "One. [1][2] Two. [3]"),
        ((Claim("Bare.", (), "supported", 1.0),), "Bare."),
    ],
    ids=["refused", "one claim", "several markers, several claims", "no citation"],
)
def test_the_text_is_the_claims_with_their_markers(some: tuple[Claim, ...], text: str) -> None:
    assert Answer("Q?", "Q?", claims=some).text == text


@pytest.mark.parametrize(
    ("kind", "writer", "expected"),
    [
        ("list", "quote", True),
        ("look-up", "quote", False),
        ("small talk", "quote", False),
        ("overview", "llm:m", False),
    ],
)
def test_items_are_told_from_prose(kind: str, writer: str, *, expected: bool) -> None:
    assert is_items(replace(ANSWER, writer=writer, trace={"kind": kind})) is expected
    assert not is_items(replace(ANSWER, trace={}))
