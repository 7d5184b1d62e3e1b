"""The command vacuum: deleting for good what was removed or replaced, down to its words and vectors in the files."""

import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.context import opened_home, print_json
from assistant.cli.documents import AsJson

if TYPE_CHECKING:
    from assistant.forgetting import Memories
    from assistant.home import Home
    from index.vacuuming import Waste


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command("vacuum")(vacuum)


def vacuum(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be deleted.")] = False,
    conversations: Annotated[
        bool, typer.Option("--conversations", help="And the conversations that cite what is deleted, or was.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Delete removed documents for good, earlier versions that no kept conversation cites, and the index that `reindex`
    replaced. No file of the home holds a word or a vector of them after that.
    """
    with opened_home() as home:
        freed = _would_be_freed(home) if dry_run else _freed(home, conversations=conversations)
        server = home.engines.vectors
    if json:
        print_json({"dry_run": dry_run, **freed.counts(conversations=conversations)})
        return
    _print_freed(freed, dry_run=dry_run, conversations=conversations)
    if not dry_run and not freed.is_erased:
        _tell_of_vectors(server)


@dataclass(frozen=True, slots=True)
class _Freed:
    """What a vacuum deletes. `is_erased` says whether the vectors were taken out of their files."""

    waste: "Waste"
    memories: "Memories"
    num_bytes: int = 0
    is_erased: bool = False

    def counts(self, *, conversations: bool) -> dict[str, Any]:
        """As JSON."""
        waste = {key: value for key, value in asdict(self.waste).items() if key != "numbers"}
        num = len(self.memories.conversations) if conversations else 0
        return {**waste, "num_bytes_freed": self.num_bytes, "num_conversations": num, "vectors_erased": self.is_erased}


def _would_be_freed(home: "Home") -> _Freed:
    from assistant.cited_versions import cited_versions
    from assistant.forgetting import find_memories
    from index.vacuuming import find_waste

    waste = find_waste(home.database, cited_versions)
    with home.database.reading() as connection:
        return _Freed(waste, find_memories(connection, without=waste.documents))


def _freed(home: "Home", *, conversations: bool) -> _Freed:
    from assistant.cited_versions import cited_versions
    from assistant.forgetting import forget
    from index.erasing import erase_words
    from index.reindexing import discard_replaced
    from index.vacuuming import shrink
    from index.vacuuming import vacuum as delete_waste

    waste = delete_waste(home.database, home.store, cited_versions)
    discard_replaced(home.database, home.open_store)
    memories = forget(home.database, citing=conversations)
    erase_words(home.database)
    num_bytes = shrink(home.database)
    return _Freed(waste, memories, num_bytes, home.erase_vectors())


def _print_freed(freed: _Freed, *, dry_run: bool, conversations: bool) -> None:
    waste, would, were = freed.waste, "would be deleted" if dry_run else "deleted", "are" if dry_run else "were"
    disk = "" if dry_run else f"; {freed.num_bytes} bytes of disk freed"
    print(
        f"{len(waste.documents)} removed documents and {waste.num_versions} versions in all {would}, {waste.num_bytes} "
        f"bytes of text{disk}"
    )
    if conversations:
        print(f"{len(freed.memories.conversations)} conversations that cite documents no longer here {would}")
    elif waste.cited:
        print(
            f"of these documents, {len(waste.cited)} {were} cited in conversations, which keep the words they cite; "
            "`communique vacuum --conversations` deletes those too"
        )


def _tell_of_vectors(server: str | None) -> None:
    """Says where vectors of what was deleted may still be, and what helps."""
    if server:
        why = f"the Chroma server {server} may keep the vectors of what was deleted in its files, which are its own"
    else:
        why = (
            "another program has the home open, so the files keep the vectors of what was deleted: end it, and run "
            "this again"
        )
    print(f"communique: {why}", file=sys.stderr)
