import json
from pathlib import Path

import numpy as np
import pytest

import assistant.evidence
from assistant.evidence import FEATURES, Evidence, Weights, load_weights
from assistant.home import Home
from index.retrieval import Found, WordStatistics
from tests.assistant.conftest import HARBOUR, Add

WEIGHTS = Path(assistant.evidence.__file__).with_name("evidence_weights.json")


def test_the_weights_file_has_a_row_for_each_feature_and_no_other() -> None:
    """A feature that was added or renamed without fitting anew is met here, not by a reader."""
    rows = json.loads(WEIGHTS.read_text())["features"]
    assert sorted(rows) == sorted(FEATURES)
    assert all(set(row) == {"weight", "mean", "scale"} and row["scale"] > 0 for row in rows.values())


def test_the_weights_are_read_in_the_order_of_the_features() -> None:
    rows = json.loads(WEIGHTS.read_text())
    weights = load_weights()
    assert weights.intercept == rows["intercept"]
    assert dict(zip(FEATURES, weights.weights, strict=True)) == {n: rows["features"][n]["weight"] for n in FEATURES}


def test_probabilities_are_those_of_a_logistic_model() -> None:
    """By hand: (3 - 1) / 2 · 0.5 = 0.5 and (5 - 5) / 1 · 2 = 0, so 1 / (1 + exp(-(0.5 + 0.5))) = 0.7311."""
    weights = Weights(intercept=0.5, weights=(0.5, 2.0), means=(1.0, 5.0), scales=(2.0, 1.0))
    assert weights.probabilities(np.array([[3.0, 5.0]])) == pytest.approx([0.731058], abs=1e-6)


def test_every_sentence_of_the_hits_is_found_at_its_place(coast: Home) -> None:
    """Each piece of evidence is a span of its document, with a probability, the most probable first."""
    question = "Who runs the Harbour Compact?"
    found = evidence(coast, question)
    assert sorted(item.text for item in found if item.document_id == "harbour") == sorted(
        [
            "The Harbour Compact was signed in Port Elin on 4 May 2019.",
            "It has a budget of 12 million crowns for three years.",
            "The Tide Office in Port Elin runs the compact.",
            "Its director is Mara Quist.",
            "Every harbour measures the water level each hour.",
            "The measurements are open to everybody.",
        ]
    )
    for item in found:
        assert coast.catalogue.document(item.document_id).text[item.start : item.end] == item.text
    probabilities = [item.probability for item in found]
    assert probabilities == sorted(probabilities, reverse=True)
    assert 0 <= probabilities[-1] < probabilities[0] <= 1


def test_a_sentence_that_several_documents_share_is_shown_once(home: Home, add: Add) -> None:
    """Three copies of a text do not push everything else out of an answer."""
    add({"a": HARBOUR, "b": HARBOUR + " A later note.", "c": "Something else. Its director is Mara Quist."})
    found = evidence(home, "Who is the director?")
    texts = [item.text for item in found]
    assert texts.count("Its director is Mara Quist.") == 1
    assert len(texts) == len(set(texts)) == 8


def test_no_hits_are_no_evidence(home: Home) -> None:
    assert evidence(home, "Who?") == []
    assert home.sources.finder.features("Who?", Found(()), WordStatistics({}, 0))[1].shape == (0, len(FEATURES))


def evidence(home: Home, question: str) -> list[Evidence]:
    """What the sentences of a search's hits say to its question."""
    retriever = home.sources.retriever
    return home.sources.finder.find(question, retriever.search(question), retriever.word_statistics(question))
