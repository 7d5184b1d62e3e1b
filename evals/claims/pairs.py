"""Pairs of a claim and quotes with what is true of them: what `fit_verifier.py` fits on and measures with.

Made from public data, the same for the same seed: reference answers with their passages and with others that are near,
sentences in other words, questions with their answers as statements, each also with one fact changed or something
added. The labels of real answers are as good as the references; those of the others as good as the rules.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from assistant.pairs import PARTLY
from assistant.question_words import asked_kind
from evals.bench.public_data import Case, cases_of, documents_of
from evals.claims.changes import names_of
from evals.claims.documents import Collection, around, split, without
from evals.claims.labelled_claim import Labelled, Made
from evals.claims.rewordings import joined, reworded
from evals.claims.statements import statement

REAL = ("real", "real-near", "real-without")
"""Kinds that are reference answers with right and wrong passages."""
_MIN_WORDS = 4
_UNANSWERED = re.compile(
    r"\b(?:do not have|don't have|no information|cannot (?:find|provide|answer)|not (?:mention|provide|specif)|sorry|"
    r"unfortunately|I am|I'm|I can|let me know|you're welcome|thank)\b",
    re.I,
)
Answers = Mapping[tuple[str, str], Sequence[str]]
"""The answers to the questions of an article that ask for one kind of thing."""


def pairs_of(folder: Path, *, num: int, seed: int = 5) -> list[Labelled]:
    """Pairs from the set in this folder: from about `num` claims, a claim and its changes counted once."""
    if folder.name == "squad2_dev":
        return [
            *_from_sentences(folder, _random(seed), num * 2 // 5),
            *_from_questions(folder, _random(seed + 1), num * 3 // 5),
        ]
    return list(_from_answers(folder, _random(seed), num))


def _random(seed: int) -> Random:
    return Random(seed)  # noqa: S311  (nothing here is secret)


def _from_sentences(folder: Path, rng: Random, num: int) -> Iterator[Labelled]:
    """Sentences of articles in other words, beside themselves, their surroundings, or others of the article."""
    collection = Collection(folder)
    for id_ in collection.ids:
        paragraphs = [split(paragraph) for paragraph in collection.texts[id_].split("\n\n")]
        names = names_of(collection.texts[id_])
        places = [
            (p, s) for p, some in enumerate(paragraphs) for s, text in enumerate(some) if 6 < len(text.split()) < 60
        ]
        for p, s in rng.sample(places, min(len(places), num // len(collection.ids))):
            own, others = paragraphs[p], _others(paragraphs, p, rng)
            right = around(own, s, rng)
            if rng.random() < 0.3:
                right = rng.sample([*right, *others], len(right) + len(others))
            made = Made(own[s], tuple(right), "", id_, folder.name, f"{id_}/{p}/{s}")
            yield from _of_sentence(made, own, others, names, rng)


def _others(paragraphs: Sequence[Sequence[str]], p: int, rng: Random) -> list[str]:
    rest = [text for number, some in enumerate(paragraphs) for text in some if number != p] or list(paragraphs[p])
    return rng.sample(rest, min(2, len(rest)))


def _of_sentence(
    made: Made, own: Sequence[str], others: Sequence[str], names: Sequence[str], rng: Random
) -> Iterator[Labelled]:
    told = made.reworded(rng)
    yield told.supported("reworded")
    if rng.random() < 0.5:
        yield made.reworded(rng).supported("reworded")
    yield from (told if rng.random() < 0.7 else made).changed(rng, names, 2)
    yield from told.extended(rng, [text for text in others if text not in made.quotes])
    yield from _joined(made, told, others, rng)
    if rng.random() < 0.4:
        rest = " ".join(text for text in own if text != made.claim)
        quotes = (rest,) if rest and rng.random() < 0.6 else tuple(text for text in (rest, *others) if text)
        yield replace(told, quotes=quotes).unsupported("reworded-without")


def _joined(made: Made, told: Made, others: Sequence[str], rng: Random) -> Iterator[Labelled]:
    """Two sentences as one claim, with both quoted, and with one."""
    if rng.random() < 0.25:
        claim = joined(told.claim, reworded(others[0], rng, most=2), rng)
        if rng.random() < 0.5:
            yield replace(made, claim=claim, quotes=tuple(dict.fromkeys([*made.quotes, others[0]]))).supported("joined")
        elif not any(others[0] in quote for quote in made.quotes):
            yield replace(made, claim=claim).labelled(PARTLY, "half")


def _from_questions(folder: Path, rng: Random, num: int) -> Iterator[Labelled]:
    """Statements made of questions: with their answers, with others' answers, and of questions without an answer."""
    texts = {row["id"]: str(row["text"]) for row in documents_of(folder)}
    names = {id_: names_of(text) for id_, text in texts.items()}
    cases = cases_of(folder)
    answers: dict[tuple[str, str], list[str]] = {}
    for case in cases:
        answers.setdefault((case["meta"]["article"], asked_kind(case["question"])), []).append(case["answers"][0])
    for case in rng.sample(cases, min(len(cases), num)):
        evidence = case["evidence"][0]
        start, end = case["meta"]["paragraph"]
        own = split(texts[evidence["document_id"]][start:end])
        at = next((s for s, text in enumerate(own) if evidence["text"] in text), None)
        claim = statement(case["question"], case["answers"][0], own[at]) if at is not None else None
        if claim is not None and at is not None:
            asked = case["question"] if rng.random() < 0.3 else ""
            id_ = evidence["document_id"]
            made = Made(claim, tuple(around(own, at, rng)), asked, id_, folder.name, case["id"])
            yield from _of_statement(made, case, answers, names[id_], rng)
            rest = " ".join(text for s, text in enumerate(own) if s != at)
            if rest and rng.random() < 0.3 and case["answers"][0] not in rest:
                yield replace(made, quotes=(rest,)).unsupported("statement-without")
    yield from _unanswerable(folder, rng, num, answers, texts)


