"""When answers were refused: of one answer, and precision and recall over a suite, overall and by kind.

The positive class is the refusal. A case says which kind of refusal is right with a tag such as `refusal:absent`, and
may leave it open.
"""

from collections.abc import Sequence

from assistant.answer import Answer
from assistant.refusing import ABSENT, INSUFFICIENT, UNDERSPECIFIED, UNSUPPORTED
from evals.case import Case, Score
from evals.measures.kinds import Answered, SuiteMean, Unit

KINDS = (ABSENT, INSUFFICIENT, UNDERSPECIFIED, UNSUPPORTED)
TAG = "refusal:"


def refused_rightly(case: Case, answer: Answer) -> Score:
    """Of the cases without an answer: 1.0 when it was refused."""
    return Score(None, "has an answer") if case.answerable else Score(float(answer.refusal is not None))


def refused_wrongly(case: Case, answer: Answer) -> Score:
    """Of the cases with an answer: 1.0 when it was refused. Better when lower, and named for it."""
    return Score(float(answer.refusal is not None)) if case.answerable else Score(None, "has no answer")


def expected_kind(case: Case) -> str | None:
    """The kind of refusal that the case's tag names; None where it leaves that open."""
    return next((tag.removeprefix(TAG) for tag in case.tags if tag.startswith(TAG)), None)


def refusal_precision(kind: str | None = None) -> SuiteMean:
    """Of the answers that were refused, in this kind where one is given, the share that had to be: their cases have no
    answer, and where a case names its kind, it is that one. With `kind` None, any kind of refusal is right.

    Three refusals, two of them of cases without an answer, are worth 2 / 3.
    """

    def units(results: Sequence[Answered]) -> list[Unit]:
        return [
            Unit(float(_had_to_be(case, kind)), case.id)
            for case, answer in results
            if answer.refusal is not None and kind in (None, answer.refusal.kind)
        ]

    return SuiteMean(units, f"nothing was refused{_of(kind)}")


def refusal_recall(kind: str | None = None) -> SuiteMean:
    """Of the cases without an answer, the share that was refused; of those that name this kind, where one is given, the
    share that was refused in it.
    """

    def units(results: Sequence[Answered]) -> list[Unit]:
        return [
            Unit(float(answer.refusal is not None and kind in (None, answer.refusal.kind)), case.id)
            for case, answer in results
            if not case.answerable and kind in (None, expected_kind(case))
        ]

    return SuiteMean(units, f"no case is to be refused{_of(kind)}")


def _had_to_be(case: Case, kind: str | None) -> bool:
    return not case.answerable and (kind is None or expected_kind(case) in (None, kind))


def _of(kind: str | None) -> str:
    return f" as {kind!r}" if kind else ""


REFUSAL_MEASURES: dict[str, SuiteMean] = {
    "refusal precision": refusal_precision(),
    "refusal recall": refusal_recall(),
    **{f"refusal precision, {kind}": refusal_precision(kind) for kind in KINDS},
    **{f"refusal recall, {kind}": refusal_recall(kind) for kind in KINDS},
}
