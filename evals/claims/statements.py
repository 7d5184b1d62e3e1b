"""A question and its answer as one statement, by rules over the surface of English.

A question that no rule fits has no statement. What comes out is often clumsy, as claims of small LLMs are; it says
what question and answer say together.
"""

import re

from assistant.claims.cue_words import key_of

_BE = r"is|was|are|were"
_HAVE_AND_MODAL = r"has|have|had|can|could|will|would|should|may|might|must"
_PARTICIPLE = r"\w+ed|\w+en|born|made|built|held|sold|used|found"
_NO_SUBJECT = (
    r"did|does|do|has|have|had|is|was|are|were|can|could|will|would|should|may|kind|type|year"  # "what kind of"
)
_PAST = r"\w+(?:ed|s)|wrote|led|made|won|built|became|gave|took|found|held|ran|began"
_PAST_FORM = (
    r"\w+ed|wrote|led|made|won|built|became|gave|took|found|held|ran|began|met|fought|came|went|left|lost|grew|fell"
)
_RULES = (
    (rf"(?:who|what|which(?: \w+)?) ((?:{_BE}) (?:{_PARTICIPLE})\b.*)", "{a} {0}"),
    (rf"(?:who|what) ({_BE}) (.+?) ((?:\w+ly )?(?:called|known as|named|considered|used for))", "{1} {0} {2} {a}"),
    (rf"(?:who|what) ({_BE}) (.+)", "{1} {0} {a}"),
    (rf"(?:who|what) (?!{_NO_SUBJECT})({_PAST}) (.+)", "{a} {0} {1}"),
    (rf"(?:what|which) (?:year|date|day|month) (?:was|were) (.+?) ({_PARTICIPLE})\b(.*)", "{0} was {1}{2} in {a}"),
    (r"in (?:what|which) (?:\w+ )?(?:did|does|do) (.+)", "{0} in {a}"),
    (rf"(?:in|on|at) (?:what|which) (?:\w+ )?({_BE}) (.+?) ({_PARTICIPLE})\b(.*)", "{1} {0} {2}{3} in {a}"),
    (rf"(?:when|where) ({_BE}) (.+?) ({_PARTICIPLE}|located)\b(.*)", "{1} {0} {2}{3} in {a}"),
    (rf"where ({_BE}) (.+)", "{1} {0} in {a}"),
    (r"when (?:did|does|do) (.+)", "{0} in {a}"),
    (r"where (?:did|does|do) (.+)", "{0} in {a}"),
    (rf"how (?:many|much) (.+?) ({_BE}|{_HAVE_AND_MODAL}) (?!there)(.+)", "{a} {0} {1} {2}"),
    (r"how (?:many|much) (.+?) (?:did|does|do) (.+)", "{1} {a} {0}"),
    (
        rf"(?:which|what) ([a-z]+(?: [a-z]+)?) ({_BE}|{_HAVE_AND_MODAL}|\w+ed) (?!(?-i:[A-Z])|(?:the|a|an|his|its|"
        rf"their|all|most) )(.+)",
        "the {0} {a} {1} {2}",
    ),
    (r"why (?:did|does|do) (.+)", "{0} because {a}"),
    (
        r"(?:for|by|with|to|from|at|through|under|into|against) (?:what|which|whom)(?: \w+){0,2} (?:did|does|do) (.+)",
        "{0} {p} {a}",
    ),
    (
        r"(?!what|which|who|how|why|when|where)(.+ (?:by|to|from|of|in|for|with|than|as|at|on|into|about)) (?:what|"
        r"which|whom|who)(?: [a-z]+){0,3}",
        "{0} {a}",
    ),
    (r"(.+) (?:what|who)", "{0} {a}"),
)
_DID = re.compile(r"\b(?:did|do)\b", re.IGNORECASE)
_TIME = re.compile(
    r"\d|january|february|march|april|may|june|july|august|september|october|november|december|century|year|day|"
    r"when|after|before|during|war|age|era|season|spring|summer|autumn|fall|winter",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    r"^\S+ \w+ing\b.* (?:is|was|are|were) |\b(?:with|from|by|to|of|for|going to be|than|into|named|called) (?:is|was|"
    r"are|were)\b"
    r"|\S (?:did|does|do) (?:the|a|an|his|its|[A-Z])|\b(?:is|was|are|were) (?:when|where)|\b(?:has|"
    r"have) [A-Z]\w+ \w+ed\b"
)
"""What no statement looks like."""
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), form) for pattern, form in _RULES)
_LEADING = re.compile(r"^(?:in|on|at|by|since|during|around|because) ", re.IGNORECASE)


def statement(question: str, answer: str, told: str = "") -> str | None:
    """What the two say together; None where no rule fits the question.

    Where the question asks with "did", its verb is put as the sentence `told` has it, if that has it in the past.

    >>> statement("When did Tesla die?", "1943", "Tesla died in 1943 in New York.")
    'Tesla died in 1943.'
    >>> statement("When was Zhu Shijie born?", "1249"), statement("Who wrote the Nong Shu?", "Wang Zhen")
    ('Zhu Shijie was born in 1249.', 'Wang Zhen wrote the Nong Shu.')
    """
    body = " ".join(question.split()).rstrip(" ?.")
    answer = answer.strip().rstrip(".")
    if body.lower().startswith("when ") and not _TIME.search(answer):
        return None
    for pattern, form in _PATTERNS:
        match = pattern.fullmatch(body)
        if match:
            opens_itself = _LEADING.match(answer)
            said = form.replace("in {a}", "{a}").replace("because {a}", "{a}") if opens_itself else form
            parts = [part.strip() for part in match.groups("")]
            text = " ".join(said.format(*parts, a=answer, p=body.split()[0].lower()).split())
            text = _in_past(text, told) if told and _DID.search(body) else text
            text = re.sub(r"\b(\w+) \1\b", r"\1", text)
            if _BROKEN.search(text):
                return None
            return f"{text[0].upper()}{text[1:]}."
    return None


def _in_past(text: str, told: str) -> str:
    """The text with its first verb as the sentence has it, in the past."""
    words = [match.group() for match in re.finditer(r"\b[a-z]+\b", told)]
    said = [word for word in words if re.fullmatch(_PAST_FORM, word)]
    pasts = {key_of(word): word for word in said} | {word[:-1]: word for word in said if word.endswith("ed")}
    for match in re.finditer(r"\b[a-z]+\b", text):
        past = pasts.get(match.group()) or pasts.get(key_of(match.group()))
        if past is not None and past != match.group() and not match.group().endswith(("ed", "ing", "s", "ion", "er")):
            return text[: match.start()] + past + text[match.end() :]
    return text
