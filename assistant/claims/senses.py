"""Whether a claim denies, limits, doubts or praises what its quotes do not, and says their opposite."""

import re

from assistant.claims.alignment import Alignment
from assistant.claims.cue_words import CERTAIN, CONNECTIONS, SUPERLATIVE, key_of, opposites_of


def sense_features(a: Alignment) -> dict[str, float]:
    """Negations, opposites, quantifiers, hedges and superlatives that one side alone has."""
    claim, keys = a.claim, {a.claim.keys[i] for i in a.content}
    mine = len(claim.negated)
    weakly = any(s.is_weakly_negated for s in a.focused)
    scopes = [scope for s in a.focused for scope in s.negated]
    alone = sum(not any(scope & other or not other for other in scopes) for scope in claim.negated)
    theirs = [sum(bool(scope & keys) for scope in s.negated) for s in a.focused] or [0]
    softened = 0.5 if weakly else 0.0
    classes = frozenset[str]().union(*(s.quantifiers for s in a.focused))
    strong = claim.quantifiers & {"all", "none", "only", "most"}
    text = " ".join(s.text for s in a.focused)
    added = sum(_connects(pattern, claim.text, text) for pattern in CONNECTIONS.values())
    left = sum(_connects(pattern, text, claim.text) for pattern in CONNECTIONS.values())
    return {
        "negation_added": max(0.0, min(2, mine - sum(theirs)) - softened),
        "negation_dropped": max(0.0, min(2, theirs[0] - mine) - (0.5 if claim.is_weakly_negated else 0.0)),
        "negation_alone": float(min(2, alone)) * (0.5 if weakly else 1.0),
        "superlatives": float(min(2, _num_superlatives(a))),
        "connections": float(added),
        "connections_turned": float(bool(added and left)),
        "negation_lost": float(min(2, _num_negations_lost(a))),
        "hedge_lost": float(_loses_hedge(a)),
        "opposites": float(min(3, _num_opposites(a))),
        "quantifier_stronger": float(bool(strong - classes)),
        "quantifier_differs": float(bool(claim.quantifiers - classes) and bool(classes - claim.quantifiers)),
        "hedge_dropped": float(any(s.is_hedged for s in a.focused[:1]) and not claim.is_hedged),
        "certainty_added": float(bool(CERTAIN.search(claim.text)) and not CERTAIN.search(text)),
    }


def _num_negations_lost(a: Alignment) -> int:
    """How many negations of the focus, whose next words the claim has, it does without."""
    denied = frozenset[str]().union(*a.claim.negated)
    words = set(a.claim.places) - denied
    if a.claim.is_weakly_negated:
        return 0
    return sum(
        any(key in words and len(s.places[key]) == 1 for key in scope[:2]) for s in a.focused for scope in s.denials
    )


def _loses_hedge(a: Alignment) -> bool:
    """Whether the claim says without any doubt what comes next to a word of doubt in the focus."""
    places = a.claim.places
    return not a.claim.is_hedged and any(key in places for s in a.focused for scope in s.doubts for key in scope[:2])


def _num_opposites(a: Alignment) -> int:
    there = {key for sentence in a.focused for key in sentence.places}
    keys = {a.claim.keys[i] for i in a.content}
    little = {key for key in a.claim.keys if key not in keys}
    missing = (keys | little) - there
    return sum(bool((opposites_of(key) & there) - set(a.claim.places)) for key in missing)


def _num_superlatives(a: Alignment) -> int:
    """How many words such as "first", "only" and "largest" the claim has and the focus has not."""
    there = {key for sentence in a.focused for key in sentence.places}
    text = " ".join(sentence.text.lower() for sentence in a.focused)
    words = {match.group().lower() for match in SUPERLATIVE.finditer(a.claim.text)}
    return sum(key_of(word) not in there and word not in text for word in words)


def _connects(pattern: re.Pattern[str], one: str, other: str) -> bool:
    """Whether the one text alone has a connection of that kind."""
    return pattern.search(one) is not None and pattern.search(other) is None
