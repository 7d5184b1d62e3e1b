"""The commands that bring documents in and check on them: add, doctor. What is kept of them: `catalogue.py`."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.context import FAILED, opened_home, print_json
from assistant.errors import InvalidCall

if TYPE_CHECKING:
    from tqdm import tqdm

    from assistant.home import Home
    from corpus.fetching.fetching import Fetcher
    from corpus.reading.files import FetchedFile, FoundFile, ListedPages
    from index.cluster import Cluster
    from index.health import Health
    from index.reports import FileReport

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")]


def register(app: typer.Typer) -> None:
    """Adds these commands to the program."""
    app.command("add")(add)
    app.command("doctor")(doctor)


def add(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Files, folders, and addresses of pages, feeds or sitemaps (https://…).")
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Add the sample documents.")] = False,
    max_pages: Annotated[int, typer.Option(min=1, help="So many pages of a feed or sitemap, at most.")] = 200,
    allow_private: Annotated[
        bool,
        typer.Option(
            "--allow-private",
            envvar="COMMUNIQUE_ALLOW_PRIVATE_ADDRESSES",
            help="Fetch from your own network too, and at any port.",
        ),
    ] = False,
    ray: Annotated[
        str | None,
        typer.Option("--ray", metavar="ADDRESS", help="Read and embed on this Ray cluster: HOST:PORT, auto or local."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Add documents, or take up their changes; what is unchanged is left alone.

    Example: communique add statements/ notes.md archive.jsonl https://example.org/statement
    """
    if not paths and not sample:
        raise InvalidCall("nothing to add: name files, folders or addresses, or say --sample")
    found = _found(paths or [])
    fetcher = _fetcher(max_pages=max_pages, allow_private=allow_private) if any(map(_is_page, found)) else None
    reports: list[FileReport] = []
    with opened_home() as home, _cluster(ray, home) as cluster:
        try:
            for report in _adding(home, found, fetcher, sample=sample, cluster=cluster):
                reports.append(report)  # noqa: PERF402  (one by one: Ctrl-C must find those that are done)
        finally:
            print_reports(reports, as_json=json)
    if any(report.failed for report in reports):
        raise typer.Exit(FAILED)


def doctor(
    json: AsJson = False,
    repair: Annotated[bool, typer.Option("--repair", help="Put right what does not hold together.")] = False,
) -> None:
    """Check that the home holds together; exit status 1 when something is wrong."""
    with opened_home() as home:
        state = _examined(home, repair=repair)
        report: dict[str, Any] = {
            "home": str(home.path),
            "embedder": home.encoder.name,
            "writer": home.writer.name if home.writer else "quote",
            **asdict(state),
        }
    if json:
        print_json(report)
    else:
        for key in ("home", "embedder", "writer", "num_documents", "num_passages", "num_vectors"):
            print(f"{key.replace('num_', ''):10} {report[key]}")
        if state.way_back:
            print(f"{'way back':10} an index made with {state.way_back}: `communique reindex --back`")
        print("\n".join(f"problem: {problem}" for problem in state.problems) or "all is well")
    if state.problems:
        if not repair:
            print("communique: `communique doctor --repair` puts right what can be", file=sys.stderr)
        raise typer.Exit(FAILED)


def _examined(home: "Home", *, repair: bool) -> "Health":
    """How the home is, once it has been put right where that is asked for."""
    from index import health

    damage = home.damaged_vectors()
    if repair:
        if damage:
            home.discard_vectors()
            print(f"communique: the vectors cannot be read and are made anew ({damage})", file=sys.stderr)
            damage = None
        health.repair(home.database, home.open_store, home.encoder, progress=_documents_bar)
    state = health.examine(home.database, None if damage else home.store, home.encoder)
    return replace(state, problems=(f"the vectors cannot be read: {damage}", *state.problems)) if damage else state


def printable(text: str) -> str:
    """The text on one line without control characters: file names and titles may hold anything."""
    return "".join(c if c.isprintable() else " " for c in text)


def _found(paths: list[str]) -> list["FoundFile | str"]:
    """The files that the arguments lead to; and the addresses among them, as they are."""
    from corpus.fetching.addresses import is_address
    from corpus.reading.files import find_files

    return [found for path in paths for found in ([path] if is_address(path) else find_files(path))]


def _is_page(found: "FoundFile | str") -> bool:
    return isinstance(found, str)


def _cluster(address: str | None, home: "Home") -> "AbstractContextManager[Cluster | None]":
    if address is None:
        return nullcontext()
    from index.cluster import Cluster

    return Cluster(address, lambda: home.encoder)


def _fetcher(*, max_pages: int, allow_private: bool) -> "Fetcher":
    from corpus.fetching.connecting import Network
    from corpus.fetching.fetching import Fetcher

    return Fetcher(Network(allow_private=allow_private), max_pages=max_pages)


def _met(
    found: list["FoundFile | str"], fetcher: "Fetcher | None", bar: "tqdm[Any]"
) -> Iterator["FoundFile | FetchedFile | ListedPages"]:
    """The files, and what the addresses lead to, each fetched when the one before is on its way."""
    for each in found:
        if not isinstance(each, str):
            yield each
        elif fetcher:
            for page in fetcher.fetch(each):
                bar.total = (bar.total or 0) + getattr(page, "num_pages", 0)
                yield page


def _adding(
    home: "Home",
    found: list["FoundFile | str"],
    fetcher: "Fetcher | None",
    *,
    sample: bool,
    cluster: "Cluster | None",
) -> Iterator["FileReport"]:
    """Adds everything, with a bar on stderr."""
    from tqdm import tqdm

    from corpus.reading.files import find_files
    from index.adding import SAMPLE_FOLDER, add_files, sample_origin
    from index.indexing import Indexer

    @cache
    def indexer() -> Indexer:
        if cluster is None:
            return home.indexer
        return Indexer(home.database, home.store, home.encoder, embedding=cluster.embed)

    samples = find_files(str(SAMPLE_FOLDER)) if sample else []
    with tqdm(total=len(samples) + len(found), unit="file", disable=not sys.stderr.isatty(), file=sys.stderr) as bar:
        for report in add_files(samples, home.catalogue, indexer, origin=sample_origin, cluster=cluster):
            bar.update()
            yield report
        for report in add_files(_met(found, fetcher, bar), home.catalogue, indexer, cluster=cluster):
            bar.update()
            yield report


def print_reports(reports: list["FileReport"], *, as_json: bool) -> None:
    """What became of each file, and how many came to what."""
    if as_json:
        print_json({"files": [asdict(report) for report in reports]})
        return
    for report in reports:
        ids = ", ".join(map(printable, report.document_ids[:3])) + (" …" if len(report.document_ids) > 3 else "")
        print(f"{report.status:9}  {printable(report.path)}  {printable(report.reason or ids)}")
        for warning in report.warnings:
            print(f"{'':9}  warning: {printable(warning)}")
    counts = {
        status: sum(r.status == status for r in reports) for status in ("added", "updated", "unchanged", "refused")
    }
    print("  ".join(f"{count} {status}" for status, count in counts.items() if count) or "no files")


def _documents_bar(versions: list[tuple[int, str]]) -> Iterable[tuple[int, str]]:
    """The versions one by one, with a bar on stderr."""
    from tqdm import tqdm

    return tqdm(versions, unit="document", disable=not sys.stderr.isatty(), file=sys.stderr)
