"""Statements become claims: cited, held against what they cite, repaired or dropped, and numbered.

A statement that its own citations do not support gets the better evidence that there is; one that nothing supports is
dropped, and kept for the trace. No other module hands claims to a reader.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from assistant.answer import Citation, Claim
from assistant.citing import cite
from assistant.evidence import Evidence
from assistant.pairs import PARTLY, SUPPORTED, UNSUPPORTED, Pair, Verdict, Verifier
from assistant.statement import Statement
from assistant.verifying import exact, verify
from corpus.document import Document
from corpus.errors import UnknownDocument
from index.words import stems

NUM_BETTER = 6
"""So many other sentences are tried, one by one, for a statement that its own do not support: of several together, each
gives a word, and nonsense is borne out."""
MIN_SUPPORT = 0.8
"""What is less probable is not shown as supported. Above the verifier's own limit, which weighs both errors alike: to a
reader a wrong sentence costs more than a missing one."""
_RANK = {SUPPORTED: 2, PARTLY: 1, UNSUPPORTED: 0}
_WANTS_WORDS = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
_WHY = ("nothing was found that supports it", "what it cites does not support it")

Better = Callable[[str], Sequence[Evidence]]
"""The sentences that are nearest to a statement, nearest first."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A statement that no reader sees, with the best verdict that it got."""

    text: str
    reason: str
    support: float


class Checking:
    """The claims of one answer: what is cited so far, and what was dropped."""

    def __init__(
        self, document: Callable[[str], Document], question: str, *, verifier: Verifier, better: Better | None = None
    ) -> None:
        """`document` gives snapshots by id; `better` looks for evidence for what somebody wrote: without it statements
        are quotes, of which nothing is repaired.
        """
        self._document = document
        self._question = question
        self._verifier = verifier
        self._better = better
        self._said: set[str] = set()
        self.citations: list[Citation] = []
        self.dropped: list[Dropped] = []
        self.num_recited = 0

    def claims(self, statements: Iterable[Statement]) -> Iterator[tuple[Claim, tuple[Citation, ...]]]:
        """Each statement that holds, as a claim, with the citations that it is the first to use."""
        for statement in statements:
            if statement.shown in self._said:
                continue
            self._said.add(statement.shown)
            if self._better is not None and _only_repeats(statement.text, self._question):
                self.dropped.append(Dropped(statement.shown, "it only repeats the question", 0.0))
                continue
            cited, verdict = self._checked(statement)
            if verdict.verdict == UNSUPPORTED:
                self.dropped.append(Dropped(statement.shown, _WHY[bool(cited)], verdict.support))
                continue
            known = len(self.citations)
            numbers = tuple(dict.fromkeys(self._number(citation) for citation in cited))
            claim = Claim(statement.shown, numbers, verdict.verdict, round(verdict.support, 4))
            yield claim, tuple(self.citations[known:])

    def trace(self) -> dict[str, Any]:
        """What was dropped and how many statements were cited anew."""
        return {
            "num_claims_dropped": len(self.dropped),
            "num_claims_recited": self.num_recited,
            "dropped_claims": [asdict(dropped) for dropped in self.dropped],
        }

    def _checked(self, statement: Statement) -> tuple[list[Citation], Verdict]:
        """The citations that bear a statement best, its own first, and the verdict with these."""
        own = exact_citations(statement.evidence, self._document, question=self._question)
        if verbatim := [one for one in own if verify(statement.text, [one]).verdict == SUPPORTED]:
            return verbatim[:1], Verdict(SUPPORTED, 1.0)
        cited, verdict = self._best(statement.text, [own] if own else [])
        if verdict.verdict == SUPPORTED or self._better is None:
            return self._fewest(statement.text, cited, verdict)
        nearest = self._better(statement.text)[:NUM_BETTER]
        others = exact_citations(nearest, self._document, question=self._question)
        found, again = self._best(statement.text, [[one] for one in others])
        if (_RANK[again.verdict], again.support) <= (_RANK[verdict.verdict], verdict.support):
            return self._fewest(statement.text, cited, verdict)
        self.num_recited += again.verdict != UNSUPPORTED
        return found, again

    def _best(self, text: str, sets: Sequence[list[Citation]]) -> tuple[list[Citation], Verdict]:
        pairs = [Pair(text, tuple(citation.quote for citation in some), self._question) for some in sets]
        verdicts = map(_strict, self._verifier.verdicts(pairs) if pairs else [])
        judged = zip(sets, verdicts, strict=True)
        nothing: tuple[list[Citation], Verdict] = ([], Verdict(UNSUPPORTED, 0.0))
        return max(judged, key=lambda pair: (_RANK[pair[1].verdict], pair[1].support), default=nothing)

    def _fewest(self, text: str, cited: list[Citation], verdict: Verdict) -> tuple[list[Citation], Verdict]:
        """The same without the citations that the verdict does not need: one of them, where one is enough."""
        if len(cited) < 2 or verdict.verdict == UNSUPPORTED:
            return cited, verdict
        alone, enough = self._best(text, [[one] for one in cited])
        return (alone, enough) if _RANK[enough.verdict] >= _RANK[verdict.verdict] else (cited, verdict)

    def _number(self, citation: Citation) -> int:
        """The number of the citation's span, the next one where it is new."""
        for known in self.citations:
            if replace(citation, number=known.number) == known:
                return known.number
        self.citations.append(replace(citation, number=len(self.citations) + 1))
        return len(self.citations)


def _strict(verdict: Verdict) -> Verdict:
    """The verdict, unsupported where it is too unsure to be shown."""
    is_unsure = verdict.verdict == SUPPORTED and verdict.support < MIN_SUPPORT
    return replace(verdict, verdict=UNSUPPORTED) if is_unsure else verdict


def _only_repeats(text: str, question: str) -> bool:
    """Whether the text has no word that the question has not, where the question does not ask for a yes or a no."""
    said = set(stems(text))
    return bool(said) and bool(_WANTS_WORDS.search(question)) and said <= set(stems(question))


def exact_citations(
    evidence: Iterable[Evidence], document: Callable[[str], Document], *, question: str = ""
) -> list[Citation]:
    """Citations, numbered 0, of the evidence that is still what its document holds; others are left out."""
    found = []
    for item in evidence:
        try:
            citation = cite(item, document, number=0, question=question)
        except UnknownDocument:
            continue  # removed by another process since it was found
        if exact(citation, document, item.text):
            found.append(citation)
    return found
