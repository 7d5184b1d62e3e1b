"""Small talk: a greeting, thanks, a question about the assistant itself, answered in a few words of our own.

Only a message that is small talk from end to end counts: a greeting before a question leaves the question one. Nothing
said here is of the documents, and nothing is cited.
"""

import re
from typing import TYPE_CHECKING

from assistant.kinds.outline import Outline
from assistant.kinds.wording import MAX_ASKED_CHARS
from index.scope import Scope
from index.segmentation import is_unspaced

if TYPE_CHECKING:
    from assistant.sources import Sources

HELLO, THANKS, SELF, ABILITY, MOOD, BYE, FINE = "hello", "thanks", "self", "ability", "mood", "bye", "fine"
_NICE = (
    r"(?:very |really |so |most |quite |super |just |extremely )*(?:helpful|useful|great|good|nice|perfect|kind|"
    r"clear|brilliant|excellent|cool|interesting|wonderful|awesome|what i needed)"
)
_ADDRESSED = r"(?: (?:there|again|everyone|all|you|communiqu[eé]|assistant|bot|friend|my friend))?"
_SAYS = (
    (
        HELLO,
        rf"(?:hello|hi|hiya|hey|howdy|greetings|good (?:morning|afternoon|evening|day)|nice to meet you){_ADDRESSED}",
    ),
    (
        HELLO,
        r"(?:こんにち[はわ]|こんばん[はわ]|おはよう(?:ございます)?|やあ|どうも|はじめまして|よろしく(?:お願いします)?)",
    ),
    (
        BYE,
        rf"(?:bye|bye bye|goodbye|good night|see you(?: later| soon| then)?|farewell|cheerio|ciao){_ADDRESSED}|"
        rf"(?:さようなら|バイバイ|またね|では?また|じゃあね|おやすみ(?:なさい)?)",
    ),
    (
        THANKS,
        r"(?:(?:many |ok |okay |great )?(?:thanks|thank you|thx|cheers|ta|much appreciated|i appreciate it|"
        r"much obliged)"
        r"(?: (?:a lot|so much|very much|a bunch|again|in advance|all|you|for (?:that|this|your help|the help|"
        r"the answer|the information|helping)|everyone))*|"
        rf"(?:that|this|it)(?:'s| is| was) {_NICE}(?: (?:thanks|thank you))?|(?:that|this) (?:really )?(?:helps|"
        rf"helped)(?: (?:a lot|me))*|"
        r"(?:どうも)?(?:ありがとう|有難う)(?:ございま(?:す|した))?|助かりました|感謝します)",
    ),
    (
        SELF,
        r"(?:who|what) (?:exactly )?are you|what(?:'s| is) your name|are you (?:a |an )?(?:human|robot|bot|ai|person|"
        r"machine|real|llm|computer|chatgpt)(?: person)?|"
        r"introduce yourself|who (?:made|built|created|wrote) you|tell me about yourself|(?:あなた|君|きみ)は(?:誰|"
        r"だれ|何|何者)(?:ですか|なの)?|自己紹介(?:して|をして|お願いします)?(?:ください)?",
    ),
    (
        ABILITY,
        r"what (?:can|could|do) (?:you|i) (?:do|ask|ask you|help(?: me)? with|offer)(?: (?:for me|here|you|about))?|"
        r"what are you (?:for|good for|good at|able to do|capable of)|"
        r"how (?:do|does|can) (?:you|this|it|i) (?:work|use you|use this|use it|help(?: me)?)|help(?: me)?|(?:can|"
        r"could) you help(?: me)?|what is this|"
        r"(?:何|なに)(?:が|を)(?:できますか|できるの|してくれますか|聞けますか)|(?:使い方|"
        r"つかいかた)(?:を教えて(?:ください)?|は)?|ヘルプ|助けて",
    ),
    (
        MOOD,
        r"how are you(?: doing)?(?: today)?|how(?:'s| is) it going|what'?s up|how do you do|お?元気ですか|"
        r"調子はどう(?:ですか)?",
    ),
    (
        FINE,
        rf"(?:ok|okay|alright|all right|fine|got it|i see|understood|sure|yes|no|yep|nope|right|great|perfect|cool|"
        rf"nice|{_NICE}|well done|good (?:job|work|bot)|はい|いいえ|了解(?:です|しました)?|わかりました|なるほど|"
        rf"すごい)",
    ),
)
_SAID = tuple((what, re.compile(pattern, re.IGNORECASE)) for what, pattern in _SAYS)
_BETWEEN = re.compile(
    r"[\s,.!?;:~…–—()。、！？〜ー♪^_-]*[.,!?;:…。、！？–—][\s,.!?;:~…–—()。、！？〜^_-]*|\s+(?:and|but)\s+"
)
_DECORATION = re.compile(r"[^\w\s,.!?;:'…–—。、！？ー-]+|(?:^|\s)[:;]-?[)D(]+")
_REPLIES = {
    HELLO: "Hello. Ask me about the {documents}; every sentence of an answer is quoted from them.",
    THANKS: "You are welcome.",
    BYE: "Goodbye.",
    MOOD: "All is well, thank you. What would you like to know from the {documents}?",
    FINE: "Good. Ask on whenever you like.",
    SELF: "I am Communiqué, a program that answers questions about the {documents} here. Each sentence of an answer "
    "carries the exact words that it rests on; what the documents do not speak of, I say so.",
    ABILITY: "I answer questions about the {documents} here, with the words that each answer rests on. You can ask for "
    "a fact (“How much …?”), which documents mention something, an overview of a document, a timeline, a comparison of "
    "two documents, or which documents there are.",
}
_JAPANESE_REPLIES = {
    HELLO: "こんにちは。{documents}について質問してください。答えの各文は文書からの引用です。",
    THANKS: "どういたしまして。",
    BYE: "さようなら。",
    MOOD: "はい、元気です。{documents}について何を知りたいですか。",
    FINE: "はい。ほかにも質問があればどうぞ。",
    SELF: "私は Communiqué です。ここにある{documents}についての質問に答えるプログラムで、"
    "答えの各文に根拠となる原文を示します。",
    ABILITY: "ここにある{documents}についての質問に、根拠となる原文を示して答えます。事実のほか、"
    "ある語に言及している文書の一覧、文書の概要、年表、二つの文書の比較、文書の一覧を尋ねることができます。",
}


