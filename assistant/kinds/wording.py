"""What the readers of questions share: a question without its courtesies, the words for documents, and terms.

Rules over English and Japanese wording. It parses no grammar: what it cannot read stays as it is.
"""

import re

from index.mentions import MAX_TERM_WORDS, Term
from index.segmentation import is_unspaced
from index.words import STOP_WORDS, stems, words

MAX_ASKED_CHARS = 400
"""A longer question is a look-up: nobody asks for a list in so many words."""

_SINGULAR = (
    "document|statement|text|source|file|agreement|communiqu[eé]|declaration|paper|report|digest|memorandum|accord|"
    "publication|compact|record|article"
)
_PLURAL = f"(?:(?:{_SINGULAR})s|memoranda)"
ANY_DOCUMENT = rf"(?:{_PLURAL}|{_SINGULAR})"
DOCUMENTS = _PLURAL
JAPANESE_DOCUMENT = "(?:文書|資料|文献|声明|書類|ドキュメント|文章|テキスト)"

_GREETING = re.compile(
    r"^(?:hello|hi|hey|good (?:morning|afternoon|evening|day)|thank you|thanks)(?: there| again|"
    r" all)?\s*[,.!;:–—-]+\s*",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"^(?:please|kindly|(?:can|could|would|will) you(?: please)?|(?:can|could|may) (?:i|we)(?: please)?|"
    r"(?:i|we)(?:['’]d| would) like(?: you)? to(?: (?:see|know|have|get))?|(?:i|we) (?:want|"
    r"need)(?: you)? to(?: (?:see|know|have|get))?|"
    r"(?:i|we)(?:['’]d| would) like|(?:i|we) (?:want|need)|let (?:me|us) (?:see|know|have)|do you know|tell (?:me|"
    r"us)(?! about)|"
    r"so|now|ok|okay|and|then|also)\b[,:]?\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:[,\s]+(?:please|thanks|thank you|for (?:me|us)|briefly|if you can|in (?:a|one|two|three|a few|few) "
    r"(?:lines?|words?|sentences?|paragraphs?|points?)|in (?:short|brief))|[\s?？!！.。…]+)$",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"[“\"«„]([^“”\"«»„]{1,120})[”\"»]|[「『]([^「」『』]{1,120})[」』]|(?<!\w)['‘]([^'‘’]{2,80})['’](?!\w)"
)
_LEADS = re.compile(
    r"^(?:(?:the|a|an|any|some|our|its|both|either|anything|something|everything)\s+|about\s+|on\s+|"
    r"(?:words?|terms?|phrases?|names?|acronyms?|expressions?|subjects?|topics?|issues?|mentions? of|"
    r"references? to)\s+(?:of\s+)?(?!of\b))+",
    re.IGNORECASE,
)
_TRAILS = re.compile(
    r"(?:\s*,?\s+(?:(?:in|within|among|across|throughout|from|of)\s+(?:(?:the|your|all|these|those|our|any|each|every|"
    r"of|my|"
    rf"whole|entire|available|other)\s+)*(?:{ANY_DOCUMENT}|corpus|collection|library|catalogue|archive|database|them)|"
    r"at all|anywhere|somewhere|explicitly|by name|too|as well|ever|and (?:how|where|when|why|what|who|which)\b.*)|"
    r"[\s,;:.?!、。]+)$",
    re.IGNORECASE,
)
_JAPANESE_TRAILS = re.compile(
    r"(?:という?(?:言葉|単語|語句?|用語|名前|表現)|について|に関して|に関する|のこと|[をがはにのとへも、\s])+$"
)
_CLAUSE = re.compile(
    r"^(?:which|that|whom?|whose|how|what|when|why|whether|where|to|of|if|it|this|these|they)\b", re.IGNORECASE
)


def bare(question: str) -> str:
    """The question in one line, without greeting, courtesies and end marks; empty when it is too long for a kind.

    >>> bare("Hello! Could you please list all joint calls, thanks?")
    'list all joint calls'
    """
    if len(question) > MAX_ASKED_CHARS:
        return ""
    asked = " ".join(question.replace("’", "'").split())
    for pattern in (_GREETING, _COURTESY, _TAIL):
        while (shorter := pattern.sub("", asked)) != asked:
            asked = shorter
    return asked


def term_of(wording: str) -> Term | None:
    """The name or term in a few words of a question; None where they are a clause, too many, or say nothing.

    What stands in quotation marks, and a name, is looked for as it stands; a common noun by its stems.

    >>> term_of("the Square Kilometre Array in any of the documents"), term_of("the joint calls")
    (Term(text='Square Kilometre Array', exact=True), Term(text='joint calls', exact=False))
    """
    quoted = _QUOTED.search(wording)
    if quoted:
        inner = next(group for group in quoted.groups() if group is not None).strip()
        return Term(inner) if words(inner) else None
    term = wording.strip()
    for pattern in (_LEADS, _JAPANESE_TRAILS if is_unspaced(term) else _TRAILS):
        while (shorter := pattern.sub("", term).strip()) != term:
            term = shorter
    term = re.sub(r"'s?$", "", term).strip(" ,;:()[]")
    if not stems(term) or _CLAUSE.match(term) or len(words(term)) > MAX_TERM_WORDS:
        return None
    return Term(term, exact=is_name(term))


def is_name(term: str) -> bool:
    """Whether every word that says something has a capital letter or a digit, or is written without spaces.

    >>> [is_name(term) for term in ("Ministry of Defence", "Horizon 2020", "joint calls")]
    [True, True, False]
    """
    content = [word for word in re.findall(r"[^\W_]+", term) if word.lower() not in STOP_WORDS]
    return bool(content) and all(is_unspaced(word) or any(c.isupper() or c.isdigit() for c in word) for word in content)
