import pytest

from assistant.home import Home
from assistant.kinds.comparing import Compared, asked_comparison, comparison_outline
from index.scope import Scope


@pytest.mark.parametrize(
    ("question", "sides", "aspect"),
    [
        ("Compare the Accord with the Compact on open access.", ("the Accord", "the Compact"), "open access"),
        ("How do the Accord and the Compact differ in terms of money?", ("the Accord", "the Compact"), "money"),
        ("What is the difference between A1 and B2?", ("A1", "B2"), ""),
        ("Accord vs Compact: open access", ("Accord", "Compact"), "open access"),
        ("What changed between 2021 and 2023 in the Joint Committee?", ("2021", "2023"), "the Joint Committee"),
        ("What do Seoul and Paris have in common?", ("Seoul", "Paris"), ""),
        ("AccordとCompactの違い", ("Accord", "Compact"), ""),
        ("予算についてAccordとCompactを比較して", ("Accord", "Compact"), "予算"),
    ],
)
def test_sides_and_aspect_are_read(question: str, sides: tuple[str, str], aspect: str) -> None:
    assert asked_comparison(question) == Compared(sides, aspect)


@pytest.mark.parametrize(
    "question",
    [
        "Compare the maximum with what JST pays.",
        "How do the payments of Japan and of Britain compare?",
        "Compare the chairs of 2010 and 2013: who attended both?",
        "Who compared the two?",
        "compare",
    ],
)
def test_what_sets_no_two_sides_beside_one_another_is_none(question: str) -> None:
    assert asked_comparison(question) is None


def test_each_side_is_quoted_from_its_own_document(shore: Home) -> None:
    outline = comparison_outline("Compare harbour and lighthouse on budget", shore.sources)
    assert outline is not None
    quotes = [(item.evidence.document_id, item.lead, item.evidence.text) for item in outline.items]
    assert quotes[0] == ("harbour", "About harbour", "It has a budget of 12 million crowns for three years.")
    assert ("lighthouse", "About lighthouse", "Its budget is 3 million crowns.") in quotes
    assert [id_ for id_, _, _ in quotes] == sorted(id_ for id_, _, _ in quotes)


def test_a_silent_side_is_said_to_be_silent(shore: Home) -> None:
    outline = comparison_outline("Compare harbour and lighthouse on water level", shore.sources)
    assert outline is not None
    assert {item.evidence.document_id for item in outline.items} == {"harbour"}
    assert outline.notes == ("“lighthouse” is silent on “water level”",)


def test_without_an_aspect_main_statements_stand_side_by_side(shore: Home) -> None:
    outline = comparison_outline("What is the difference between harbour and lighthouse?", shore.sources)
    assert outline is not None
    assert {item.evidence.document_id for item in outline.items} == {"harbour", "lighthouse"}


@pytest.mark.parametrize("question", ["compare Yuggoth and Mu", "compare harbour and Mu", "Tide Office vs Port Elin"])
def test_what_is_no_document_or_in_one_sentence_is_looked_up(shore: Home, question: str) -> None:
    assert comparison_outline(question, shore.sources) is None


def test_years_are_sides_of_what_they_are_years_of(sample: Home) -> None:
    outline = comparison_outline("What changed between 2021 and 2023 in the UK-Japan Joint Committee?", sample.sources)
    assert outline is not None
    titles = list(dict.fromkeys(item.lead.split()[0] for item in outline.items))
    assert titles == ["Eleventh", "Twelfth"]


def test_a_comparison_stays_within_its_scope(shore: Home) -> None:
    within = Scope(document_ids=("harbour",))
    assert comparison_outline("Compare harbour and lighthouse on budget", shore.sources, within) is None
