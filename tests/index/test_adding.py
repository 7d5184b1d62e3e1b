import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.home import Home
from corpus.reading.files import find_files
from index.adding import BATCH_SEGMENTS, add_files, sample_origin
from index.health import examine
from index.reports import FileReport
from tests.fakes import HashEncoder, InterruptedEncoder
from tests.index.conftest import AddFiles, add_paths


def _statuses(reports: list[FileReport]) -> dict[str, str]:
    return {report.path: report.status for report in reports}


def _problems(home: Home) -> tuple[str, ...]:
    return examine(home.database, home.store, HashEncoder()).problems


def test_one_bad_file_of_fifty_costs_one(home: Home, add: AddFiles, tmp_path: Path) -> None:
    """A folder with one broken file gives 49 documents and one reason, in the order of the files."""
    files = {f"{i:02}.txt": f"State number {i} measured the rain." for i in range(50)}
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "25.txt").write_bytes(b"\x89PNG\0")
    del files["25.txt"]
    reports = add(files)
    assert [report.path for report in reports] == [f"{i:02}.txt" for i in range(50)]
    assert [report.path for report in reports if report.failed] == ["25.txt"]
    assert reports[25].reason == "the file is binary, not text: its name does not say what it is"
    assert reports[25].document_ids == []
    assert len(home.catalogue.summaries()) == 49
    assert _problems(home) == ()


def test_adding_twice_changes_nothing_and_a_change_updates(home: Home, add: AddFiles) -> None:
    """Adding a folder again costs nothing; a changed file keeps its id."""
    files = {"a.md": "It rained.", "b.jsonl": '{"id": "row", "title": "T", "text": "It hailed."}'}
    first = add(files)
    before = home.catalogue.summaries()
    assert _statuses(first) == {"a.md": "added", "b.jsonl": "added"}
    assert _statuses(add(files)) == {"a.md": "unchanged", "b.jsonl": "unchanged"}
    assert home.catalogue.summaries() == before
    changed = add({"a.md": "It snowed."})
    assert _statuses(changed) == {"a.md": "updated", "b.jsonl": "unchanged"}
    assert [report.document_ids for report in changed] == [report.document_ids for report in first]
    assert home.catalogue.document(changed[0].document_ids[0]).text == "It snowed."
    assert _problems(home) == ()


def test_a_file_met_twice_is_one_document(home: Home, tmp_path: Path) -> None:
    """Naming a folder and a file in it, or a link to it, gives one document."""
    folder = tmp_path / "files"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a.md").write_text("It rained.")
    (folder / "z.md").symlink_to(folder / "sub" / "a.md")
    reports = add_paths(home, folder, folder / "sub" / "a.md")
    assert [(report.path, report.status) for report in reports] == [
        ("z.md", "added"),
        ("sub/a.md", "unchanged"),
        ("a.md", "unchanged"),
    ]
    assert len({*(report.document_ids[0] for report in reports)}) == 1
    assert [summary.id for summary in home.catalogue.summaries()] == reports[0].document_ids


def test_an_id_that_two_files_give_is_one_document(home: Home, add: AddFiles) -> None:
    """Two rows of one id, in two files added at once, are two versions and not two documents."""
    row = '{"id": "row", "title": "T", "text": "It %s."}'
    reports = add({"a.jsonl": row % "rained", "b.jsonl": row % "snowed"})
    assert _statuses(reports) == {"a.jsonl": "added", "b.jsonl": "updated"}
    assert [summary.id for summary in home.catalogue.summaries()] == ["row"]
    assert home.catalogue.document("row").text == "It snowed."
    assert _problems(home) == ()


def test_what_was_left_out_of_a_file_is_a_failure(add: AddFiles) -> None:
    """A file of which one line is broken is added, and counts as not wholly done."""
    (report,) = add({"a.jsonl": '{"id": "row", "title": "T", "text": "x"}\nbroken'})
    assert (report.status, report.failed, report.document_ids) == ("added", True, ["row"])
    assert report.warnings == ["line 2 was left out: not JSON (Expecting value)"]


def test_a_sample_has_the_same_id_everywhere(home: Home, tmp_path: Path) -> None:
    """An id in the documentation is the id in every home."""
    (tmp_path / "oslo.md").write_text("It rained.")
    found = find_files(str(tmp_path / "oslo.md"))
    reports = list(add_files(found, home.catalogue, lambda: home.indexer, origin=sample_origin))
    assert reports[0].document_ids == ["oslo-9dc13be9"]
    assert [summary.source for summary in home.catalogue.summaries()] == ["sample/oslo.md"]


