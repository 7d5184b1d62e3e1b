import pytest

from assistant.answer import Refusal
from assistant.evidence import Evidence
from assistant.refusing import (
    ABSENT,
    INSUFFICIENT,
    MIN_PROBABILITY_BY_WORDS,
    MIN_PROBABILITY_UNKNOWN_NAME,
    UNDERSPECIFIED,
    Doubt,
    doubt,
    refuse,
    unknown_names,
)
from index.passage import Passage

COUNTS = {"harbour": 3, "compact": 2, "elin": 1, "port": 0}


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Who runs the Harbour Compact?", []),
        ("Who runs the Meadow Treaty?", ["Meadow Treaty"]),
        ("Did Zorblax sign the Harbour Compact before Yuggoth did?", ["Zorblax", "Yuggoth"]),
        ("Who runs Port Elin?", []),
        ("Who runs the Harbour Compact in Yuggoth?", ["Yuggoth"]),
        ("who runs zorblax", []),
    ],
    ids=[
        "known",
        "unknown",
        "two unknown, one known",
        "one word of it known",
        "a known name beside it",
        "no capitals, no name",
    ],
)
def test_names_that_no_document_has_are_told(question: str, names: list[str]) -> None:
    assert unknown_names(question, COUNTS) == names


def evidence(*probabilities: float, text: str = "In May 2019 Mara Quist held it.") -> list[Evidence]:
    """A sentence of a document of its own for each probability; titles are "About 0", "About 1" and so on."""
    end = len(text)
    return [
        Evidence(f"d{i}", 0, end, text, probability, Passage("p", f"d{i}", 0, end, text, title=f"About {i}"))
        for i, probability in enumerate(probabilities)
    ]


def test_without_evidence_there_is_no_answer() -> None:
    assert doubt("Who runs it in 2021?", [], []) == Doubt(ABSENT)


@pytest.mark.parametrize(
    ("least", "unknown"),
    [(MIN_PROBABILITY_BY_WORDS, []), (MIN_PROBABILITY_UNKNOWN_NAME, ["Zorblax"])],
    ids=["found by words alone", "a name is unknown"],
)
def test_the_best_sentence_decides_whether_the_documents_answer(least: float, unknown: list[str]) -> None:
    """A name that no document contains asks for much stronger evidence."""
    asked = "Describe Zorblax."
    assert doubt(asked, evidence(least - 0.001), unknown) == Doubt(ABSENT, tuple(unknown))
    assert doubt(asked, evidence(least), unknown) is None
    assert MIN_PROBABILITY_BY_WORDS < MIN_PROBABILITY_UNKNOWN_NAME


@pytest.mark.parametrize(
    ("question", "probabilities", "candidates"),
    [
        ("When did the meeting take place?", (0.6, 0.5, 0.4, 0.1), ("About 0", "About 1", "About 2")),
        ("When was it signed?", (0.6, 0.5, 0.4), ("About 0", "About 1", "About 2")),
        ("When did the meeting take place?", (0.6, 0.5, 0.1), ()),
        ("When did the meeting of the ministers take place?", (0.6, 0.5, 0.4), ()),
        ("When did the Tokyo meeting take place?", (0.6, 0.5, 0.4), ()),
        ("When did the 2021 meeting take place?", (0.6, 0.5, 0.4), ()),
        ("Which laboratory measures the salt in the water that it drinks?", (0.6, 0.5, 0.4), ()),
    ],
    ids=["a thing", "a pronoun", "one rival only", "said which", "a name", "a year", "says enough"],
)
def test_a_question_that_leaves_open_what_it_is_about_gets_the_candidates(
    question: str, probabilities: tuple[float, ...], candidates: tuple[str, ...]
) -> None:
    """Which one is asked back only where several documents answer about as well."""
    expected = Doubt(UNDERSPECIFIED, candidates=candidates) if candidates else None
    assert doubt(question, evidence(*probabilities), []) == expected


@pytest.mark.parametrize(
    ("why", "num_documents", "kind", "message"),
    [
        (Doubt(ABSENT), 7, "absent", "The 7 documents searched do not speak of this."),
        (
            Doubt(ABSENT, ("Zorblax", "Yuggoth")),
            7,
            "absent",
            "The 7 documents searched do not mention “Zorblax”, “Yuggoth”.",
        ),
        (
            Doubt(ABSENT, ("Zorblax",)),
            0,
            "absent",
            "There are no documents yet: add some with `communique add PATH`, or the samples with "
            "`communique add --sample`.",
        ),
        (
            Doubt(INSUFFICIENT),
            7,
            "insufficient",
            "The 7 documents searched touch on this, and none of them answers it.",
        ),
        (
            Doubt(UNDERSPECIFIED),
            7,
            "underspecified",
            "Several documents could be meant, and the question does not say which: name one.",
        ),
    ],
    ids=["not spoken of", "names not mentioned", "no documents", "touched on", "several meant"],
)
def test_a_refusal_says_why_in_a_sentence(why: Doubt, num_documents: int, kind: str, message: str) -> None:
    assert refuse("Who?", why, [], num_documents=num_documents) == Refusal(kind, message, ("Who?",))


@pytest.mark.parametrize(
    ("question", "text", "probability", "is_lacking"),
    [
        ("How much did the repair cost?", "The harbour was repaired.", 0.2, True),
        ("How much did the repair cost?", "The repair cost 12 million crowns.", 0.2, False),
        ("When was the harbour repaired?", "The harbour was repaired.", 0.2, True),
        ("How much did the repair cost?", "The repair cost a fortune.", 0.4, False),
        ("Why was the harbour repaired?", "The harbour was repaired.", 0.2, False),
    ],
    ids=["no number", "a number", "no date", "very probable all the same", "a reason has no form"],
)
def test_a_kind_of_answer_that_no_evidence_holds_is_not_there(
    question: str, text: str, probability: float, *, is_lacking: bool
) -> None:
    """An amount that is asked for and stands nowhere is no answer, however much is said about the matter."""
    expected = Doubt(INSUFFICIENT) if is_lacking else None
    assert doubt(question, evidence(probability, text=text), []) == expected


def test_candidates_are_in_the_refusal() -> None:
    refusal = refuse("Who?", Doubt(UNDERSPECIFIED, candidates=("A", "B")), [], num_documents=3)
    assert refusal.candidates == ("A", "B")


def test_a_scope_without_documents_is_no_empty_home() -> None:
    """Who asks within dates of which there is no document is not told to add documents."""
    refusal = refuse("Who?", Doubt(ABSENT, ("Zorblax",)), [], num_documents=0, is_scoped=True)
    assert refusal.message == "No document is within what the question was kept to: widen it, or leave it out."


def test_claims_that_all_failed_are_another_no() -> None:
    """A reader is told that something was found and did not hold, not that there is nothing."""
    assert refuse("Who?", None, [], num_documents=3, is_dropped=True).kind == "unsupported"
