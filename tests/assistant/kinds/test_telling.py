import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.kinds.telling import (
    CATALOGUE,
    COMPARE,
    KINDS,
    LIST,
    LOOK_UP,
    OVERVIEW,
    SMALL_TALK,
    TIMELINE,
    kind_in_conversation,
    kind_of,
)
from tests.assistant.kinds.conftest import rows_of


@pytest.mark.parametrize("row", rows_of("kinds"), ids=lambda row: row["id"])
def test_the_kind_of_each_question_of_the_suite_is_told(row: dict[str, Any]) -> None:
    assert kind_of(row["question"]) == row["kind"]


def test_the_suite_has_four_of_each_kind() -> None:
    kinds = [row["kind"] for row in rows_of("kinds")]
    assert len(kinds) == 40
    assert all(kinds.count(kind) >= 4 for kind in KINDS)


@pytest.mark.parametrize("row", rows_of("sample"), ids=lambda row: row["id"])
def test_look_ups_are_left_alone(row: dict[str, Any]) -> None:
    """The questions of the sample suite ask for facts."""
    assert kind_of(row["question"]) == LOOK_UP


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        (LIST, "Hi! Which of the statements from 2023 refer to space debris?"),
        (LIST, "find documents about open science"),
        (LIST, "every reference to “Article 4”"),
        (LIST, "What documents do you have about quantum?"),
        (LIST, "どの文書がJAXAに触れていますか"),
        (LIST, "「宇宙」という言葉を含む資料を教えて"),
        (OVERVIEW, "What is this document about?"),
        (OVERVIEW, "key takeaways from the Paris summit"),
        (OVERVIEW, "この文書を要約してください"),
        (TIMELINE, "chronology of the talks"),
        (TIMELINE, "what happened between 2019 and 2021?"),
        (TIMELINE, "SKAの歴史を時系列で"),
        (COMPARE, "contrast NEXUS with SATREPS"),
        (COMPARE, "How is ASPIRE different from NEXUS in who pays?"),
        (COMPARE, "NEXUSとSATREPSを比較してください"),
        (CATALOGUE, "show me all your sources"),
        (CATALOGUE, "What documents do you have from before 2022?"),
        (CATALOGUE, "2023年の文書"),
        (CATALOGUE, "全ての文書のリスト"),
        (SMALL_TALK, "Hello!! 😀 How are you?"),
        (SMALL_TALK, "ok, thank you very much"),
        (SMALL_TALK, "what can you do for me?"),
        (SMALL_TALK, "ありがとうございました！"),
        (LOOK_UP, "Which country signed last?"),
        (LOOK_UP, "What was Japan worried about?"),
        (LOOK_UP, "List the areas of AUKUS Pillar II"),
        (LOOK_UP, "Name all countries that signed the Paris statement."),
        (LOOK_UP, "Which documents did the ministers sign?"),
        (LOOK_UP, "How many documents did the ministers adopt in Sendai?"),
        (LOOK_UP, "Which agreement contains an obligation to provide funding?"),
        (LOOK_UP, "Where was the accord signed?"),
        (LOOK_UP, "What happened in 2021?"),
        (LOOK_UP, "Thank you for that, and when was it signed?"),
        (LOOK_UP, "What can Japan do for ASEAN?"),
        (LOOK_UP, "Who hosted the summit?"),
        (LOOK_UP, "合同委員会はいつ開かれましたか"),
        (LOOK_UP, "日本の歴史が長い大学はどこですか"),
        (LOOK_UP, "😀"),
        (LOOK_UP, ""),
        (LOOK_UP, "(((a+)+)+$ [x-"),
        (LOOK_UP, 'NEAR("a" OR b*) AND NOT'),
    ],
)
def test_kinds_in_other_words(kind: str, question: str) -> None:
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    ("question", "standalone", "kind", "asked"),
    [
        ("Thanks!", "Thanks! (NEXUS)", SMALL_TALK, "Thanks!"),
        (
            "How many documents are there?",
            "How many documents are there? (NEXUS)",
            CATALOGUE,
            "How many documents are there?",
        ),
        ("Which documents mention it?", "Which documents mention NEXUS?", LIST, "Which documents mention NEXUS?"),
        ("Summarise it.", "Summarise NEXUS.", OVERVIEW, "Summarise NEXUS."),
        ("And in Japan?", "And in Japan? (Who paid?)", LOOK_UP, "And in Japan? (Who paid?)"),
    ],
)
def test_kinds_within_a_conversation(question: str, standalone: str, kind: str, asked: str) -> None:
    assert kind_in_conversation(question, standalone) == (kind, asked)


@given(st.text(max_size=300))
def test_any_text_has_a_kind(question: str) -> None:
    assert kind_of(question) in KINDS


@pytest.mark.parametrize(
    "question",
    [
        "a" * 50_000,
        "list all " * 6_000,
        "compare " + "and " * 90,
        "which documents " + "that " * 75,
        "( [ { * ? + \\ " * 28,
        "thanks, " * 49,
        "……" * 190,
        "how many documents in " * 18,
        "とと" * 190,
        "differences between " + "a and b " * 45,
    ],
    ids=lambda question: question[:12],
)
def test_hostile_questions_take_no_time(question: str) -> None:
    began = time.process_time()
    kind_of(question)
    assert time.process_time() - began < 2
