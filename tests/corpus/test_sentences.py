import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.sentences import MAX_SENTENCE_CHARS, sentence_spans, trim
from index.adding import SAMPLE_FOLDER

_WORDING = st.lists(
    st.sampled_from(
        [
            "Dr. Ueyama",
            "met",
            "3.5 million",
            "(a)",
            "U.K.",
            ".",
            "。",
            "科学技術",
            "「はい。」",
            "?!",
            "\n",
            " ",
            "\u3000",
            "e.g.",
            "— so",
            "…",
        ]
    ),
    max_size=60,
).map(" ".join)


def _check(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    position = start
    for a, b in spans:
        assert position <= a < b <= end
        assert b - a <= MAX_SENTENCE_CHARS
        assert text[a:b] == text[a:b].strip()
        assert not text[position:a].strip()
        position = b
    assert not text[position:end].strip()


@pytest.mark.parametrize("language", ["en", "ja"])
@given(text=st.one_of(st.text(), _WORDING), bounds=st.tuples(st.floats(0, 1), st.floats(0, 1)))
@settings(max_examples=100, deadline=None)
def test_spans_are_ordered_and_leave_nothing_out(language: str, text: str, bounds: tuple[float, float]) -> None:
    """Every word of a text is in exactly one citable sentence, at the place that the sentence names."""
    start, end = sorted(round(bound * len(text)) for bound in bounds)
    _check(text, start, end, sentence_spans(text, start, end, language=language))


@pytest.mark.parametrize(
    ("text", "num_spans"),
    [
        pytest.param("a" * 50_000, 84, id="one word"),
        pytest.param("." * 20_000, None, id="dots"),
        pytest.param("a.b " * 5_000, None, id="no sentence ends"),
        pytest.param(" " * 50_000, 0, id="white space"),
        pytest.param("科学技術。" * 1_000, 1_000, id="Japanese"),
        pytest.param('"(' * 10_000, None, id="brackets"),
    ],
)
def test_strange_texts_take_no_time(text: str, num_spans: int | None) -> None:
    """A file of 50,000 characters without a sentence end is read in seconds, like any other."""
    begun = time.process_time()
    spans = sentence_spans(text, 0, len(text), language="ja" if "。" in text else "en")
    assert time.process_time() - begun < 5
    _check(text, 0, len(text), spans)
    assert num_spans is None or abs(len(spans) - num_spans) <= 6  # one more for each piece of 8,000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met. They parted.", ["They met.", "They parted."]),
        ("Dr. Ueyama and Mr. Nakane met. It rained.", ["Dr. Ueyama and Mr. Nakane met.", "It rained."]),
        ("The U.K. paid 3.5 million. It was enough.", ["The U.K. paid 3.5 million.", "It was enough."]),
        ("Did it? Yes!", ["Did it?", "Yes!"]),
        ("三国が会合した。次回は東京。", ["三国が会合した。", "次回は東京。"]),
        (
            "They read (it was late. It rained.) and left. It ended.",
            ["They read (it was late. It rained.) and left.", "It ended."],
        ),
        (
            'She said "It rained. It snowed." and left. It ended.',
            ['She said "It rained. It snowed." and left.', "It ended."],
        ),
        ("It met twice. Few came in 1999. All left.", ["It met twice.", "Few came in 1999.", "All left."]),
        ("Steps: 1. Ask twice. Then wait. 2. Answer.", ["Steps: 1. Ask twice.", "Then wait.", "2. Answer."]),
        ("Three things: (a) rain; (b) snow; and (c) hail.", ["Three things: (a) rain; (b) snow; and (c) hail."]),
    ],
    ids=[
        "two",
        "titles",
        "abbreviation and number",
        "marks",
        "Japanese",
        "in brackets",
        "in quotation marks",
        "a year",
        "numbered on one line",
        "list in a sentence",
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    """A quote ends where its sentence ends, not at the stop after "Dr"."""
    language = "ja" if "。" in text else "en"
    assert [text[a:b] for a, b in sentence_spans(text, 0, len(text), language=language)] == expected


def test_what_is_plain_is_split_as_the_library_splits_it() -> None:
    """Asking it only about the rest changes no boundary in the sample documents."""
    from pysbd import Segmenter

    library, num = Segmenter(language="en", clean=False, char_span=True), 0
    for path in sorted(SAMPLE_FOLDER.glob("*.md")):
        for paragraph in path.read_text().split("\n\n"):
            flat = re.sub(r"\s+", " ", paragraph).strip()
            if flat.startswith("- ") or '"' in flat:
                continue
            expected = [span.sent.strip() for span in library.segment(flat)]
            got = [flat[a:b] for a, b in sentence_spans(flat, 0, len(flat), language="en", max_chars=10_000)]
            assert got == expected
            num += len(got)
    assert num > 600


def test_a_long_sentence_is_cut_after_a_clause() -> None:
    """A sentence too long to quote is cut where a reader would pause."""
    text = "x " * 100 + "one clause; " + "y " * 100 + "end."
    cuts = [text[a:b] for a, b in sentence_spans(text, 0, len(text), language="en", max_chars=300)]
    assert cuts[0].endswith("one clause;")
    assert cuts[1].startswith("y y")


@pytest.mark.parametrize(
    ("span", "expected"), [((0, 7), (2, 5)), ((2, 5), (2, 5)), ((0, 2), None), ((3, 3), None)], ids=str
)
def test_trim(span: tuple[int, int], expected: tuple[int, int] | None) -> None:
    """A quote has no white space at its ends."""
    assert trim("  abc  ", *span) == expected
