import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.identifiers import document_id


@pytest.mark.parametrize(
    ("relative", "slug"),
    [
        ("Joint Statement.txt", "joint-statement"),
        ("2021/Oslo.v2.md", "2021-oslo-v2"),
        ("共同声明.md", "共同声明"),
        ("ＦＵＬＬ width.md", "full-width"),
        ("___.md", "document"),
        ("", "document"),
        ("a" * 100 + ".txt", "a" * 60),
        ("a" * 59 + " b.txt", "a" * 59),
    ],
)
def test_an_id_can_be_read_and_typed(relative: str, slug: str) -> None:
    """A user recognises a document by its id."""
    assert re.fullmatch(re.escape(slug) + "-[0-9a-f]{8}", document_id(relative, "/somewhere"))


def test_two_files_of_one_name_have_two_ids() -> None:
    """Two files called alike are two documents."""
    assert document_id("a.md", "/one/a.md") != document_id("a.md", "/two/a.md")


@given(st.text(), st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_an_id_depends_on_nothing_else(relative: str, source: str) -> None:
    """A file gets the same id on every day, and one that fits on a command line."""
    id_ = document_id(relative, source)
    assert id_ == document_id(relative, source)
    assert re.fullmatch(r"[^\s_/]{1,60}-[0-9a-f]{8}", id_)


def test_a_name_in_no_encoding_has_an_id() -> None:
    """A file whose name is no UTF-8 can be added."""
    assert document_id("caf\udce9.md", "/x/caf\udce9.md").endswith("-ba3246a5")
