"""The command search: what an index finds, with every score, and why it does not find the rest."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.context import opened_home, print_json
from assistant.cli.documents import AsJson, printable
from assistant.cli.scoping import Documents, Kinds, Languages, Since, Until, scope_of
from assistant.errors import InvalidCall
from index.passage import hit_json

if TYPE_CHECKING:
    from assistant.home import Home
    from index.explaining import Explanation
    from index.retrieval import Found
    from index.scope import Scope


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command("search")(search)


def search(
    query: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    k: Annotated[int, typer.Option("-k", help="How many passages.", min=0)] = 10,
    document: Documents = None,
    since: Since = None,
    until: Until = None,
    kind: Kinds = None,
    language: Languages = None,
    why: Annotated[str | None, typer.Option(help="Say what became of this document in the search.")] = None,
    json: AsJson = False,
    batch: Annotated[Path | None, typer.Option(help="JSONL rows: id, question[, history]; - for stdin.")] = None,
) -> None:
    """Show the passages that a search finds, with every score, and what it dropped.

    Example: communique search "open access" -k 5 --kind md --why nexus
    """
    if batch is not None and any((query, document, since, until, kind, language, why)):
        raise InvalidCall("--batch stands alone: rows carry their own questions and histories")
    with opened_home() as home:
        if batch is not None:
            from assistant.batch import search_rows
            from assistant.cli.asking import print_rows

            print_rows(batch, lambda lines: search_rows(lines, home.sources, k=k))
            return
        if query is None:
            raise InvalidCall("nothing to search for: give a query, or --batch FILE")
        from assistant.answering import is_text

        if not is_text(query):
            raise InvalidCall("the query is not UTF-8: type it anew")
        scope = scope_of(home, document=document, since=since, until=until, kind=kind, language=language)
        found = home.sources.retriever.search(query, k, scope=scope)
        explanation = _explained(home, query, why, found, scope) if why else None
    if json:
        hits = [hit_json(hit) for hit in (*found.hits, *found.dropped)]
        told = {"why": _explanation_json(explanation)} if explanation else {}
        print_json({"query": query, "notes": found.notes, "hits": hits, **told})
    elif explanation:
        print(f"{printable(explanation.document_id)}: {printable(explanation.text)}")
    else:
        _print_hits(found)


def _explained(home: "Home", query: str, why: str, found: "Found", scope: "Scope") -> "Explanation":
    from index.explaining import explain

    document_id = home.catalogue.document(why).id
    return explain(home.sources.retriever, query, document_id, found=found, scope=scope)


def _explanation_json(explanation: "Explanation") -> dict[str, Any]:
    best = hit_json(explanation.best) if explanation.best else None
    return {
        "document_id": explanation.document_id,
        "outcome": explanation.outcome,
        "stage": explanation.stage,
        "text": explanation.text,
        "best": best,
    }


def _print_hits(found: "Found") -> None:
    for rank, hit in enumerate(found.hits, start=1):
        lexical = "-" if hit.lexical is None else f"{hit.lexical:.2f}"
        where = f"{printable(hit.passage.document_id)} {hit.passage.start}-{hit.passage.end}"
        print(f"{rank:2}. {hit.score:6.2f}  dense {hit.dense or 0:.2f}  full text {lexical}  {where}")
        print(f"    {printable(hit.passage.text[:160])}")
    print(f"{len(found.hits)} hits, {len(found.dropped)} candidates dropped", file=sys.stderr)
    for note in found.notes:
        print(f"note: {printable(note)}", file=sys.stderr)
