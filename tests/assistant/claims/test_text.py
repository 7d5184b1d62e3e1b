import pytest

from assistant.claims.text import MAX_PARTS, claim_of, parts_of, sentences_of


def _names(text: str) -> list[str]:
    return [token.key for token in claim_of(text).tokens if token.is_name]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("In Bergen the ministers met Mara Quist.", ["bergen", "mara", "quist"]),
        ("The office leads it.", []),
        ("Bergen is old.", ["bergen"]),
        ("Funding grew.", []),
        ("The U.S. and the EU agreed.", ["us", "eu"]),
        ("アストラゼネカは開発した。", ["アストラ", "ゼネカ"]),
    ],
)
def test_capital_letters_tell_names(text: str, names: list[str]) -> None:
    assert _names(text) == names


def test_stop_words_count_nothing_and_names_and_numbers_most() -> None:
    weights = {token.key: token.weight for token in claim_of("The budget of Bergen is 12 crowns").tokens}
    assert weights["the"] == weights["of"] == 0
    assert weights["bergen"] == weights["12"] == max(weights.values())
    assert 0 < weights["crown"] < weights["bergen"]


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("They did not sign the treaty.", {"sign", "treati"}),
        ("They never met.", {"meet"}),
        ("Not only Norway signed.", set()),
        ("They signed it.", set()),
        ("日本は会合に参加しなかった。", {"日本", "会合", "参加"}),
        ("日本は会合に参加した。", set()),
    ],
)
def test_a_negation_reaches_the_words_behind_it(text: str, negated: set[str]) -> None:
    """In Japanese the words before it."""
    assert set().union(*claim_of(text).negated) == negated


def test_initials_of_names_that_stand_together_are_spelled() -> None:
    assert "who" in claim_of("It joined the World Health Organization.").acronyms


def test_sentences_are_those_of_each_line_and_none_is_empty() -> None:
    text = "A title\nIt rained in Bergen. It snowed in Oslo.\n\n---\n"
    assert [sentence.text for sentence in sentences_of(text)] == [
        "A title",
        "It rained in Bergen.",
        "It snowed in Oslo.",
    ]
    assert sentences_of(" \n ... \n") == ()


def test_parts_are_sentences_or_what_stands_before_a_joint() -> None:
    assert parts_of("It rained in Bergen all day. It snowed in Oslo at night. Yes.") == [
        "It rained in Bergen all day.",
        "It snowed in Oslo at night.",
    ]
    assert parts_of("The office in Bergen grew fast, and its director resigned soon after.") == [
        "The office in Bergen grew fast"
    ]
    assert parts_of("It rained, and it snowed.") == []


def test_a_claim_of_endless_clauses_has_few_parts() -> None:
    assert len(parts_of("one two three four, " * 500)) <= MAX_PARTS


@pytest.mark.parametrize(
    ("claim", "read"),
    [
        ("According to the document, it rained.", "it rained."),
        ("The passage states that it rained.", "it rained."),
        ("In fact, according to the provided text, it rained.", "it rained."),
        ("It rained [1], and it snowed [2, 3].", "It rained, and it snowed."),
        ("According to Berg, it rained.", "According to Berg, it rained."),
        ("The report states that it rained.", "The report states that it rained."),
        ("No, it did not rain.", "No, it did not rain."),
        ("According to the text, ", "According to the text,"),
    ],
)
def test_what_leads_up_to_a_claim_and_its_markers_are_not_claimed(claim: str, read: str) -> None:
    """Who says it belongs to the claim, unless it is the source that is cited."""
    assert claim_of(claim).text == read
