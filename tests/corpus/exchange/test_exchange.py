import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from assistant.answer import answer_from_json
from assistant.answering import answer
from assistant.exactness import CitationCount, count_citations
from assistant.feedback import Feedback
from assistant.home import Home
from corpus.errors import UnusableExport
from corpus.exchange.exporting import export_home
from corpus.exchange.importing import import_home
from corpus.exchange.package import TABLES, opened_package
from corpus.reading.files import FoundFile
from corpus.schema import metadata
from index.adding import add_files
from index.health import examine, repair
from tests.fakes import HashEncoder

FIRST = "The Harbour Compact was signed in Port Elin. It has a budget of 12 million crowns. 港 🚢"
SECOND = "The Harbour Compact was signed in Port Elin. It has a budget of 15 million crowns. 港 🚢"
LIGHTHOUSE = "The Lighthouse Accord joins seven coastal towns."
TABLES_KEPT = ("snapshots", "edits", "inputs", "conversations", "turns", "feedback", "runs", "run_results")

Change = Callable[[Path], None]


def add(home: Home, path: Path, **texts: str) -> None:
    """Adds texts, verbatim, under these ids."""
    rows = [{"id": id_, "title": f"About {id_}", "text": words} for id_, words in texts.items()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    reports = list(add_files([FoundFile(path, path.name)], home.catalogue, lambda: home.indexer))
    assert {report.status for report in reports} <= {"added", "updated"}


def ask(home: Home, question: str, conversation: str) -> None:
    home.conversations.add(conversation, answer(question, home.sources))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home with two documents, one of them in two versions, each cited in a conversation; feedback and a run."""
    folder = tmp_path_factory.mktemp("full")
    home = Home(folder / "home", load_encoder=HashEncoder)
    add(home, folder / "a.jsonl", harbour=FIRST, lighthouse=LIGHTHOUSE)
    conversation = home.conversations.of("a browser").start("The budget")
    ask(home, "What is the budget of the Harbour Compact?", conversation)
    add(home, folder / "a.jsonl", harbour=SECOND, lighthouse=LIGHTHOUSE)
    ask(home, "What is the budget of the Harbour Compact?", conversation)
    Feedback(home.database).give(conversation, 1, rating="up", reason="right", case={"question": "half \ud83d"})
    with home.database.writing() as connection:
        run = "INSERT INTO runs VALUES ('r1', 'sample', '2026', NULL, '{\"a\": [1.5, null]}')"
        connection.execute(text(run))
        connection.execute(text("INSERT INTO run_results VALUES ('r1', 'c1', 0, 'x', '{\"score\": 0.25}')"))
    yield home
    home.close()


@pytest.fixture
def exported(full: Home, tmp_path: Path) -> Path:
    """That home as a folder."""
    export_home(full.database, tmp_path / "out", program="1.0")
    return tmp_path / "out"


def take_in(path: Path, home: Home) -> None:
    with opened_package(path) as package:
        import_home(package, home.database, check_answer=answer_from_json)


def contents(home: Home) -> dict[str, Any]:
    """Everything that the home keeps, but its index."""
    with home.database.reading() as connection:
        found: dict[str, Any] = {}
        for name in TABLES_KEPT:
            columns = [column for column in metadata.tables[name].c if column.name != "used"]  # an order of its own
            found[name] = sorted(map(repr, connection.execute(select(*columns))))
        rows = connection.execute(metadata.tables["versions"].select().order_by(text("document_id, number"))).mappings()
        found["versions"] = [{name: value for name, value in row.items() if name != "number"} for row in rows]
    return found


@pytest.mark.parametrize("name", ["out", "out.zip"], ids=["a folder", "an archive"])
def test_a_home_comes_back_as_it_was(full: Home, home: Home, tmp_path: Path, name: str) -> None:
    """Versions, conversations with their owners, feedback, runs; and every citation of an old version is exact."""
    manifest = export_home(full.database, tmp_path / name, program="1.0")
    assert manifest.counts == {
        "documents": 2,
        "versions": 3,
        "conversations": 1,
        "turns": 2,
        "feedback": 1,
        "runs": 1,
    }
    take_in(tmp_path / name, home)
    assert contents(home) == contents(full)
    (conversation,) = home.conversations.of("a browser").list()
    turns = home.conversations.turns(conversation.id)
    assert turns == full.conversations.turns(conversation.id)
    cited = [turn.answer.citations[0] for turn in turns]
    assert [one.sha256 for one in cited] == [hashlib.sha256(words.encode()).hexdigest() for words in (FIRST, SECOND)]
    for one in cited:
        assert home.catalogue.document(one.document_id, one.sha256).text[one.start : one.end] == one.quote
    found = count_citations(home.conversations, home.catalogue)
    assert found == CitationCount(num_exact=found.num_exact)
    assert found.num_exact >= 2


def test_what_was_imported_is_indexed_and_answers_alike(full: Home, home: Home, exported: Path) -> None:
    take_in(exported, home)
    repair(home.database, home.open_store, home.encoder)
    assert examine(home.database, home.store, home.encoder) == examine(full.database, full.store, full.encoder)
    assert home.catalogue.summaries() == full.catalogue.summaries()
    for question in ("What is the budget of the Harbour Compact?", "Who joins the Lighthouse Accord?"):
        got, wanted = answer(question, home.sources), answer(question, full.sources)
        assert (got.claims, got.citations, got.refusal) == (wanted.claims, wanted.citations, wanted.refusal)


def test_the_files_are_what_the_format_says(full: Home, exported: Path) -> None:
    """Anyone can read them and check them with standard tools."""
    manifest = json.loads((exported / "manifest.json").read_text())
    assert (manifest["format"], manifest["format_version"], manifest["embedder"]) == ("communique-home", 1, "hash")
    written = {path.relative_to(exported).as_posix(): path for path in exported.rglob("*") if path.is_file()}
    assert {*manifest["files"], "manifest.json"} == set(written)
    for name, row in manifest["files"].items():
        content = written[name].read_bytes()
        assert row == {"sha256": hashlib.sha256(content).hexdigest(), "num_bytes": len(content)}
    sha256 = hashlib.sha256(FIRST.encode()).hexdigest()
    assert (exported / "texts" / f"{sha256}.txt").read_bytes() == FIRST.encode()
    harbour, _ = map(json.loads, (exported / "documents.jsonl").read_text().splitlines())
    assert (harbour["id"], [version["status"] for version in harbour["versions"]]) == (
        "harbour",
        ["superseded", "current"],
    )
    assert harbour["versions"][0]["sha256"] == sha256


def test_an_archive_is_the_same_however_often_it_is_written(full: Home, tmp_path: Path) -> None:
    """But for the moment in its manifest."""
    contents_ = []
    for name in ("one.zip", "two.zip"):
        export_home(full.database, tmp_path / name, program="1.0")
        with zipfile.ZipFile(tmp_path / name) as archive:
            contents_.append({one: archive.read(one) for one in archive.namelist() if one != "manifest.json"})
    assert contents_[0] == contents_[1]


def test_nothing_is_written_over(full: Home, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "letter.txt").write_text("Dear")
    with pytest.raises(UnusableExport, match=r"there is something at .* already: name another place$"):
        export_home(full.database, tmp_path / "there", program="1.0")
    assert [one.name for one in tmp_path.iterdir()] == ["there"]


def test_a_failed_export_leaves_nothing(full: Home, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnusableExport, match=r"cannot be written"):
        export_home(full.database, tmp_path / "file" / "out", program="1.0")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_only_an_empty_home_takes_one_in(full: Home, exported: Path) -> None:
    before = contents(full)
    with pytest.raises(UnusableExport, match=r"^this home is not empty: import into a new one"):
        take_in(exported, full)
    assert contents(full) == before


def _edited(name: str, edit: Callable[[str], str]) -> Change:
    """A file changed by a forger, who brings the manifest in line."""

    def change(folder: Path) -> None:
        path = folder / name
        path.write_text(edit(path.read_text()))
        _state(folder, name)

    return change


def _state(folder: Path, name: str) -> None:
    content = (folder / name).read_bytes()
    _manifest(
        folder,
        lambda fields: fields["files"].update(
            {name: {"sha256": hashlib.sha256(content).hexdigest(), "num_bytes": len(content)}}
        ),
    )


def _manifest(folder: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    fields = json.loads((folder / "manifest.json").read_text())
    edit(fields)
    (folder / "manifest.json").write_text(json.dumps(fields))


def _in_manifest(edit: Callable[[dict[str, Any]], object]) -> Change:
    return lambda folder: _manifest(folder, edit)


def _text(folder: Path) -> Path:
    return next((folder / "texts").iterdir())


def _linked(folder: Path) -> None:
    path = _text(folder)
    shutil.move(path, folder / "elsewhere")
    path.symlink_to(folder / "elsewhere")


def _pipe(folder: Path) -> None:
    (folder / "feedback.jsonl").unlink()
    os.mkfifo(folder / "feedback.jsonl")


def _without_text(folder: Path) -> None:
    name = f"texts/{_text(folder).name}"
    (folder / name).unlink()
    _manifest(folder, lambda fields: fields["files"].pop(name))


FORGED = {
    "a changed text": (lambda f: _text(f).write_text("x"), r"it is damaged: texts/.* is not what it was when"),
    "a longer text": (lambda f: _text(f).write_text(_text(f).read_text() + "x"), "is not what it was"),
    "a missing text": (lambda f: _text(f).unlink(), r"it is damaged: texts/\w+\.txt is missing: export"),
    "all missing": (lambda f: shutil.rmtree(f / "texts"), "; and .*|is missing; texts/"),
    "a linked text": (_linked, "cannot be read"),
    "a pipe": (_pipe, r"feedback\.jsonl cannot be read \(it is no file\)"),
    "no manifest": (lambda f: (f / "manifest.json").unlink(), r"^manifest\.json is missing$"),
    "a broken manifest": (lambda f: (f / "manifest.json").write_text("{"), "is not JSON$"),
    "a deep manifest": (lambda f: (f / "manifest.json").write_text("[" * 100_000), "is not JSON$"),
    "another manifest": (lambda f: (f / "manifest.json").write_text("[]"), "is none of ours"),
    "a newer format": (_in_manifest(lambda m: m.update(format_version=2)), "^a newer Communiqué wrote it .*upgrade"),
    "no version": (_in_manifest(lambda m: m.update(format_version="x")), "damaged: format_version"),
    "a name that leads out": (
        _in_manifest(lambda m: m["files"].update({"../x": m["files"]["runs.jsonl"]})),
        r"names '\.\./x', which no export has",
    ),
    "an absolute name": (
        _in_manifest(lambda m: m["files"].update({"/etc/passwd": m["files"]["runs.jsonl"]})),
        "names '/etc/passwd', which no export has",
    ),
    "a table left out": (
        _in_manifest(lambda m: m["files"].pop("turns.jsonl", m["files"].pop("runs.jsonl"))),
        "does not name runs",
    ),
    "a text too long": (
        _in_manifest(lambda m: m["files"][max(m["files"])].update(num_bytes=10**12)),
        "longer than 1,000,000,000 bytes",
    ),
    "a text of another hash": (
        _in_manifest(lambda m: m["files"][max(m["files"])].update(sha256="0" * 64)),
        "another hash than its name",
    ),
    "a text left out": (_without_text, r"^texts/\w+\.txt is missing, which documents\.jsonl names$"),
    "a document twice": (
        _edited("documents.jsonl", lambda s: s + s.splitlines()[0] + "\n"),
        r"documents\.jsonl, line 3: 'harbour' is there twice",
    ),
    "two current versions": (
        _edited("documents.jsonl", lambda s: s.replace("superseded", "current")),
        "line 1: it: .*more than one version is current",
    ),
    "a state of no version": (
        _edited("documents.jsonl", lambda s: s.replace("superseded", "pending")),
        r"line 1: versions\.0\.status",
    ),
    "an unknown field": (
        _edited("documents.jsonl", lambda s: s.replace('"title"', '"x": 1, "title"')),
        r"versions\.0\.x: Extra",
    ),
    "not JSON": (_edited("runs.jsonl", lambda s: "{\n"), r"runs\.jsonl, line 1 is not JSON"),
    "a section too far": (
        _edited(
            "documents.jsonl",
            lambda s: s.replace(
                '"sections": []', '"sections": [{"heading": "", "level": 1, "start": 0, "end": 999, "page": null}]'
            ),
        ),
        "sections beyond the end",
    ),
    "a turn that is no answer": (
        _edited("conversations.jsonl", lambda s: s.replace('"claims": [', '"claims": [3, ')),
        r"turn \d of '\w+' is no answer",
    ),
    "a result without its run": (_edited("runs.jsonl", lambda s: ""), "names the run 'r1', which runs.jsonl has not"),
}


@pytest.mark.parametrize(("change", "message"), FORGED.values(), ids=FORGED)
def test_what_is_damaged_changes_nothing(exported: Path, home: Home, change: Change, message: str) -> None:
    """One line says what is wrong, and the home is as empty as before."""
    before = contents(home)
    change(exported)
    with pytest.raises(UnusableExport, match=message) as caught:
        take_in(exported, home)
    assert "\n" not in str(caught.value)
    assert contents(home) == before


def _zipped(folder: Path, path: Path, **more: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in folder.rglob("*"):
            if one.is_file():
                archive.write(one, one.relative_to(folder))
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return path


@pytest.mark.parametrize("name", ["..__..__etc__passwd", "__etc__passwd", "texts__..__..__x", "a\\b", "c:x"])
def test_an_archive_with_names_that_lead_out_is_refused(exported: Path, home: Home, name: str) -> None:
    path = _zipped(exported, exported.with_name("evil.zip"), **{name: b"x"})
    with pytest.raises(
        UnusableExport, match=r"^the archive holds the name .*, which leads out of it: it is no export$"
    ):
        take_in(path, home)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_with_two_files_of_one_name_is_refused(exported: Path, home: Home) -> None:
    path = _zipped(exported, exported.with_name("evil.zip"), **{"runs.jsonl": b"x"})
    with pytest.raises(UnusableExport, match=r"^the archive holds two files of one name"):
        take_in(path, home)


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked(exported: Path, home: Home) -> None:
    """300 MB of one letter in 300 kB, with the hash that they have."""
    words = b"a" * 50_000_000
    sha256 = hashlib.sha256(words).hexdigest()
    (exported / "texts" / f"{sha256}.txt").write_bytes(words)
    _state(exported, f"texts/{sha256}.txt")
    path = _zipped(exported, exported.with_name("bomb.zip"))
    with pytest.raises(UnusableExport, match=r"^it unpacks to more than an archive of its size may"):
        take_in(path, home)


@pytest.mark.parametrize("keep", [0, 10, 400, -30], ids=["empty", "a few bytes", "half", "without its end"])
def test_a_cut_archive_is_refused(exported: Path, home: Home, keep: int) -> None:
    path = _zipped(exported, exported.with_name("cut.zip"))
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(UnusableExport, match=r"cut\.zip'? cannot be read"):
        take_in(path, home)


def test_an_archive_damaged_within_is_refused(exported: Path, home: Home) -> None:
    path = _zipped(exported, exported.with_name("bad.zip"))
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(UnusableExport):
        take_in(path, home)


def test_there_may_be_nothing(tmp_path: Path, home: Home) -> None:
    with pytest.raises(UnusableExport, match=r"is missing$"):
        take_in(tmp_path / "nowhere.zip", home)


def test_an_empty_home_makes_the_journey_too(home: Home, tmp_path: Path) -> None:
    manifest = export_home(home.database, tmp_path / "out", program="1.0")
    assert set(manifest.files) == set(TABLES)
    take_in(tmp_path / "out", home)
    assert home.catalogue.summaries() == []
