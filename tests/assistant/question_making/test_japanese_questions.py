import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question_making.japanese_questions import japanese_questions_of


@pytest.mark.parametrize(
    ("sentence", "question", "answer", "kind"),
    [
        (
            "科学技術協力協定は2019年3月12日にローマで署名された。",
            "科学技術協力協定はいつローマで署名されたか。",
            "2019年3月12日",
            "date",
        ),
        (
            "日英合同委員会は、令和5年11月に東京で開かれた。",
            "日英合同委員会はいつ東京で開かれたか。",
            "令和5年11月",
            "date",
        ),
        ("潮汐計画の予算は約12億円である。", "潮汐計画の予算はいくらか。", "12億円", "amount"),
    ],
    ids=["date", "era", "amount"],
)
def test_what_a_plain_statement_says_is_asked(sentence: str, question: str, answer: str, kind: str) -> None:
    """The date or the amount is taken out, and asked for."""
    (made,) = japanese_questions_of(sentence)
    assert (made.text, made.answer, made.kind) == (question, answer, kind)


@pytest.mark.parametrize(
    "sentence",
    [
        "これは2020年に始まった。",
        "同協定は2019年に署名された。",
        "本計画の予算は12億円である。",
        "協力協定は2019年に署名されたが、2021年に終わった。",
        "協力協定は2019年に署名されなかった。",
        "協力協定は署名された。",
        "協力協定は2019年に署名される。",
        "The treaty was signed in 2019.",
        "",
    ],
)
def test_what_cannot_be_asked_safely_is_not(sentence: str) -> None:
    """Words that point to another sentence, negations, several dates, other tenses: no question."""
    assert japanese_questions_of(sentence) == []


@given(
    st.lists(
        st.sampled_from("協定 計画 は 、 2019年 3月 に で 署名された た 。 12億円 である この が".split()), max_size=12
    )
)
def test_every_question_is_whole(parts: list[str]) -> None:
    """Whatever the sentence, a question ends as one, and its answer stands in the sentence."""
    sentence = "".join(parts)
    for question in japanese_questions_of(sentence):
        assert question.text.endswith("か。")
        assert question.answer in sentence


@pytest.mark.parametrize("unit", ["協定", "は", "2019年", "協定は2019年に", "1,"])
def test_a_long_sentence_takes_no_time(unit: str) -> None:
    started = time.process_time()
    japanese_questions_of(f"{unit * (100_000 // len(unit))}。")
    assert time.process_time() - started < 1
