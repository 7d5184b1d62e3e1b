import pytest

from assistant.answer import Refusal
from assistant.evidence import Evidence
from assistant.refusing import MIN_PROBABILITY, MIN_PROBABILITY_UNKNOWN_NAME, is_absent, refuse, unknown_names
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


def evidence(probability: float) -> list[Evidence]:
    return [Evidence("d", 0, 1, "s", probability, Passage("p", "d", 0, 1, "s"))]


def test_without_evidence_there_is_no_answer() -> None:
    assert is_absent([], [])


@pytest.mark.parametrize(
    ("least", "unknown"),
    [(MIN_PROBABILITY, []), (MIN_PROBABILITY_UNKNOWN_NAME, ["Zorblax"])],
    ids=["all names known", "a name is unknown"],
)
def test_the_best_sentence_decides_whether_the_documents_answer(least: float, unknown: list[str]) -> None:
    """A name that no document contains asks for much stronger evidence."""
    assert is_absent(evidence(least - 0.001), unknown)
    assert not is_absent(evidence(least), unknown)
    assert MIN_PROBABILITY < MIN_PROBABILITY_UNKNOWN_NAME


@pytest.mark.parametrize(
    ("unknown", "num_documents", "message"),
    [
        ([], 7, "The 7 documents searched do not speak of this."),
        (["Zorblax", "Yuggoth"], 7, "The 7 documents searched do not mention “Zorblax”, “Yuggoth”."),
        (
            ["Zorblax"],
            0,
            "There are no documents yet: add some with `communique add PATH`, or the samples with "
            "`communique add --sample`.",
        ),
    ],
    ids=["not spoken of", "names not mentioned", "no documents"],
)
def test_a_refusal_says_why_in_a_sentence(unknown: list[str], num_documents: int, message: str) -> None:
    assert refuse(["Who?"], unknown, [], num_documents=num_documents) == Refusal("absent", message, ("Who?",))


def test_a_scope_without_documents_is_no_empty_home() -> None:
    """Who asks within dates of which there is no document is not told to add documents."""
    refusal = refuse(["Who?"], ["Zorblax"], [], num_documents=0, is_scoped=True)
    assert refusal.message == "No document is within what the question was kept to: widen it, or leave it out."


def test_claims_that_all_failed_are_another_no() -> None:
    """A reader is told that something was found and did not hold, not that there is nothing."""
    assert refuse(["Who?"], [], [], num_documents=3, num_dropped=1).kind == "unsupported"
