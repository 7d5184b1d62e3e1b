import json
from pathlib import Path

import pytest

from assistant.settings import Settings, engines_from_environment
from corpus.catalogue import Catalogue
from corpus.database import open_database
from corpus.reading.files import FoundFile
from evals.cases.opening import lint_suite, opened_suite
from evals.errors import InvalidSuite

pytestmark = pytest.mark.slow

BOATS = {"id": "boats", "question": "Where are the boats?", "answerable": True}


def lines(path: Path, *rows: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "home")


def public(folder: Path, *texts: str) -> Path:
    """A folder of published data with these documents and a case on the first."""
    documents = [{"id": f"d{number}", "title": "", "text": text} for number, text in enumerate(texts)]
    lines(folder / "documents.jsonl", *documents)
    evidence = [{"document_id": "d0", "start": 0, "end": 5}]
    cases = [BOATS | {"evidence": evidence}, BOATS | {"evidence": evidence}, BOATS | {"id": "b", "evidence": evidence}]
    lines(folder / "cases.jsonl", *cases)
    return folder


def test_published_data_is_asked_in_a_home_of_its_own(settings: Settings, tmp_path: Path) -> None:
    """It holds the data's documents as they are now, whatever it held before; the user's home holds none of them."""
    folder = public(tmp_path / "set", "Boats are out.", "The tide is high.")
    with opened_suite(str(folder), settings) as opened:
        assert [case.id for case in opened.cases] == ["boats", "b"]
        assert [finding.message for finding in opened.findings] == [
            "1 cases are left out: their documents could not be added, or their ids are used twice"
        ]
        assert [summary.id for summary in opened.home.catalogue.summaries()] == ["d0", "d1"]
        assert opened.home.path != settings.home
    public(folder, "Boats are in.")
    with opened_suite(str(folder), settings) as opened:
        assert [summary.id for summary in opened.home.catalogue.summaries()] == ["d0"]
        assert opened.home.catalogue.document("d0").text == "Boats are in."
    assert lint_suite(str(folder), settings)[0].message.startswith("1 cases are left out")


def test_a_users_own_cases_are_asked_of_the_users_home(settings: Settings, tmp_path: Path) -> None:
    from assistant.home import Home
    from index.adding import add_files

    home = Home(settings.home)
    rows = lines(tmp_path / "rows.jsonl", {"id": "sea", "title": "Sea", "text": "The boats are out."})
    list(add_files([FoundFile(rows, rows.name)], home.catalogue, lambda: home.indexer))
    home.close()
    path = lines(
        tmp_path / "my-suite.jsonl",
        BOATS | {"evidence": [{"document_id": "sea", "quote": "The boats are out."}]},
        BOATS | {"id": "draft", "draft": True, "evidence": [{"document_id": "sea", "quote": "boats"}]},
    )
    with opened_suite(str(path), settings) as opened:
        assert [case.id for case in opened.cases] == ["boats"]
        assert opened.home.path == settings.home
    with opened_suite(str(path), settings, drafts=True) as opened:
        assert [case.id for case in opened.cases] == ["boats", "draft"]
    assert [finding.level for finding in lint_suite(str(path), settings)] == ["warning", "warning"]


def test_nothing_kept_is_said_and_the_database_is_let_go(settings: Settings) -> None:
    said = "nothing is kept yet: keep a turn in the chat, or rate one with a thumb"
    with pytest.raises(InvalidSuite, match=said), opened_suite("kept", settings):
        pass
    database = open_database(settings.home, engines_from_environment().database)
    assert Catalogue(database).summaries() == []
    database.close()


def test_broken_published_data_is_told(settings: Settings, tmp_path: Path) -> None:
    folder = public(tmp_path / "set", "Boats are out.")
    (folder / "cases.jsonl").write_text('{"id": "a"}\n')
    with pytest.raises(InvalidSuite, match="a case needs an id and a question"), opened_suite(str(folder), settings):
        pass
    assert [finding.level for finding in lint_suite(str(folder), settings)] == ["error"]
