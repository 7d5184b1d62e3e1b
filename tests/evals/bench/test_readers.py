import sys
from pathlib import Path

import pytest

from evals.bench.readers import Other, Ours, Outcome, Reading, measured, status_of, suffix_lines, summary_lines


@pytest.mark.parametrize(
    ("reading", "status"),
    [
        (Reading("words"), "read"),
        (Reading(" \n"), "empty"),
        (Reading(error="no"), "refused"),
        (Reading("<!DOCTYPE html><p>words</p>"), "markup"),
        (Reading("{\\rtf1 words}"), "markup"),
        (Reading("\x00\x01" + "a" * 100), "garbled"),
        (Reading("\ufffd" + "a" * 100), "read"),
    ],
    ids=["words", "blank", "refused", "html", "rtf", "controls", "one odd sign in a hundred"],
)
def test_only_words_are_read(reading: Reading, status: str) -> None:
    """A file is read when its words come out, and not its code or its bytes."""
    assert status_of(reading) == status


def test_ours_is_read_as_a_file_is_added(tmp_path: Path) -> None:
    """The text of a file comes with its pages, a file that is refused with the reason."""
    (tmp_path / "a.md").write_text("# Rain\n\nIt falls.")
    (tmp_path / "b.bin").write_bytes(b"\x00\x01")
    with Ours() as ours:
        assert ours.read(tmp_path / "a.md") == Reading("Rain\n\nIt falls.", 0)
        assert "no reader" in str(ours.read(tmp_path / "b.bin").error)


def test_a_library_that_is_not_there_is_told() -> None:
    """Where another reader cannot be imported, it is not measured."""
    with Other("none of these", sys.executable) as other:
        assert not other.is_installed()


def test_who_is_first_changes_and_slowness_is_told() -> None:
    """Each reader reads each file in each round, in an order that changes; one that takes too long is late."""
    calls: list[tuple[str, str]] = []

    def reader(name: str) -> object:
        def read(path: Path) -> Reading:
            calls.append((name, path.name))
            if path.name == "slow":
                raise TimeoutError
            return Reading("words")

        return read

    readers = {name: reader(name) for name in ("ours", "other")}
    outcomes = measured(readers, [Path("a"), Path("slow")], num_rounds=1)  # type: ignore[arg-type]
    assert calls[2:] == [("ours", "a"), ("other", "a"), ("other", "slow"), ("ours", "slow")]
    assert [o.status for o in outcomes] == ["read", "read", "late", "late"]


def test_the_tables_count_and_compare() -> None:
    """Files by what came of them, paged files with pages, and time over the files that both read."""
    outcomes = [
        Outcome("ours", "/a.pdf", 0, 1.0, "read", 5, 2),
        Outcome("other", "/a.pdf", 0, 4.0, "read", 5, 0),
        Outcome("ours", "/b.txt", 0, 9.0, "read", 5),
        Outcome("other", "/b.txt", 0, 0.5, "empty"),
    ]
    ours, other = summary_lines(outcomes)[1:]
    assert ours.split()[:8] == ["ours", "2", "0", "0", "0", "0", "0", "1/1"] and "10.0" in ours
    assert other.split()[:8] == ["other", "1", "0", "0", "1", "0", "0", "0/1"] and "0.25 (1 files)" in other
    assert [line.split()[:3] for line in suffix_lines(outcomes)[1:]] == [[".pdf", "1", "1"], [".txt", "1", "1"]]
