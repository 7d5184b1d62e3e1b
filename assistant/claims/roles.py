"""Who does what to whom, as far as the order of words, prepositions and voice tell it: no grammar is read.

A mention is a row of names, a number or a date of the claim that a sentence of the quotes has too. Swapped mentions
stand before what they stood after, nearest to words that were another's, or behind another preposition.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.claims.alignment import Alignment
from assistant.claims.text import Sentence

_MAX_MENTIONS, _MAX_PLACES = 8, 4
_SKIPPED = frozenset("the a an his her its their this that these those of".split())
_ROLES = {"by": "by", "from": "from", "to": "to", "into": "to", "toward": "to", "towards": "to", "against": "against"}
_REACH, _NEAR_WORDS = 12, 4
_BE = {"was", "were", "is", "are", "been", "be", "being"}


@dataclass(frozen=True, slots=True)
class _Mention:
    """A mention in the claim: the tokens `start:end`, and the key of its last word."""

    start: int
    end: int
    key: str


def role_features(a: Alignment) -> dict[str, float]:
    """How many mentions do what another does in the focus, and the shares of words and prepositions that moved."""
    mentions = _mentions(a)
    best = max(
        (_Compared(a.claim, sentence, mentions) for sentence in a.focused),
        key=lambda compared: compared.num_shared,
        default=None,
    )
    if best is None:
        return {"mentions_turned": 0.0, "words_moved": 0.0, "roles_moved": 0.0, "voice_turned": 0.0}
    return {
        "voice_turned": float(any(_is_voice_turned(a.claim, sentence) for sentence in a.focused)),
        "mentions_turned": float(min(2, best.turned())),
        "words_moved": best.words_moved(),
        "roles_moved": float(min(2, best.roles_moved())),
    }


def _is_voice_turned(claim: Sentence, sentence: Sentence) -> bool:
    """Whether what was done by somebody has become what it does to them: "seen by Berg" and "saw Berg"."""
    content = sentence.content
    for i in sentence.places.get("by", ()):
        words = sentence.text[sentence.tokens[max(0, i - 4)].start : sentence.tokens[i].start].split()
        verb = next((sentence.keys[k] for k in reversed(content) if k < i), None)
        agent = next((sentence.keys[k] for k in content if k > i), None)
        if verb is None or agent is None or not _BE & set(words):
            continue
        agents = claim.places.get(agent, [])
        for place in claim.places.get(verb, ()):
            after = [k for k in agents if place < k <= place + _NEAR_WORDS]
            if after and not any(k < place for k in agents) and "by" not in claim.keys[place : after[0]]:
                return True
    return False


def _mentions(a: Alignment) -> list[_Mention]:
    """The rows of names and numbers in the claim, the first eight. A word that opens it is a name where the quotes have
    it as one within a sentence.
    """
    known = {token.key for sentence in a.sentences for token in sentence.tokens if token.is_name}
    opening = a.claim.tokens[:1]
    is_name = [token.is_name or token.is_number for token in a.claim.tokens]
    if opening and opening[0].key in known and a.claim.text[opening[0].start].isupper():
        is_name[0] = True
    tokens, i = a.claim.tokens, 0
    found: list[_Mention] = []
    while i < len(tokens) and len(found) < _MAX_MENTIONS:
        end = i
        while end < len(tokens) and is_name[end]:
            end += 1
        if end > i:
            found.append(_Mention(i, end, a.claim.keys[end - 1]))
        i = max(end, i + 1)
    return found


class _Compared:
    """A claim beside one sentence: the mentions that both have, with their places there."""

    def __init__(self, claim: Sentence, sentence: Sentence, mentions: Sequence[_Mention]) -> None:
        self.claim, self.sentence = claim, sentence
        places = {mention: sentence.places.get(mention.key, ())[:_MAX_PLACES] for mention in mentions}
        self.places = {mention: some for mention, some in places.items() if some}
        taken = {i for mention in mentions for i in range(mention.start, mention.end)}
        self.words = [i for i in claim.content if i not in taken and claim.keys[i] in sentence.places]
        self.num_shared = len(self.places) * 3 + len(self.words)

    def turned(self) -> int:
        """How many pairs of mentions, with a word between them that is between them there too, changed places without
        a change of voice, or changed the voice without changing places.
        """
        mentions, count = list(self.places), 0
        for k, one in enumerate(mentions):
            for other in mentions[k + 1 :]:
                between = {self.claim.keys[i] for i in self.words if one.end <= i < other.start}
                if one.key != other.key and between and self._is_turned(one, other, between):
                    count += 1
        return count

    def _is_turned(self, one: _Mention, other: _Mention, between: set[str]) -> bool:
        by = self._role(self.claim, other.start) == "by"
        seen = False
        for p in self.places[one]:
            for q in self.places[other]:
                low, high = sorted((p, q))
                if high - low <= 1 or not between & set(self.sentence.keys[low + 1 : high]):
                    continue
                seen = True
                if (p < q) == ((self._role(self.sentence, high) == "by") == by):
                    return False
        return seen

    def words_moved(self) -> float:
        """The share of words both have that are nearest to another of the mentions than there."""
        if len(self.places) < 2 or not self.words:
            return 0.0
        compared = moved = 0
        for i in self.words:
            mine = self._nearest([(m, min(abs(i - m.start), abs(i - m.end + 1))) for m in self.places])
            if len(mine) != 1:
                continue
            compared += 1
            spots = self.sentence.places[self.claim.keys[i]][:_MAX_PLACES]
            moved += not any(
                mine & self._nearest([(m, min(abs(p - q) for q in some)) for m, some in self.places.items()], slack=2)
                for p in spots
            )
        return moved / compared if compared else 0.0

    @staticmethod
    def _nearest(distances: Sequence[tuple[_Mention, int]], *, slack: int = 0) -> set[_Mention]:
        least = min(distance for _, distance in distances)
        return {mention for mention, distance in distances if distance <= least + slack} if least <= _REACH else set()

    def roles_moved(self) -> int:
        """How many mentions follow "by", "from", "to" or "against" on one side and another of these on the other."""
        count = 0
        for mention, places in self.places.items():
            mine = self._role(self.claim, mention.start)
            theirs = {self._role(self.sentence, place) for place in places}
            count += bool(mine and all(theirs) and mine not in theirs)
        return count

    def _role(self, sentence: Sentence, place: int) -> str:
        """What the preposition before a place says, articles and other names skipped."""
        tokens = sentence.tokens
        i = place - 1
        while i >= 0 and place - i <= 4 and (tokens[i].is_name or sentence.keys[i] in _SKIPPED):
            i -= 1
        return _ROLES.get(sentence.keys[i], "") if i >= 0 else ""
