from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.home import Home
from assistant.ui.documents.adding import PORTION, Adding, PortionedEncoder, num_pages
from assistant.ui.documents.job import Progress
from assistant.ui.documents.uploads import uploaded_name
from corpus.catalogue import new_document
from corpus.document import Section
from corpus.reading.files import FoundFile
from index.adding import BATCH_SEGMENTS
from tests.fakes import HashEncoder


def files(folder: Path, texts: dict[str, str | bytes]) -> list[FoundFile]:
    """Files as an upload leaves them: each in a folder of its own, whose name says nothing."""
    found = []
    for number, (name, content) in enumerate(texts.items()):
        path = folder / f"{number:03}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        found.append(FoundFile(path, name))
    return found


def added(home: Home, found: Sequence[FoundFile]) -> tuple[Adding, list[Progress]]:
    adding = Adding(home, found, origin=uploaded_name)
    return adding, list(adding.job.start().moments(poll_seconds=0.01))


def long_text(num_paragraphs: int) -> str:
    sentence = "Buoy number {n} was painted red in that year, as the annex says, and the harbour paid for all of it. "
    return "\n\n".join(sentence.format(n=n) * 8 for n in range(num_paragraphs))


def test_each_file_is_reported_with_what_it_came_to(home: Home, tmp_path: Path) -> None:
    """A file that is not what its name says is refused with its line; the others are unharmed."""
    rows = '{"id": "a", "title": "A", "text": "The ferry costs nine crowns."}\n{broken\n'
    found = files(tmp_path, {"one.md": "# One\n\nIt has text.", "fake.md": bytes(range(256)), "rows.jsonl": rows})
    adding, moments = added(home, found)
    assert [(row.report.path, row.report.status, row.num_passages) for row in adding.rows] == [
        ("one.md", "added", 1),
        ("fake.md", "refused", None),
        ("rows.jsonl", "added", 1),
    ]
    assert "line 2 was left out" in adding.rows[2].report.warnings[0]
    assert moments[-1] == Progress(3, 3, "rows.jsonl", num_done=3, num_passages=2, share=1.0, ended=True)
    assert {summary.source for summary in home.catalogue.summaries()} == {"one.md", "rows.jsonl#a"}


def test_a_name_uploaded_again_updates_its_document(home: Home, tmp_path: Path) -> None:
    """The id hangs on the name alone, not on where the temporary copy lay."""
    first, _ = added(home, files(tmp_path / "1", {"a.md": "It has text."}))
    same, _ = added(home, files(tmp_path / "2", {"a.md": "It has text."}))
    other, _ = added(home, files(tmp_path / "3", {"a.md": "It has other text."}))
    statuses = [adding.rows[0].report.status for adding in (first, same, other)]
    assert statuses == ["added", "unchanged", "updated"]
    (summary,) = home.catalogue.summaries()
    assert (summary.source, summary.num_passages) == ("a.md", 1)
    assert home.catalogue.document(summary.id).text == "It has other text."


def test_five_hundred_files_at_once(home: Home, tmp_path: Path) -> None:
    found = files(tmp_path, {f"{n:03}.txt": f"Harbour number {n} is small." for n in range(500)})
    adding, moments = added(home, found)
    assert [row.report.path for row in adding.rows] == [f"{n:03}.txt" for n in range(500)]
    assert {row.report.status for row in adding.rows} == {"added"}
    shares = [moment.share for moment in moments]
    assert shares == sorted(shares)
    assert (moments[-1].num_done, moments[-1].num_passages, shares[-1]) == (500, 500, 1.0)


class StoppingEncoder(HashEncoder):
    """A hash encoder during whose first portion after the first batch somebody presses Stop."""

    def __init__(self) -> None:
        super().__init__()
        self.adding: Adding | None = None

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        if self.adding is not None and self.adding.rows:
            self.adding.job.stop()
        return super().encode(texts)


