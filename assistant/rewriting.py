"""A follow-up question as one that stands alone, by rules.

A question that says what it is about is left alone, word for word. One that points back ("Who implements it?") gets the
name it most likely means; a fragment ("And in Japan?", "Why?") the question before it; one of hardly any words of its
own ("What were the fees?") what the user named or comes back to, and one that names nothing what nearly every message
speaks of. It resolves no grammar and knows nobody's gender: where it is unsure it takes two names along, and the reader
sees the standalone question and can ask it differently.

Topic words of the whole session and, for a question that says little, of the turns follow [1], with how often both
sides say a word in place of collection statistics. The weights were chosen on questions that people rewrote [2].

[1] Lin et al., "Multi-Stage Conversational Passage Retrieval", TOIS 2021 (historical query expansion).
[2] Elgohary et al., "Can You Unpack That? Learning to Rewrite Questions-in-Context", EMNLP 2019.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from assistant.conversation import Message
from index.words import STOP_WORDS, stem, stems, words

MAX_NAMES = 2
MAX_TOPIC_WORDS = 4
MAX_SESSION_WORDS = 2
MAX_FRAGMENT_WORDS = 2
"""A question of so few words of its own says too little to be searched for."""
MAX_GLUED_WORDS = 40
_MAX_MESSAGES = 24
_ANSWER_WEIGHT = 0.4
"""A name in an answer against one that the user typed."""
_SUBJECT, _PLACE = 2.0, 0.5
"""A name that opens a sentence, and one that only says where, against any other."""
_RECENCY = 0.95
"""What each turn further back counts, for names: what a conversation is about changes slowly."""
_RIVAL = 0.96
"""A name that comes this close to the best one is taken along."""
_SESSION_SHARE = 0.75
"""A word in so many of all messages is what the whole conversation is about."""

_OPENING = re.compile(r"\s*(and|but|or|so|also|what about|how about|what of|what else|anything else)\b", re.IGNORECASE)
_PRONOUN = re.compile(
    r"\b(?P<person>he|she|him|his|hers?)\b|"
    r"\b(?P<thing>it|its|they|them|theirs?)\b|"
    r"\b(?P<pointing>this(?! (?:year|month|week|time|day|morning)\b)|these|those(?! (?:who|that|with|in|of|from)\b)|"
    r"there(?=\s*\?)|that(?=\s*\?)|"
    r"(?:about|after|at|before|by|did|do|does|during|for|from|in|is|of|on|to|was|with)\s+that(?=\s[a-z])|"
    r"the (?:same|former|latter|other|others|first one|second one))\b",
    re.IGNORECASE,
)
_EMPTY_IT = re.compile(
    r"\bit (?:is |was |be )?(?:\w+ly )?(?:true|possible|known|clear|correct|said|legal|illegal|safe|okay|important|"
    r"necessary|better|worth|normal|common|good|bad|hard|difficult|easy|takes?|costs?|rains?|snows?)\b(?!\s*\?)",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(
    r"(?:its|their|theirs|his|hers|her(?=\s+(?!(?:a|an|the|to|for|in|by|and|or)\b)[a-z]))\b", re.IGNORECASE
)
_DEFINITION = re.compile(
    r"\s*what (?:is|are|was|were|does) (?:an? )?(?!(?:the|my|your)\b)[\w-]+(?: mean)?\s*\??\s*$", re.IGNORECASE
)
_NAME = re.compile(
    r"(?:[A-Z][\w’'&.-]*\w|[A-Z]|\d+(?:st|nd|rd|th)|\d{4})"
    r"(?:\s+(?:(?:of|for|on|in|and|the|de|between)\s+){0,2}(?:[A-Z][\w’'&.-]*\w|[A-Z]\b|\d{4}))*"
)
_PERSON = re.compile(r"[A-Z][\w’'.-]*[a-z][\w’'.-]*(?: (?:de|van|von|[A-Z][\w’'.-]*)){0,2}")
_WHO = re.compile(r"(?:And |But )?[Ww]ho (?!(?:is|was|are|were) [A-Z])(?!.*\b(?:s?he|his|her|him|they|their)\b)")
"""A question for a person: the answer names them, and what the question names is not them."""
_PLACED = re.compile(r"\b(?:in|at|from|on|during|since|near|within|under|outside|across)\s+(?:the\s+)?$", re.IGNORECASE)
_NOT_NAMES = frozenset(
    (
        "tell show give list explain describe summarise summarize compare find name define please thanks thank ok "
        "okay yes hello hi according say let i although however despite since another many several critics one two "
        "three four five later upon following within among along unlike though thus early late around every being "
        "having originally initially eventually finally"
    ).split()
)
_CALENDAR = frozenset(
    (
        "january february march april may june july august september october november december monday tuesday "
        "wednesday thursday friday saturday sunday"
    ).split()
)
_GENERAL = frozenset(
    stem(word)
    for word in (
        "able also another anybody anyone anything article aside aspect become begin besides call could different "
        "early else ever everything example explain find first get give go got happen important information "
        "interesting kind know last late like list lot made main make many mean much name need new next notable one "
        "part people possible say significant some somebody someone something sort start still take talk tell thing "
        "think time two type use want way well would year"
    ).split()
)


def standalone_question(question: str, history: Sequence[Message]) -> str:
    """The question with what it leaves to its history put in; the question itself when it needs none.

    >>> standalone_question("Who implements it?", [Message("user", "Tell me about NEXUS.")])
    'Who implements NEXUS?'
    >>> standalone_question("And in Japan?", [Message("user", "Who led the British side of the 2021 meeting?")])
    'And in Japan? (Who led the British side of the 2021 meeting?)'
    """
    history = [message for message in history[-_MAX_MESSAGES:] if message.content.strip()]
    asked = [message.content.strip() for message in history if message.role == "user"]
    if not asked:
        return question
    if pronoun := open_pronoun(question):
        return _with_antecedent(question, pronoun, history)
    num_own = sum(stem_ not in _GENERAL for stem_ in stems(question))
    opens, named = bool(_OPENING.match(question)), bool(names_in(question))
    if num_own <= MAX_FRAGMENT_WORDS and (opens or (num_own == 0 and not named)):
        return _with_topic(question, _without_brackets(asked[-1]))
    if named or _DEFINITION.match(question):
        return question
    if num_own <= MAX_FRAGMENT_WORDS:
        names = _likely_names(question, history, "")
        return _with_topic(question, *names, _words_beside(names, question, history))
    return _with_topic(question, _session_words(question, history))


def _with_antecedent(question: str, pronoun: re.Match[str], history: Sequence[Message]) -> str:
    """The question with a name in the pronoun's place; where that is unsure, with names or topic words behind it."""
    kind = pronoun.lastgroup or ""
    names = _likely_names(question, history, kind)
    topic = _words_beside(names, question, history, last_question=kind != "person")
    if kind == "pointing" or len(names) != 1 or topic:
        return _with_topic(question, *names, topic)
    suffix = "’s" if _POSSESSIVE.match(question, pronoun.start()) else ""
    return question[: pronoun.start()] + names[0] + suffix + question[pronoun.end() :]


