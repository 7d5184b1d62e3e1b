"""Whether the documents answer what is asked, and the refusal where they do not.

Told by the best evidence and the nearest passage (`answerable.py`), by the question's names (one that no document
contains weighs more than any similarity), by what the question leaves open, and by the kind of thing that is asked for
where no evidence holds one. A document that speaks of everything asked and does not answer looks to it like one that
does.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answer import Citation, Refusal
from assistant.answerable import speaks_of_it
from assistant.evidence import Evidence, bearing
from assistant.question_words import DATE, NUMBER, PERSON, PLACE, asked_kind, holds_kind
from assistant.rewriting import names_in, open_pronoun
from index.words import stems, words

ABSENT, INSUFFICIENT, UNDERSPECIFIED, UNSUPPORTED = "absent", "insufficient", "underspecified", "unsupported"

MIN_PROBABILITY_BY_WORDS = 0.0075
"""Evidence below this is none where passages were found by words alone. On squad2_dev, out of fold, 2 % of the
answerable questions fall below it, and 85 % of those whose document is hidden (`evals/fit_evidence.py`)."""
MIN_PROBABILITY_UNKNOWN_NAME = 0.3
"""The same where the question names something that no passage contains."""
MIN_PROBABILITY_LACKING = 0.3
"""The same where the evidence holds nothing of the kind that is asked for."""
_NUM_READ = 10
NUM_NEAREST = 3
MAX_CANDIDATES = 6
_RIVAL_SHARE = 0.5
"""A document whose best sentence comes this close to the best of all could be meant as well."""
_MIN_RIVALS = 3
_MAX_OWN_WORDS = 3
"""A question of more words of its own says what it is about, whatever it points at."""
_UNNAMED = re.compile(
    r"\b(?:the|this|that)\s+(?:(?:joint|new|last|first|latest)\s+)?(?:agreement|announcement|arrangement|call|committee|"
    r"communiqu[eé]|conference|declaration|document|event|fund|initiative|law|meeting|memorandum|ministers?|paper|"
    r"partnership|plan|programme?|project|report|roundtable|statement|summit|talks|treaty|workshop)\b"
    r"(?!\s+(?:of|on|for|between|with|in|at|that|which|where|about|from)\b)",
    re.IGNORECASE,
)
"""A thing spoken of as if it were known, and not said which."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why there should be no answer: the kind of refusal, with the names that no document has, or with the titles of
    the documents that could be meant.
    """

    kind: str
    unknown: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()


def doubt(
    question: str, evidence: Sequence[Evidence], unknown: Sequence[str], *, cosine: float | None = None
) -> Doubt | None:
    """What speaks against an answer from this evidence, most probable first; None where nothing does.

    `cosine` is the nearest passage's, None where passages were found by words alone.
    """
    if not evidence or not _is_spoken_of(evidence[0].probability, cosine, is_unknown=bool(unknown)):
        return Doubt(ABSENT, tuple(unknown))
    if candidates := meant_by(question, evidence):
        return Doubt(UNDERSPECIFIED, candidates=tuple(candidates))
    if evidence[0].probability < MIN_PROBABILITY_LACKING and lacks(question, evidence):
        return Doubt(INSUFFICIENT)
    return None


def _is_spoken_of(best: float, cosine: float | None, *, is_unknown: bool) -> bool:
    if is_unknown:
        return best >= MIN_PROBABILITY_UNKNOWN_NAME
    return best >= MIN_PROBABILITY_BY_WORDS if cosine is None else speaks_of_it(best, cosine)


def lacks(question: str, evidence: Sequence[Evidence]) -> bool:
    """Whether a number, a date, a person or a place is asked for, and nothing that bears on the question holds one."""
    kind, asked = asked_kind(question), frozenset(words(question))
    read = bearing(evidence)[:_NUM_READ]
    return kind in (NUMBER, DATE, PERSON, PLACE) and not any(holds_kind(kind, item.text, asked) for item in read)


def unknown_names(question: str, counts: Mapping[str, int]) -> list[str]:
    """The names in the question of which not one word occurs in any passage; `counts` are passages by stem.

    "The Harbour Compact in Yuggoth" is two names here, so that the one that is known does not hide the other.
    """
    names = [part for name in names_in(question) for part in re.split(r"(?:\s+[a-z]+)+\s+", name)]
    return [name for name in names if (found := stems(name)) and not any(counts.get(s) for s in found)]


def meant_by(question: str, evidence: Sequence[Evidence]) -> list[str]:
    """The titles of the documents that could be meant, best first, where the question leaves open which one is; else
    none.

    It does where it points at something with a pronoun, or names a thing by its sort alone ("the meeting"), says no
    name and no year, and several documents answer about as well.
    """
    points = open_pronoun(question) or _UNNAMED.search(question)
    if not points or names_in(question) or len(set(stems(question))) > _MAX_OWN_WORDS:
        return []
    best: dict[str, Evidence] = {}
    for item in evidence:
        best.setdefault(item.document_id, item)
    least = _RIVAL_SHARE * evidence[0].probability if evidence else 0.0
    titles = [item.passage.title for item in best.values() if item.probability >= least]
    return titles[:MAX_CANDIDATES] if len(titles) >= _MIN_RIVALS else []


def refuse(  # noqa: PLR0913  (what a refusal says depends on all of it)
    question: str,
    why: Doubt | None,
    nearest: Sequence[Citation],
    *,
    num_documents: int,
    is_dropped: bool = False,
    is_scoped: bool = False,
) -> Refusal:
    """The refusal with a sentence for the reader; without a doubt it is because what was written failed its check."""
    why = why or Doubt(UNSUPPORTED if is_dropped else ABSENT)
    if not num_documents:
        return Refusal(ABSENT, _no_documents(is_scoped=is_scoped), (question,), (), tuple(nearest))
    return Refusal(why.kind, _message(why, num_documents), (question,), why.candidates, tuple(nearest))


def _message(why: Doubt, num_documents: int) -> str:
    if why.kind == UNDERSPECIFIED:
        return "Several documents could be meant, and the question does not say which: name one."
    if why.kind == UNSUPPORTED:
        return "What was found did not pass its check, because the documents changed meanwhile: ask again."
    if why.kind == INSUFFICIENT:
        return f"The {num_documents} documents searched touch on this, and none of them answers it."
    if why.unknown:
        return (
            f"The {num_documents} documents searched do not mention {', '.join(f'“{name}”' for name in why.unknown)}."
        )
    return f"The {num_documents} documents searched do not speak of this."


def _no_documents(*, is_scoped: bool) -> str:
    if is_scoped:
        return "No document is within what the question was kept to: widen it, or leave it out."
    return (
        "There are no documents yet: add some with `communique add PATH`, or the samples with "
        "`communique add --sample`."
    )
