"""An LLM's stream as sentences with the keys they name, each handed over as soon as it is complete.

Works character by character, so that how a server cuts its stream changes nothing; reads every character a bounded
number of times and keeps no more than a sentence. It ends the answer where the model repeats itself or does not stop.
It knows keys and not what they stand for; `markup.py` makes the words plain.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from assistant.writing.markup import CLOSING, MAX_GROUP_CHARS, OPENING, folded, key_group, plain, visible

MAX_SENTENCES = 12
MAX_SENTENCE_CHARS = 1_000
MAX_CHARS = 8_000
REPETITION, LENGTH = "repetition", "length"

_STOPS = ".!?…。！？"
_CJK_STOPS = "。！？"
_QUOTE_ENDS = "\"'”’」』)）»*_`"
_LOOP_CHARS, _LOOP_TIMES = 24, 4
_LAST_WORD = re.compile(rf"([^\s(（\[“\"‘]*)\.[{re.escape(_QUOTE_ENDS)}]*$")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")  # "U.S", "a.m", an initial
_TITLES = frozenset(
    "dr mr mrs ms prof st gen sen rep gov amb col lt capt rev hon vs cf e.g i.e viz ca approx co corp inc ltd".split()
)
_BEFORE_NUMBERS = frozenset(
    "no nos art arts fig figs sec para paras vol vols ch p pp jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_LIST_MARK = re.compile(r"\s*(?:[-*•]\s+)?(?:\d{1,3}|[a-z]|[ivx]{1,4})\.", re.IGNORECASE)
_LEADING_GROUP = re.compile(r"\s*(?:[-*+•・]\s+|\d{1,3}[.)]\s+)?([\[【［〔][^\]】］〕]{0,60}[\]】］〕])")
_HIRAGANA = re.compile(r"[\u3041-\u309f]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in plain words, and the keys that it named; none where it named none that was given out."""

    text: str
    keys: tuple[str, ...]