def _of_statement(made: Made, case: Case, answers: Answers, names: Sequence[str], rng: Random) -> Iterator[Labelled]:
    yield made.supported("statement")
    yield from made.changed(rng, names, 1)
    told = case["evidence"][0]["text"]
    quoted = " ".join(made.quotes)
    same = answers[case["meta"]["article"], asked_kind(case["question"])]
    others = [answer for answer in same if answer not in told and told not in answer]
    others = [answer for answer in others if answer in quoted] or others if rng.random() < 0.5 else others
    other = statement(case["question"], rng.choice(others), quoted) if others else None
    if other and rng.random() < 0.6:
        yield replace(made, claim=other).unsupported("statement-other-answer")


def _unanswerable(
    folder: Path, rng: Random, num: int, answers: Answers, texts: Mapping[str, str]
) -> Iterator[Labelled]:
    """Questions that people wrote so that the paragraph does not answer them, with an answer from it of that kind."""
    rows = (json.loads(line) for line in (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines())
    cases = [case for case in rows if not case["answerable"]]
    for case in rng.sample(cases, min(num, len(cases))):
        id_ = f"squad2/{case['meta']['article']}"
        start, end = case["meta"]["paragraph"]
        paragraph = texts.get(id_, "")[start:end]
        same = answers.get((case["meta"]["article"], asked_kind(case["question"])), [])
        fitting = [answer for answer in same if answer in paragraph]
        answer = rng.choice(fitting) if fitting else ""
        claim = statement(case["question"], answer, paragraph) if answer else None
        if claim:
            own = split(paragraph)
            at = next((s for s, text in enumerate(own) if answer in text), 0)
            quotes = tuple(around(own, at, rng)) if rng.random() < 0.5 else (paragraph,)
            made = Made(claim, quotes, "", id_, folder.name, case["id"])
            yield made.unsupported("statement-unanswerable")


def _from_answers(folder: Path, rng: Random, num: int) -> Iterator[Labelled]:
    """Reference answers, sentence by sentence, with their passages and with others."""
    collection = Collection(folder)
    cases = [case for case in cases_of(folder) if not _UNANSWERED.search(case["answers"][0])]
    made_of = 0
    for case in rng.sample(cases, len(cases)):
        ids = {evidence["document_id"] for evidence in case["evidence"]} & set(collection.texts)
        if not ids or made_of >= num:
            continue
        claims = [text for text in split(case["answers"][0]) if len(text.split()) >= _MIN_WORDS]
        if len(claims) > 1 and rng.random() < 0.3:
            claims.append(" ".join(claims[:2]))
        made_of += len(claims)
        for number, claim in enumerate(claims):
            asked = case["question"] if rng.random() < 0.5 else ""
            made = Made(claim, (), asked, min(ids), folder.name, f"{case['id']}/{number}")
            yield from _of_answer(made, case, collection, ids, rng)


def _of_answer(made: Made, case: Case, collection: Collection, ids: set[str], rng: Random) -> Iterator[Labelled]:
    quotes = tuple(evidence["text"] for evidence in case["evidence"] if evidence.get("text"))
    passages = tuple(collection.texts[id_] for id_ in sorted(ids))
    near = collection.near(f"{case['question']} {made.claim}", ids)
    right = quotes if quotes and rng.random() < 0.5 else passages
    if rng.random() < 0.3:
        right = tuple(rng.sample([*right, *near[:2]], len(right) + len(near[:2])))
    made = replace(made, quotes=right)
    yield made.supported("real")
    if rng.random() < 0.5:
        yield made.reworded(rng).supported("reworded")
    yield replace(made, quotes=tuple(near[: rng.choice((1, 1, 2, 3))])).unsupported("real-near")
    rest = without(" ".join(passages), quotes, made.claim)
    if quotes and rest:
        yield replace(made, quotes=(rest,)).unsupported("real-without")
    yield from made.changed(rng, names_of(" ".join(passages)), 2)
    yield from made.extended(rng, [text for passage in near[:1] for text in split(passage)[:5]])