def test_stopped_in_the_middle_what_was_reported_stays_and_nothing_else(tmp_path: Path) -> None:
    """The home is sound: the next upload of the rest goes on from there."""
    encoder = StoppingEncoder()
    home = Home(tmp_path / "home", load_encoder=lambda: encoder)
    found = files(tmp_path, {f"{n}.txt": long_text(BATCH_SEGMENTS // 2) for n in range(5)})
    for number, item in enumerate(found):
        item.path.write_text(f"Annex {number}.\n\n{item.path.read_text()}")
    encoder.adding = Adding(home, found, origin=uploaded_name)
    last = list(encoder.adding.job.start().moments(poll_seconds=0.01))[-1]
    reported = [row.report.path for row in encoder.adding.rows]
    assert (last.stopped, last.fault) == (True, None)
    assert 0 < len(reported) < 5
    assert sorted(summary.source for summary in home.catalogue.summaries()) == sorted(reported)
    assert not home.catalogue.has_unfinished()
    encoder.adding = None
    rest, _ = added(home, found)
    expected = ["unchanged"] * len(reported) + ["added"] * (5 - len(reported))
    assert [row.report.status for row in rest.rows] == expected
    home.close()


def test_two_uploads_at_once_both_arrive(home: Home, tmp_path: Path) -> None:
    jobs = [
        Adding(
            home,
            files(tmp_path / name, {f"{name}{n}.txt": f"It is {name} {n}." for n in range(40)}),
            origin=uploaded_name,
        )
        for name in ("ebb", "flood")
    ]
    for adding in jobs:
        adding.job.start()
    for adding in jobs:
        assert list(adding.job.moments(poll_seconds=0.01))[-1].fault is None
        assert [row.report.status for row in adding.rows] == ["added"] * 40
    assert len(home.catalogue.summaries()) == 80
    assert len(home.store.ids()) == 80


def test_in_portions_the_embedder_gives_what_it_gives_at_once(home: Home) -> None:
    """Every row stands where its text does, and the passages that are told of add up to the batch."""
    texts = [f"{'long ' * (n % 7)}text number {n}" for n in range(3 * PORTION + 5)]
    spans = [[(0, 4), (5, len(text))] for text in texts]
    adding = Adding(home, [], origin=uploaded_name)
    portioned = PortionedEncoder(HashEncoder(), adding)
    portioned.num_windows = 40
    vectors, found = portioned.encode_spans(texts, spans)
    expected, of_texts = HashEncoder().encode_spans(texts, spans)
    np.testing.assert_array_equal(vectors, expected)
    for one, other in zip(found, of_texts, strict=True):
        np.testing.assert_array_equal(one.vectors, other.vectors)
    assert adding.job.progress.num_passages == 40


def test_the_pages_are_those_that_the_format_has() -> None:
    fields = {"id": "a", "title": "A", "source": "a.pdf", "language": "en"}
    sections = (Section("One", 1, 0, 2, page=1), Section("Two", 1, 2, 4, page=9))
    assert num_pages(new_document({**fields, "sections": sections}, text="text")) == 9
    assert num_pages(new_document(fields, text="text")) is None


def test_the_copies_are_kept_until_the_last_file_is_read(home: Home, tmp_path: Path) -> None:
    from assistant.ui.documents.uploads import TemporaryCopies

    found = files(tmp_path, {"a.md": "It has text.", "b.png": b"\x89PNG"})
    paths = [item.path for item in found]
    adding = Adding(home, found, origin=uploaded_name, keeping=lambda: TemporaryCopies().kept(paths))
    list(adding.job.start().moments(poll_seconds=0.01))
    assert [row.report.status for row in adding.rows] == ["added", "refused"]
    assert [path.exists() for path in paths] == [False, False]


def test_a_fault_of_the_embedder_ends_the_job_with_one_line(tmp_path: Path) -> None:
    from index.errors import ModelError

    class Broken(HashEncoder):
        def encode(self, texts: Sequence[str]) -> np.ndarray:
            raise ModelError("the embedding model 'x' is damaged: fetch it again")

    home = Home(tmp_path / "home", load_encoder=Broken)
    adding, moments = added(home, files(tmp_path, {"a.md": "It has text."}))
    assert moments[-1].fault == "the embedding model 'x' is damaged: fetch it again"
    assert adding.rows == []
    assert home.catalogue.summaries() == []
    home.close()
