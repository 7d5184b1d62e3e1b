from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ui.documents.uploads import MAX_NAME_CHARS, REPEATED, TemporaryCopies, found_uploads, plain_name
from corpus.reading.files import FoundFile


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Joint Statement.md", "Joint Statement.md"),
        ("../../../etc/passwd.txt", "etc/passwd.txt"),
        ("C:\\Users\\mara\\notes.md", "C:/Users/mara/notes.md"),
        ("a\x00b\x1b[31m.md", "ab[31m.md"),
        ("cafe\u0301.md", "café.md"),
        ("txt\u202edm.md", "txtdm.md"),
        ("..", "document"),
        ("", "document"),
        ("共同声明.md", "共同声明.md"),
        ("\udcff.md", "?.md"),
        ("<b>.md", "<b>.md"),
    ],
)
def test_a_name_is_kept_without_what_steers_paths_and_terminals(name: str, expected: str) -> None:
    """Composed, so that one name is one document, whichever machine it was uploaded from."""
    assert plain_name(name) == expected


@given(st.text(max_size=600))
def test_any_name_becomes_a_short_printable_one_and_stays_it(name: str) -> None:
    plain = plain_name(name)
    assert 0 < len(plain) <= MAX_NAME_CHARS
    assert plain.isprintable()
    assert not {"", ".", ".."} & set(plain.split("/"))
    assert plain_name(plain) == plain


def test_a_long_name_keeps_its_suffix() -> None:
    assert plain_name("a" * 500 + ".html") == "a" * (MAX_NAME_CHARS - 10) + ".html"


def test_different_files_of_one_name_are_refused_and_the_others_taken() -> None:
    """Each would be the next version of the other, and one would be lost without a word."""
    payload = [
        {"path": "/t/1/a.md", "orig_name": "a.md"},
        {"path": "/t/2/a.md", "orig_name": "a.md"},
        {"path": "/t/3/b.md", "orig_name": "b.md"},
        {"path": "/t/3/b.md", "orig_name": "b.md"},
        {"path": "/t/4/c.md", "orig_name": None},
    ]
    found, refused = found_uploads(payload)
    assert found == [FoundFile(Path("/t/3/b.md"), "b.md"), FoundFile(Path("/t/4/c.md"), "c.md")]
    assert [(report.path, report.status, report.reason) for report in refused] == [("a.md", "refused", REPEATED)] * 2


def test_a_copy_is_deleted_by_the_last_that_uses_it(tmp_path: Path) -> None:
    """The same file uploaded by two readers lies at one place."""
    copy = tmp_path / "hash" / "a.md"
    copy.parent.mkdir()
    copy.write_text("text")
    copies = TemporaryCopies()
    with copies.kept([copy]):
        with copies.kept([copy]):
            pass
        assert copy.read_text() == "text"
    assert not copy.parent.exists()
    with copies.kept([copy]):
        pass  # gone already: no matter


def test_what_else_lies_beside_a_copy_stays(tmp_path: Path) -> None:
    copy, other = tmp_path / "a.md", tmp_path / "b.md"
    copy.write_text("text")
    other.write_text("text")
    with pytest.raises(RuntimeError), TemporaryCopies().kept([copy]):
        raise RuntimeError
    assert not copy.exists()
    assert other.exists()
