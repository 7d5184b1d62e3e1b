from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Citation, Claim
from assistant.claims.features import FEATURES, WORD_FEATURES
from assistant.pairs import Pair, Verdict
from assistant.verifying import FeatureVerifier, Model, Term, exact, load_models, verify
from corpus.catalogue import new_document
from corpus.document import Document
from index.embedding import DEFAULT_MODEL, Encoder
from tests.fakes import HashEncoder

DOCUMENT = new_document(
    {"id": "a", "title": "A", "source": "/a", "language": "en"}, text="The tide office runs it. Nobody else does."
)
QUOTE = "The tide office runs it."
CITATION = Citation(1, "a", DOCUMENT.sha256, "A", "/a", 0, 24, QUOTE)


def document(_: str) -> Document:
    return DOCUMENT


@pytest.mark.parametrize(
    ("citation", "quoted", "holds"),
    [
        (CITATION, QUOTE, True),
        (CITATION, "The tide office ran it. ", False),
        (replace(CITATION, start=1), QUOTE, False),
        (replace(CITATION, end=25), QUOTE, False),
        (replace(CITATION, sha256="0" * 64), QUOTE, False),
        (replace(CITATION, start=5, end=5, quote=""), "", False),
    ],
    ids=["exact", "other words", "starts late", "ends late", "another version", "empty"],
)
def test_a_citation_holds_only_when_its_span_is_the_words_that_were_found(
    citation: Citation, quoted: str, holds: bool
) -> None:
    assert exact(citation, document, quoted) is holds


@pytest.mark.parametrize(
    ("text", "verdict", "support"),
    [
        (QUOTE, "supported", 1.0),
        ("The tide  office\nruns it.", "supported", 1.0),
        ("The tide office does not run it.", "unsupported", 0.0),
        ("The tide office runs", "unsupported", 0.0),
        ("", "unsupported", 0.0),
    ],
    ids=["its words", "its words, spaced otherwise", "the opposite", "a part of it", "nothing"],
)
def test_a_claim_is_supported_by_its_own_words_alone(text: str, verdict: str, support: float) -> None:
    """No sentence counts as supported because it looks like what it cites."""
    assert verify(text, [CITATION]) == Claim(text, (1,), verdict, support)


def test_a_claim_without_a_citation_is_unsupported() -> None:
    assert verify(QUOTE, []) == Claim(QUOTE, (), "unsupported", 0.0)


HARBOUR = (
    "On 12 March 2021 Anna Berg of Oslo gave 1.5 million dollars to the Tide Office in Bergen. "
    "The office may repair some lighthouses before winter."
)
BY_COVERAGE = Model(-6.0, (Term("coverage_all", 10.0), Term("numbers_missing", -9.0)), 0.8)
MODELS = {"words": BY_COVERAGE, "meaning": Model(-5.0, (Term("cosine_sentence", 10.0),), 0.8)}


class CountingEncoder(HashEncoder):
    """A hash encoder that counts the calls for vectors."""

    calls = 0

    def encode_spans(self, *arguments: Any, **options: Any) -> Any:
        self.calls += 1
        return super().encode_spans(*arguments, **options)


def _no_encoder() -> Encoder:
    pytest.fail("the embedder was loaded")


def test_a_score_becomes_a_probability_and_terms_have_knots_and_products() -> None:
    """1 / (1 + exp(-(0.5 + 2 · 0.25 - 1 · 1))) is 0.5."""
    model = Model(0.5, (Term("a>0.5", 2.0), Term("a*b", -1.0)), 0.5)
    assert model.probability({"a": 0.75, "b": 4 / 3}) == pytest.approx(0.5)
    assert model.probability({"a": 1e6, "b": -1e6}) == pytest.approx(1.0)


def test_words_of_a_quote_are_supported_without_any_model() -> None:
    """Neither weights nor an embedder are asked."""
    verifier = FeatureVerifier(_no_encoder, {})
    claims = (HARBOUR, "The office may repair some lighthouses before winter.", "1.5 million dollars")
    assert (
        verifier.verdicts([Pair(claim, ("It rained.", HARBOUR)) for claim in claims]) == [Verdict("supported", 1.0)] * 3
    )


@pytest.mark.parametrize(
    "pair",
    [
        Pair("", (HARBOUR,)),
        Pair("It is.", (HARBOUR,)),
        Pair("...", (HARBOUR,)),
        Pair("Anna Berg gave money.", ()),
        Pair("Anna Berg gave money.", ("", " \n ")),
        Pair("Anna Berg " * 1000, (HARBOUR,)),
    ],
    ids=["empty", "nothing said", "no word", "no quote", "empty quotes", "endless"],
)
def test_what_cannot_be_judged_is_unsupported(pair: Pair) -> None:
    assert FeatureVerifier(_no_encoder, {}).verdicts([pair]) == [Verdict("unsupported", 0.0)]


