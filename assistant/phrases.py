"""The phrase in a sentence that answers a question which asks for one: a date, a number, a person, a place, a name.

Candidates are shapes in the text; a logistic model over the features below, fitted by `evals/fit_phrases.py`, chooses
among them. It reads no grammar, it knows no names, and it marks nothing for a question that asks for no such thing.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from pathlib import Path

from assistant.question_words import DATE, NAME, NUMBER, PERSON, PLACE, asked_kind
from index.words import STOP_WORDS, stems

KINDS = (DATE, NUMBER, PERSON, PLACE, NAME)
FEATURES = (
    "nearest_before",  # words to the nearest question word on the left, as log
    "nearest_after",  # the same on the right
    "near",  # share of the question's words within six words of it
    "asked_follows",  # whether the word that the question asks for ("how many members") stands right behind it
    "asked_precedes",  # whether it stands right before
    "after_place_word",  # whether "in", "at", "from", "to", "near" stands before it
    "after_agent_word",  # whether "by" stands before it
    "opens",  # whether it opens the sentence
    "position",  # where in the sentence, 0 to 1
    "num_words",
    "has_digit",
    "said",  # share of its words that the question says too
)
MIN_PROBABILITY = 0.5
"""A less probable phrase is not marked. On squad2_dev, out of fold, 32 % of the right sentences get one, with a token
F1 of 0.86 (`evals/fit_phrases.py`)."""
_WEIGHTS = Path(__file__).with_name("phrase_weights.json")

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|"
    r"Aug|Sept?|Oct|Nov|Dec)\.?"
)
_YEAR = r"(?:1\d{3}|20\d{2})"
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?:\s+(?:of\s+)?{_MONTH})(?:,?\s+{_YEAR})?\b|"
    rf"\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+{_YEAR})?\b|\b{_MONTH}\s+(?:of\s+)?{_YEAR}\b|"
    rf"\b(?:{_YEAR})\s*(?:–|-|to|and)\s*(?:{_YEAR}|\d{{2}})\b|\b{_YEAR}-\d{{2}}-\d{{2}}\b|"
    rf"\b(?:(?:early|mid|late)[ -]?(?:to[ -](?:mid|late)[ -])?)?(?:the\s+)?{_YEAR}s?\b(?:\s+(?:BC|AD|BCE|CE)\b)?|"
    r"\b(?:the\s+)?(?:early |mid-?|late )?\d{1,2}(?:st|nd|rd|th)\s+centur(?:y|ies)\b|"
    r"(?:令和|平成|昭和)?\d{1,4}年(?:\d{1,2}月)?(?:\d{1,2}日)?|\d{1,2}月(?:\d{1,2}日)?|"
    rf"\b{_MONTH}\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
)
_NUMERAL = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|dozens?|half)"
)
_MAGNITUDE = r"(?:hundred|thousand|million|billion|trillion|dozen|bn|m)"
_UNIT = (
    r"(?:%|percent|per cent|years?|months?|weeks?|days?|hours?|minutes?|seconds?|miles?|kilomet(?:er|re)s?|"
    r"met(?:er|re)s?|km|cm|mm|m|ft|feet|foot|inch(?:es)?|kg|g|tons?|tonnes?|pounds?|acres?|hectares?|degrees?|°\s?[CF]|euros?|"
    r"dollars?|yen|yuan|USD|EUR|GBP|JPY|people|square (?:miles?|kilomet(?:er|re)s?|feet|met(?:er|re)s?)|km2|times)"
)
_NUMBER = re.compile(
    rf"(?:(?:US|A|C|NZ)?[$£€¥]\s?)?(?<![\w.])\d[\d,.]*\d(?:\s*{_MAGNITUDE}\b)?(?:\s*(?:–|-|to)\s*\d[\d,.]*)?(?:\s?{_UNIT}(?!\w))?|"
    rf"(?:(?:US|A|C|NZ)?[$£€¥]\s?)?(?<![\w.])\d(?:\s*{_MAGNITUDE}\b)?(?:\s*(?:–|-|to)\s*\d+)?(?:\s?{_UNIT}(?!\w))?|"
    rf"\b{_NUMERAL}(?:[ -]{_NUMERAL})*\b(?:\s+{_MAGNITUDE}s?)?(?:\s+{_UNIT}(?!\w))?|"
    r"[\d,.]+(?:万|億|兆|千)?(?:円|人|個|回|か国|カ国|年間|日間|件|名|％|%|キロ|メートル)",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:the\s+)?[A-Z][\w’'&.-]*\w(?:\s+(?:(?:of|for|the|de|von|van|and|in)\s+){0,2}[A-Z\d][\w’'&.-]*\w|\s+[A-Z]\.)*|"
    r"[A-Z]{2,}|[\u30a0-\u30ff\u3400-\u9fff々][\u30a0-\u30ff\u3400-\u9fff々A-Za-zＡ-Ｚ・]+"
)
_WORD = re.compile(r"\w+(?:[’'.-]\w+)*")


@dataclass(frozen=True, slots=True)
class Phrase:
    """`[start, end)` within the sentence, and how probable it is that this is what the question asks for."""

    start: int
    end: int
    probability: float


@dataclass(frozen=True, slots=True)
class PhraseWeights:
    """A logistic model a kind: an intercept and a weight for each of `FEATURES`."""

    intercepts: Mapping[str, float]
    weights: Mapping[str, Sequence[float]]


@lru_cache
def load_phrase_weights(path: Path = _WEIGHTS) -> PhraseWeights:
    """The weights in a file of that form, by kind and feature name."""
    kinds = json.loads(path.read_text())["kinds"]
    return PhraseWeights(
        {kind: kinds[kind]["intercept"] for kind in KINDS},
        {kind: [kinds[kind]["weights"][name] for name in FEATURES] for kind in KINDS},
    )


def phrase_in(sentence: str, question: str, weights: PhraseWeights | None = None) -> Phrase | None:
    """The most probable phrase; None where the question asks for none, or the sentence holds none of its kind.

    Its probability weighs it against the other candidates and against none of them being it.

    >>> phrase_in("The call closed on 16 March 2021 in Tokyo.", "Explain the call.") is None
    True
    """
    kind = asked_kind(question)
    spans = candidates(sentence, question, kind)
    if not spans:
        return None
    model = weights or load_phrase_weights()
    odds = [
        exp(model.intercepts[kind] + sum(w * x for w, x in zip(model.weights[kind], row, strict=True)))
        for row in features(sentence, question, spans)
    ]
    best = max(range(len(spans)), key=odds.__getitem__)
    return Phrase(*spans[best], odds[best] / (1 + sum(odds)))


def marked_phrase(sentence: str, question: str) -> tuple[int, int] | None:
    """Where in the sentence the phrase is, None where it is not probable enough to be shown."""
    phrase = phrase_in(sentence, question)
    return (phrase.start, phrase.end) if phrase and phrase.probability >= MIN_PROBABILITY else None


def candidates(sentence: str, question: str, kind: str) -> list[tuple[int, int]]:
    """The spans of the sentence that have the shape of the kind and are not in the question already."""
    shape = {DATE: _DATE, NUMBER: _NUMBER, PERSON: _NAME, PLACE: _NAME, NAME: _NAME}.get(kind)
    if shape is None:
        return []
    said = {word.casefold() for word in _WORD.findall(question)} | STOP_WORDS
    spans = []
    for match in shape.finditer(sentence):
        start, end = match.span()
        text = match.group()
        first = _WORD.match(text)
        if kind in (PERSON, PLACE, NAME) and first and first.group().casefold() in STOP_WORDS - {"the"}:
            start += first.end() + len(text[first.end() :]) - len(text[first.end() :].lstrip())
        new = [word for word in _WORD.findall(sentence[start:end]) if word.casefold() not in said]
        if new and sentence[start:end].strip():
            spans.append((start, end))
    return spans


def features(sentence: str, question: str, spans: Sequence[tuple[int, int]]) -> list[tuple[float, ...]]:
    """For each span its `FEATURES`, in order."""
    places = [match.span() for match in _WORD.finditer(sentence)]
    starts = [start for start, _ in places]
    read = [sentence[start:end].casefold() for start, end in places]
    asked = set(stems(question))
    matches = [i for i, word in enumerate(read) if asked.intersection(stems(word))]
    wanted = _asked_noun(question)
    rows: list[tuple[float, ...]] = []
    for start, end in spans:
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        left = [first - i for i in matches if i < first]
        right = [i - last + 1 for i in matches if i >= last]
        before = read[first - 1] if first else ""
        near = {stem for i in matches if first - 6 <= i < last + 6 and not first <= i < last for stem in stems(read[i])}
        rows.append(
            (
                log(min(left, default=30)),
                log(min(right, default=30)),
                len(near & asked) / max(len(asked), 1),
                float(any(wanted & set(stems(word)) for word in read[last : last + 3])),
                float(any(wanted & set(stems(word)) for word in read[max(first - 3, 0) : first])),
                float(before in ("in", "at", "from", "to", "near", "into", "of", "across")),
                float(before == "by"),
                float(first == 0),
                first / max(len(read), 1),
                log(1 + last - first),
                float(any(character.isdigit() for character in sentence[start:end])),
                sum(bool(asked & set(stems(word))) for word in read[first:last]) / max(last - first, 1),
            )
        )
    return rows


def _asked_noun(question: str) -> set[str]:
    """The stems of the noun that "how many", "which" or "what" ask for, as far as word order tells it."""
    match = re.search(r"\b(?:how\s+(?:many|much)|which|what)\s+(\w+)(?:\s+(\w+))?", question, re.IGNORECASE)
    return {stem for word in match.groups() if word for stem in stems(word)} if match else set()
