"""Whether other words for the same question get the same answer.

Wordings are cases that share a tag `paraphrase-of:ID`, the case ID among them, or a tag `group:NAME`. Answers are
compared by what they cite, not by their text.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from assistant.answer import Answer
from evals.measures.clusters import wording_group
from evals.measures.kinds import Answered, SuiteMean, Unit
from evals.measures.spans import share_half

MAX_PARTNERS = 20
"""Each wording is compared with so many that follow it: every pair of a group of up to 21, and no more of a larger."""


def same_answer(one: Answer, other: Answer) -> bool:
    """Whether a citation of the one meets a citation of the other, or both are refused."""
    if one.refusal or other.refusal:
        return bool(one.refusal and other.refusal)
    return any(share_half(first, second) for first in one.citations for second in other.citations)


def wording_pairs(results: Sequence[Answered]) -> Iterator[tuple[Answered, Answered]]:
    """The pairs of wordings of one question, each once."""
    ids = {case.id for case, _ in results}
    groups: dict[str, list[Answered]] = {}
    named = {group for case, _ in results if (group := wording_group(case))}
    for case, answer in results:
        group = wording_group(case) or (case.id if case.id in named & ids else None)
        if group is not None:
            groups.setdefault(group, []).append((case, answer))
    for members in groups.values():
        for i, first in enumerate(members):
            yield from ((first, second) for second in islice(members, i + 1, i + 1 + MAX_PARTNERS))


def _units(results: Sequence[Answered]) -> list[Unit]:
    return [Unit(float(same_answer(first[1], second[1])), first[0].id) for first, second in wording_pairs(results)]


stability = SuiteMean(_units, "no question is there in several wordings")
"""Share of the pairs of wordings that got the same answer.

Three wordings of which two cite the same words: one pair of three, 1 / 3.
"""
