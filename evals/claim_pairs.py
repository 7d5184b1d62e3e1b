"""Pairs of a claim and quotes with what is true of them: what `fit_verifier.py` fits on and measures with.

Made from public data, the same for the same seed: reference answers with their passages and with others that are near,
sentences in other words, questions with their answers as statements, each also with one fact changed. The labels of
real answers are as good as the references; those of changed claims as good as the rules (`claim_changes.py`).
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from assistant.pairs import PARTLY, SUPPORTED, UNSUPPORTED, Pair
from assistant.question_words import asked_kind
from corpus.language import language_of
from corpus.sentences import sentence_spans
from evals.claim_changes import CHANGES, NAME, add_invention, reworded
from evals.public_data import cases_of, documents_of
from evals.statements import statement

REAL = ("real", "real-near", "real-without")
"""Kinds that are reference answers with right and wrong passages."""
_MIN_WORDS = 4
_NUM_NEAR = 6
_UNANSWERED = re.compile(
    r"\b(?:do not have|don't have|no information|cannot (?:find|provide|answer)|not (?:mention|provide|specif)|sorry|"
    r"unfortunately|I am|I'm|I can|let me know|you're welcome|thank)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A pair with its label, the kind of pair it is, the document it must not be parted from, and its data set.

    `base` is the same for a claim and its changes.
    """

    pair: Pair
    label: str
    kind: str
    group: str
    dataset: str
    base: str