class SentenceParser:
    """Takes an answer in pieces of any size and gives its sentences.

    `stopped` says why no more will come: `REPETITION`, `LENGTH`, or empty while more may. `num_unknown_keys` counts
    keys that nobody gave out.
    """

    def __init__(
        self,
        keys: Collection[str],
        *,
        allows: Callable[[str], bool] = lambda _: False,
        max_sentences: int = MAX_SENTENCES,
    ) -> None:
        self.stopped = ""
        self.num_unknown_keys = 0
        self._keys = {key.casefold(): key for key in keys}
        self._allows = allows
        self._max_sentences = max_sentences
        self._thoughts = _Thoughts()
        self._loop = _Loop()
        self._seen: set[str] = set()
        self._num_chars = 0
        self._done: list[Sentence] = []
        self._raw: list[str] = []  # the sentence so far
        self._starts_line = True
        self._opened_at = -1  # where in it a bracket stands open
        self._ended = False  # it may be complete
        self._after = ""  # what followed its end: white space and keys
        self._group = ""  # a bracket after its end that is not closed yet

    def feed(self, delta: str) -> list[Sentence]:
        """The sentences that this piece completes."""
        for character in delta:
            for passed in self._thoughts.passed(character):
                self._take(visible(passed))
            if self.stopped:
                break
        return self._take_done()

    def finish(self, *, complete: bool = True) -> list[Sentence]:
        """The sentences that the end of the stream completes. Where the answer is not `complete`, a last sentence
        without an end is left out: half a sentence may say the opposite of the whole.
        """
        for passed in self._thoughts.rest() if complete else "":
            self._take(visible(passed))
        group, self._group = self._group, ""
        if group and group[0] in "(（" and complete:
            self._resolve(group[0])
            for character in group[1:]:
                self._put(character)
        if not self.stopped and (self._ended or complete):
            self._emit("".join(self._raw) + self._after)
        self._raw = []
        return self._take_done()

    def _take_done(self) -> list[Sentence]:
        done, self._done = self._done, []
        return done

    def _take(self, character: str) -> None:
        if not character or self.stopped:
            return
        self._num_chars += 1
        self._put(character)
        if not self.stopped and (self._num_chars >= MAX_CHARS or len(self._raw) >= MAX_SENTENCE_CHARS):
            self.stopped = LENGTH

    def _put(self, character: str) -> None:
        if self.stopped:
            return
        if self._group:
            self._put_in_group(character)
        elif self._ended:
            self._put_after_end(character)
        else:
            self._put_in_text(character)

    def _put_in_text(self, character: str) -> None:
        if character == "\n":
            self._opened_at = -1
            if self._raw:
                self._ended, self._after = True, "\n"
            else:
                self._starts_line = True
            return
        if not self._raw and character == " ":
            return
        self._raw.append(character)
        if self._loop.repeats(character):
            self.stopped = REPETITION
        elif character in OPENING:
            self._opened_at = len(self._raw)
        elif character in CLOSING:
            self._opened_at = -1
        elif character in _STOPS and not self._is_in_bracket():
            self._ended, self._after = True, ""

    def _is_in_bracket(self) -> bool:
        return self._opened_at >= 0 and len(self._raw) - self._opened_at <= MAX_GROUP_CHARS

    def _put_after_end(self, character: str) -> None:
        if character.isspace():
            if character == "\n" or not self._after.endswith((" ", "\n")):
                self._after = (self._after + character)[-MAX_SENTENCE_CHARS:]
        elif not self._after and (character in _QUOTE_ENDS or character in _STOPS):
            self._raw.append(character)
        elif character in OPENING:
            self._group = character
        else:
            self._resolve(character)

    def _put_in_group(self, character: str) -> None:
        """A bracket after the end of a sentence: keys that belong to it, or the next sentence's first words."""
        self._group += character
        depth = sum(c in OPENING for c in self._group) - sum(c in CLOSING for c in self._group)
        if depth == 0 and self._is_keys(self._group):
            self._after, self._group = (self._after + self._group)[-MAX_SENTENCE_CHARS:], ""
        elif depth == 0 or character == "\n" or len(self._group) > MAX_GROUP_CHARS:
            group, self._group = self._group, ""
            self._resolve(group[0])
            for c in group[1:]:
                self._put(c)

    def _is_keys(self, group: str) -> bool:
        """Whether the bracket names keys; right after "!" it is an image unless one of them was given out."""
        found = key_group(group, self._keys)
        if self._after or self._raw[-1] != "!":
            return found is not None
        return found is not None and bool(found[0])

    def _resolve(self, character: str) -> None:
        """The next visible character decides whether the sentence was complete, and whose the keys between are."""
        raw, after = "".join(self._raw), self._after
        self._ended, self._after = False, ""
        broke = "\n" in after
        if not broke and not self._is_boundary(raw, after, character):
            self._raw += after
            self._put_in_text(character)
            return
        trailing, leading = after, ""
        if broke:
            trailing, _, leading = after.rpartition("\n")
        elif (head := _LEADING_GROUP.match(raw)) and key_group(head.group(1), self._keys) is not None:
            trailing, leading = "", after
        self._emit(raw + trailing, ends_line=broke)
        self._raw, self._starts_line, self._opened_at = list(leading.lstrip()), broke, -1
        self._put_in_text(character)

    def _is_boundary(self, raw: str, after: str, following: str) -> bool:
        stop = next((c for c in reversed(raw) if c in _STOPS), "")
        if stop in _CJK_STOPS:
            return bool(after) or raw[-1] in _CJK_STOPS or not _HIRAGANA.match(following)
        if not after:
            return False
        if following.islower() and not any(c in OPENING for c in after):
            return False
        return stop != "." or not self._is_abbreviation(raw[-40:], raw, after, following)

    def _is_abbreviation(self, tail: str, raw: str, after: str, following: str) -> bool:
        match = _LAST_WORD.search(tail)
        word = match.group(1).casefold() if match else ""
        if self._starts_line and _LIST_MARK.fullmatch(raw):
            return True
        if word in _BEFORE_NUMBERS:
            return following.isdigit()
        if any(c in OPENING for c in after) and not following.islower():
            return False
        return word in _TITLES or bool(_DOTTED.fullmatch(word))

    def _emit(self, raw: str, *, ends_line: bool = True) -> None:
        self._loop = _Loop()
        said = plain(raw, self._keys, self._allows, starts_line=self._starts_line)
        self.num_unknown_keys += said.num_unknown
        is_heading = self._starts_line and raw.lstrip().startswith("#")
        introduces = ends_line and said.text.endswith((":", "："))
        same = folded(said.text)
        if not same or (not said.keys and (is_heading or introduces)):
            return
        if same in self._seen:
            self.stopped = REPETITION
            return
        self._seen.add(same)
        self._done.append(Sentence(said.text, said.keys))
        if len(self._seen) >= self._max_sentences:
            self.stopped = LENGTH


class _Thoughts:
    """Takes `<think>…</think>` out of a stream."""

    _OPEN = ("<think>", "<thinking>")
    _CLOSE = ("</think>", "</thinking>")

    def __init__(self) -> None:
        self._held = ""
        self._inside = False

    def passed(self, character: str) -> str:
        """What of the stream up to this character is now known to be no thought."""
        if not self._held and not self._inside and character != "<":
            return character
        self._held += character.lower()[:1] if self._inside else character
        if self._inside:
            self._held = self._held[-len(max(self._CLOSE, key=len)) :]
            if self._held.endswith(self._CLOSE):
                self._held, self._inside = "", False
            return ""
        if self._held.lower() in self._OPEN:
            self._held, self._inside = "", True
            return ""
        if any(tag.startswith(self._held.lower()) for tag in self._OPEN):
            return ""
        held = self._held
        self._held = "<" if character == "<" else ""
        return held[:-1] if self._held else held

    def rest(self) -> str:
        """What is left at the end of the stream; a thought that never ends is none of it."""
        return "" if self._inside else self._held


class _Loop:
    """Notices when the same run of letters comes round again and again."""

    def __init__(self) -> None:
        self._window = ""
        self._runs: Counter[str] = Counter()

    def repeats(self, character: str) -> bool:
        if not character.isalnum():
            return False
        self._window = (self._window + character)[-_LOOP_CHARS:]
        self._runs[self._window] += 1
        return len(self._window) == _LOOP_CHARS and self._runs[self._window] >= _LOOP_TIMES


def sentences(pieces: Iterator[str], parser: SentenceParser) -> Iterator[Sentence]:
    """The sentences of a whole stream that ends as it should; stops reading where the parser does."""
    for piece in pieces:
        yield from parser.feed(piece)
        if parser.stopped:
            return
    yield from parser.finish()