def _with_topic(question: str, *topic: str) -> str:
    added = ", ".join(part for part in topic if part)
    return f"{question} ({added})" if added else question


def names_in(text: str) -> list[str]:
    """The names in a text: runs of capitalised words, acronyms and years, a first word that only opens it left out.

    >>> names_in("What did the Joint High Level Committee in Tokyo say on NEXUS?")
    ['Joint High Level Committee in Tokyo', 'NEXUS']
    """
    return list(dict.fromkeys(name for name, _ in _mentions(text)))


def _mentions(text: str) -> Iterator[tuple[str, float]]:
    """Each name in the text, and how much is said of it there: of one that opens a sentence most, of a place least."""
    for match in _NAME.finditer(text):
        name = match.group()
        before = text[: match.start()].rstrip(' \n"“(')
        opens = not before or before.endswith((".", "!", "?", "]"))
        first, _, rest = name.partition(" ")
        if opens and (first.lower() in STOP_WORDS or first.lower() in _NOT_NAMES):
            name, opens = re.sub(r"^(?:of|for|on|in|and|the|between)\s+", "", rest), False
        if name:
            yield name, _SUBJECT if opens else _PLACE if _is_placed(text, match.start()) else 1.0


def open_pronoun(question: str) -> re.Match[str] | None:
    """The first pronoun that nothing before it in the question can be the antecedent of."""
    empty = {match.start() for match in _EMPTY_IT.finditer(question)}
    pronoun = next((match for match in _PRONOUN.finditer(question) if match.start() not in empty), None)
    if pronoun is None:
        return None
    before = question[: pronoun.start()]
    is_bound = pronoun.group().lower() in {"its", "their"} and len(stems(before)) >= 2
    return None if is_bound or names_in(before) else pronoun


def _without_brackets(earlier: str) -> str:
    """An earlier question, itself perhaps with a topic in brackets behind it, as what stands in brackets."""
    return " ".join(re.sub(r"\s*\(", "; ", earlier).replace(")", "").split()[:MAX_GLUED_WORDS])


def _likely_names(question: str, history: Sequence[Message], kind: str) -> list[str]:
    """The names that the question most likely leaves out, best first; none that the question has already.

    A person may be anyone spoken of. Any other pronoun gets a name that the user typed, or else one from the answers; a
    question without a pronoun (no `kind`) only one that the user typed.
    """
    scores, typed = _name_scores(history)
    own = set(stems(question))
    known = [name for name in scores if not set(stems(name)) <= own]
    if kind == "person":
        last = next(message.content for message in reversed(history) if message.role == "user")
        others = _names_once(last) if _WHO.match(last) else {}
        fitting = [name for name in known if _PERSON.fullmatch(name) and name not in others] or known
    else:
        fitting = [name for name in known if name in typed] or (known if kind else [])
    fitting.sort(key=lambda name: -scores[name])
    chosen = [name for name in fitting if scores[name] >= _RIVAL * scores[fitting[0]]][:MAX_NAMES]
    return list(dict.fromkeys(_in_full(name, scores) for name in chosen))


