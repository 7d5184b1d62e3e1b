"""An answer as one message: what acts in Markdown is taken apart, and footnotes come off again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.answer import Answer, Citation, Claim, Refusal
from assistant.conversation import Message
from assistant.errors import InvalidCall
from assistant.home import Home
from assistant.serving.openai_bodies import ChatMessage, usage_of
from assistant.serving.openai_text import (
    WITHDRAWN,
    claims_text,
    inert,
    message_text,
    question_and_history,
    remainder,
    without_footnotes,
)

CITED = Citation(1, "a", "5ha", "About a", "a.md", 0, 9, "It pays 5.", heading="Money", page=3)
CLAIMS = (Claim("It pays 5.", (1,), "supported", 0.9), Claim("And 6.", (1,), "partly", 0.6))
ACTIVE = {"link_open", "image", "html_inline", "html_block"}

pieces = st.lists(
    st.sampled_from(
        ["![", "[", "]", "(", ")", ":", "<", ">", "!", "img src=x", "a", "http://x.example", "/", " ", "\n"]
    )
)


@given(pieces.map("".join))
def test_nothing_in_a_message_acts(text: str) -> None:
    """Whatever a document says, Markdown makes no link, picture or HTML of it."""
    tokens = MarkdownIt("commonmark").parse(inert(text))
    assert not ACTIVE & {each.type for token in tokens for each in (token, *(token.children or ()))}


@given(st.text(alphabet=st.characters(blacklist_characters="<![]:(\n")))
def test_text_without_markup_is_left_as_it_is(text: str) -> None:
    assert inert(text) == text


def test_a_message_is_claims_and_footnotes(home: Home) -> None:
    """A line for each citation, with where it stands; lines stay lines in Markdown."""
    answer = Answer("Q?", "Q?", CLAIMS, (CITED,))
    text = message_text(answer, home)
    assert text == "It pays 5. [1] And 6. [1] (partly supported)\n\n[1] “It pays 5.” About a, Money, page 3"
    assert without_footnotes(text) == claims_text(CLAIMS) == text.partition("\n\n")[0]


def test_the_footnotes_of_a_refusal_come_off(home: Home) -> None:
    refusal = Refusal("absent", "Nothing is said.", nearest=(CITED, CITED))
    text = message_text(Answer("Q?", "Q?", refusal=refusal), home)
    assert "[1] “It pays 5.” About a, Money, page 3  \n[1]" in text
    assert without_footnotes(text) == "Nothing is said."


@given(st.text())
def test_other_texts_keep_their_words(text: str) -> None:
    """Only what looks like our footnotes goes."""
    if "] “" not in text:
        assert without_footnotes(text) == text.rstrip()


def test_the_last_message_of_the_user_is_the_question() -> None:
    roles = ("system", "user", "assistant", "tool", "user", "assistant")
    messages = [ChatMessage(role=role, content=f"{i}") for i, role in enumerate(roles)]
    assert question_and_history(messages) == ("4", [Message("user", "1"), Message("assistant", "2")])
    with pytest.raises(InvalidCall, match="no message of the role 'user'"):
        question_and_history([ChatMessage(role="assistant", content="x")])


def test_what_is_sent_is_completed_or_withdrawn() -> None:
    assert remainder("It pays", "It pays 5.") == " 5."
    assert remainder("It pays", "It gives.") == f"\n\n{WITHDRAWN}\n\nIt gives."
    assert remainder("", "It gives.") == "It gives."


def test_tokens_are_those_that_servers_counted() -> None:
    """11 + 3 and 5 + 2; a server that does not count adds none."""
    rows = [
        {"usage": {"prompt_tokens": 11, "completion_tokens": 5}},
        {"usage": None},
        {"usage": {"prompt_tokens": 3, "completion_tokens": 2}},
    ]
    assert usage_of({"llm": rows}) == {"prompt_tokens": 14, "completion_tokens": 7, "total_tokens": 21}
    assert usage_of({})["total_tokens"] == 0
