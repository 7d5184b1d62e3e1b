r"""An answer as the text of one message, for programs that show nothing else, and such a message as history again.

Clients show it as Markdown. Documents are strangers' words: what would become a link, a picture or HTML there is taken
apart by a backslash, so that nothing is fetched and nothing acts. The exact words are in the citations.
"""

import re
from collections.abc import Iterator, Sequence

from assistant.answer import Answer, Claim
from assistant.conversation import Message
from assistant.copying import answer_text
from assistant.errors import InvalidCall
from assistant.home import Home
from assistant.serving.openai_bodies import ChatMessage
from assistant.ui.rendering_dates import citations_of, published_dates

WITHDRAWN = "(What stands above is withdrawn: the LLM broke off. The answer is this:)"
_ACTS = re.compile(r"!(?=\[)|(?<=\])[(:]|<(?=[A-Za-z/!?])")
_LINE_END = re.compile(r"(?<!\n)\n(?!\n)")
_FOOTNOTES = re.compile(r"\s*(?:\n\n(?:Nearest passages:\n\n)?\[\d+\] “[^\n]*(?:\n\[\d+\] “[^\n]*)*)?\s*\Z")


def message_text(answer: Answer, home: Home) -> str:
    """The claims with their numbers and, below, a footnote for each citation; or why there are none."""
    dates = published_dates(home.catalogue, citations_of(answer))
    return inert(answer_text(answer, dates))


def claims_text(claims: Sequence[Claim]) -> str:
    """The first claims of an answer that is still being written, as `message_text` begins."""
    return inert(answer_text(Answer("", "", claims=tuple(claims)), {}))


def inert(text: str) -> str:
    r"""The text with its line ends kept in Markdown, and without anything in it that fetches or acts.

    >>> inert("See ![x](http://a.example) <img src=x> [1]")
    'See \\![x]\\(http://a.example) \\<img src=x> [1]'
    """
    return _LINE_END.sub("  \n", _ACTS.sub(lambda match: "\\" + match.group(), text))


def question_and_history(messages: Sequence[ChatMessage]) -> tuple[str, list[Message]]:
    """The last message of the user, and what both sides said before it.

    Raises `InvalidCall` where the user says nothing.
    """
    last = max((number for number, one in enumerate(messages) if one.role == "user"), default=None)
    if last is None:
        raise InvalidCall("there is no message of the role 'user': the last one of these is the question")
    return messages[last].text, list(_history(messages[:last]))


def _history(messages: Sequence[ChatMessage]) -> Iterator[Message]:
    for one in messages:
        if one.role == "user":
            yield Message("user", one.text)
        elif one.role == "assistant":
            yield Message("assistant", without_footnotes(one.text))


def without_footnotes(text: str) -> str:
    """What a message says, without the footnotes that we put below it: they are not what was talked about."""
    return _FOOTNOTES.sub("", text)


def remainder(sent: str, whole: str) -> str:
    """What is to be sent after `sent`, so that the reader has the whole text; where that is another one, all of it."""
    if whole.startswith(sent):
        return whole[len(sent) :]
    return f"\n\n{WITHDRAWN}\n\n{whole}"
