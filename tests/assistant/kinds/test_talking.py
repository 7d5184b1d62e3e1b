import pytest

from assistant.home import Home
from assistant.kinds.talking import ABILITY, BYE, FINE, HELLO, MOOD, SELF, THANKS, talk_of, talk_outline


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("hello", HELLO),
        ("Hi there!", HELLO),
        ("Thanks, that was really helpful!", THANKS),
        ("Who are you?", SELF),
        ("Hi! What can you do?", ABILITY),
        ("How's it going?", MOOD),
        ("bye 👋", BYE),
        ("Ok.", FINE),
        ("こんにちは！", HELLO),
        ("どうもありがとうございます。", THANKS),
        ("あなたは誰ですか？", SELF),
        ("Hello, what is NEXUS?", None),
        ("thanks for the accord of 2023", None),
        ("what can Japan do?", None),
        ("...", None),
        ("😀😀", None),
        ("", None),
    ],
)
def test_only_messages_that_are_small_talk_throughout_count(message: str, said: str | None) -> None:
    assert talk_of(message) == said


def test_a_reply_is_short_and_cites_nothing(shore: Home) -> None:
    """In English to English, in Japanese to Japanese, with the number of documents."""
    for message, part in (("What can you do?", "the 2 documents here"), ("何ができますか？", "2件の文書")):
        outline = talk_outline(message, shore.sources)
        assert outline is not None
        assert part in outline.text
        assert (outline.items, outline.notes, outline.refusal) == ((), (), None)
    assert talk_outline("Who runs it?", shore.sources) is None