def test_after_ctrl_c_what_was_reported_is_there(tmp_path: Path) -> None:
    """Ctrl-C in the middle loses nothing that was reported, leaves nothing half done, and adding again completes."""
    folder = tmp_path / "files"
    folder.mkdir()
    for i in range(4):
        (folder / f"{i}.md").write_text(f"# File {i}\n\n" + f"It rained on day {i}.\n\n## Next\n\n" * BATCH_SEGMENTS)
    home = Home(tmp_path / "home", load_encoder=lambda: InterruptedEncoder(interrupt_at=10))  # in the third file
    reported: list[FileReport] = []
    with pytest.raises(KeyboardInterrupt):
        for report in add_files(find_files(str(folder)), home.catalogue, lambda: home.indexer):
            reported.append(report)  # noqa: PERF402  # what was seen before the interruption counts
    assert _statuses(reported) == {"0.md": "added", "1.md": "added"}
    assert sorted(summary.title for summary in home.catalogue.summaries()) == ["File 0", "File 1"]
    assert _problems(home) == ()
    home.close()
    again = Home(tmp_path / "home", load_encoder=HashEncoder)
    assert list(_statuses(add_paths(again, folder)).values()) == ["unchanged", "unchanged", "added", "added"]
    assert _problems(again) == ()
    again.close()


def test_what_was_refused_is_remembered_before_what_waits_is_stored(tmp_path: Path) -> None:
    """A file that holds no document is not read again after a kill, though those before it were not stored."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.md").write_text("It rained.")
    (folder / "b.txt").write_bytes(b"\x89PNG\0")
    home = Home(tmp_path / "home", load_encoder=lambda: InterruptedEncoder(interrupt_at=1))
    with pytest.raises(KeyboardInterrupt):
        list(add_files(find_files(str(folder)), home.catalogue, lambda: home.indexer))
    assert home.catalogue.inputs.documents(str(folder)) == {str(folder / "b.txt"): set()}
    home.close()


_ADD = """
import json, sys
from pathlib import Path
from assistant.home import Home
from tests.fakes import HashEncoder
from tests.index.conftest import add_paths
home = Home(Path(sys.argv[1]), load_encoder=HashEncoder)
print(json.dumps([report.status for report in add_paths(home, *map(Path, sys.argv[2:]))]))
home.close()
"""


@pytest.mark.slow
def test_two_processes_add_at_once(tmp_path: Path) -> None:
    """Two users of one home lose nothing and double nothing, though half of their files are the same."""
    for folder, numbers in (("left", range(20)), ("both", range(20, 40)), ("right", range(40, 60))):
        (tmp_path / folder).mkdir()
        for i in numbers:
            (tmp_path / folder / f"{i}.md").write_text(f"It rained in state {i}.")
    command = [sys.executable, "-c", _ADD, str(tmp_path / "home")]
    root = Path(__file__).parents[2]
    processes = [
        subprocess.Popen([*command, str(tmp_path / folder), str(tmp_path / "both")], cwd=root, stdout=subprocess.PIPE)
        for folder in ("left", "right")
    ]
    outputs = [process.communicate(timeout=120)[0].decode() for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert all(output.count("refused") == 0 for output in outputs)
    home = Home(tmp_path / "home", load_encoder=HashEncoder)
    summaries = home.catalogue.summaries()
    assert sorted(int(Path(summary.source).stem) for summary in summaries) == list(range(60))
    assert [summary.num_passages for summary in summaries] == [1] * 60
    assert _problems(home) == ()
    home.close()


def test_a_name_that_is_not_utf8_is_spelt_out(home: Home, tmp_path: Path) -> None:
    """A file from an old system is added like any other, and is known again the next time."""
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text("The harbour opens at noon.")
    (folder / "good.txt").write_text("The ferry sails twice.")
    assert [(report.path, report.status) for report in add_paths(home, folder)] == [
        ("caf\\udce9.txt", "added"),
        ("good.txt", "added"),
    ]
    assert [report.status for report in add_paths(home, folder)] == ["unchanged", "unchanged"]


def test_sentences_of_a_hard_wrapped_paragraph_stay_whole(home: Home, tmp_path: Path) -> None:
    """A long paragraph that is cut into passages in the middle of a line keeps the sentences that it has."""
    sentence = (
        "The committee number {n} met in Tokyo and discussed the funding of the programme at length with all members."
    )
    words = " ".join(sentence.format(n=n) for n in range(40)).split()
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) > 75:
            lines.append(line.strip())
            line = ""
        line += word + " "
    text = "\n".join([*lines, line.strip()])
    (tmp_path / "rows.jsonl").write_text(json.dumps({"id": "wrapped", "title": "W", "text": text}))
    add_paths(home, tmp_path / "rows.jsonl")
    found = home.sources.retriever.search("Which committee met in Tokyo?", 50)
    kept = home.sources.retriever.sentences([hit.passage for hit in found.hits])
    document = home.catalogue.document("wrapped")
    quotes = {" ".join(document.text[a:b].split()) for sentences in kept for a, b in sentences.spans}
    assert quotes == {sentence.format(n=n) for n in range(40)}
