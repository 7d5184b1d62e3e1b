"""A claim with something more that its quotes do not say: a clause out of the air, or a plausible detail.

What is true of the claim stays in it, so it is partly supported. The details are those of other sentences on the same
subject, as an LLM adds what it seems to remember.
"""

import re
from collections.abc import Sequence
from random import Random

_INVENTED = (
    ", which was the first of its kind in Europe",
    ", and it won a national award the year after",
    " after years of debate in parliament",
    " with the support of the local government",
    ", mainly because of a lack of money",
    ", a decision that was later reversed by the courts",
    ", which made it the most popular in the country",
    " at a cost of several million dollars",
    ", following a report by an independent panel",
    ", and a second one was opened in Berlin",
    ", although many experts disagreed",
    ", which was later confirmed by a team from Harvard University",
    " in cooperation with the World Bank",
    ", and its director resigned soon afterwards",
    ", leading to protests in the capital",
    ", which improves health and well-being",
    ", making it easier for people to understand",
    ", and this remains true today",
    ", in order to save time and money",
    ", which is considered a turning point in history",
    ", and it is widely used around the world",
    " despite strong opposition from the public",
)
_DETAIL = re.compile(
    r"(?:,)? (?:in (?:the )?(?:early |late )?\d{4}s?|in (?:the )?[A-Z][\w-]+(?: [A-Z][\w-]+)*|"
    r"by (?:the )?[A-Z][\w-]+(?: [A-Z]"
    r"[\w-]+)*|from \d{4} to \d{4}|with (?:a|an|the) [a-z]+ (?:of )?[a-z]+|because of [a-z ]{5,40}|for (?:the|a|their|"
    r"its) "
    r"[a-z]+(?: [a-z]+)?|(?:which|who) (?:was|is|were|are|had) [^,.;]{8,60}|including [^.;]{8,60}|such as [^.;]{5,60}|"
    r"due to [^,.;]{5,50}|as well as [^,.;]{5,50}|to [a-z]+ (?:the|a|their|its) [a-z]+(?: [a-z]+)?)(?=[,.;])"
)


def add_invention(claim: str, rng: Random, names: Sequence[str] = ()) -> str:
    """The claim with a clause that nobody said."""
    return f"{claim.rstrip(' .')}{rng.choice(_INVENTED)}."


def add_detail(claim: str, rng: Random, others: Sequence[str]) -> str | None:
    """The claim with a phrase of one of the other sentences at its end; None where none has one."""
    details = [match.group().lstrip(",") for text in others for match in _DETAIL.finditer(text)]
    fresh = [detail for detail in details if not set(_words(detail)) <= set(_words(claim))]
    if not fresh:
        return None
    detail = rng.choice(fresh)
    comma = "," if re.match(r" (?:which|who|including|such|as well)", detail) else ""
    return f"{claim.rstrip(' .')}{comma}{detail}."


def _words(text: str) -> list[str]:
    return re.findall(r"\w{3,}", text.lower())
