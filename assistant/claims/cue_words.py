"""Words that decide whether two sentences say the same: negations, opposites, quantifiers, hedges, irregular forms.

Lists and shapes only; nothing is looked up anywhere. English and, where it is a matter of endings, Japanese.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from index.words import stem

NEGATION = re.compile(
    r"\b(?:not(?!\s+only)|no(?!\.)|never|without|neither|nor|none|cannot|nobody|nothing|nowhere|hardly|barely)\b|n['’]t\b|"
    r"(?:ない|ません|なかった|なく|ずに|せず|ぬ)(?=[、。,\s]|$|の|と|が|こと|で|た)",
    re.IGNORECASE,
)
WEAK_NEGATION = re.compile(
    r"\b(?:fail\w*|unable|lack\w*|refus\w+|den(?:y|ied|ies)|reject\w*|prevent\w*|against|rather than|instead of|"
    r"except\w*|unless|few|little|rarely|seldom|false|impossible|absence|exclud\w+|despite|avoid\w*)\b|以外|除",
    re.IGNORECASE,
)
HEDGE = re.compile(
    r"\b(?:may|might|could|would|should|possibly|perhaps|maybe|likely|probably|reportedly|allegedly|suggest\w*|"
    r"believed|thought|expect\w*|plan(?:s|ned)?|propos\w+|intend\w*|hop(?:e|es|ed|ing)|claim\w*|if|whether|potential\w*|"
    r"seem\w*|appear\w*|considered|rumou?r\w*|can|aims?|aimed|seeks?|sought)\b|かもしれ|可能性|見込|予定|検討|だろう|でしょう",
    re.IGNORECASE,
)
DOUBT = re.compile(
    r"\b(?:may|might|could|possibly|perhaps|maybe|probably|likely|reportedly|allegedly|supposedly|suggest\w*|believed|"
    r"thought|expect\w*|plan(?:s|ned)|propos\w+|intend\w*|claim(?:s|ed)|alleg\w+|rumou?r\w*|considered)\b",
    re.IGNORECASE,
)
CERTAIN = re.compile(
    r"\b(?:must|will|certainly|definitely|always|prove[dsn]?|undoubtedly|guarantee\w*|inevitabl\w+)\b|必ず|確実|決定",
    re.IGNORECASE,
)
QUANTIFIERS = {
    "all": re.compile(
        r"\b(?:all|every|each|always|entire\w*|whole|both|everyone|everything|any)\b|全て|すべて|全部|全員|常に", re.I
    ),
    "none": re.compile(r"\b(?:none|nobody|nothing|never|neither|no one)\b|全く|一切|決して", re.I),
    "some": re.compile(
        r"\b(?:some|several|few|many|certain|sometimes|partly|partially|often|various|number of)\b|"
        r"一部|いくつか|時々|多く",
        re.I,
    ),
    "most": re.compile(
        r"\b(?:most|majority|usually|mostly|generally|primarily|mainly|typically|largely)\b|ほとんど|大半|主に", re.I
    ),
    "only": re.compile(r"\b(?:only|solely|exclusively|alone|just|merely)\b|だけ|のみ|しか", re.I),
    "at least": re.compile(r"\b(?:at least|more than|over|exceed\w*|no fewer than|minimum)\b|以上|超", re.I),
    "at most": re.compile(
        r"\b(?:at most|up to|less than|under|fewer than|maximum|no more than|nearly|almost)\b|以下|未満|最大", re.I
    ),
}
SUPERLATIVE = re.compile(
    r"\b(?:first|only|sole|solely|unique|uniquely|most|best|never|always|every|all|entire|entirely|completely|fully|"
    r"exclusively|indispensable|unprecedented|purely|wholly|without exception|"
    r"(?!(?:inter|for|requ|sugg|mod|hon|prot|harv|cont|conqu|inv|arr|dig|manif|att|temp)est\b)[a-z]{4,}est)\b",
    re.IGNORECASE,
)
CONNECTIONS = {
    "cause": re.compile(
        r"\b(?:because|due to|owing to|thanks to|caus(?:e[sd]?|ing)|le(?:d|ads?|ading) to|result(?:s|ed|ing)? in|"
        r"therefore|thus|hence|so that|consequen\w+|as a result|prompt(?:s|ed|ing)|trigger\w*)\b|ため|ので",
        re.I,
    ),
    "contrast": re.compile(r"\b(?:despite|in spite of|although|even though|regardless of)\b|しかし|ものの", re.I),
}
"""Words that say how one thing stands to another."""
PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?(?:\w+(?:ed|en)|made|built|held|led|sold|won|born|found|set|put|cut|known)\b|\bby\b|れた|られ",
    re.I,
)

_OPPOSITES = """
increase/decrease increase/reduce increase/decline increase/fall rise/fall rise/decline grow/shrink growth/decline
more/less more/fewer most/least higher/lower high/low highest/lowest larger/smaller large/small largest/smallest
greater/smaller greater/lesser big/small bigger/smaller major/minor maximum/minimum before/after earlier/later
early/late first/last oldest/newest older/younger old/new old/young north/south northern/southern east/west
eastern/western northeast/southwest northwest/southeast above/below over/under up/down upper/lower left/right
inside/outside internal/external include/exclude begin/end start/end start/stop open/close accept/reject allow/forbid
allow/prevent permit/prohibit approve/reject support/oppose win/lose victory/defeat won/lost success/failure
succeed/fail positive/negative good/bad better/worse best/worst strong/weak stronger/weaker hot/cold warm/cold
warmer/cooler fast/slow faster/slower rich/poor wealthy/poor public/private male/female man/woman men/women
father/mother son/daughter husband/wife king/queen brother/sister legal/illegal possible/impossible true/false
same/different similar/different alive/dead birth/death born/died entry/exit enter/leave arrive/depart import/export
buy/sell attack/defend ally/enemy friend/enemy love/hate simple/complex easy/difficult rare/common ancient/modern
temporary/permanent voluntary/mandatory optional/required domestic/foreign urban/rural day/night summer/winter
light/dark light/heavy black/white deep/shallow wide/narrow long/short longer/shorter thick/thin full/empty
presence/absence present/absent gain/lose gain/loss profit/loss strengthen/weaken improve/worsen expand/contract
expand/reduce encourage/discourage agree/disagree always/never all/none everyone/nobody often/rarely majority/minority
create/destroy build/destroy connect/disconnect active/inactive formal/informal direct/indirect former/latter
previous/next past/future ascend/descend advance/retreat add/remove attract/repel visible/invisible primary/secondary
proponent/opponent advantage/disadvantage superior/inferior democratic/autocratic
増加/減少 上昇/低下 拡大/縮小 以上/以下 前/後 賛成/反対 成功/失敗 可能/不可能 最大/最小 最高/最低 開始/終了 輸入/輸出
強化/弱化 東/西 南/北 男性/女性 公的/民間 国内/海外
"""
_IRREGULAR = """
begin:began,begun write:wrote,written lead:led hold:held build:built make:made become:became take:took,taken
give:gave,given go:went,gone sell:sold buy:bought win:won fight:fought choose:chose,chosen know:knew,known
grow:grew,grown speak:spoke,spoken sing:sang,sung run:ran fall:fell,fallen rise:rose,risen see:saw,seen say:said
tell:told find:found bring:brought think:thought teach:taught catch:caught leave:left lose:lost meet:met pay:paid
send:sent spend:spent keep:kept mean:meant feel:felt draw:drew,drawn drive:drove,driven fly:flew,flown eat:ate,eaten
break:broke,broken wear:wore,worn steal:stole,stolen strike:struck swim:swam,swum throw:threw,thrown shoot:shot
stand:stood understand:understood bear:bore born:birth die:death,dying have:has,had do:did,done,does get:got,gotten
lie:lay,lain child:children man:men woman:women foot:feet person:people,persons country:nation,nations
use:used,using,usage seek:sought bind:bound wind:wound bend:bent lend:lent rebuild:rebuilt oversee:oversaw,overseen
forbid:forbade,forbidden city:town movie:film,films big:large start:begin commence:begin buy:purchase help:assist,aid
show:depict,display located:situated known:called,named created:established,founded
"""
_DENYING = ("un", "il", "ir", "im", "dis", "non")
VERY_COMMON = frozenset(
    (
        "use make also one two first new year time part work people may call know become include number many well "
        "name state would later since several way form large group city world place system country day member see "
        "however although often small follow during around within among high take give go come find set different "
        "main important general example known provide require area main various two three such thing say get like "
        "could even much still"
    ).split()
)
"""Words that say little about which of two texts on one subject a claim rests on."""


def _opposite_words() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for one, other in (pair.split("/") for pair in _OPPOSITES.split()):
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}


OPPOSITE_WORDS: Mapping[str, frozenset[str]] = _opposite_words()
"""For each word the words that say its opposite."""


@cache
def opposites() -> Mapping[str, frozenset[str]]:
    """For each stem the stems of its opposites."""
    found: dict[str, set[str]] = {}
    for word, others in OPPOSITE_WORDS.items():
        found.setdefault(stem(word), set()).update(map(stem, others))
    return {word: frozenset(others) for word, others in found.items()}


@cache
def _regular() -> Mapping[str, str]:
    forms = (entry.split(":") for entry in _IRREGULAR.split())
    return {form: base for base, others in forms for form in others.split(",")}


def key_of(word: str) -> str:
    """The stem under which the forms of a lower-case word meet, irregular ones and a few plain synonyms too.

    >>> key_of("wrote") == key_of("writes"), key_of("funded") == key_of("funding")
    (True, True)
    """
    base = _regular().get(word, word)
    return stem(_regular().get(base, base))


@lru_cache(maxsize=16_384)
def opposites_of(key: str) -> frozenset[str]:
    """The stems that say the opposite of one: by the list, or by a prefix such as "un".

    >>> "decreas" in opposites_of("increas"), "illegal" in opposites_of("legal"), "legal" in opposites_of("illegal")
    (True, True, True)
    """
    longer = (prefix + key for prefix in _DENYING if len(key) > 3)
    shorter = (key.removeprefix(prefix) for prefix in _DENYING if key.startswith(prefix) and len(key) > len(prefix) + 3)
    return opposites().get(key, frozenset()) | frozenset((*longer, *shorter))
