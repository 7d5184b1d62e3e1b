from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Citation, Claim
from assistant.pairs import Pair
from evals.case import Case, Score
from evals.judges import Grade
from evals.measures.attribution import Cited, Unjudged, attribution_measures, citation_precision, citation_recall

CASE = Case("c", "Q?", (), (), (), answerable=True)


class WordsJudge:
    """Supported when every word of the claim is among the quotes' words; "?" is beyond it; counts what it is asked."""

    def __init__(self, name: str = "features") -> None:
        self.name = name
        self.asked: list[Pair] = []

    def grades(self, pairs: Sequence[Pair]) -> list[Grade]:
        self.asked += pairs
        return [self._grade(pair) for pair in pairs]

    def _grade(self, pair: Pair) -> Grade:
        assert pair.quotes, "ALCE's sentence without citations is not put to the judge"
        if "?" in pair.claim:
            return Grade(None, "it timed out")
        missing = set(pair.claim.split()) - set(" ".join(pair.quotes).split())
        return Grade("supported" if not missing else "partly")


@pytest.mark.parametrize(
    ("sentence", "recall", "precision"),
    [
        (Cited("one two", ("one two",)), True, [True]),
        (Cited("one two", ("one", "two")), True, [True, True]),
        (Cited("one two", ("one two", "three")), True, [True, False]),
        (Cited("one two", ("one", "one two")), True, [False, True]),
        (Cited("one two", ("one two", "one two")), True, [True, True]),
        (Cited("one two", ("one", "three")), False, [False, False]),
        (Cited("one two", ("one",)), False, [False]),
        (Cited("one two", ()), False, []),
    ],
    ids=["alone", "both needed", "one beside", "idle part", "twice", "not enough", "one, not enough", "none"],
)
def test_recall_and_precision_are_alces(sentence: Cited, recall: bool, precision: list[bool]) -> None:
    """By hand, after section 4: "partly" is no support; a citation is idle when it does not support alone and the rest
    does; nothing in an unsupported sentence is of use.
    """
    assert citation_recall([sentence], WordsJudge()) == [recall]
    assert citation_precision([sentence], WordsJudge()) == precision


SENTENCES = st.lists(
    st.tuples(
        st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(" ".join),
        st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=2).map(" ".join), max_size=3).map(tuple),
    ).map(lambda pair: Cited(*pair)),
    min_size=1,
    max_size=4,
)


@given(SENTENCES)
def test_precision_agrees_with_its_definition(sentences: list[Cited]) -> None:
    """Said again, citation by citation, with entailment as sets of words."""

    def entails(quotes: Sequence[str], claim: str) -> bool:
        return bool(quotes) and set(claim.split()) <= set(" ".join(quotes).split())

    expected = []
    for sentence in sentences:
        for i, quote in enumerate(sentence.quotes):
            rest = [other for j, other in enumerate(sentence.quotes) if j != i]
            irrelevant = not entails([quote], sentence.text) and entails(rest, sentence.text)
            expected.append(entails(sentence.quotes, sentence.text) and not irrelevant)
    assert citation_precision(sentences, WordsJudge()) == expected


def said(*claims: tuple[str, tuple[int, ...]]) -> Answer:
    """An answer of these claims over three quotes: "one", "two", "one two"."""
    return Answer(
        "Q?",
        "What?",
        claims=tuple(Claim(text, numbers, "supported", 1.0) for text, numbers in claims),
        citations=tuple(
            Citation(i, "d", "", "", "", 0, 1, quote) for i, quote in enumerate(("one", "two", "one two"), 1)
        ),
    )


def scores(answer: Answer, judge: WordsJudge | None = None) -> tuple[Score, Score]:
    """Recall and precision."""
    recall, precision = (measure(CASE, answer) for measure in attribution_measures(judge or WordsJudge()).values())
    return recall, precision


def test_an_answer_is_scored_over_its_sentences_and_over_its_citations() -> None:
    """Two of three sentences are supported; of four citations the last of the first, and that of the second."""
    answer = said(("one two", (1, 3)), ("two", (2,)), ("two", (1,)))
    assert scores(answer) == (Score(2 / 3), Score(2 / 4))


@pytest.mark.parametrize(
    ("answer", "recall", "precision"),
    [
        (said(), Score(None, "nothing was said"), Score(None, "nothing was said")),
        (said(("one", ())), Score(0.0), Score(None, "nothing was cited")),
        (
            said(("one", (1,)), ("who?", (1,))),
            Score(None, "the judge could not say: it timed out"),
            Score(None, "the judge could not say: it timed out"),
        ),
    ],
    ids=["refused", "nothing cited", "beyond the judge"],
)
def test_what_cannot_be_told_is_unscored(answer: Answer, recall: Score, precision: Score) -> None:
    assert scores(answer) == (recall, precision)


def test_each_pair_is_put_to_the_judge_once_with_its_question() -> None:
    """Recall and precision share what they ask; a judge may be slow and dear."""
    judge = WordsJudge()
    measures = attribution_measures(judge)
    for measure, _ in product(measures.values(), range(2)):
        measure(CASE, said(("one two", (1, 2))))
    assert len(judge.asked) == len(set(judge.asked)) == 3  # together, and each alone, which is all but the other
    assert {pair.question for pair in judge.asked} == {"What?"}


def test_the_judge_stands_behind_the_name_unless_it_is_the_built_in_one() -> None:
    assert list(attribution_measures(WordsJudge())) == ["citation recall", "citation precision"]
    assert list(attribution_measures(WordsJudge("llm:m"))) == ["citation recall (llm:m)", "citation precision (llm:m)"]


def test_who_asks_without_a_score_is_told_why_there_is_none() -> None:
    with pytest.raises(Unjudged, match="it timed out"):
        citation_recall([Cited("who?", ("one",))], WordsJudge())
