"""How a claim and its quotes agree and where they do not, as numbers that a reader can check by hand.

The features of the verifier's model, by name; each module that begins with `claim_` finds some of them. Words are
compared by their stems, figures by what they say, order and neighbourhood by place; with an embedding model also by
meaning, word by word. Nothing is encoded here.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from assistant.claims.alignment import Alignment
from assistant.claims.meanings import Encoded, encode, meaning_features
from assistant.claims.names import figure_features, name_features
from assistant.claims.orders import order_features
from assistant.claims.replacements import replacement_features
from assistant.claims.roles import role_features
from assistant.claims.senses import sense_features
from assistant.claims.text import Sentence

__all__ = ["CONFLICTS", "FEATURES", "WORD_FEATURES", "Encoded", "encode", "pair_features"]

WORD_FEATURES = (
    "coverage_sentence",  # weighted share of the claim's words in the one sentence that holds most of them
    "coverage_focus",  # in the three sentences that together hold most: the focus
    "coverage_all",  # in all quotes
    "num_missing",  # log of how many words are in no quote, by weight
    "missing_gap",  # the longest row of words without one that the focus holds, as a share of the claim
    "missing_clause",  # share that is missing of the clause that misses most
    "longest_run",  # longest run of words that the claim has in common with a sentence, as a share of the claim
    "pairs",  # share of neighbouring words that are neighbours in a quote too
    "skip_pairs",  # share of neighbouring content words that stand near each other, in that order, in a sentence
    "reversed_pairs",  # share that do so in the other order only
    "names_missing",  # how many names are in no quote (up to 3)
    "names_missing_focus",  # how many are not in the focus (up to 3)
    "names_displaced",  # share of the names none of whose neighbours in the claim is near them in a quote
    "names_swapped",  # share of pairs of names whose order is the other one, with no change of voice
    "numbers_missing",  # how many numbers are in no quote (up to 3)
    "numbers_missing_focus",
    "numbers_displaced",  # share of numbers and dates none of whose neighbours in the claim is near them in a quote
    "small_numbers_missing",  # numbers spelled out, below 13: a quote may list what the claim counts
    "units_differ",  # the number is there with another unit only
    "dates_missing",  # how many dates, or parts of them, are in no quote (up to 3)
    "dates_missing_focus",
    "negation_added",  # the claim denies more often than the focus denies words of it (up to 2)
    "negation_dropped",  # the sentence that bears it most denies words of the claim more often than it does (up to 2)
    "negation_alone",  # how many negations of the claim reach words that none of the focus reaches (up to 2)
    "superlatives",  # how many words such as "first", "only", "largest" are in the claim alone (up to 2)
    "negation_lost",  # how many negations of the focus the claim does without, of words that it has (up to 2)
    "hedge_lost",  # the claim has no word of doubt, the focus one just before words of the claim
    "connections",  # how many kinds of connection (cause, contrast) are in the claim alone
    "connections_turned",  # one is in the claim alone, the other in the focus alone
    "mentions_turned",  # how many pairs of names or figures changed places, the word between them did not (up to 2)
    "words_moved",  # share of the words that are nearest to another of the names and figures than in the focus
    "roles_moved",  # how many names follow another of "by", "from", "to", "against" (up to 2)
    "voice_turned",  # what was done by somebody is what it does to them
    "name_pairs",  # share of the neighbours of names and numbers, on both sides, that they have in a quote too
    "names_replaced",  # names and numbers in whose place, between the same words, a quote has others (up to 3)
    "words_replaced",  # the same of other words
    "opposites",  # how many words of the claim stand in the focus as their opposites only (up to 3)
    "quantifier_stronger",  # all, none, only or most in the claim alone
    "quantifier_differs",  # the claim has a class of quantifiers, the focus others
    "hedge_dropped",  # the focus says what may be, the claim what is
    "certainty_added",  # must, will, always, proved in the claim alone
    "log_words",  # the claim's length
    "log_quote_words",  # the quotes'
    "log_sentences",  # how many sentences the quotes have
)
MEANING_FEATURES = (
    "cosine_sentence",  # the claim and the nearest sentence
    "cosine_focus",  # and the mean of the focus
    "cosine_all",  # and the mean of all sentences
    "words_near",  # weighted mean over the claim's words: how near the nearest word of the focus is
    "words_near_all",  # of all quotes
    "words_near_least",  # mean of the lowest fifth of these, of all quotes
    "missing_near",  # mean over the words that are not in the quotes as such
    "clause_near",  # mean of the clause that is least near
    "shared_near",  # mean over the words that both have: how alike their neighbourhoods make them
    "pairs_near",  # mean over neighbouring content words of how near both are to near words of a sentence
    "pairs_near_least",  # the least of these
    "pairs_near_ordered",  # mean, in their order
    "names_confused",  # how much nearer two names are to each other's places than to their own, at most
    "names_near",  # the same over names and numbers, the least of them
)
FEATURES = WORD_FEATURES + MEANING_FEATURES

CONFLICTS = (
    *("names_missing", "numbers_missing", "units_differ", "dates_missing"),
    *("negation_added", "negation_dropped", "opposites"),
)
"""Features above 0 that speak against a claim as a whole: it is not true in part."""


def pair_features(
    claim: Sentence,
    sentences: Sequence[Sentence],
    question: Sentence | None = None,
    encoded: Mapping[str, Encoded] | None = None,
) -> list[float]:
    """The features of a claim beside the sentences of its quotes: `FEATURES` with `encoded`, which holds the texts of
    all of them, else `WORD_FEATURES`. There is one sentence at least.
    """
    alignment = Alignment(claim, sentences, question)
    found = (
        _coverages(alignment)
        | order_features(alignment)
        | name_features(alignment)
        | replacement_features(alignment)
        | figure_features(alignment)
        | sense_features(alignment)
        | role_features(alignment)
        | _lengths(alignment)
    )
    if encoded is None:
        return [found[name] for name in WORD_FEATURES]
    found |= meaning_features(alignment, encoded)
    return [found[name] for name in FEATURES]


def _coverages(a: Alignment) -> dict[str, float]:
    missing = ~a.in_focus
    gap = longest = 0.0
    for weight, is_missing in zip(a.weights, missing, strict=True):
        gap = gap + float(weight) if is_missing else 0.0
        longest = max(longest, gap)
    place = {i: row for row, i in enumerate(a.content)}
    clauses = [[place[i] for i in clause] for clause in a.claim.clauses] or [list(range(len(a.content)))]
    shares = [float(a.weights[rows] @ missing[rows] / (a.weights[rows].sum() or 1.0)) for rows in clauses]
    return {
        "coverage_sentence": max((a.coverage(column) for column in a.present.T), default=0.0),
        "coverage_focus": a.coverage(a.in_focus),
        "coverage_all": a.coverage(a.anywhere),
        "num_missing": float(np.log1p(a.weights @ ~a.anywhere)),
        "missing_gap": longest / a.total,
        "missing_clause": max(shares, default=1.0),
    }


def _lengths(a: Alignment) -> dict[str, float]:
    return {
        "log_words": float(np.log1p(len(a.claim.tokens))),
        "log_quote_words": float(np.log1p(sum(len(s.tokens) for s in a.sentences))),
        "log_sentences": float(np.log1p(len(a.sentences))),
    }
