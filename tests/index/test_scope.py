import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.home import Home
from index.scope import Scope
from tests.fakes import HashEncoder
from tests.index.conftest import add_paths

_ROWS = [
    {"id": "day", "published": "2021-03-16", "metadata": {"kind": "Statement"}},
    {"id": "month", "published": "2021-04", "metadata": {"kind": "letter"}},
    {"id": "year", "published": "2022"},
    {"id": "ja", "published": "2023-12-31", "text": "東京で雨が降った。", "metadata": {"kind": "statement"}},
    {"id": "undated", "metadata": {"kind": ["statement"], "other": 1}},
    {"id": "page", "published": "2019-06-01", "source": "https://example.org/Report.HTML"},
]
_FILES = {"notes.md": "# Notes\n\nIt rained.", "a_b.txt": "It rained.", "aXb.xtxt.txt": "It rained."}
_ROW_IDS = {row["id"] for row in _ROWS}


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home of documents with dates, kinds and languages, and of files with endings."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "rows.jsonl").write_text(
        "".join(json.dumps({"title": "T", "text": "It rained."} | r) + "\n" for r in _ROWS)
    )
    for name, content in _FILES.items():
        (folder / name).write_text(content)
    home = Home(tmp_path_factory.mktemp("home"), load_encoder=HashEncoder)
    add_paths(home, folder)
    yield home
    home.close()


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(since="2021-03-16"), "day month year ja"),
        (Scope(since="2021-03-17"), "month year ja"),
        (Scope(since="2021-04-30"), "month year ja"),
        (Scope(since="2021-05"), "year ja"),
        (Scope(since="2022-12-31"), "year ja"),
        (Scope(since="2023"), "ja"),
        (Scope(since="2024"), ""),
        (Scope(until="2021-03-15"), "page"),
        (Scope(until="2021-03"), "page day"),
        (Scope(until="2021-04-01"), "page day month"),
        (Scope(until="2022-01-01"), "page day month year"),
        (Scope(until="2023"), "page day month year ja"),
        (Scope(since="2021", until="2021"), "day month"),
        (Scope(since="2023", until="2021"), ""),
        (Scope(kinds=("statement",)), "day ja"),
        (Scope(kinds=("LETTER", "statement")), "day month ja"),
        (Scope(kinds=("md",)), "notes"),
        (Scope(kinds=(".MD", "html")), "notes page"),
        (Scope(kinds=("jsonl",)), "day month year ja undated"),
        (Scope(kinds=("txt",)), "a-b axb-xtxt"),
        (Scope(kinds=("_b.txt",)), ""),
        (Scope(kinds=("%",)), ""),
        (Scope(languages=("ja",)), "ja"),
        (Scope(languages=("ja", "en"), since="2022"), "year ja"),
        (Scope(languages=("fr",)), ""),
        (Scope(document_ids=("day", "undated", "nope")), "day undated"),
        (Scope(document_ids=("day", "day"), kinds=("letter",)), ""),
        (Scope(document_ids=()), ""),
        (Scope(("day", "ja", "year"), "2022", "2023-12", ("statement",), ("ja",)), "ja"),
    ],
    ids=lambda value: None if isinstance(value, str) else "",
)
def test_every_condition_that_is_given_holds(dated: Home, scope: Scope, expected: str) -> None:
    """A search looks at the documents of the scope and at no others; all of them can be found."""
    retriever = dated.sources.retriever
    names = {
        summary.id: summary.id if summary.id in _ROW_IDS else summary.id.rpartition("-")[0] for summary in _all(dated)
    }
    wanted = set(expected.split())
    assert {names[hit.passage.document_id] for hit in retriever.search("rain 雨", 100, scope=scope).hits} == wanted
    assert {name for id_, name in names.items() if retriever.is_within(id_, scope)} == wanted
    assert retriever.num_documents(scope) == len(wanted)


def test_an_empty_scope_is_everything(dated: Home) -> None:
    """Who names no condition asks all documents, those without a date too."""
    retriever = dated.sources.retriever
    with dated.database.reading() as connection:
        assert Scope().resolve(connection) is None
    everything = retriever.search("rain", 100)
    assert everything == retriever.search("rain", 100, scope=Scope())
    assert {hit.passage.document_id for hit in everything.hits} == {summary.id for summary in _all(dated)}
    assert retriever.num_documents() == retriever.num_documents(Scope()) == len(_ROWS) + len(_FILES)
    assert not retriever.is_within("nope", Scope(document_ids=("nope",)))


_DATES = (
    "2020",
    "2020-12",
    "2020-12-31",
    "2021",
    "2021-01",
    "2021-01-01",
    "2021-06-15",
    "2021-12",
    "2021-12-31",
    "2022",
)


def test_dates_of_any_length_are_compared_as_the_days_they_mean(home: Home, tmp_path: Path) -> None:
    """A document is within a scope when one day of its date is, for each pair of a day, a month or a year."""
    rows = [{"id": date, "title": "T", "text": "It rained.", "published": date} for date in _DATES]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    add_paths(home, tmp_path / "rows.jsonl")
    first, last = ({date: date + ending[len(date) - 4 :] for date in _DATES} for ending in ("-01-01", "-12-31"))
    with home.database.reading() as connection:
        for since in (None, *_DATES):
            for until in (None, *_DATES):
                within = [
                    date
                    for date in _DATES
                    if (since is None or last[date] >= first[since]) and (until is None or first[date] <= last[until])
                ]
                scope = Scope(since=since, until=until)
                assert scope.resolve(connection) == (None if scope.is_everything else sorted(within))


def test_more_documents_than_a_statement_names(dated: Home) -> None:
    """A long list of documents is searched like a short one."""
    ids = (*(f"nope-{i}" for i in range(2_000)), "day")
    hits = dated.sources.retriever.search("rain", scope=Scope(document_ids=ids)).hits
    assert [hit.passage.document_id for hit in hits] == ["day"]


def _all(home: Home):
    return home.catalogue.summaries()
