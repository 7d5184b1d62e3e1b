"""Questions that a Japanese statement answers, made by rules: when something happened, and how much something is.

Only sentences of one plain form are asked about: topic, date or amount, and a verb in its past form. All others give
nothing.
"""

import re

from assistant.question_making.questions import Question

_DATE = r"(?:(?:令和|平成|昭和)(?:元|\d{1,2})|\d{4})年(?:\d{1,2}月(?:\d{1,2}日)?)?"
_TOPIC = r"(?P<topic>[^\s、。，．「」（）()は\d][^、。，．「」（）()は]{1,39})は、?"
_DATED = re.compile(rf"^{_TOPIC}(?P<date>{_DATE})に?、?(?P<rest>[^。、年]{{1,38}}た)。$")
_COUNTED = re.compile(
    rf"^{_TOPIC}(?:約|総額|およそ)?(?P<amount>[\d,.]+(?:兆|億|万|千)?(?:円|ドル|ユーロ|ポンド))(?:である|です|だ)?。$"
)
_POINTS = re.compile(
    r"^(?:これ|それ|あれ|この|その|あの|ここ|そこ|同|本|当|両|前|次|上記|下記|以下|なお|また|さらに|しかし)"
)
_CLAUSE = re.compile(r"(?:が|けれども|ため|ので|から)、|て、|ず|ない|なかった$")


def japanese_questions_of(sentence: str) -> list[Question]:
    """The questions that a sentence answers and that stand alone: one, or none.

    >>> japanese_questions_of("科学技術協力協定は2019年3月12日にローマで署名された。")[0].text
    '科学技術協力協定はいつローマで署名されたか。'
    """
    dated = _DATED.match(sentence)
    if dated and _stands_alone(dated["topic"]) and not _CLAUSE.search(dated["rest"]):
        return [Question(f"{dated['topic']}はいつ{dated['rest']}か。", dated["date"], "date")]
    counted = _COUNTED.match(sentence)
    if counted and _stands_alone(counted["topic"]):
        return [Question(f"{counted['topic']}はいくらか。", counted["amount"], "amount")]
    return []


def _stands_alone(topic: str) -> bool:
    """Whether a topic names something that can be told without the sentence before it."""
    return not _POINTS.match(topic) and len(topic) >= 3
