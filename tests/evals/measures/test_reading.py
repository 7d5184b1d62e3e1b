import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Claim, Refusal
from evals.case import Case, Score
from evals.measures.reading import answer_f1, best_over, exact_match, is_exact, short_answer, token_f1

WORDS = st.lists(
    st.sampled_from(
        [
            "a",
            "an",
            "The",
            "the",
            "March",
            "march",
            "2021",
            "U.S.",
            "it's",
            "—",
            "…",
            "ÉTÉ",
            "été",
            "\u00a0",
            "ﬁ",
            "İ",
            "",
            "!",
        ]
    ),
    max_size=6,
).map(" ".join)
TEXTS = WORDS | st.text(max_size=12)


def official(text: str) -> str:
    """What SQuAD 2.0's script does to a text, said again step by step: lower case; ASCII punctuation away; each article
    that stands as a word becomes a space; runs of white space become one.
    """
    lowered = text.lower()
    bare = "".join(character for character in lowered if character not in set(string.punctuation))
    pieces, word = [], ""
    for character in [*bare, " "]:
        if character.isalnum() or character == "_":
            word += character
            continue
        pieces += [" " if word in {"a", "an", "the"} else word, character]
        word = ""
    return " ".join("".join(pieces).split())


def official_exact(gold: str, given_answer: str) -> int:
    return int(official(gold) == official(given_answer))


def official_f1(gold: str, given_answer: str) -> float:
    """Precision and recall over tokens; where one side has none, whether both have none."""
    gold_tokens = official(gold).split() if gold else []
    tokens = official(given_answer).split() if given_answer else []
    if not gold_tokens or not tokens:
        return float(gold_tokens == tokens)
    left = list(gold_tokens)
    same = 0
    for token in tokens:
        if token in left:
            left.remove(token)
            same += 1
    if same == 0:
        return 0.0
    precision, recall = same / len(tokens), same / len(gold_tokens)
    return 2 * precision * recall / (precision + recall)


def official_scores(golds: list[str], given_answer: str) -> tuple[float, float]:
    """The best over the gold answers that hold anything; without one, the empty answer is the gold one."""
    usable = [gold for gold in golds if official(gold)]
    if not usable:
        usable = [""]
    exact = max(official_exact(gold, given_answer) for gold in usable)
    return float(exact), max(official_f1(gold, given_answer) for gold in usable)


@given(st.lists(TEXTS, max_size=4), TEXTS)
def test_scores_are_those_of_the_official_script(golds: list[str], text: str) -> None:
    """On any text and any references, empty ones among them, to nine digits."""
    exact = best_over(lambda one, other: float(is_exact(one, other)), text, golds)
    assert (exact, best_over(token_f1, text, golds)) == pytest.approx(official_scores(golds, text), abs=1e-9)


def said(*claims: str, writer: str = "quote") -> Answer:
    """An answer of these claims."""
    return Answer("Q?", "Q?", claims=tuple(Claim(text, (), "supported", 1.0) for text in claims), writer=writer)


REFUSED = Answer("Q?", "Q?", refusal=Refusal("absent", "No."))


@pytest.mark.parametrize(
    ("references", "answerable", "answer", "exact", "f1"),
    [
        (("the 16 March 2021",), True, said("16 March 2021.", "It met on 16 March 2021."), 1.0, 1.0),
        (("16 March 2021",), True, said("March 2021"), 0.0, 0.8),
        (("nine", "16 March 2021"), True, said("16 March 2021"), 1.0, 1.0),
        # two of the two wanted among five written: 2 · 2 / (2 + 5)
        (("Port Elin",), True, said("It met in", "Port Elin", writer="llm:m"), 0.0, 4 / 7),
        (("Port Elin",), True, REFUSED, 0.0, 0.0),
        ((), False, REFUSED, 1.0, 1.0),
        (("I do not know",), False, REFUSED, 1.0, 1.0),
        ((), False, said("Port Elin"), 0.0, 0.0),
        # four characters of the four wanted among six: 2 · 4 / (4 + 6)
        (("かがく技",), True, said("かがく技術の"), 0.0, 0.8),
    ],
    ids=["articles", "part", "best", "an LLM's", "refused", "none", "none, in words", "invented", "Japanese"],
)
def test_an_answer_is_compared_as_by_hand(
    references: tuple[str, ...], answerable: bool, answer: Answer, exact: float, f1: float
) -> None:
    case = Case("c", "Q?", (), (), references, answerable)
    assert (exact_match(case, answer).value, answer_f1(case, answer).value) == pytest.approx((exact, f1))


def test_what_is_compared_is_the_phrase_or_all_that_an_llm_wrote() -> None:
    """By quoting, the phrase that answers comes first; an LLM's answer is one text."""
    assert short_answer(said("March 2021", "It met in March 2021.")) == "March 2021"
    assert short_answer(said("It met.", "It ended.", writer="llm:m")) == "It met. It ended."
    assert short_answer(REFUSED) == ""


def test_without_a_reference_there_is_no_score() -> None:
    case = Case("c", "Q?", (), (), (), answerable=True)
    assert exact_match(case, said("x")) == answer_f1(case, said("x")) == Score(None, "no reference answer is given")