def test_verdicts_come_in_the_order_of_the_pairs_from_one_call_of_the_embedder() -> None:
    encoder = CountingEncoder(DEFAULT_MODEL)
    pairs = [
        Pair("Penguins live in Antarctica.", (HARBOUR,)),
        Pair("The office may repair some lighthouses before winter.", (HARBOUR,)),
        Pair("Some lighthouses the office may repair before winter.", (HARBOUR,)),
    ]
    found = FeatureVerifier(lambda: encoder, MODELS).verdicts(pairs)
    assert [verdict.verdict for verdict in found] == ["unsupported", "supported", "supported"]
    assert found[1].support == 1.0 > found[2].support
    assert encoder.calls == 1
    assert FeatureVerifier(lambda: encoder, MODELS).verdicts([]) == []


def test_quotes_are_encoded_once_for_the_claims_that_follow_each_other() -> None:
    """An answer's claims are often held against the same quotes."""
    encoder = CountingEncoder(DEFAULT_MODEL)
    verifier = FeatureVerifier(lambda: encoder, MODELS)
    claims = (
        "Some lighthouses the office may repair before winter.",
        "Before winter the office may repair lighthouses.",
    )
    first = verifier.verdicts([Pair(claims[0], (HARBOUR,))])
    read = len(encoder.read)
    verifier.verdicts([Pair(claims[1], (HARBOUR,))])
    assert encoder.read[read:] == [claims[1]]
    assert verifier.verdicts([Pair(claims[0], (HARBOUR,))]) == first


def test_what_words_rule_out_is_not_encoded() -> None:
    encoder = CountingEncoder(DEFAULT_MODEL)
    pair = Pair("Penguins live in Antarctica.", (HARBOUR,))
    assert FeatureVerifier(lambda: encoder, MODELS).verdicts([pair]) == FeatureVerifier(None, MODELS).verdicts([pair])
    assert encoder.calls == 0


def test_another_embedder_and_japanese_are_judged_by_words() -> None:
    """The weights of meaning are those of the embedder that comes with the installation, which reads no Japanese."""
    encoder = CountingEncoder("another")
    pair = Pair("Some lighthouses the office may repair before winter.", (HARBOUR,))
    assert FeatureVerifier(lambda: encoder, MODELS).verdicts([pair]) == FeatureVerifier(None, MODELS).verdicts([pair])
    japanese = Pair("会合は2010年に東京で開かれた。", ("第11回会合は2010年6月12日に東京で開かれた。",))
    assert FeatureVerifier(_no_encoder, MODELS).verdicts([japanese])[0].verdict == "supported"
    assert encoder.calls == 0


def test_a_claim_with_one_part_supported_is_partly_so_unless_something_contradicts_it() -> None:
    verifier = FeatureVerifier(None, MODELS)
    part = "Anna Berg of Oslo gave 1.5 million dollars to the office"
    invented = f"{part}, and penguins danced around volcanoes happily all night long."
    assert verifier.verdicts([Pair(invented, (HARBOUR,))])[0].verdict == "partly"
    contradicted = invented.replace("1.5", "2.5")
    assert verifier.verdicts([Pair(contradicted, (HARBOUR,))])[0].verdict == "unsupported"


@pytest.mark.parametrize(
    ("claim", "supported"),
    [
        ("Anna Berg of Oslo gave the Tide Office in Bergen 1.5 million dollars on 12 March 2021.", True),
        ("Anna Berg gave 1,500,000 dollars to the Tide Office in Bergen on March 12, 2021.", True),
        ("Anna Berg of Oslo gave 1.5 billion dollars to the Tide Office in Bergen.", False),
        ("Anna Berg of Oslo gave 1.5 million dollars to the Tide Office in Bergen on 12 March 2019.", False),
        ("Anna Berg of Oslo did not give 1.5 million dollars to the Tide Office in Bergen.", False),
        ("Joren Vale of Oslo gave 1.5 million dollars to the Tide Office in Bergen.", False),
        ("Penguins live in Antarctica, where Joren Vale counted them.", False),
    ],
)
def test_the_shipped_weights_tell_the_same_from_a_changed_fact(claim: str, supported: bool) -> None:
    """Without an embedder, as the first answer of a home may be checked."""
    (verdict,) = FeatureVerifier().verdicts([Pair(claim, (HARBOUR,))])
    assert (verdict.verdict == "supported") is supported, verdict


def test_the_shipped_weights_are_for_features_that_there_are() -> None:
    models = load_models()
    assert set(models) == {"meaning", "words"}
    features = dict.fromkeys(FEATURES, 0.5)
    assert 0 < models["meaning"].probability(features) < 1
    assert 0 < models["words"].probability({name: features[name] for name in WORD_FEATURES}) < 1
    assert all(0 < model.supported_from < 1 for model in models.values())


@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=3))
def test_any_texts_get_a_verdict(claim: str, quotes: list[str]) -> None:
    (verdict,) = FeatureVerifier().verdicts([Pair(claim, tuple(quotes))])
    assert verdict.verdict in ("supported", "partly", "unsupported")
    assert 0 <= verdict.support <= 1
