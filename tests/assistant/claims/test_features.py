from collections.abc import Sequence

import pytest

from assistant.claims.features import FEATURES, WORD_FEATURES, encode, pair_features
from assistant.claims.text import claim_of, sentences_of
from tests.fakes import HashEncoder

QUOTE = (
    "On 12 March 2021 Anna Berg of Oslo gave 1.5 million dollars to the Tide Office in Bergen. "
    "The office may repair some lighthouses before winter. It was not closed by Mara Quist."
)


def _features(claim: str, quotes: Sequence[str] = (QUOTE,), question: str = "") -> dict[str, float]:
    sentences = [sentence for quote in quotes for sentence in sentences_of(quote)]
    values = pair_features(claim_of(claim), sentences, claim_of(question) if question else None)
    return dict(zip(WORD_FEATURES, values, strict=True))


def test_a_sentence_of_the_quote_agrees_in_everything() -> None:
    """Nothing is missing, displaced or contradicted where the words are the same."""
    found = _features("Anna Berg of Oslo gave 1.5 million dollars to the Tide Office in Bergen on 12 March 2021.")
    assert found["coverage_sentence"] == found["coverage_all"] == pytest.approx(1)
    silent = ("num_missing", "names_missing", "numbers_missing", "dates_missing", "names_swapped", "negation_added")
    assert all(found[name] == 0 for name in (*silent, "negation_dropped", "opposites", "units_differ", "hedge_dropped"))


@pytest.mark.parametrize(
    ("claim", "name", "value"),
    [
        ("Anna Berg of Oslo gave 2.5 million dollars to the Tide Office.", "numbers_missing", 1),
        ("Anna Berg of Oslo gave 1,500,000 dollars to the Tide Office.", "numbers_missing", 0),
        ("Anna Berg of Oslo gave 1.5 billion dollars to the Tide Office.", "numbers_missing", 1),
        ("Anna Berg of Oslo gave 1.5 million euros to the Tide Office.", "units_differ", 1),
        ("Anna Berg gave dollars to the Tide Office on 2021-03-12.", "dates_missing", 0),
        ("Anna Berg gave dollars to the Tide Office in 2020.", "dates_missing", 1),
        ("Anna Berg of Rome gave dollars to the Tide Office.", "names_missing", 1),
        ("The Tide Office in Bergen gave dollars to Anna Berg of Oslo.", "names_swapped", 1 / 3),
        ("Anna Berg of Oslo did not give dollars to the Tide Office.", "negation_added", 1),
        ("It was closed by Mara Quist.", "negation_dropped", 1),
        ("The office may repair some lighthouses after winter.", "opposites", 1),
        ("The office may repair all lighthouses before winter.", "quantifier_stronger", 1),
        ("The office repairs some lighthouses before winter.", "hedge_dropped", 1),
        ("The office must repair some lighthouses before winter.", "certainty_added", 1),
    ],
)
def test_a_changed_fact_is_seen(claim: str, name: str, value: float) -> None:
    assert _features(claim)[name] == pytest.approx(value)


def test_coverage_is_the_weighted_share_of_the_words_that_a_sentence_holds() -> None:
    """The word "lighthouses" weighs 1, "repair" 0.91, "volcanoes" 1: 1.91 of 2.91."""
    found = _features("they repair lighthouses, volcanoes.")
    assert found["coverage_sentence"] == pytest.approx(1.91 / 2.91)
    assert found["coverage_all"] == pytest.approx(1.91 / 2.91)


def test_what_the_question_says_already_counts_half() -> None:
    """A quote may call "it" what claim and question name."""
    alone = _features("Volcanoes: they repair lighthouses.")
    asked = _features("Volcanoes: they repair lighthouses.", question="What of volcanoes?")
    assert asked["coverage_all"] == pytest.approx(1.91 / 2.41)
    assert asked["coverage_all"] > alone["coverage_all"]


def test_initials_stand_for_a_name_and_a_name_for_its_initials() -> None:
    assert _features("The WHO met.", ["The World Health Organization met."])["names_missing"] == 0
    assert _features("The World Health Organization met.", ["The WHO met."])["names_missing"] == 0


def test_a_claim_in_another_language_agrees_in_nothing() -> None:
    found = _features("会合は東京で開かれた。", ["The meeting took place in Tokyo."])
    assert found["coverage_all"] == found["longest_run"] == found["pairs"] == 0


def test_japanese_is_compared_word_by_word() -> None:
    quote = ["第11回会合は2010年6月12日に東京で開かれた。日本は参加しなかった。"]
    assert _features("会合は東京で開かれた。", quote)["coverage_all"] == pytest.approx(1)
    assert _features("会合は2010年7月12日に開かれた。", quote)["dates_missing"] > 0
    assert _features("日本は参加した。", quote)["negation_dropped"] == 1


def test_meaning_is_added_where_texts_are_encoded() -> None:
    """The same sentence is as near as can be, word by word too; another is less near."""
    encoder = HashEncoder()
    near, far = claim_of("The tide office runs it."), claim_of("Volcanoes erupt in Iceland every winter.")
    sentences = sentences_of("The tide office runs it. Nobody else does.")
    encoded = encode(encoder, [near, far, *sentences])
    of_near, of_far = (
        dict(zip(FEATURES, pair_features(text, sentences, None, encoded), strict=True)) for text in (near, far)
    )
    assert of_near["cosine_sentence"] == pytest.approx(1, abs=1e-5)
    assert of_near["words_near"] == pytest.approx(1, abs=1e-5)
    assert all(of_far[name] < of_near[name] for name in ("cosine_sentence", "words_near", "words_near_least"))


@pytest.mark.parametrize("text", ["a " * 10_000, "Berg " * 4_000, "1 " * 5_000, "not " * 3_000, "A, " * 3_000])
def test_endless_repetition_is_read_in_time(text: str) -> None:
    """Nothing takes time by the square of a text's length."""
    values = pair_features(claim_of(text[:4000]), sentences_of(text)[:200] or sentences_of("x y"), None)
    assert len(values) == len(WORD_FEATURES)
