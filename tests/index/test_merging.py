import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.merging import MAX_GROWTH, merged
from index.passage import Hit, Passage

_TEXTS = {"a": "The tide rose. " * 8, "b": " \n Rain fell;\n\n• on towns   \n" * 4}
_REASON = re.compile(
    r"merging: within (?P<id>\w+)|merging: hardly more than better passages hold|fusion: below the first (?P<k>\d+)"
)


def _ranked(places: list[tuple[str, int, int]]) -> list[Hit]:
    """Windows at these places of the texts, best first."""
    return [
        Hit(Passage(f"w{i}", document_id, start, end, _TEXTS[document_id][start:end]), 1.0 - i)
        for i, (document_id, start, end) in enumerate(places)
    ]


@st.composite
def _places(draw: st.DrawFn) -> tuple[str, int, int]:
    document_id = draw(st.sampled_from(sorted(_TEXTS)))
    start = draw(st.integers(0, len(_TEXTS[document_id]) - 1))
    return document_id, start, draw(st.integers(start + 1, min(start + 50, len(_TEXTS[document_id]))))


@given(places=st.lists(_places(), max_size=15), k=st.integers(0, 8))
def test_hits_are_exact_places_that_do_not_overlap(places: list[tuple[str, int, int]], k: int) -> None:
    """Whatever windows are found: at most `k` places, each its document's own words, none of them twice, none much
    wider than the window that it grew from.
    """
    ranked = _ranked(places)
    hits, _ = merged(ranked, k)
    widths = {window.passage.id: len(window.passage.text) for window in ranked}
    assert len(hits) <= k
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for i, hit in enumerate(hits):
        place = hit.passage
        assert hit.dropped is None
        assert place.text == _TEXTS[place.document_id][place.start : place.end] != ""
        assert place.end - place.start <= MAX_GROWTH * widths[place.id]
        for other in (later.passage for later in hits[i + 1 :]):
            assert place.document_id != other.document_id or place.end <= other.start or other.end <= place.start


@given(places=st.lists(_places(), max_size=15), k=st.integers(0, 8))
def test_nothing_is_lost_without_a_reason(places: list[tuple[str, int, int]], k: int) -> None:
    """Every window is a hit or says at which stage it was dropped and why, and what it says is so."""
    ranked = _ranked(places)
    hits, dropped = merged(ranked, k)
    assert sorted(hit.passage.id for hit in hits + dropped) == sorted(window.passage.id for window in ranked)
    kept = {hit.passage.id: hit.passage for hit in hits}
    windows = {window.passage.id: window.passage for window in ranked}
    for hit in dropped:
        assert hit.passage == windows[hit.passage.id]
        reason = _REASON.fullmatch(hit.dropped or "")
        assert reason is not None
        if reason["id"]:
            grown = kept[reason["id"]]
            assert grown.document_id == hit.passage.document_id
            assert grown.start <= hit.passage.start < hit.passage.end <= grown.end
        if reason["k"]:
            assert len(hits) == k == int(reason["k"])


@pytest.mark.parametrize(
    ("places", "k", "expected", "reasons"),
    [
        ([("a", 0, 30), ("a", 15, 45)], 5, [("w0", 0, 45)], ["merging: within w0"]),
        ([("a", 15, 45), ("a", 0, 30), ("a", 30, 60)], 5, [("w0", 0, 60)], ["merging: within w0"] * 2),
        ([("a", 0, 29), ("a", 0, 14)], 5, [("w0", 0, 29)], ["merging: within w0"]),
        (
            [("a", 0, 29), ("a", 60, 89), ("b", 0, 30)],
            2,
            [("w0", 0, 29), ("w1", 60, 89)],
            ["fusion: below the first 2"],
        ),
        ([("a", 0, 29), ("b", 3, 33)], 5, [("w0", 0, 29), ("w1", 3, 33)], []),
        ([("a", 0, 14), ("a", 0, 59)], 5, [("w0", 0, 14), ("w1", 15, 59)], []),
        (
            [("a", 0, 29), ("a", 30, 59), ("a", 24, 36)],
            5,
            [("w0", 0, 29), ("w1", 30, 59)],
            ["merging: hardly more than better passages hold"],
        ),
        ([], 5, [], []),
    ],
    ids=["grown", "grown to twice", "inside", "no room", "two documents", "the rest", "nothing left", "nothing"],
)
def test_worked_examples(
    places: list[tuple[str, int, int]], k: int, expected: list[tuple[str, int, int]], reasons: list[str]
) -> None:
    """A better passage takes in what overlaps it, and a rest that is long enough stands on its own."""
    hits, dropped = merged(_ranked(places), k)
    assert [(hit.passage.id, hit.passage.start, hit.passage.end) for hit in hits] == expected
    assert [hit.dropped for hit in dropped] == reasons
