"""Which kind of question it is, told by rules.

The rules are careful: what is not plainly something else is a look-up, so a question whose answer lies inside one
document is looked up, whatever its first word. English and Japanese are read.
"""

from assistant.kinds.cataloguing import asked_catalogue
from assistant.kinds.comparing import asked_comparison
from assistant.kinds.listing import asked_list
from assistant.kinds.overview import asked_overview
from assistant.kinds.talking import talk_of
from assistant.kinds.timeline import asked_timeline

LOOK_UP = "look-up"
LIST = "list"
OVERVIEW = "overview"
TIMELINE = "timeline"
COMPARE = "compare"
CATALOGUE = "catalogue"
SMALL_TALK = "small talk"
KINDS = (LOOK_UP, LIST, OVERVIEW, TIMELINE, COMPARE, CATALOGUE, SMALL_TALK)

_READERS = (  # the first that can read the question tells its kind
    (SMALL_TALK, talk_of),
    (CATALOGUE, asked_catalogue),
    (LIST, asked_list),
    (COMPARE, asked_comparison),
    (TIMELINE, asked_timeline),
    (OVERVIEW, asked_overview),
)


def kind_of(question: str) -> str:
    """The kind of a question, one of `KINDS`.

    >>> [kind_of(question) for question in ("Hello!", "Which documents mention JAXA?", "Who signed it?")]
    ['small talk', 'list', 'look-up']
    """
    return next((kind for kind, reads in _READERS if reads(question) is not None), LOOK_UP)


def kind_in_conversation(question: str, standalone: str) -> tuple[str, str]:
    """The kind of a follow-up, and its wording to answer: the user's, or the one that stands alone.

    What is plainly of a kind as it was typed stays so, so that "Thanks!" and "How many documents are there?" mean the
    same at any turn. The other wording is taken for a look-up, and where it is of the same kind ("Summarise it.").
    """
    kind, meant = kind_of(question), kind_of(standalone)
    can_point = kind in (OVERVIEW, TIMELINE, COMPARE) and meant == kind
    return (meant, standalone) if kind == LOOK_UP or can_point else (kind, question)
