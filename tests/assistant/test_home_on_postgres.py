"""A home whose database is PostgreSQL, the real one, beside one in a folder: both do the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from assistant.answer import answer_from_json
from assistant.answering import answer
from assistant.errors import InvalidCall
from assistant.exactness import count_citations
from assistant.feedback import Feedback
from assistant.home import Home
from assistant.serving.accounts import Accounts, Role
from assistant.settings import Engines
from corpus.catalogue import new_document
from corpus.exchange.exporting import export_home
from corpus.exchange.importing import import_home
from corpus.exchange.package import opened_package
from evals.runs.kept_runs import Runs
from index.fulltext import passage_counts, search_text
from index.health import examine, repair
from index.indexing import remove_documents
from index.mentions import Term, mentions
from index.reindexing import begin, go_back, make, put_in_place
from index.scope import Scope
from index.vacuuming import shrink, vacuum
from tests.fakes import HashEncoder
from tests.fakes_runs import answered, made
from tests.fakes_runs import kept as made_run
from tests.index.conftest import add_paths
from tests.servers import PostgresServer

pytestmark = pytest.mark.slow

TEXTS = {
    "apart.txt": "Out of ten boats none has a network. The network of the harbour carries letters.",
    "in.md": "# Doctors\n\nAn in-network doctor is paid by the fund, and an in-network nurse is too.",
    "out.txt": "An out-of-network doctor is paid by the patient's fund, and the bill is sent by the network.",
    "oslo.txt": "The observatory in Oslo measures rain. Ø, é and 日本の雨 are measured too.",
    "bergen.txt": "Bergen agreed to fund the programme. Rain falls in Bergen; it's 12% more than in Oslo.",
    "nippon.txt": "日本と英国は、港の協定に署名した。港は九つある。",
    "what.txt": "To be or not to be, and that is all.",
}
QUERIES = (
    "rain in Oslo",
    "the out-of-network rules",
    "an in-network provider",
    "to be or not to be",
    "funding of doctors",
    "港の協定",
    "日本",
    "it's 12% \\ ' : & | ! <->",
    "nowhere",
    "",
)
RESULTS = [made("one", {"right words cited": 1.0}), made("two", {"right words cited": 0.0})]


def _no_one(connection: Connection) -> set[tuple[str, str]]:
    return set()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the texts."""
    folder = tmp_path_factory.mktemp("files")
    for name, content in TEXTS.items():
        (folder / name).write_text(content)
    return folder


@pytest.fixture
def served(postgres: PostgresServer, schema: str, tmp_path: Path) -> Iterator[Home]:
    """An empty home on the server."""
    engines = Engines(database=postgres.url(schema))
    opened = Home(tmp_path / "served", load_encoder=HashEncoder, engines=engines)
    yield opened
    opened.close()


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Home]:
    """An empty home in a folder."""
    opened = Home(tmp_path / "local", load_encoder=HashEncoder, engines=Engines())
    yield opened
    opened.close()


def _told(home: Home) -> list[object]:
    """What the home says in answer to all sorts of questions about its documents."""
    told: list[object] = [home.catalogue.summaries()]
    with home.database.reading() as connection:
        found = (search_text(connection, query, 10) for query in QUERIES)
        told += [[(id_, round(score, 9)) for id_, score in hits] for hits in found]
        told.append(passage_counts(connection, ["rain", "network", "fund", "日本", "", "nowher"]))
        scopes = (Scope(kinds=("md",)), Scope(languages=("ja",)), Scope(since="2020"))
        told += [scope.resolve(connection) for scope in scopes]
    told += [mentions(home.database, Term(name)) for name in ("Oslo", "network", "九つ", "Doctors", "日本", "雨")]
    retriever = home.sources.retriever
    told += [[hit.passage.id for hit in retriever.search(query, 3).hits] for query in QUERIES[:-1]]
    return told


def test_both_find_the_same(served: Home, local: Home, files: Path) -> None:
    """The same passages with the same scores, whatever is asked; after changes, too."""
    for home in (served, local):
        assert {report.status for report in add_paths(home, files)} == {"added"}
    assert _told(served) == _told(local)
    for home in (served, local):
        gone = [one.id for one in home.catalogue.summaries() if one.id.startswith(("in-", "oslo"))]
        remove_documents(home.database, home.store, gone)
        vacuum(home.database, home.store, _no_one)
        shrink(home.database)
        assert examine(home.database, home.store, home.encoder).problems == ()
    assert _told(served) == _told(local)
    assert not (served.path / "communique.sqlite3").exists()


def test_a_damaged_full_text_is_made_anew(served: Home, files: Path) -> None:
    """Whether words are missing or there are too many."""
    add_paths(served, files)
    whole = _told(served)
    for damage in ("DELETE FROM passages_fts WHERE rowid < 4", "UPDATE passages_vocabulary SET doc = doc + 1"):
        with served.database.writing() as connection:
            connection.execute(text(damage))
        problems = examine(served.database, served.store, served.encoder).problems
        assert problems == ("the full-text index does not match the passages",)
        repair(served.database, served.open_store, served.encoder)
        assert _told(served) == whole
        assert examine(served.database, served.store, served.encoder).problems == ()


