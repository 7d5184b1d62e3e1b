import time
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.writing.stream import LENGTH, MAX_CHARS, MAX_SENTENCES, REPETITION, Sentence, SentenceParser

KEYS = ("q7f", "x2b")
_PARTS = (
    *"q7f x2b zz9 [ ] ( ) 【 】 ［ ］ [q7f] (x2b) [q7f,x2b] [zz9] [1] . ! ? 。 ！ - # ** ` ``` < > : , 3.5".split(),
    *"<think> </think> U.S. Dr. e.g. 1. the The signed 日本は 協定 http://a.example/b [t](http://a.example)".split(),
    *("![i](x)", "\\[", "“", "”", "」", "&lt;", "\x00", "\u200b", "\n", " ", "  "),
)
hostile = st.lists(st.sampled_from(_PARTS), max_size=60).map("".join) | st.text(max_size=80)


def parsed(pieces: Sequence[str], *, complete: bool = True) -> list[Sentence]:
    parser = SentenceParser(KEYS)
    return [sentence for piece in pieces for sentence in parser.feed(piece)] + parser.finish(complete=complete)


def said(text: str) -> list[tuple[str, str]]:
    """The sentences of a text with their keys joined, each text once in one piece and once in single characters."""
    whole = parsed([text])
    assert parsed(list(text)) == whole
    return [(sentence.text, " ".join(sentence.keys)) for sentence in whole]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was signed [q7f]. It is open [x2b].", [("It was signed.", "q7f"), ("It is open.", "x2b")]),
        ("It was signed. [q7f] It is open. [x2b]", [("It was signed.", "q7f"), ("It is open.", "x2b")]),
        ("It was signed.[q7f][x2b] It is open.", [("It was signed.", "q7f x2b"), ("It is open.", "")]),
        ("It was signed [q7f, x2b].", [("It was signed.", "q7f x2b")]),
        ("It was signed [q7f] and is open [x2b].", [("It was signed and is open.", "q7f x2b")]),
        ("[q7f] It was signed. [x2b] It is open.", [("It was signed.", "q7f"), ("It is open.", "x2b")]),
        ("Facts:\n[q7f] It was signed.\n[x2b] It is open.", [("It was signed.", "q7f"), ("It is open.", "x2b")]),
        ("It was signed.\n[q7f]\n\nIt is open.\n[x2b]", [("It was signed.", "q7f"), ("It is open.", "x2b")]),
        ("It was signed (q7f).", [("It was signed.", "q7f")]),
        ("It was signed [Source q7f]. Yes (Source: [x2b]).", [("It was signed.", "q7f"), ("Yes.", "x2b")]),
        ("It was signed【q7f】. Yes ［ｘ２ｂ］.", [("It was signed.", "q7f"), ("Yes.", "x2b")]),
        ("It was signed [Q7F]. Quote x2b says yes.", [("It was signed.", "q7f"), ("Quote says yes.", "x2b")]),
        (
            "署名は2019年です。[q7f]予算は3億円です【x2b】。",
            [("署名は2019年です。", "q7f"), ("予算は3億円です。", "x2b")],
        ),
        ("「はい。」と述べた[q7f]。", [("「はい。」と述べた。", "q7f")]),
        ("It was signed. It is open.", [("It was signed.", ""), ("It is open.", "")]),
    ],
)
def test_a_key_belongs_to_the_sentence_it_stands_at(text: str, expected: list[tuple[str, str]]) -> None:
    """Before or after the stop, on its own line, leading its line, in any brackets."""
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It cost 3.5 million.",
        "The U.S. and Dr. Ito met J. Smith of Acme Inc. in May.",
        "See e.g. the annex, p. 5, No. 7 and Fig. 3.",
        "They met at 5 p.m. in Port Elin.",
        "“Why?” he asked.",
        "It is at port.example now.",
    ],
)
def test_what_is_no_end_of_a_sentence_does_not_split_it(text: str) -> None:
    assert said(text) == [(text, "")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Signing\n**It** was `signed` [q7f].", [("It was signed.", "q7f")]),
        (
            "- First [q7f]\n* Second [x2b]\n1. Third.\n2) Fourth.",
            [("First", "q7f"), ("Second", "x2b"), ("Third.", ""), ("Fourth.", "")],
        ),
        ("```text\nIt was signed [q7f].\n```", [("It was signed.", "q7f")]),
        ("Here is the answer:\nIt was signed.", [("It was signed.", "")]),
        ("<think>The user [q7f]. Hm.</think>It was signed [x2b].", [("It was signed.", "x2b")]),
        ("It was <b>signed</b> <img src=x onerror=alert(1)>here.", [("It was signed here.", "")]),
        ("See [the accord](http://evil.example/a. b) now.", [("See the accord now.", "")]),
        ("See ![i](http://evil.example/p.png) it. www.evil.example/x", [("See it.", "")]),
        ("It was signed [9] [zz9]. [12, 13]", [("It was signed.", "")]),
        ("It\u200b was\u202e sig\x00ned.", [("It was signed.", "")]),
        ("&lt;script&gt;x&lt;/script&gt; It was signed &#91;q7f&#93;.", [("x It was signed.", "q7f")]),
    ],
)
def test_what_comes_out_is_plain_text(text: str, expected: list[tuple[str, str]]) -> None:
    """Markup goes and its words stay; links, images, thoughts, unknown keys and invisible characters go."""
    assert said(text) == expected


