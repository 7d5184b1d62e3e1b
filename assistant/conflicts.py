"""Sentences that answer a question for a date or a number with different ones, to be read side by side.

Told by shape: both speak of what is asked, and the figures in the place of the answer differ. Which one holds, whether
one follows from the other, and whether they are of the same thing after all is for the reader to see; conflicts of
words without figures are not found.
"""

from collections.abc import Callable, Sequence

from assistant.answer import Citation
from assistant.claims.facts import Date, Quantity, facts_of
from assistant.evidence import Evidence
from assistant.phrases import phrase_in
from assistant.question_words import DATE, NUMBER, asked_kind, named_stems
from corpus.document import Document
from index.words import stems

MIN_PROBABILITY = 0.15
"""Below this not even the best sentence answers, and what differs is not about the question."""
_SHARE = 0.25
"""A sentence so much less probable than the best one is no other answer."""
_MIN_PHRASE = 0.3
"""A figure is taken for the answer from this probability on. With these, 9 of 400 questions of squad2_dev that ask for
a date or a number get two sentences side by side, 4 of them wrongly (`evals/LOG.md`)."""
_NUM_READ = 10
_MAX_SIDES = 4
_MANY_WORDS = 3
"""A question of so many words of its own may miss one in a sentence that is about it."""


def at_odds(question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The sentences that answer with different figures, one a figure, most probable first; none where all agree."""
    kind = asked_kind(question)
    if kind not in (DATE, NUMBER) or not evidence or evidence[0].probability < MIN_PROBABILITY:
        return []
    least = _SHARE * evidence[0].probability
    probable = [item for item in evidence[:_NUM_READ] if item.probability >= least]
    figures = {item: figure for item in probable if (figure := _figure(item.text, question, kind))}
    sides: list[tuple[Evidence, Date | Quantity]] = []
    for item in _about(question, list(figures)):
        if all(_differ(figures[item], other) for _, other in sides):
            sides.append((item, figures[item]))
    return [item for item, _ in sides[:_MAX_SIDES]] if len(sides) > 1 else []


def side_by_side(sides: Sequence[Evidence], citations: Sequence[Citation], document: Callable[[str], Document]) -> str:
    """The line that tells a reader which citations differ, each with its document's date; "" where fewer than two of
    the sides are cited.
    """
    places = {(item.document_id, item.start, item.end) for item in sides}
    shown = [citation for citation in citations if (citation.document_id, citation.start, citation.end) in places]
    if len(shown) < 2:
        return ""
    dated = [f"[{one.number}] {one.title} ({document(one.document_id).published or 'undated'})" for one in shown]
    return f"more than one answer stands in the documents: {'; '.join(dated)}"


def _about(question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The sentences that say the question's names, themselves or in their titles, and most of its other words."""
    names = named_stems(question)
    own = frozenset(stems(question)) - names
    named = [
        (item, len(own & said))
        for item in evidence
        if names <= (said := set(stems(item.text))) | set(stems(item.passage.title))
    ]
    most = max((num for _, num in named), default=0)
    if 2 * most < len(own) or not own:
        return []
    return [item for item, num in named if most - num <= int(len(own) >= _MANY_WORDS)]


def _figure(sentence: str, question: str, kind: str) -> Date | Quantity | None:
    """What the sentence answers the question with; None where that is not one figure."""
    phrase = phrase_in(sentence, question)
    if phrase is None or phrase.probability < _MIN_PHRASE:
        return None
    facts = facts_of(sentence[phrase.start : phrase.end])
    found = facts.dates if kind == DATE else facts.quantities
    return found[0] if len(found) == 1 else None


def _differ(one: Date | Quantity, other: Date | Quantity) -> bool:
    if isinstance(one, Date) and isinstance(other, Date):
        return bool(one.year and other.year) and not one.within(other) and not other.within(one)
    return (
        isinstance(one, Quantity) and isinstance(other, Quantity) and one.unit == other.unit and not one.equals(other)
    )