def test_a_new_index_and_the_way_back(served: Home, files: Path) -> None:
    """As in a folder: what waits is not searched, and what was before comes back."""
    add_paths(served, files)
    whole = _told(served)
    new = begin(served.database, served.open_store, HashEncoder("other", 32))
    make(new, "staged")
    put_in_place(new, keep=True)
    go_back(served.database, served.open_store, HashEncoder())
    served.forget_store()
    assert examine(served.database, served.store, served.encoder).problems == ()
    assert _ids_left_out(_told(served)) == _ids_left_out(whole)


def _ids_left_out(told: list[object]) -> list[object]:
    """The documents alone: the passages are new ones."""
    return told[:1]


def test_a_laptops_home_moves_to_a_server(served: Home, local: Home, files: Path, tmp_path: Path) -> None:
    """With its conversations, to the last half of a character, and back again; every citation is exact."""
    add_paths(local, files)
    conversation = local.conversations.of("a browser").start("Rain")
    for question in ("What does the observatory in Oslo measure?", "Who pays an out-of-network doctor?"):
        local.conversations.add(conversation, answer(question, local.sources))
    Feedback(local.database).give(conversation, 1, rating="up", reason="right", case={"question": "half \ud83d \0"})
    export_home(local.database, tmp_path / "out.zip", program="1.0")
    with opened_package(tmp_path / "out.zip") as package:
        import_home(package, served.database, check_answer=answer_from_json)
    repair(served.database, served.open_store, served.encoder)
    assert examine(served.database, served.store, served.encoder).problems == ()
    owners = [home.conversations.of("a browser") for home in (served, local)]
    assert owners[0].list() == owners[1].list()
    assert owners[0].turns(conversation) == owners[1].turns(conversation)
    assert owners[0].search("observatory oslo") == owners[1].search("observatory oslo") != []
    assert Feedback(served.database).list() == Feedback(local.database).list()
    assert count_citations(served.conversations, served.catalogue).num_inexact == 0
    for name, home in (("one", served), ("two", local)):
        export_home(home.database, tmp_path / name, program="1.0")
    written = [{path.name: path.read_bytes() for path in (tmp_path / name).rglob("*.jsonl")} for name in ("one", "two")]
    assert written[0] == written[1]


def test_odd_characters_are_kept(served: Home, local: Home) -> None:
    """Those that PostgreSQL does not know too: in a document's text, title and id, and in a conversation."""
    odd = "nul \0 rain, \U0010ffff\U0010fffe"
    told = []
    for home in (served, local):
        document = new_document(
            {"id": odd, "title": odd, "source": odd, "language": "en"}, text=f"Rain in {odd} falls."
        )
        home.indexer.commit([home.indexer.prepare(document, "in")])
        conversation = home.conversations.start(odd)
        home.conversations.add(conversation, answer(f"Where does the {odd} fall?", home.sources))
        hits = home.sources.retriever.search("rain", 3, scope=Scope(document_ids=(odd,))).hits
        found = [one.title for one in home.conversations.search("\0 rain")]
        kept = home.catalogue.document(odd)
        told.append((kept.text, kept.title, [hit.passage.text for hit in hits], found))
        assert examine(home.database, home.store, home.encoder).problems == ()
    assert told[0] == told[1] == (f"Rain in {odd} falls.", odd, [f"Rain in {odd} falls."], [odd])


def test_conversations_users_and_runs(served: Home) -> None:
    """What is kept beside documents is listed, changed and deleted as in a folder."""
    kept = served.conversations.of("ann")
    first, other = kept.start("First"), kept.start("Other")
    kept.add(first, answered("It has a budget."))
    kept.rename(first, "Rain")
    assert [one.title for one in kept.list()] == ["Rain", "Other"]
    served.conversations.hand_over("ann", "bob")
    assert [kept.list(), served.conversations.of("bob").delete(other)] == [[], [other]]
    for rating in ("up", "down"):
        Feedback(served.database).give(first, 1, rating=rating, reason="", case={})
    assert [given.rating for given in Feedback(served.database).list()] == ["down"]
    accounts = Accounts(served.database)
    accounts.add("ann", Role.READER)
    with pytest.raises(InvalidCall, match="there is a user 'ann' already"):
        accounts.add("ann", Role.ADMIN)
    assert [account.name for account in accounts.list()] == ["ann"]
    run = made_run(served.database, RESULTS)
    runs = Runs(served.database)
    assert (runs.list(), [result.case.id for result in runs.results(run)]) == ([run], ["one", "two"])
    runs.keep(run, 0, "again", RESULTS[1])
    assert [result.values for result in runs.results(run)] == [result.values for result in RESULTS]
    runs.delete(run.id)
    assert runs.list() == []


def test_homes_share_a_database(postgres: PostgresServer, files: Path, tmp_path: Path) -> None:
    """One address serves several folders, which do not meet."""
    url = f"{postgres.url()}?schema={{home}}"
    homes = [Home(tmp_path / name, load_encoder=HashEncoder, engines=Engines(database=url)) for name in ("a", "b")]
    add_paths(homes[0], files / "oslo.txt")
    assert [len(home.catalogue.summaries()) for home in homes] == [1, 0]
    for home in homes:
        home.close()
