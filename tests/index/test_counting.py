"""What a home holds is counted."""

from pathlib import Path

from assistant.home import Home
from corpus.reading.files import FoundFile
from index.adding import add_files
from index.counting import Counts, counted
from index.indexing import remove_documents


def test_documents_and_passages_are_counted_as_they_come_and_go(home: Home, tmp_path: Path) -> None:
    """As the list of documents has them, and none in an empty home."""
    assert counted(home.database) == Counts(0, 0)
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\n" + f"The {name} harbour measures the water. " * 80)
    files = [FoundFile(tmp_path / f"{name}.md", f"{name}.md") for name in ("a", "b")]
    list(add_files(files, home.catalogue, lambda: home.indexer))
    listed = home.catalogue.summaries()
    assert counted(home.database) == Counts(2, sum(one.num_passages for one in listed))
    assert listed[0].num_passages > 1
    remove_documents(home.database, home.store, [listed[0].id])
    assert counted(home.database) == Counts(1, listed[1].num_passages)
