import json
import shutil
import zipfile
from pathlib import Path

import pytest

from assistant.home import Home
from index.health import examine
from index.indexing import remove_documents
from index.reports import FileReport
from index.syncing import Folder, Gone, sync
from tests.index.conftest import add_paths


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two notes, a ZIP with two more, and rows with sources of their own."""
    made = tmp_path / "files"
    (made / "sub").mkdir(parents=True)
    (made / "oslo.txt").write_text("It rained in Oslo.")
    (made / "sub" / "bergen.txt").write_text("It hailed in Bergen.")
    _zip(made / "more.zip", {"voss.txt": "Fog lay over Voss.", "narvik.txt": "It snowed in Narvik."})
    _rows(made / "rows.jsonl", "r1", "r2")
    return made


def _zip(path: Path, members: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _rows(path: Path, *ids: str) -> None:
    rows = [{"id": id_, "title": id_, "text": f"Row {id_}.", "source": "https://example.org/"} for id_ in ids]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def _plan(home: Home, folder: Path) -> tuple[dict[str, str], list[str]]:
    plan = Folder(folder, home.catalogue).plan()
    return {report.path: report.status for report in plan.files}, sorted(one.source for one in plan.gone)


def _synced(home: Home, folder: Path, *, sure: bool = False) -> tuple[dict[str, str], list[str]]:
    inside = Folder(folder, home.catalogue)
    done = list(
        sync(
            inside,
            inside.plan(),
            lambda: home.indexer,
            lambda ids: remove_documents(home.database, home.store, ids),
            sure=sure,
        )
    )
    files = {each.path: each.status for each in done if isinstance(each, FileReport)}
    return files, sorted(each.source for each in done if isinstance(each, Gone))


def _texts(home: Home) -> set[str]:
    return {home.catalogue.document(summary.id).text for summary in home.catalogue.summaries()}


_ALL = {
    "It rained in Oslo.",
    "It hailed in Bergen.",
    "Fog lay over Voss.",
    "It snowed in Narvik.",
    "Row r1.",
    "Row r2.",
}
_SAME = {"more.zip": "unchanged", "oslo.txt": "unchanged", "rows.jsonl": "unchanged", "sub/bergen.txt": "unchanged"}


def test_a_folder_that_is_new_is_added_and_then_in_step(home: Home, folder: Path) -> None:
    assert _plan(home, folder) == (dict.fromkeys(_SAME, "added"), [])
    assert _synced(home, folder)[1] == []
    assert _texts(home) == _ALL
    assert _plan(home, folder) == (_SAME, [])


def test_what_is_new_changed_and_gone_is_followed(home: Home, folder: Path, tmp_path: Path) -> None:
    """A dry run says what will be done, members of an archive that is gone too; documents from elsewhere stay."""
    elsewhere = tmp_path / "files-too" / "tromso.txt"
    elsewhere.parent.mkdir()
    elsewhere.write_text("It was dark in Tromsø.")
    add_paths(home, folder, elsewhere)
    (folder / "sub" / "bergen.txt").unlink()
    (folder / "oslo.txt").write_text("It snowed in Oslo.")
    (folder / "new.txt").write_text("The sun shone in Stavanger.")
    files = {"more.zip": "unchanged", "new.txt": "added", "oslo.txt": "updated", "rows.jsonl": "unchanged"}
    gone = [str(folder / "sub" / "bergen.txt")]
    assert _plan(home, folder) == (files, gone)
    done = _synced(home, folder)
    assert ({path: done[0][path] for path in files}, done[1]) == (files, gone)
    changed = {"It snowed in Oslo.", "The sun shone in Stavanger.", "It was dark in Tromsø."}
    assert _texts(home) == _ALL - {"It rained in Oslo.", "It hailed in Bergen."} | changed
    (folder / "more.zip").unlink()
    assert _plan(home, folder)[1] == [str(folder / "more.zip!narvik.txt"), str(folder / "more.zip!voss.txt")]
    _synced(home, folder)
    assert len(_texts(home)) == 5
    assert examine(home.database, home.store, home.encoder).problems == ()


def test_what_a_file_no_longer_holds_is_removed(home: Home, folder: Path) -> None:
    """A member of an archive, and a row, whatever source the row names."""
    add_paths(home, folder)
    _zip(folder / "more.zip", {"voss.txt": "Fog lay over Voss."})
    _rows(folder / "rows.jsonl", "r2")
    assert _synced(home, folder)[1] == [str(folder / "more.zip!narvik.txt"), "https://example.org/"]
    assert _texts(home) == _ALL - {"It snowed in Narvik.", "Row r1."}
    (folder / "rows.jsonl").unlink()
    assert _synced(home, folder)[1] == ["https://example.org/"]


def test_a_file_that_cannot_be_read_keeps_its_documents(home: Home, folder: Path) -> None:
    """A broken archive is reported, and nothing of it is removed, now or the next time."""
    add_paths(home, folder)
    (folder / "more.zip").write_bytes(b"PK\x03\x04 broken")
    (folder / "rows.jsonl").write_text('{"id": "r1", "title": "r1", "text": "Row r1."}\n{broken\n')
    for _ in range(2):
        files, gone = _synced(home, folder)
        assert (files["more.zip"], gone) == ("refused", [])
        assert _texts(home) == _ALL


def test_a_folder_that_seems_empty_removes_nothing(home: Home, folder: Path) -> None:
    """More than half gone may be a disk that is not there: only who is sure removes them."""
    add_paths(home, folder)
    shutil.rmtree(folder / "sub")
    for name in ("oslo.txt", "more.zip"):
        (folder / name).unlink()
    assert Folder(folder, home.catalogue).plan().is_doubtful
    assert _synced(home, folder) == ({"rows.jsonl": "unchanged", ".": "refused"}, [])
    assert _texts(home) == _ALL
    assert len(_synced(home, folder, sure=True)[1]) == 4
    assert _texts(home) == {"Row r1.", "Row r2."}


def test_the_folder_is_the_truth(home: Home, folder: Path) -> None:
    """What was removed by hand and is still there comes back under its id; what comes back to the folder too."""
    add_paths(home, folder)
    ids = {summary.source: summary.id for summary in home.catalogue.summaries()}
    bergen = ids[str(folder / "sub" / "bergen.txt")]
    remove_documents(home.database, home.store, [bergen])
    _synced(home, folder / "sub")
    assert home.catalogue.document(bergen).text == "It hailed in Bergen."