@pytest.mark.parametrize("cut", ["It was signed. [q7", "It was signed [", "It was signed 【q", "It was signed [q7f, x"])
def test_a_key_cut_in_half_is_no_part_of_the_text(cut: str) -> None:
    ((text, keys),) = said(cut)
    assert (text.rstrip("."), keys) == ("It was signed", "")


def test_half_a_sentence_is_left_out_of_an_answer_that_was_cut() -> None:
    """Half of "It was not signed" may say the opposite."""
    assert parsed(["It is open. It was"], complete=False) == [Sentence("It is open.", ())]
    assert parsed(["It is open."], complete=False) == [Sentence("It is open.", ())]


def test_a_sentence_comes_with_the_first_character_after_it() -> None:
    parser = SentenceParser(KEYS)
    assert parser.feed("It was signed. [q7f] ") == []
    assert parser.feed("T") == [Sentence("It was signed.", ("q7f",))]


def test_an_address_stays_where_a_quote_holds_it() -> None:
    parser = SentenceParser(KEYS, allows=lambda address: address == "https://a.example/b")
    sentences = parser.feed("Read https://a.example/b. Or https://a.example/c now.") + parser.finish()
    assert [sentence.text for sentence in sentences] == ["Read https://a.example/b.", "Or now."]


def test_keys_that_nobody_gave_out_are_counted() -> None:
    parser = SentenceParser(KEYS)
    parser.feed("It was signed [zz9, q7f]. It is open [4][x2b].")
    parser.finish()
    assert parser.num_unknown_keys == 2


@pytest.mark.parametrize(
    ("text", "num_sentences", "why"),
    [
        ("It was signed. It is open. IT WAS SIGNED! It is new.", 2, REPETITION),
        ("and the city of the " * 300, 0, REPETITION),
        ("東京都と京都府と" * 300, 0, REPETITION),
        (" ".join(f"Fact number {i} stands." for i in range(50)), MAX_SENTENCES, LENGTH),
        (" ".join(str(i * i) for i in range(5_000)), 0, LENGTH),
        ("[q7f] . " * MAX_CHARS, 0, LENGTH),
    ],
    ids=["a sentence again", "a loop", "a Japanese loop", "many sentences", "one endless sentence", "nothing but keys"],
)
def test_an_answer_that_does_not_end_is_ended(text: str, num_sentences: int, why: str) -> None:
    parser = SentenceParser(KEYS)
    sentences = parser.feed(text)
    assert (len(sentences), parser.stopped) == (num_sentences, why)
    assert parser.feed("More. ") + parser.finish() == []


@given(hostile, st.randoms(use_true_random=False))
def test_how_a_stream_is_cut_changes_nothing(text: str, random: object) -> None:
    cuts = sorted({random.randrange(len(text) + 1) for _ in range(5)})  # type: ignore[attr-defined]
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert parsed(pieces) == parsed([text]) == parsed(list(text))


@given(hostile)
@example("3.5http://a.example/b")
@example("x" * 30 + "://a.example/b")
def test_no_text_holds_keys_markup_or_controls(text: str) -> None:
    """Whatever a model writes: one line of visible characters without a key, a tag, a link or a known address."""
    for sentence in parsed([text]):
        assert sentence.text == " ".join(sentence.text.split()) != ""
        assert set(sentence.keys) <= set(KEYS)
        assert not any(key in sentence.text.split() for key in KEYS)
        assert "://" not in sentence.text
        assert "[q7f]" not in sentence.text
        assert "<think>" not in sentence.text
        assert not any(ord(c) < 32 or c == "\u200b" for c in sentence.text)


@pytest.mark.parametrize(
    "part", ["[", "(", "((a)", "<", "<think", "a. ", ".(", "![", "[a](", "*", "\\[", "&lt;", "a-", "q7f ", "x"]
)
def test_hostile_text_takes_linear_time(part: str) -> None:
    """Twenty times the text is far from four hundred times the work; the parser stops long before."""
    started = time.process_time()
    parsed([(part * 100_000)[:200_000]])
    assert time.process_time() - started < 3
