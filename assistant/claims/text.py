"""A claim or a quote as the verifier reads it: sentences of words, each with its key, its weight and its place.

Capital letters tell names; nothing here knows who or what a name is, and no grammar is read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

import numpy as np

from assistant.claims.cue_words import DOUBT, HEDGE, NEGATION, PASSIVE, QUANTIFIERS, VERY_COMMON, WEAK_NEGATION, key_of
from assistant.claims.facts import Facts, facts_of
from corpus.language import language_of
from corpus.sentences import sentence_spans
from index.segmentation import is_unspaced
from index.words import STOP_WORDS, words

MAX_CHARS = 20_000
"""Of a longer text the beginning is read."""
MAX_PLACES = 20
SCOPE_WORDS = 4
"""How many words behind a negation it is taken to reach."""
MIN_PART_WORDS, MAX_PARTS, MAX_JOINTS = 4, 6, 60
_JOINT = re.compile(r"[,;、；]|\s(?:and|but|while|which|who|although|because|with|in|after|on|at)\b")
_SOURCE = (
    r"(?:the|this|these) (?:provided |given |above |cited )?(?:documents?|texts?|passages?|articles?|sources?|context|"
    r"evidence|quotes?|excerpts?|search results?)"
)
_FRAME = re.compile(
    rf"(?:(?:according to|based on|as (?:stated|described|noted|mentioned) in|per) {_SOURCE}(?: provided| given)?,|"
    rf"{_SOURCE} (?:also )?(?:say|state|mention|note|indicate|explain|describe|report|show)s?(?: that|,)|"
    r"(?:in fact|in addition|additionally|furthermore|moreover|overall|in summary|in conclusion|specifically|"
    r"for example|for instance|in other words|yes),|"
    r"it is (?:known|worth noting|worth mentioning|important to note|noted) that)\s+",
    re.IGNORECASE,
)
_MARKER = re.compile(r"\s?\[\d{1,3}(?:\s?[,–-]\s?\d{1,3}){0,9}\]")
_RUN = re.compile(r"(?:[A-Z]\.){2,}|[^\W_]+")
_FOLLOWS_NAME = re.compile(r"['’]s\b|,? (?:[A-Z]|is\b|was\b|has\b|had\b|did\b|and [A-Z])")
_NAME = re.compile(r"[A-Z\u00c0-\u00de]|[a-z]+[A-Z]|[\u30a0-\u30ff]{3,}")
_CLAUSE = re.compile(r"[,;:、；：()]|\b(?:and|but|while|which|who|whereas|although|because|so that|with)\b|が、|し、")


@dataclass(frozen=True, slots=True)
class Token:
    """A word: its key, where it stands in its sentence, and what it counts when it is missed; 0 for stop words."""

    key: str
    start: int
    end: int
    weight: float
    is_name: bool
    is_number: bool


class Sentence:
    """A sentence read: its tokens, its facts, its cues, each found when first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: tuple[Token, ...] = tuple(_tokens(text))
        self.keys: tuple[str, ...] = tuple(token.key for token in self.tokens)
        self.content: tuple[int, ...] = tuple(i for i, token in enumerate(self.tokens) if token.weight > 0)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """For each key the positions of its tokens, of a key that is repeated without end the first ones."""
        found: dict[str, list[int]] = {}
        for i, key in enumerate(self.keys):
            some = found.setdefault(key, [])
            if len(some) < MAX_PLACES:
                some.append(i)
        return found

    @cached_property
    def facts(self) -> Facts:
        """Its numbers and dates."""
        return facts_of(self.text)

    @cached_property
    def is_negated(self) -> bool:
        """Whether it says "not" in one of its plain forms."""
        return NEGATION.search(self.text) is not None

    @cached_property
    def is_weakly_negated(self) -> bool:
        """Whether it says something like "not": fails to, without help of, few."""
        return WEAK_NEGATION.search(self.text) is not None

    @cached_property
    def negated(self) -> tuple[frozenset[str], ...]:
        """For each negation the keys of the content words that it reaches: behind it, in Japanese before it."""
        return tuple(map(frozenset, self.denials))

    @cached_property
    def denials(self) -> tuple[tuple[str, ...], ...]:
        """The same keys in order, the nearest to the negation first."""
        return tuple(self._reached(match) for match in islice(NEGATION.finditer(self.text), MAX_PLACES))

    @cached_property
    def doubts(self) -> tuple[tuple[str, ...], ...]:
        """For each word that says that something may be so the keys of the content words that it reaches, in order."""
        return tuple(self._reached(match) for match in islice(DOUBT.finditer(self.text), MAX_PLACES))

    def _reached(self, cue: re.Match[str]) -> tuple[str, ...]:
        if is_unspaced(cue.group()):
            before = [i for i in self.content if self.tokens[i].end <= cue.start() + 1][-3:]
            return tuple(self.keys[i] for i in reversed(before))
        return tuple(self.keys[i] for i in self.content if self.tokens[i].start >= cue.end())[:SCOPE_WORDS]

    @cached_property
    def quantifiers(self) -> frozenset[str]:
        """The classes of quantifiers that it holds."""
        return frozenset(name for name, pattern in QUANTIFIERS.items() if pattern.search(self.text))

    @cached_property
    def is_hedged(self) -> bool:
        """Whether it says that something may be so, is planned, or is claimed."""
        return HEDGE.search(self.text) is not None

    @cached_property
    def is_passive(self) -> bool:
        """Whether it looks like a passive, or names an agent with "by"."""
        return PASSIVE.search(self.text) is not None

    @cached_property
    def acronyms(self) -> frozenset[str]:
        """What the initials of the names that stand together spell, in lower case, and the ends of that.

        >>> sorted(Sentence("It joined the World Health Organization in 1948.").acronyms)
        ['ho', 'who']
        """
        return frozenset(_acronyms(self))

    @cached_property
    def clauses(self) -> list[list[int]]:
        """The content tokens by clause, as far as commas and joining words tell them; clauses of one word left out."""
        cuts = [match.start() for match in _CLAUSE.finditer(self.text)]
        numbers = (
            np.searchsorted(cuts, [self.tokens[i].start for i in self.content]) if cuts else [0] * len(self.content)
        )
        clauses: dict[int, list[int]] = {}
        for number, i in zip(numbers, self.content, strict=True):
            clauses.setdefault(int(number), []).append(i)
        return [clause for clause in clauses.values() if len(clause) > 1]


