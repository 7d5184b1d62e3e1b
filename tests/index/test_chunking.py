from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.catalogue import new_document
from corpus.document import NUMBERED_PARAGRAPH, Document
from corpus.reading.files import FoundFile, find_files
from corpus.reading.markdown import read_markdown
from corpus.structure import Places, document_sentences, numbered_sections
from index.adding import SAMPLE_FOLDER
from index.chunking import SEGMENT_TOKENS, WINDOW_TOKENS, Cut, context_of, cut
from tests.fakes import HashEncoder
from tests.reading import read_file

_TOKENS = HashEncoder().token_spans
_PARTS = st.sampled_from(
    ["# A heading", "## Lower", "It rained in Oslo.", "They met. They parted.", "1. First point.", "2. Second point.",
     "(a) an item;", "- bullet", "- one\n- two\n- three", "They agreed on this:", "以下の点：", "a | b", "word " * 30,
     "Long" * 60, "科学技術。協力。", "", "…", "| a |\n|---|\n| 1 |"]
)  # fmt: skip
_PROSE = "The council met in the town. It was a long day. " * 3


def _markdown(text: str) -> Document:
    draft = read_markdown(text.encode(), "file")[0]
    fields = {"id": "d", "title": draft.title, "source": "s", "language": "en", "sections": draft.sections}
    return new_document(fields, text=draft.text)


def _plain(text: str) -> Document:
    fields = {"id": "d", "title": "t", "source": "s", "language": "en", "sections": numbered_sections(text)}
    return new_document(fields, text=text)


def _texts(document: Document, made: Cut, runs: tuple[range, ...]) -> list[str]:
    return [document.text[slice(*made.span(run))] for run in runs]


def _limits() -> Iterator[tuple[int, int, int]]:
    """Tokens of segments, of windows, and between windows."""
    yield from ((size, size, stride) for size in range(20, 60, 3) for stride in (1, 7, size))


@given(
    parts=st.lists(_PARTS, max_size=25),
    segment_tokens=st.integers(1, 60),
    window_tokens=st.integers(1, 60),
    stride_tokens=st.integers(1, 80),
)
@settings(deadline=None)
def test_every_sentence_is_read_once_and_can_be_found(
    parts: list[str], segment_tokens: int, window_tokens: int, stride_tokens: int
) -> None:
    """Whatever a document looks like: nothing is left out, nothing is longer than the embedder reads or runs from one
    chapter into the next, and no window says only what the one before it says.
    """
    document = _markdown("start\n\n" + "\n\n".join(parts))
    made = cut(
        document, _TOKENS, segment_tokens=segment_tokens, window_tokens=window_tokens, stride_tokens=stride_tokens
    )
    numbers = list(range(len(made.sentences)))
    assert [i for run in made.segments for i in run] == numbers
    assert sorted({i for run in made.windows for i in run}) == numbers
    assert all(one.start < other.start and one.stop < other.stop for one, other in pairwise(made.windows))
    chapters = [section.start for section in document.sections if section.level < NUMBERED_PARAGRAPH]
    for runs, limit in ((made.segments, segment_tokens), (made.windows, window_tokens)):
        for run in runs:
            start, end = made.span(run)
            assert len(_TOKENS(document.text[start:end])) <= limit
            assert not any(start < chapter < end for chapter in chapters)


@given(parts=st.lists(_PARTS, max_size=25), max_tokens=st.integers(1, 40))
@settings(deadline=None)
def test_sentences_are_those_of_the_document(parts: list[str], max_tokens: int) -> None:
    """Every sentence is whole where it fits, and in pieces that leave out no word where it does not."""
    document = _markdown("start\n\n" + "\n\n".join(parts))
    made = cut(document, _TOKENS, segment_tokens=max_tokens, window_tokens=max_tokens)
    assert all(a < b <= c for (a, b), (c, _) in pairwise([*made.sentences, (len(document.text), 0)]))
    for start, end in document_sentences(document):
        pieces = [(a, b) for a, b in made.sentences if start <= a and b <= end]
        assert (pieces[0][0], pieces[-1][1]) == (start, end)
        assert len(pieces) == 1 or len(_TOKENS(document.text[start:end])) > max_tokens
        assert not "".join(document.text[b:c] for (_, b), (c, _) in pairwise(pieces)).strip()


@pytest.mark.parametrize("num_words", range(1, 12))
def test_a_word_longer_than_a_sentence_is_read_once(num_words: int) -> None:
    """A tokenizer may take a long string of letters for one token, of which some sentences are only parts."""
    document = _markdown("word " * num_words + "x" * 2_000 + " and so on")
    made = cut(document, _TOKENS, segment_tokens=5, window_tokens=5, stride_tokens=2)
    numbers = list(range(len(made.sentences)))
    assert [i for run in made.segments for i in run] == numbers
    assert sorted({i for run in made.windows for i in run}) == numbers


def test_headings_lie_outside_and_part_windows() -> None:
    """A passage never mixes two chapters, and says which one it is from."""
    document = _markdown("# Oslo\n\nIt rained.\n\n## Money\n\nIt costs. It pays.\n\n# Bergen\n\nRain.")
    made = cut(document, _TOKENS)
    starts = [made.span(run)[0] for run in made.windows]
    assert _texts(document, made, made.windows) == ["It rained.", "It costs. It pays.", "Rain."]
    assert made.segments == made.windows
    places = Places(document)
    assert [places.heading(start) for start in starts] == [None, "Money", "Bergen"]
    assert [context_of(document, places, start) for start in starts] == ["Oslo", "Oslo\nMoney", "Oslo\nBergen"]


