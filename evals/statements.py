"""A question and its answer as one statement, by rules over the surface of English.

A question that no rule fits has no statement. What comes out is often clumsy, as claims of small LLMs are; it says
what question and answer say together.
"""

import re

_BE = r"is|was|are|were"
_HAVE_AND_MODAL = r"has|have|had|can|could|will|would|should|may|might|must"
_PARTICIPLE = r"\w+ed|\w+en|born|made|built|held|sold|used|found"
_NO_SUBJECT = (
    r"did|does|do|has|have|had|is|was|are|were|can|could|will|would|should|may|kind|type|year"  # "what kind of"
)
_PAST = r"\w+(?:ed|s)|wrote|led|made|won|built|became|gave|took|found|held|ran|began"
_RULES = (
    (rf"(?:who|what|which(?: \w+)?) ((?:{_BE}) (?:{_PARTICIPLE})\b.*)", "{a} {0}"),
    (rf"(?:who|what) ({_BE}) (.+)", "{1} {0} {a}"),
    (rf"(?:who|what) (?!{_NO_SUBJECT})({_PAST}) (.+)", "{a} {0} {1}"),
    (rf"(?:what|which) (?:year|date|day|month) (?:was|were) (.+?) ({_PARTICIPLE})\b(.*)", "{0} was {1}{2} in {a}"),
    (r"in (?:what|which) (?:\w+ )?(?:did|does|do) (.+)", "{0} in {a}"),
    (rf"(?:in|on|at) (?:what|which) (?:\w+ )?({_BE}) (.+?) ({_PARTICIPLE})\b(.*)", "{1} {0} {2}{3} in {a}"),
    (rf"(?:when|where) ({_BE}) (.+?) ({_PARTICIPLE}|located)\b(.*)", "{1} {0} {2}{3} in {a}"),
    (rf"where ({_BE}) (.+)", "{1} {0} in {a}"),
    (r"when (?:did|does|do) (.+)", "{0} in {a}"),
    (r"where (?:did|does|do) (.+)", "{0} in {a}"),
    (rf"how (?:many|much) (.+?) ({_BE}|{_HAVE_AND_MODAL}) (.+)", "{a} {0} {1} {2}"),
    (r"how (?:many|much) (.+?) (?:did|does|do) (.+)", "{1} {a} {0}"),
    (rf"(?:which|what) ([a-z]+(?: [a-z]+)?) ({_BE}|{_HAVE_AND_MODAL}|\w+ed) (.+)", "the {0} {a} {1} {2}"),
    (r"why (?:did|does|do) (.+)", "{0} because {a}"),
    (r"(.+) what", "{0} {a}"),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), form) for pattern, form in _RULES)
_LEADING = re.compile(r"^(?:in|on|at|by|since|during|around|because) ", re.IGNORECASE)


def statement(question: str, answer: str) -> str | None:
    """What the two say together; None where no rule fits the question.

    >>> statement("When was Zhu Shijie born?", "1249"), statement("Who wrote the Nong Shu?", "Wang Zhen")
    ('Zhu Shijie was born in 1249.', 'Wang Zhen wrote the Nong Shu.')
    """
    body = " ".join(question.split()).rstrip(" ?.")
    answer = answer.strip().rstrip(".")
    for pattern, form in _PATTERNS:
        match = pattern.fullmatch(body)
        if match:
            opens_itself = _LEADING.match(answer)
            told = form.replace("in {a}", "{a}").replace("because {a}", "{a}") if opens_itself else form
            text = " ".join(told.format(*(part.strip() for part in match.groups("")), a=answer).split())
            return f"{text[0].upper()}{text[1:]}."
    return None
