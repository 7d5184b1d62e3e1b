import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.catalogue import new_document
from corpus.document import Document
from corpus.reading import FoundFile, find_files, read_file
from corpus.reading_markdown import read_markdown
from corpus.structure import document_sentences
from index.adding import SAMPLE_FOLDER
from index.chunking import MAX_PASSAGE_TOKENS, chunk, context_of
from tests.fakes import HashEncoder

_TOKENS = HashEncoder().token_spans
_PARTS = st.sampled_from(
    ["# A heading", "## Lower", "It rained in Oslo.", "They met. They parted.", "1. First point.", "2. Second point.",
     "(a) an item;", "- bullet", "a | b", "word " * 30, "Long" * 60, "科学技術。協力。", "", "…", "| a |\n|---|\n| 1 |"]
)  # fmt: skip


def _markdown(text: str) -> Document:
    draft = read_markdown(text.encode(), "file")[0]
    fields = {"id": "d", "title": draft.title, "source": "s", "language": "en", "sections": draft.sections}
    return new_document(fields, text=draft.text)


@given(parts=st.lists(_PARTS, max_size=25), max_tokens=st.integers(1, 40))
@settings(deadline=None)
def test_passages_are_whole_sentences_within_the_limit(parts: list[str], max_tokens: int) -> None:
    """Every sentence can be found, whole where it fits, and no passage is longer than the embedder reads."""
    document = _markdown("start\n\n" + "\n\n".join(parts))
    spans = chunk(document, _TOKENS, max_tokens=max_tokens)
    position = 0
    for span in spans:
        assert position <= span.start < span.end <= len(document.text)
        passage = document.text[span.start : span.end]
        assert passage == passage.strip()
        position = span.end
    for start, end in document_sentences(document):
        holding = [span for span in spans if span.start <= start and end <= span.end]
        num_tokens = len(_TOKENS(document.text[start:end]))
        assert len(holding) == 1 or num_tokens > max_tokens
        words_outside = [i for i in range(start, end) if not any(s.start <= i < s.end for s in spans)]
        assert not "".join(document.text[i] for i in words_outside).strip()


def test_headings_lie_outside_and_part_passages() -> None:
    """A passage never mixes two chapters, and says which one it is from."""
    document = _markdown("# Oslo\n\nIt rained.\n\n## Money\n\nIt costs. It pays.\n\n# Bergen\n\nRain.")
    spans = chunk(document, _TOKENS)
    assert [(document.text[s.start : s.end], s.heading) for s in spans] == [
        ("It rained.", None),
        ("It costs. It pays.", "Money"),
        ("Rain.", "Bergen"),
    ]
    assert [context_of(document, span) for span in spans] == ["Oslo", "Oslo\nMoney", "Oslo\nBergen"]


def test_a_numbered_paragraph_that_fits_is_not_torn() -> None:
    """A numbered paragraph is found as one, not in two halves."""
    points = [f"{n}. Point {n} begins here. It has a second sentence. And a third one." for n in range(1, 9)]
    document = _markdown("\n".join(points))
    passages = [document.text[s.start : s.end] for s in chunk(document, _TOKENS, max_tokens=40)]
    for point in points:
        assert sum(point.split(". ", 1)[1] in passage for passage in passages) == 1
    assert len(passages) == 4


def test_a_sentence_over_the_limit_is_cut_where_a_token_ends() -> None:
    """A sentence too long for the embedder is found in pieces that leave out no word."""
    document = _markdown(" ".join(f"word{i}" for i in range(25)))
    passages = [document.text[s.start : s.end] for s in chunk(document, _TOKENS, max_tokens=10)]
    assert [len(passage.split()) for passage in passages] == [10, 10, 5]
    assert " ".join(passages) == document.text


@pytest.mark.parametrize(
    "line",
    [
        "Few words.",
        "- few words",
        "(a) few words",
    ],
    ids=["sentences", "bullets", "letters"],
)
def test_no_passage_is_longer_than_the_limit(line: str) -> None:
    """The embedder reads every passage to its end."""
    fields = {"id": "d", "title": "t", "source": "s", "language": "en"}
    document = new_document(fields, text="\n".join([line] * 200))
    spans = chunk(document, _TOKENS)
    assert max(len(_TOKENS(document.text[s.start : s.end])) for s in spans) <= MAX_PASSAGE_TOKENS


@pytest.mark.parametrize("text", ["", " \n "], ids=["empty", "blank"])
def test_nothing_gives_no_passage(text: str) -> None:
    """A text without words has nothing to be found."""
    assert chunk(new_document({"id": "d", "title": "t", "source": "s", "language": "en"}, text=text), _TOKENS) == []


@pytest.mark.parametrize("found", find_files(str(SAMPLE_FOLDER)), ids=lambda found: found.path.stem)
def test_the_sample_is_cut_exactly(found: FoundFile) -> None:
    """Each sentence of the sample documents lies within one passage."""
    draft = read_file(found)[0][0]
    fields = {"id": "d", "title": draft.title, "source": "s", "language": "en", "sections": draft.sections}
    document = new_document(fields, text=draft.text)
    spans = chunk(document, _TOKENS)
    sentences = document_sentences(document)
    for start, end in sentences:
        assert sum(span.start <= start and end <= span.end for span in spans) == 1
    assert spans[0].start == sentences[0][0]
    assert spans[-1].end == sentences[-1][1]