def test_windows_overlap_and_segments_do_not() -> None:
    """A sentence near the end of one window is in the middle of another, and is embedded once."""
    document = _plain(" ".join(f"Sentence {n} is short." for n in range(1, 9)))  # of five tokens each
    made = cut(document, _TOKENS, segment_tokens=20, window_tokens=20, stride_tokens=10)
    assert made.segments == (range(4), range(4, 8))
    assert made.windows == (range(4), range(2, 6), range(4, 8))


@pytest.mark.parametrize(
    ("document", "whole"),
    [
        (
            _markdown(f"{_PROSE}\n\nThey agreed on this:\n\n- one thing\n- two things\n- three\n\n{_PROSE}"),
            "They agreed on this:\n\n• one thing\n• two things\n• three",
        ),
        (
            _markdown(f"{_PROSE}\n\n| state | share |\n|---|---|\n| Oslo | one |\n| Bergen | two |\n\n{_PROSE}"),
            "state | share\nOslo | one\nBergen | two",
        ),
        (
            _plain(f"3. {_PROSE}\n\n4. The members will:\n(a) share what they have;\n(b) pay.\n\n5. {_PROSE}"),
            "The members will:\n(a) share what they have;\n(b) pay.",
        ),
        (
            _plain(f"3. {_PROSE}\n\n4. The members will:\n\n(a) share;\n(b) pay.\n\n5. {_PROSE}"),
            "The members will:\n\n(a) share;\n(b) pay.",
        ),
        (
            _plain(f"{_PROSE}\n\n以下の点で合意した：\n\n• 協力\n• 研究\n\n{_PROSE}"),
            "以下の点で合意した：\n\n• 協力\n• 研究",
        ),
    ],
    ids=["list", "table", "numbered paragraph", "numbered paragraph with a blank line", "Japanese colon"],
)
def test_a_list_is_not_torn_from_what_introduces_it(document: Document, whole: str) -> None:
    """A list, a table or a numbered paragraph with its items is found as one where it fits, however windows fall."""
    assert whole in document.text
    block = document.text.index(whole), document.text.index(whole) + len(whole)
    for segment_tokens, window_tokens, stride_tokens in _limits():
        made = cut(
            document, _TOKENS, segment_tokens=segment_tokens, window_tokens=window_tokens, stride_tokens=stride_tokens
        )
        for run in (*made.segments, *made.windows):
            start, end = made.span(run)
            assert end <= block[0] or block[1] <= start or (start <= block[0] and block[1] <= end)


def test_a_list_that_does_not_fit_falls_apart_at_its_items() -> None:
    """Items of a long list are found whole."""
    items = [f"• item {n} is one of many things" for n in range(30)]
    document = _markdown("They agreed on this:\n\n" + "\n".join(item.replace("•", "-") for item in items))
    for segment_tokens, window_tokens, stride_tokens in _limits():
        made = cut(
            document, _TOKENS, segment_tokens=segment_tokens, window_tokens=window_tokens, stride_tokens=stride_tokens
        )
        assert len(made.windows) > 2
        for text in _texts(document, made, made.segments + made.windows):
            wordings = [line.removeprefix("• ") for line in text.split("\n") if line]
            assert {f"• {wording}" for wording in wordings} <= {*items, "• They agreed on this:"}


def test_a_sentence_over_the_limit_is_cut_where_a_token_ends() -> None:
    """A sentence too long for the embedder is found in pieces that leave out no word."""
    document = _markdown(" ".join(f"word{i}" for i in range(25)))
    made = cut(document, _TOKENS, segment_tokens=10, window_tokens=10, stride_tokens=10)
    passages = _texts(document, made, made.windows)
    assert [len(passage.split()) for passage in passages] == [10, 10, 5]
    assert " ".join(passages) == document.text


@pytest.mark.parametrize(
    "line", ["Few words.", "- few words", "(a) few words"], ids=["sentences", "bullets", "letters"]
)
def test_nothing_is_longer_than_what_the_embedder_reads(line: str) -> None:
    """The embedder reads every segment to its end."""
    document = _plain("\n".join([line] * 200))
    made = cut(document, _TOKENS)
    assert max(len(_TOKENS(text)) for text in _texts(document, made, made.segments)) <= SEGMENT_TOKENS
    assert max(len(_TOKENS(text)) for text in _texts(document, made, made.windows)) <= WINDOW_TOKENS


@pytest.mark.parametrize("text", ["", " \n "], ids=["empty", "blank"])
def test_nothing_gives_no_passage(text: str) -> None:
    """A text without words has nothing to be found."""
    assert cut(_plain(text), _TOKENS) == Cut((), (), ())


def test_a_passage_without_pages_has_none() -> None:
    """No page is made up."""
    assert Places(_plain("It rained.")).page(3) is None


@pytest.mark.parametrize("found", find_files(str(SAMPLE_FOLDER)), ids=lambda found: found.path.stem)
def test_the_sample_is_cut_exactly(found: FoundFile) -> None:
    """The sentences of the sample documents are in the index as they are in the documents, none over a limit."""
    draft = read_file(found)[0][0]
    fields = {"id": "d", "title": draft.title, "source": "s", "language": "en", "sections": draft.sections}
    document = new_document(fields, text=draft.text)
    made = cut(document, _TOKENS)
    assert list(made.sentences) == document_sentences(document)
    assert made.windows[0].start == 0
    assert made.windows[-1].stop == len(made.sentences)
