from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Citation, Claim, Refusal
from assistant.copying import answer_text

SEA = Citation(
    1,
    "sea",
    "a" * 64,
    "The open sea",
    "/sea.pdf",
    18,
    37,
    "The boats\nare out.",
    heading="Boats",
    page=3,
    phrase=(0, 2),
)
BAY = Citation(2, "bay", "b" * 64, "", "/bay.md", 0, 9, "Boats are in the bay.")
ANSWER = Answer(
    "Where are they?",
    "Where are the boats?",
    (Claim("The boats are out.", (1,), "supported", 0.9), Claim("Some are in.", (2, 1), "partly", 0.6)),
    (SEA, BAY),
)
DATES = {("sea", "a" * 64): "2024-05-13", ("bay", "c" * 64): "1999"}


def test_an_answer_reads_well_where_it_is_pasted() -> None:
    """Sentences with their numbers, then the words that each number stands for, and where they are from."""
    assert answer_text(ANSWER, DATES) == (
        "The boats are out. [1] Some are in. [2][1] (partly supported)\n"
        "\n"
        "[1] “The boats are out.” The open sea, Boats, page 3, 2024-05-13\n"
        "[2] “Boats are in the bay.” bay"
    )


def test_items_stand_on_lines_of_their_own() -> None:
    """A list, an overview, a timeline is copied as it is shown."""
    listed = replace(ANSWER, trace={"kind": "list"})
    assert answer_text(listed, {}).startswith("The boats are out. [1]\nSome are in. [2][1] (partly supported)\n\n[1]")


def test_a_refusal_is_copied_with_the_nearest_passages() -> None:
    refusal = Refusal(
        "underspecified", "Which one?", candidates=("The sea", "The\nbay"), nearest=(replace(BAY, number=1),)
    )
    assert answer_text(Answer("Q?", "Q?", refusal=refusal), {("bay", "b" * 64): "2023"}) == (
        "Which one?\n- The sea\n- The bay\n\nNearest passages:\n\n[1] “Boats are in the bay.” bay, 2023"
    )
    assert answer_text(Answer("Q?", "Q?", refusal=Refusal("absent", "No document says.")), {}) == "No document says."


def test_a_greeting_has_nothing_below_it() -> None:
    greeting = Answer("Hi", "Hi", (Claim("Hello.", (), "supported", 1.0),))
    assert answer_text(greeting, {}) == "Hello."


def test_what_a_terminal_would_obey_is_only_shown() -> None:
    """A quote cannot type a command where it is pasted: no control character and no line end of its own."""
    hostile = replace(SEA, title="a\x1b[2J\x07", quote="rm -rf ~\r\n\x85now\u2028!", heading="\ud83d", page=None)
    text = answer_text(replace(ANSWER, claims=(), citations=(hostile,)), {})
    assert text == "[1] “rm -rf ~ �now !” a�[2J�, �"


@given(st.text(st.characters()), st.text(st.characters()), st.text(st.characters()))
def test_any_answer_is_as_many_lines_as_it_has_parts(claim: str, quote: str, title: str) -> None:
    """Whatever documents hold, one line is the answer, one is empty, one a citation, and all of it is UTF-8."""
    answer = Answer(
        "Q?", "Q?", (Claim(f"A{claim}", (1,), "supported", 1.0),), (replace(SEA, quote=quote, title=title),)
    )
    text = answer_text(answer, DATES)
    assert len(text.splitlines()) == 3
    assert text.encode().decode() == text