def _name_scores(history: Sequence[Message]) -> tuple[dict[str, float], set[str]]:
    """How much the conversation speaks of each name, and the names that the user typed."""
    scores: dict[str, float] = defaultdict(float)
    typed: set[str] = set()
    weight = 1.0
    for message in reversed(history):
        is_user = message.role == "user"
        for name, prominence in _names_once(message.content).items():
            scores[name] += weight * prominence * (1.0 if is_user else _ANSWER_WEIGHT)
            typed |= {name} if is_user else set()
        weight *= _RECENCY if is_user else 1.0
    return scores, typed


def _names_once(text: str) -> dict[str, float]:
    """The names of a message without dates and without the places behind them, each with its greatest prominence."""
    found: dict[str, float] = {}
    for mention, prominence in _mentions(text):
        for number, part in enumerate(re.split(r"\s+(?:on|in|for)\s+", mention)):
            kept = " ".join(word for word in part.split() if word.lower() not in _CALENDAR and not word[0].isdigit())
            name = re.sub(r"^(?:(?:of|and|the|de|between)\b\s*)+|(?:\s+(?:of|and|the|de|between))+$|[’']s$", "", kept)
            if len(name) > 1:
                found[name] = max(found.get(name, 0.0), _PLACE if number else prominence)
    return found


def _in_full(name: str, names: Iterable[str]) -> str:
    """A surname, or the end of any name, as the one longer name that ends with it; else as it is."""
    longer = [other for other in names if other.endswith(f" {name}")]
    return longer[0] if len(longer) == 1 else name


def _is_only_a_place(name: str, asked: Sequence[str]) -> bool:
    """Whether the user only ever said what happens in, at or from it: not what a question is about."""
    spots = [(turn, match.start()) for turn in asked for match in re.finditer(re.escape(name), turn)]
    return bool(spots) and all(_is_placed(turn, start) for turn, start in spots)


def _is_placed(text: str, start: int) -> bool:
    return _PLACED.search(text[max(0, start - 16) : start]) is not None


def _words_beside(
    names: Sequence[str], question: str, history: Sequence[Message], *, last_question: bool = False
) -> str:
    """The user's words that the conversation keeps coming back to, in order: nothing beside a name that is more than a
    place. Where no word recurs, those of the last question, if asked for.
    """
    asked = [message.content for message in reversed(history) if message.role == "user"]
    if not all(_is_only_a_place(name, asked) for name in names):
        return ""
    said = Counter(stem_ for message in history for stem_ in set(stems(message.content)))
    left_out = _GENERAL.union(stems(question), stems(" ".join(names)))
    shown: dict[str, str] = {}
    scores: dict[str, float] = {}
    for turns_ago, turn in enumerate(asked):
        for word, stem_ in _stemmed(turn):
            recurs = said[stem_] > 1
            if stem_ not in left_out and (recurs or (last_question and turns_ago == 0)):
                shown.setdefault(stem_, word)
                scores.setdefault(stem_, _RECENCY**turns_ago * (1 + said[stem_]) if recurs else 0.0)
    enough = 0.8 * max(scores.values(), default=0.0)
    best = sorted(scores, key=lambda stem_: -scores[stem_])[:MAX_TOPIC_WORDS]
    return " ".join(shown[stem_] for stem_ in shown if stem_ in best and scores[stem_] >= enough)


def _session_words(question: str, history: Sequence[Message]) -> str:
    """The words that nearly every message has and the user said twice; none when the question has one of them."""
    asked = [re.sub(r"\([^()]*\)\s*$", "", message.content) for message in history if message.role == "user"]
    said = Counter(stem_ for message in history for stem_ in set(stems(message.content)))
    typed = Counter(stem_ for turn in asked for stem_ in set(stems(turn)))
    session = {
        stem_: word
        for turn in asked
        for word, stem_ in _stemmed(turn)
        if stem_ not in _GENERAL and said[stem_] >= _SESSION_SHARE * len(history) and typed[stem_] > 1
    }
    return "" if session.keys() & set(stems(question)) else " ".join([*session.values()][:MAX_SESSION_WORDS])


def _stemmed(text: str) -> Iterator[tuple[str, str]]:
    """The words of a text as written, each with its stem; of a run without spaces each word for itself."""
    for token in re.findall(r"[\w’'-]+", text):
        pieces = [token] if token.isascii() or len(words(token)) < 2 else words(token)
        yield from ((piece, found[0]) for piece in pieces if (found := stems(piece)))
