import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversation import Message
from assistant.rewriting import names_in, standalone_question

TOLD = "Tell me about NEXUS."
MONEY = "How much money does the Harbour Compact have?"


def asked(*questions: str, answer: str = "Mara Quist said so. [1]") -> list[Message]:
    return [message for question in questions for message in (Message("user", question), Message("assistant", answer))]


@pytest.mark.parametrize(
    "question",
    [
        "How much money is behind the Lighthouse Accord?",
        "Does the Lighthouse Accord name its director?",
        "Is it true that the Lighthouse Accord was signed?",
        "Who signed the Lighthouse Accord and when?",
        "Which towns joined the Lighthouse Accord after Cape Orre left it?",
        "how is the water level measured in a harbour",
        "Is it safe to swim near the lighthouse?",
        "Which towns of the coast share their harbour?",
        "But which towns of the coast share a harbour?",
    ],
    ids=[
        "names what it is about",
        "its own name is before the pronoun",
        "an empty it",
        "an and inside",
        "a later pronoun with its name before it",
        "no name, but words enough",
        "an it that only opens",
        "a their of the question’s own towns",
        "an opening before words enough",
    ],
)
def test_a_question_that_stands_alone_is_searched_word_for_word(question: str) -> None:
    assert standalone_question(question, asked(TOLD, MONEY)) == question


@pytest.mark.parametrize(
    ("question", "standalone"),
    [
        ("Who implements it?", "Who implements NEXUS?"),
        ("Who are its members?", "Who are NEXUS’s members?"),
        ("What do they fund?", "What do NEXUS fund?"),
        ("And in Japan?", "And in Japan? (Tell me about NEXUS.)"),
        ("What about the budget?", "What about the budget? (Tell me about NEXUS.)"),
        ("Why?", "Why? (Tell me about NEXUS.)"),
    ],
    ids=["it", "its", "they", "and", "what about", "one word"],
)
def test_a_follow_up_gets_what_it_leaves_out(question: str, standalone: str) -> None:
    assert standalone_question(question, asked(TOLD)) == standalone


def test_a_follow_up_leans_on_the_last_turn_that_names_something() -> None:
    assert standalone_question("Who runs it?", asked(TOLD, MONEY)) == "Who runs Harbour Compact?"
    assert standalone_question("Who runs it?", asked(MONEY, "how much is that a year")) == "Who runs Harbour Compact?"


def test_where_two_names_compete_both_are_taken_along() -> None:
    history = asked("Did Norland sign the Harbour Compact?")
    assert standalone_question("Who runs it?", history) == "Who runs it? (Norland, Harbour Compact)"


def test_what_only_says_where_is_not_what_a_pronoun_means() -> None:
    assert standalone_question("Who runs it?", asked("What did the Harbour Compact pay in Norland?")) == (
        "Who runs Harbour Compact?"
    )
    history = asked("How do I get a fishing licence in Norland?", answer="A fishing licence is given by the harbour.")
    assert standalone_question("How much is it?", history) == "How much is it? (Norland, fishing licence)"


def test_without_a_name_the_words_of_the_last_question_are_taken_along() -> None:
    history = asked("who measures the water level in each harbour", answer="the keepers do")
    assert standalone_question("How often do they?", history) == "How often do they? (measures water level harbour)"


def test_without_a_name_the_words_that_recur_come_before_all_others() -> None:
    history = asked("who measures the water level in each harbour", answer="the keepers look at the water level")
    assert standalone_question("How often do they?", history) == "How often do they? (water level)"


def test_a_name_from_an_answer_is_taken_where_the_user_typed_none() -> None:
    history = asked("who measures the water level", answer="The keepers of the Tide Office do. [1]")
    assert standalone_question("How many are they?", history) == "How many are Tide Office?"


def test_a_person_is_whoever_the_answers_speak_of() -> None:
    """The subject of an answer's sentence before other names, and by the whole name where that was said."""
    history = asked(
        "Who founded the Harbour Compact?",
        answer="Mara Quist founded the Harbour Compact in Port Elin. Quist ran it from 2011.",
    )
    assert standalone_question("When was she born?", history) == "When was Mara Quist born?"
    assert standalone_question("What is her title?", history) == "What is Mara Quist’s title?"


@pytest.mark.parametrize(
    ("question", "standalone"),
    [
        ("What were the fees?", "What were the fees? (Harbour Compact)"),
        ("What is a tide?", "What is a tide?"),
        ("Who pays the keepers of the lighthouse?", "Who pays the keepers of the lighthouse?"),
    ],
    ids=["hardly any words of its own", "what a word means", "words enough"],
)
def test_a_question_of_hardly_any_words_gets_what_the_user_named(question: str, standalone: str) -> None:
    assert standalone_question(question, asked(MONEY)) == standalone


def test_a_question_that_names_nothing_gets_what_the_whole_conversation_is_about() -> None:
    history = [
        Message("user", "How are eels caught?"),
        Message("assistant", "Eels are caught in baskets."),
        Message("user", "When are eels sold?"),
        Message("assistant", "Most eels are sold in spring."),
    ]
    assert standalone_question("Which harbours keep the largest baskets?", history) == (
        "Which harbours keep the largest baskets? (eels)"
    )
    assert standalone_question("Which harbours smoke an eel slowly?", history) == "Which harbours smoke an eel slowly?"
    assert standalone_question("Which harbours keep the largest baskets?", history[:2]) == (
        "Which harbours keep the largest baskets?"
    )


def test_an_earlier_question_with_its_topic_in_brackets_is_glued_without_them() -> None:
    history = asked("And in Norland? (Who pays for NEXUS?)")
    assert standalone_question("Why?", history) == "Why? (And in Norland?; Who pays for NEXUS?)"


def test_a_question_in_japanese_is_taken_as_any_other() -> None:
    history = asked("港湾協定は何を決めましたか？", answer="港湾協定は灯台の予算を決めました。")
    assert standalone_question("なぜ？", history).startswith("なぜ？")


@pytest.mark.parametrize(
    "history",
    [[], [Message("assistant", "Ask about NEXUS.")], [Message("user", "  ")]],
    ids=["none", "only an answer", "only white space"],
)
def test_without_an_earlier_question_nothing_is_put_in(history: list[Message]) -> None:
    assert standalone_question("Who implements it?", history) == "Who implements it?"


@given(question=st.text(max_size=60), earlier=st.lists(st.text(max_size=60), max_size=3))
def test_any_question_and_any_history_give_a_question(question: str, earlier: list[str]) -> None:
    """Whatever was typed, nothing breaks, and a question that comes first is left exactly as it is."""
    assert isinstance(standalone_question(question, asked(*earlier)), str)
    assert standalone_question(question, []) == question


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What did Mara Quist say in Port Elin?", ["Mara Quist", "Port Elin"]),
        ("Tell me whether NEXUS funds NEXUS.", ["NEXUS"]),
        ("Ministry of Tides and Waters", ["Ministry of Tides and Waters"]),
        ("The 12th meeting in 2023", ["12th", "2023"]),
        ("who runs it", []),
        ("", []),
    ],
    ids=["two names", "one name once", "joined by small words", "numbers", "none", "empty"],
)
def test_names_are_found_without_the_words_that_only_open_a_sentence(text: str, names: list[str]) -> None:
    assert names_in(text) == names