def talk_of(message: str) -> str | None:
    """What sort of small talk a message is, all of it; None when any part of it is something else.

    >>> talk_of("Hello! How are you?"), talk_of("Hello, when was it signed?")
    ('mood', None)
    """
    if len(message) > MAX_ASKED_CHARS:
        return None
    plain = _DECORATION.sub(" ", message.replace("’", "'")).strip()
    parts = [part.strip(" ,.!?;:~…–—-。、！？ー") for part in _BETWEEN.split(plain)]
    parts = [" ".join(part.split()) for part in parts if part]
    said = [next((what for what, pattern in _SAID if pattern.fullmatch(part)), None) for part in parts]
    if not said or None in said:
        return None
    return max((what for what in said if what), key=(FINE, HELLO, THANKS, BYE, MOOD, SELF, ABILITY).index)


def talk_outline(question: str, sources: "Sources", scope: Scope | None = None) -> Outline | None:
    """A short reply, in Japanese to Japanese; None when the message is no small talk."""
    said = talk_of(question)
    if said is None:
        return None
    count = sources.retriever.num_documents(scope)
    if is_unspaced(question):
        return Outline(text=_JAPANESE_REPLIES[said].format(documents=f"{count}件の文書" if count else "文書"))
    documents = "documents" if count == 0 else "one document" if count == 1 else f"{count} documents"
    return Outline(text=_REPLIES[said].format(documents=documents))
