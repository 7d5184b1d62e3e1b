import json
from collections.abc import Callable

import pytest

from assistant.answer import answer_from_json
from assistant.answering import answer
from assistant.batch import Row, ask_rows, parse_row, search_rows
from assistant.conversation import Message
from assistant.errors import InvalidCall
from assistant.home import Home

HISTORY = [{"role": "user", "content": "Tell me about the Tide Office."}, {"role": "assistant", "content": "Yes."}]
LINES = [
    json.dumps({"id": "b", "question": "What is the budget of the Harbour Compact?", "answer": "ignored", "k": 3}),
    "{broken",
    "",
    json.dumps({"id": "a", "question": "Who runs it?", "history": HISTORY}),
    json.dumps(["a", "list"]),
    json.dumps({"id": "c", "question": "  "}),
    json.dumps({"question": "No id?"}),
    json.dumps({"id": "d", "question": 7}),
    json.dumps({"id": "e", "question": "Who?", "history": [{"role": "oracle", "content": "I know."}]}),
    json.dumps({"id": "b", "question": "Who is the director?"}),
]
ERRORS = [
    None,
    "line 2: not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
    None,
    "line 5: not a JSON object",
    "line 6: the question is empty: ask something",
    "line 7: 'id' is missing or not a string",
    "line 8: 'question' is missing or not a string",
    "line 9: 'history' has an entry that is not {role, content}: \"{'role': 'oracle', 'content': 'I know.'}\"",
    None,
]


def test_each_row_gets_its_line_in_order_also_one_that_cannot_be_used(coast: Home) -> None:
    """A program reads the results line by line and finds every row, each error naming the line and what is wrong."""
    results = list(ask_rows(LINES, coast.sources))
    assert [result["id"] for result in results] == ["b", None, "a", None, "c", None, "d", "e", "b"]
    assert [result.get("error") for result in results] == ERRORS
    assert all(set(result) == {"id", "error"} for result in results if "error" in result)


def test_a_row_is_answered_as_the_question_alone_would_be(coast: Home) -> None:
    """Other keys change nothing, and neither do the rows before it."""
    first, last = (answer_from_json(row) for row in (list(ask_rows(LINES, coast.sources))[i] for i in (0, -1)))
    for got, question in ((first, "What is the budget of the Harbour Compact?"), (last, "Who is the director?")):
        alone = answer(question, coast.sources)
        assert (got.question, got.claims, got.citations) == (question, alone.claims, alone.citations)


def test_a_rows_history_is_used(coast: Home) -> None:
    row = list(ask_rows(LINES, coast.sources))[2]
    assert row["question"] == "Who runs it?"
    assert row["standalone_question"] == "Who runs Tide Office?"
    assert (row["conversation_id"], row["turn"]) == (None, None)


def test_the_trace_comes_when_it_is_wanted(coast: Home) -> None:
    assert ["trace" in row for row in ask_rows(LINES[:1], coast.sources, trace=True)] == [True]
    assert ["trace" in row for row in ask_rows(LINES[:1], coast.sources)] == [False]


def test_searching_gives_spans_and_scores_for_each_row(coast: Home) -> None:
    """The hits of a row are those of its standalone question, best first, as many as were asked for."""
    results = list(search_rows(LINES, coast.sources, k=1))
    assert [result["id"] for result in results] == ["b", None, "a", None, "c", None, "d", "e", "b"]
    assert [result.get("error") for result in results] == ERRORS
    hits = coast.sources.retriever.search("Who runs Tide Office?", 1).hits
    assert results[2] == {
        "id": "a",
        "hits": [
            {
                "document_id": hits[0].passage.document_id,
                "start": hits[0].passage.start,
                "end": hits[0].passage.end,
                "score": hits[0].score,
            }
        ],
    }


@pytest.mark.parametrize(
    "rows", [ask_rows, lambda lines, sources: search_rows(lines, sources, k=2)], ids=["ask", "search"]
)
def test_results_come_before_the_next_line_is_read(coast: Home, rows: Callable) -> None:
    """A program may write a question, read its answer, and only then write the next."""
    read = []

    def lines():
        for line in LINES[:2]:
            read.append(line)
            yield line

    results = rows(lines(), coast.sources)
    next(results)
    assert read == LINES[:1]


def test_a_row_is_read_with_its_history() -> None:
    line = json.dumps({"id": "a", "question": "Who?", "history": HISTORY, "more": {}})
    told = (Message("user", "Tell me about the Tide Office."), Message("assistant", "Yes."))
    assert parse_row(line) == Row("a", "Who?", told)
    assert parse_row('{"id": "a", "question": "Who?", "history": null}') == Row("a", "Who?")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[" * 100_000, "not JSON"),
        ('{"id": null, "question": "Who?"}', "'id' is missing or not a string"),
        ('{"id": "a"}', "'question' is missing or not a string"),
        ('{"id": "a", "question": "Who?", "history": {"role": "user"}}', "'history' is not a list"),
        ('{"id": "a", "question": "Who?", "history": ["Who?"]}', "'history' has an entry that is not {role, content}"),
        ('{"id": "\\ud800", "question": "Who?"}', "'id' has half of a character"),
        ('{"id": "a", "question": "\\udfff?"}', "'question' has half of a character"),
        ('{"id": "a", "question": "?", "history": [{"role": "user", "content": "\\ud83d"}]}', "'history' has an entry"),
    ],
    ids=[
        "nested deeply",
        "id null",
        "no question",
        "history no list",
        "history of strings",
        "surrogate id",
        "surrogate question",
        "surrogate history",
    ],
)
def test_a_row_that_cannot_be_used_is_told(line: str, message: str) -> None:
    with pytest.raises(InvalidCall, match=message.replace("{", r"\{")):
        parse_row(line)