def _acronyms(sentence: Sentence) -> set[str]:
    """What the initials of the names that stand together in a sentence spell, in lower case, and the ends of that."""
    found: set[str] = set()
    run = ""
    token: Token | None
    for token in (*sentence.tokens, None):
        initial = sentence.text[token.start : token.start + 1] if token else ""
        if initial.isupper():
            run += initial
        elif token is None or token.key not in ("of", "for", "and", "the", "on", "in"):
            found |= {run[i:].lower() for i in range(len(run) - 1)} if 2 <= len(run) <= 10 else set()
            run = ""
    return found


@lru_cache(maxsize=4096)
def sentences_of(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text, those without a word left out. Lines are sentences of their own at least."""
    text = text[:MAX_CHARS]
    language = language_of(text)
    pieces = [line[a:b] for line in text.splitlines() for a, b in sentence_spans(line, 0, len(line), language=language)]
    return tuple(sentence for piece in pieces if (sentence := Sentence(piece)).tokens)


@lru_cache(maxsize=4096)
def claim_of(text: str) -> Sentence:
    """A claim, of however many sentences, read as one, without the markers of its citations and what only leads up to
    it.

    >>> claim_of("According to the document, it rained [1].").text
    'it rained.'
    """
    plain = _MARKER.sub("", " ".join(text[:MAX_CHARS].split()))
    for _ in range(2):
        frame = _FRAME.match(plain)
        plain = plain[frame.end() :] if frame and frame.end() < len(plain) else plain
    return Sentence(plain)


def parts_of(claim: str) -> list[str]:
    """The parts of a claim that could be true alone: each of its sentences, or what stands before a joining comma,
    "and" or the like; empty where it has no two of at least four words.

    >>> parts_of("It met in Bergen last year, and its director resigned soon after.")
    ['It met in Bergen last year']
    """
    text = " ".join(claim[:MAX_CHARS].split())
    sentences = [text[a:b] for a, b in sentence_spans(text, 0, len(text), language=language_of(text))]
    if len(sentences) > 1:
        return [sentence for sentence in sentences if _num_words(sentence) >= MIN_PART_WORDS][:MAX_PARTS]
    cuts = (match.start() for match in islice(_JOINT.finditer(text), MAX_JOINTS))
    parts = (
        text[:cut].rstrip(" ,;、")
        for cut in cuts
        if _num_words(text[:cut]) >= MIN_PART_WORDS and _num_words(text[cut:]) >= MIN_PART_WORDS
    )
    return list(dict.fromkeys(parts))[-MAX_PARTS:]


def _num_words(text: str) -> int:
    return len(words(text))


def _tokens(text: str) -> Sequence[Token]:
    tokens: list[Token] = []
    for match in _RUN.finditer(text):
        opens = not tokens or text[max(0, match.start() - 9) : match.start()].rstrip()[-1:] in ".!?:\"“'"
        for word, start, end in _placed(match.group()):
            initials = 2 <= len(word) <= 6 and match.group().replace(".", "").isupper() and not text.isupper()
            opens_only = opens and not _FOLLOWS_NAME.match(text, match.end())
            is_name = initials or _is_name(match.group(), word, opens=opens_only)
            is_number = any(character.isdecimal() for character in word)
            weight = _weight("" if initials else word, is_name=is_name or is_number)
            place = (match.start() + start, match.start() + end)
            tokens.append(Token(word if initials else key_of(word), *place, weight, is_name and weight > 0, is_number))
    return [token for token in tokens if token.key]


@lru_cache(maxsize=65_536)
def _placed(run: str) -> tuple[tuple[str, int, int], ...]:
    """The words of a run of letters with their places in it; where one is not found in its normal form, after the
    last.
    """
    plain = run.replace(".", "")
    if not is_unspaced(plain):
        return tuple((word, 0, len(run)) for word in words(plain))
    found, after = [], 0
    for word in words(plain):
        start = plain.find(word, after)
        start, after = (start, start + len(word)) if start >= 0 else (after, after)
        found.append((word, start, after))
    return tuple(found)


def _is_name(run: str, word: str, *, opens: bool) -> bool:
    if is_unspaced(run):
        return _NAME.match(word) is not None and len(word) > 2
    if not _NAME.match(run) or word in STOP_WORDS:
        return False
    return not opens or any(character.isupper() or character.isdecimal() for character in run[1:])


def _weight(word: str, *, is_name: bool) -> float:
    """What a word counts: nothing for a stop word, most for a name or number, more for a long one than a short one."""
    if word in STOP_WORDS or (len(word) == 1 and not word.isdecimal() and not is_unspaced(word)):
        return 0.0
    if is_name:
        return 1.5
    if word in VERY_COMMON or key_of(word) in VERY_COMMON:
        return 0.4
    return min(1.0, 0.55 + 0.06 * len(word)) if not is_unspaced(word) else 0.9
