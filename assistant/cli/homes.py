"""The commands about a home as a whole: reindex, export-home, import-home."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.context import FAILED, chosen_settings, opened_home, quiet_libraries
from assistant.errors import InvalidCall

if TYPE_CHECKING:
    from assistant.home import Home
    from assistant.plugins import Verdict
    from index.embedding import Encoder
    from index.retrieval import Retriever

_Check = Callable[["Retriever", "Retriever"], "Verdict"]


def register(app: typer.Typer) -> None:
    """Adds these commands to the program."""
    app.command("reindex")(reindex)
    app.command("export-home")(export_home)
    app.command("import-home")(import_home)


def reindex(
    embedder: Annotated[
        str | None, typer.Option(help="A sentence-transformers model, by name or folder; else the one in use.")
    ] = None,
    check: Annotated[
        str | None, typer.Option(metavar="SUITE", help="Cases over your documents: both indexes are asked them.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Take the new index whatever the check says.")] = False,
    back: Annotated[bool, typer.Option("--back", help="Go back to the index before.")] = False,
) -> None:
    """Make a new index beside the one in use, from the snapshots, and put it in its place; the old one is kept.

    \b
    Examples:
      communique reindex --embedder BAAI/bge-base-en-v1.5 --check kept
      communique reindex --back
    """  # noqa: D301  (typer wants the \b itself: it keeps the lines apart)
    if back and (embedder or check):
        raise InvalidCall("--back goes back to the index before as it is: leave --embedder and --check out")
    with _home_as_indexed() as home:
        if back:
            _go_back(home)
        elif not _taken(home, _encoder(home, embedder), check, yes=yes):
            raise typer.Exit(FAILED)


def export_home(
    path: Annotated[Path, typer.Argument(help="A new folder, or a file that ends in .zip.")],
) -> None:
    """Write documents with all versions, conversations, feedback and runs as files that anyone can read.

    Example: communique export-home home-2026.zip
    """
    from importlib.metadata import version

    from corpus.exchange.exporting import export_home as export

    with opened_home() as home:
        manifest = export(home.database, path, program=version("communique"))
    print(f"exported {_counted(manifest.counts)} to {path}")


def import_home(
    path: Annotated[Path, typer.Argument(help="What export-home wrote.")],
) -> None:
    """Take an exported home into an empty one: every hash is checked first, then the index is made.

    Example: communique --home new-home import-home home-2026.zip
    """
    from assistant.answer import answer_from_json
    from corpus.exchange.importing import import_home as take_in
    from corpus.exchange.package import opened_package
    from index.health import repair

    with opened_package(path) as package:
        package.check()
        with opened_home() as home:
            encoder = home.encoder  # before anything is written: it may not be there
            take_in(package, home.database, check_answer=answer_from_json)
            repair(home.database, home.open_store, encoder, progress=documents_bar)
            print(f"imported {_counted(package.manifest.counts)}")
            inexact = _tell_of_citations(home)
    if package.manifest.embedder not in (None, encoder.name):
        print(
            f"communique: the home was indexed with {package.manifest.embedder!r}, and is now with {encoder.name!r}: "
            "`communique reindex --embedder NAME` changes that",
            file=sys.stderr,
        )
    if inexact:
        raise typer.Exit(FAILED)


def documents_bar(versions: list[tuple[int, str]]) -> Iterable[tuple[int, str]]:
    """The versions one by one, with a bar on stderr."""
    from tqdm import tqdm

    return tqdm(versions, unit="document", disable=not sys.stderr.isatty(), file=sys.stderr)


@contextmanager
def _home_as_indexed() -> "Iterator[Home]":
    """The home of this call with the embedder that its index was made with, whatever else is chosen."""
    from assistant.home import open_home

    quiet_libraries()
    with closing(open_home(replace(chosen_settings(), embedder=None))) as home:
        yield home


def _encoder(home: "Home", name: str | None) -> "Encoder":
    """The embedder of the index to come."""
    from assistant.home import model_name
    from index.embedding import shared_encoder

    chosen = name or chosen_settings().embedder
    return shared_encoder(model_name(chosen)) if chosen else home.encoder


def _taken(home: "Home", encoder: "Encoder", suite: str | None, *, yes: bool) -> bool:
    """Makes the index, has it checked, and puts it in place; whether it came to that."""
    from index.reindexing import begin, make, put_in_place

    check = _check_of(suite, home) if suite else None
    before = home.sources.retriever if check else None
    new = begin(home.database, home.open_store, encoder)
    make(new, "staged", documents_bar)
    if check and before:
        from index.retrieval import Retriever

        after = Retriever(home.database, new.store, encoder, reranker=home.reranker, staged=new.generation)
        verdict = check(before, after)
        print("\n".join(verdict.lines))
        if verdict.is_worse and not yes:
            print(
                "communique: the new index finds significantly less and waits beside the old one, which stays in use: "
                "run the command again with --yes to take it all the same",
                file=sys.stderr,
            )
            return False
    put_in_place(new, keep=True)
    print(f"the new index is in use, made with {encoder.name}; `communique reindex --back` goes back")
    return True


def _check_of(suite: str, home: "Home") -> _Check:
    """The check that a plugin offers. Raises `InvalidCall` where none does, or the suite does not fit."""
    from assistant.plugins import IndexCheckPlugin, plugins

    for plugin in plugins():
        if isinstance(plugin, IndexCheckPlugin):
            return plugin.index_check(suite, home)
    raise InvalidCall("no plugin that is installed can check an index: leave --check out")


def _go_back(home: "Home") -> None:
    from index.embedding import shared_encoder
    from index.reindexing import go_back, replaced_index

    name = replaced_index(home.database).settings["embedder"]
    go_back(home.database, home.open_store, shared_encoder(name), progress=documents_bar)
    print(f"the index before is in use again, made with {name}; `communique reindex --back` takes the other one")


def _tell_of_citations(home: "Home") -> int:
    """Says how many citations of the conversations are exact, and returns how many are not."""
    from assistant.exactness import count_citations

    found = count_citations(home.conversations, home.catalogue)
    gone = f", {found.num_gone} of documents that are not kept" if found.num_gone else ""
    print(f"{found.num_exact} citations are exact{gone}")
    if found.num_inexact:
        print(f"communique: {found.num_inexact} citations are not the words of their documents", file=sys.stderr)
    return found.num_inexact


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{num} {name}" for name, num in counts.items())
