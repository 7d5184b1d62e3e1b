import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.phrases import FEATURES, KINDS, candidates, features, load_phrase_weights, marked_phrase, phrase_in
from assistant.question_words import DATE, NAME, NUMBER, PERSON, PLACE, asked_kind

_SIGNED = "The Harbour Compact was signed in Port Elin on 4 May 2019 by Mara Quist."


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When was it signed?", DATE),
        ("Since when does it hold?", DATE),
        ("In what year did it end?", DATE),
        ("What did they say when they met?", "anything"),
        ("How many towns joined?", NUMBER),
        ("What percentage is paid?", NUMBER),
        ("Who signed it?", PERSON),
        ("By whom was it signed?", PERSON),
        ("Where did they meet?", PLACE),
        ("Which committee decides?", NAME),
        ("Why did it fail?", "reason"),
        ("Explain it.", "anything"),
        ("いつ署名されたか", DATE),
        ("誰が署名したか", PERSON),
        ("どこで開かれたか", PLACE),
    ],
)
def test_the_kind_of_answer_is_told_by_the_words_that_ask(question: str, kind: str) -> None:
    assert asked_kind(question) == kind


@pytest.mark.parametrize(
    ("kind", "sentence", "found"),
    [
        (DATE, _SIGNED, ["4 May 2019"]),
        (DATE, "It ran from March 2019 until the late 1990s.", ["March 2019", "late 1990s"]),
        (DATE, "第11回会合は2021年3月16日に開催された。", ["2021年3月16日"]),
        (
            NUMBER,
            "It has 12.5 million crowns, or 30 % of it, for three years.",
            ["12.5 million", "30 %", "three years"],
        ),
        (NUMBER, "Five of 26 applications came from 7 towns.", ["Five", "26", "7"]),
        (NUMBER, "An onerous tender of sixty-one euros.", ["sixty-one euros"]),
        (PLACE, _SIGNED, ["Port Elin", "May 2019", "Mara Quist"]),
        (NAME, "nothing here has a name.", []),
    ],
)
def test_candidates_have_the_shape_of_what_is_asked(kind: str, sentence: str, found: list[str]) -> None:
    """What the question says itself ("the Harbour Compact") is no answer to it."""
    spans = candidates(sentence, "What of the Harbour Compact?", kind)
    assert [sentence[start:end] for start, end in spans] == found


@pytest.mark.parametrize(
    ("question", "sentence", "phrase"),
    [
        ("When was the Harbour Compact signed?", _SIGNED, "4 May 2019"),
        ("How many towns joined the accord?", "The accord was joined by seven towns in 2019.", "seven"),
        ("In what year did the accord begin?", "The accord began in 2016 with 7 towns.", "2016"),
        ("Explain the compact.", _SIGNED, None),
        ("When was it signed?", "Nobody knows.", None),
    ],
)
def test_the_phrase_that_answers_is_marked_by_its_own_offsets(question: str, sentence: str, phrase: str | None) -> None:
    span = marked_phrase(sentence, question)
    assert (sentence[slice(*span)] if span else None) == phrase


@given(st.text(max_size=200), st.text(max_size=80), st.sampled_from(["When ", "How many ", "Who ", "Where ", "Which "]))
def test_any_text_gives_spans_within_it_or_none(sentence: str, rest: str, asks: str) -> None:
    """Documents and questions are hostile until handled."""
    found = phrase_in(sentence, asks + rest)
    if found is not None:
        assert 0 <= found.start < found.end <= len(sentence)
        assert sentence[found.start : found.end].strip()
        assert 0 < found.probability < 1


def test_every_kind_has_a_weight_for_every_feature() -> None:
    weights = load_phrase_weights()
    assert {kind: len(weights.weights[kind]) for kind in KINDS} == dict.fromkeys(KINDS, len(FEATURES))
    (row,) = features(_SIGNED, "When was the Compact signed?", [(_SIGNED.index("4 May"), _SIGNED.index(" by"))])
    assert len(row) == len(FEATURES)
    assert row[FEATURES.index("has_digit")] == 1.0
