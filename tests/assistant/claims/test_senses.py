import pytest

from assistant.claims.alignment import Alignment
from assistant.claims.senses import sense_features
from assistant.claims.text import claim_of, sentences_of

QUOTE = "The fund was founded in 1990 after a long debate. It did not repair old lighthouses."


@pytest.mark.parametrize(
    ("claim", "name", "value"),
    [
        ("The fund was not founded in 1990.", "negation_alone", 1),
        ("It did not repair lighthouses.", "negation_alone", 0),
        ("It never repaired old lighthouses.", "negation_alone", 0),
        ("It was the first fund that was founded.", "superlatives", 1),
        ("It was the first and largest fund that was founded.", "superlatives", 2),
        ("The fund was founded in 1990.", "superlatives", 0),
        ("The fund was founded because of a long debate.", "connections", 1),
        ("The fund was founded despite a long debate.", "connections", 1),
        ("The fund was founded after a long debate.", "connections", 0),
        ("It did repair old lighthouses.", "negation_lost", 1),
        ("It did not repair lighthouses.", "negation_lost", 0),
        ("The fund was founded in 1990.", "negation_lost", 0),
    ],
)
def test_what_only_the_claim_says_is_counted(claim: str, name: str, value: float) -> None:
    assert sense_features(Alignment(claim_of(claim), sentences_of(QUOTE)))[name] == value


def test_a_superlative_that_the_quote_has_is_not_counted() -> None:
    alignment = Alignment(claim_of("It was the largest fund."), sentences_of("The largest fund of all was founded."))
    assert sense_features(alignment)["superlatives"] == 0


@pytest.mark.parametrize(
    ("quote", "claim", "lost"),
    [
        ("The office may repair lighthouses.", "The office repairs lighthouses.", 1),
        ("The office may repair lighthouses.", "The office might repair lighthouses.", 0),
        ("The office may repair lighthouses.", "The office stands in Bergen.", 0),
        ("The office repairs lighthouses.", "The office repairs lighthouses.", 0),
    ],
)
def test_a_doubt_is_lost_where_its_words_are_said_without_one(quote: str, claim: str, lost: float) -> None:
    assert sense_features(Alignment(claim_of(claim), sentences_of(quote)))["hedge_lost"] == lost


def test_because_and_although_are_not_the_same() -> None:
    quote = sentences_of("The fair was full although it rained.")
    turned = sense_features(Alignment(claim_of("The fair was full because it rained."), quote))
    assert (turned["connections"], turned["connections_turned"]) == (1, 1)
    added = sense_features(Alignment(claim_of("It rained because the fair was full."), sentences_of("It rained.")))
    assert (added["connections"], added["connections_turned"]) == (1, 0)