def pairs_of(folder: Path, *, num: int, seed: int = 5) -> list[Labelled]:
    """Pairs from the set in this folder: from about `num` claims, a claim and its changes counted once."""
    name = folder.name
    if name == "squad2_dev":
        return [
            *_from_sentences(folder, _random(seed), num // 2),
            *_from_questions(folder, _random(seed + 1), num // 2),
        ]
    return list(_from_answers(folder, _random(seed), num))


def _random(seed: int) -> Random:
    return Random(seed)  # noqa: S311  (nothing here is secret)


class _Collection:
    """The documents of a set, in sentences, with the documents that are near each."""

    def __init__(self, folder: Path) -> None:
        rows = documents_of(folder)
        self.name = folder.name
        self.titles = {row["id"]: str(row["title"]) for row in rows}
        self.texts = {row["id"]: str(row["text"]) for row in rows}
        self.ids = list(self.texts)
        self._matrix: Any = None

    def near(self, text: str, avoid: set[str]) -> list[str]:
        """The texts of the passages that are nearest by words, the avoided documents left out."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        if self._matrix is None:
            self._vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english")
            self._matrix = self._vectorizer.fit_transform(self.texts[id_][:3000] for id_ in self.ids)
        scores = (self._matrix @ self._vectorizer.transform([text]).T).toarray()[:, 0]
        order = [self.ids[i] for i in np.argsort(-scores, kind="stable")[: _NUM_NEAR + len(avoid)]]
        return [self.texts[id_] for id_ in order if id_ not in avoid][:_NUM_NEAR]


def split(text: str) -> list[str]:
    """The sentences of a text."""
    return [
        line[a:b]
        for line in text.splitlines()
        for a, b in sentence_spans(line, 0, len(line), language=language_of(text))
    ]


def _from_sentences(folder: Path, rng: Random, num: int) -> Iterator[Labelled]:
    """Sentences of articles in other words, beside themselves, their surroundings, or others of the article."""
    collection = _Collection(folder)
    for id_ in collection.ids:
        paragraphs = [split(paragraph) for paragraph in collection.texts[id_].split("\n\n")]
        names = _names(collection.texts[id_])
        places = [
            (p, s) for p, some in enumerate(paragraphs) for s, text in enumerate(some) if 6 < len(text.split()) < 60
        ]
        for p, s in rng.sample(places, min(len(places), num // len(collection.ids))):
            own, sentence = paragraphs[p], paragraphs[p][s]
            claim = reworded(sentence, rng, collection.titles[id_])
            if rng.random() < 0.15 and s + 1 < len(own):
                claim = f"{claim.rstrip('.')}, and {own[s + 1][0].lower()}{own[s + 1][1:]}"
                right = [" ".join(own)] if rng.random() < 0.5 else [own[s], own[s + 1]]
            else:
                right = _around(own, s, rng)
            others = rng.sample([text for some in paragraphs for text in some if text not in own] or own, 2)
            if rng.random() < 0.3:
                right = rng.sample([*right, *others], len(right) + len(others))
            wrong = [" ".join(text for text in own if text != sentence) or others[0], *others]
            base = f"{id_}/{p}/{s}"
            made = _Made(claim, tuple(right), "", id_, folder.name, base)
            yield made.labelled(SUPPORTED, "reworded")
            yield from made.changed(rng, names, 2)
            if rng.random() < 0.5:
                quotes = tuple(wrong[:1]) if rng.random() < 0.6 else tuple(wrong)
                yield _Made(claim, quotes, "", id_, folder.name, base).labelled(UNSUPPORTED, "reworded-without")


def _from_questions(folder: Path, rng: Random, num: int) -> Iterator[Labelled]:
    """Statements made of questions: with their answers, with others' answers, and of questions without an answer."""
    texts = {row["id"]: str(row["text"]) for row in documents_of(folder)}
    cases = cases_of(folder)
    answers: dict[tuple[str, str], list[str]] = {}
    for case in cases:
        answers.setdefault((case["meta"]["article"], asked_kind(case["question"])), []).append(case["answers"][0])
    for case in rng.sample(cases, min(len(cases), num)):
        evidence, kind = case["evidence"][0], asked_kind(case["question"])
        id_ = evidence["document_id"]
        start, end = case["meta"]["paragraph"]
        own = split(texts[id_][start:end])
        at = next((s for s, text in enumerate(own) if evidence["text"] in text), None)
        claim = statement(case["question"], min(case["answers"], key=len))
        if claim is None or at is None:
            continue
        asked = case["question"] if rng.random() < 0.5 else ""
        made = _Made(claim, tuple(_around(own, at, rng)), asked, id_, folder.name, case["id"])
        yield made.labelled(SUPPORTED, "statement")
        yield from made.changed(rng, _names(texts[id_]), 1)
        others = [
            a for a in answers[case["meta"]["article"], kind] if a not in evidence["text"] and evidence["text"] not in a
        ]
        other = statement(case["question"], rng.choice(others)) if others else None
        if other:
            told = _Made(other, made.quotes, asked, id_, folder.name, case["id"])
            yield told.labelled(UNSUPPORTED, "statement-other-answer")
        if rng.random() < 0.4:
            rest = " ".join(text for s, text in enumerate(own) if s != at)
            if rest and case["answers"][0] not in rest:
                yield _Made(claim, (rest,), asked, id_, folder.name, case["id"]).labelled(
                    UNSUPPORTED, "statement-without"
                )
    yield from _unanswerable(folder, rng, num // 3, answers, texts)


def _unanswerable(
    folder: Path, rng: Random, num: int, answers: dict[tuple[str, str], list[str]], texts: dict[str, str]
) -> Iterator[Labelled]:
    """Questions that people wrote so that the paragraph does not answer them, with an answer from it of that kind."""
    rows = (json.loads(line) for line in (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines())
    cases = [case for case in rows if not case["answerable"]]
    for case in rng.sample(cases, min(num, len(cases))):
        id_ = f"squad2/{case['meta']['article']}"
        start, end = case["meta"]["paragraph"]
        paragraph = texts.get(id_, "")[start:end]
        fitting = [
            a for a in answers.get((case["meta"]["article"], asked_kind(case["question"])), []) if a in paragraph
        ]
        claim = statement(case["question"], rng.choice(fitting)) if fitting else None
        if claim:
            yield _Made(claim, (paragraph,), "", id_, folder.name, case["id"]).labelled(
                UNSUPPORTED, "statement-unanswerable"
            )


def _from_answers(folder: Path, rng: Random, num: int) -> Iterator[Labelled]:
    """Reference answers, sentence by sentence, with their passages and with others."""
    collection = _Collection(folder)
    cases = [case for case in cases_of(folder) if not _UNANSWERED.search(case["answers"][0])]
    made_of = 0
    for case in rng.sample(cases, len(cases)):
        ids = {evidence["document_id"] for evidence in case["evidence"]} & set(collection.texts)
        if not ids or made_of >= num:
            continue
        claims = [text for text in split(case["answers"][0]) if len(text.split()) >= _MIN_WORDS]
        if len(claims) > 1 and rng.random() < 0.3:
            claims.append(" ".join(claims[:2]))
        quotes = tuple(evidence["text"] for evidence in case["evidence"] if evidence.get("text"))
        passages = tuple(collection.texts[id_] for id_ in sorted(ids))
        group = sorted(ids)[0]
        for number, claim in enumerate(claims):
            made_of += 1
            asked = case["question"] if rng.random() < 0.5 else ""
            right = quotes if quotes and rng.random() < 0.5 else passages
            made = _Made(claim, right, asked, group, folder.name, f"{case['id']}/{number}")
            near = collection.near(f"{case['question']} {claim}", ids)
            if rng.random() < 0.3:
                made = replace(made, quotes=tuple(rng.sample([*right, *near[:2]], len(right) + 2)))
            yield made.labelled(SUPPORTED, "real")
            wrong = tuple(near[: rng.choice((1, 1, 2, 3))])
            yield _Made(claim, wrong, asked, group, folder.name, made.base).labelled(UNSUPPORTED, "real-near")
            without = _without(" ".join(passages), quotes, claim)
            if quotes and without:
                told = _Made(claim, (without,), asked, group, folder.name, made.base)
                yield told.labelled(UNSUPPORTED, "real-without")
            yield from made.changed(rng, _names(" ".join(passages)), 2)


def _without(passage: str, quotes: Sequence[str], claim: str) -> str:
    """The passage without its evidence and without every other sentence that shares half of the claim's words."""
    words = set(re.findall(r"\w{4,}", claim.lower()))
    rest = []
    for sentence in split(passage):
        shared = len(words & set(re.findall(r"\w{4,}", sentence.lower()))) / max(len(words), 1)
        if shared < 0.5 and not any(sentence in quote or quote in sentence for quote in quotes):
            rest.append(sentence)
    return " ".join(rest) if len(rest) >= 2 else ""


@dataclass(frozen=True, slots=True)
class _Made:
    """A claim with its quotes, before it is known what is true of them."""

    claim: str
    quotes: tuple[str, ...]
    question: str
    group: str
    dataset: str
    base: str

    def labelled(self, label: str, kind: str) -> Labelled:
        return Labelled(Pair(self.claim, self.quotes, self.question), label, kind, self.group, self.dataset, self.base)

    def changed(self, rng: Random, names: Sequence[str], num: int) -> Iterator[Labelled]:
        """The claim with one fact changed, in up to `num` ways, or with a clause that is invented."""
        applied = 0
        for kind in rng.sample(list(CHANGES), len(CHANGES)):
            new = CHANGES[kind](self.claim, rng, names)
            if (
                new
                and new != self.claim
                and applied < num
                and not any(new.rstrip(".") in quote for quote in self.quotes)
            ):
                applied += 1
                told = _Made(new, self.quotes, self.question, self.group, self.dataset, self.base)
                yield told.labelled(UNSUPPORTED, kind)
        if rng.random() < 0.2:
            told = _Made(
                add_invention(self.claim, rng, names) or self.claim,
                self.quotes,
                self.question,
                self.group,
                self.dataset,
                self.base,
            )
            yield told.labelled(PARTLY, "invention")


def _around(sentences: Sequence[str], at: int, rng: Random) -> list[str]:
    """A sentence alone, with its neighbours, or in its whole paragraph."""
    width = rng.choice((0, 0, 1, 2, len(sentences)))
    return [" ".join(sentences[max(0, at - width) : at + width + 1])]


def _names(text: str) -> list[str]:
    return sorted({match.group() for match in NAME.finditer(text)})
