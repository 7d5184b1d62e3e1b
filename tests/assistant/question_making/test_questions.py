import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question_making.questions import KINDS, questions_of

SENTENCES = [
    (
        "The SKAO convention was signed on 12 March 2019 in Rome.",
        [("When was the SKAO convention signed in Rome?", "12 March 2019")],
    ),
    ("In April 2008 SATREPS started.", [("When did SATREPS start?", "April 2008")]),
    ("By 2030 the Port Elin Authority had built a dry dock.", None),
    (
        "By 2030 the Elin Harbour Plan operated in Rome.",
        [("By when did the Elin Harbour Plan operate in Rome?", "2030")],
    ),
    ("The BRICS call of 2017 was open until 27 December 2017.", None),
    (
        "The G7 Research Compact contains five actions.",
        [("How many actions does the G7 Research Compact contain?", "five")],
    ),
    (
        "The second Elin-Oslo call will fund up to five projects.",
        [("How many projects will the second Elin-Oslo call fund?", "up to five")],
    ),
    ("61 countries signed the Paris statement.", [("How many countries signed the Paris statement?", "61 countries")]),
    ("The budget of NEXUS is US$ 100 million.", [("What is the budget of NEXUS?", "US$ 100 million")]),
    (
        "The Japan Science and Technology Agency (JST) runs ASPIRE.",
        [("Which organisation runs ASPIRE?", "the Japan Science and Technology Agency")],
    ),
    (
        "The Elin treaty was signed by Ada Quill and Bo Reed.",
        [("By whom was the Elin treaty signed?", "Ada Quill and Bo Reed")],
    ),
    ("Professor Ada Quill chaired the Elin talks.", [("Who chaired the Elin talks?", "Professor Ada Quill")]),
    (
        "The Elin Declaration was adopted in Port Elin.",
        [("Where was the Elin Declaration adopted?", "Port Elin")],
    ),
    (
        "The Elin memorandum covers four fields: tides, boats, nets and rope.",
        [("Which four fields does the Elin memorandum cover?", "tides, boats, nets and rope")],
    ),
    (
        "The Elin Harbour was closed because the sea wall had broken.",
        [("Why was the Elin Harbour closed?", "because the sea wall had broken")],
    ),
    ("ASPIRE is a programme for joint research.", None),
    (
        "The Tide Compact is a treaty of the coastal states.",
        [("What is the Tide Compact?", "a treaty of the coastal states")],
    ),
]


@pytest.mark.parametrize(
    ("sentence", "expected"), [(s, e) for s, e in SENTENCES if e], ids=lambda value: str(value)[:40]
)
def test_what_a_statement_says_is_asked(sentence: str, expected: list[tuple[str, str]]) -> None:
    """Verbs are put into the form that a question needs, and what is asked for is taken out of it."""
    assert [(question.text, question.answer) for question in questions_of(sentence)] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "It was signed on 12 March 2019 in Rome.",
        "The meeting took place in Rome on 12 March 2019.",
        "A forum on Elin was planned for Rome in 2019.",
        "The Elin treaty was not signed in 2019.",
        "The Elin treaty signed in 2019 was renewed in 2024.",
        "The Elin page says that the treaty was signed in 2019.",
        "Under the plan the Elin office met in Rome in 2019.",
        "The Elin office met in Rome in 2019 and in Oslo in 2021.",
        "The Elin office met in October 2019 and May 2021.",
        "The 11th meeting was held on 12 June 2010.",
        "Tide tables",
        "“The Elin treaty was signed in 2019.”",
        "Elin | signed | 2019",
        "協定は2019年にローマで署名された。",
        "",
    ],
)
def test_what_cannot_be_asked_safely_is_not(sentence: str) -> None:
    """Words that point elsewhere, indefinite things, negations, several dates: no question rather than a bad one."""
    assert questions_of(sentence) == []


def test_names_keep_their_capital_and_other_words_do_not() -> None:
    sentence = "Excavation of the Elin cavern ended in 2025."
    assert questions_of(sentence)[0].text == "When did excavation of the Elin cavern end?"
    assert (
        questions_of("Quill’s Elin cavern opened in 2025.", {"Quill"})[0].text == "When did Quill’s Elin cavern open?"
    )


WORDS = [
    "The",
    "Elin",
    "office",
    "met",
    "in",
    "2019",
    "by",
    "12",
    "May",
    "was",
    "signed",
    "runs",
    "five",
    "projects",
    ",",
]
WORDS += ["because", "and", ":", "a", "Agency", "of", "(", ")", "which", "US$", "3", "million", "."]


@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_every_question_is_whole(words: list[str]) -> None:
    """Whatever the sentence, a question ends in its mark, has an answer of the sentence's words and a known kind."""
    sentence = " ".join(words) + "."
    for question in questions_of(sentence):
        assert question.text.endswith("?")
        assert question.kind in KINDS
        assert question.answer
        assert set(question.answer.split()) <= {
            word for part in sentence.split() for word in (part, part.rstrip(".,:"))
        } | {
            "the",
            "a",
        }


@pytest.mark.parametrize("unit", ["the ", "Elin ", "in 2019 ", "(", ", and ", "Agency of ", "signed by Elin "])
def test_a_long_sentence_takes_no_time(unit: str) -> None:
    started = time.process_time()
    for length in (380, 600, 100_000):
        questions_of(f"The Elin office was {unit * (length // len(unit))}.")
        questions_of(f"{unit * (length // len(unit))}.".capitalize())
    assert time.process_time() - started < 2
