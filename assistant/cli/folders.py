"""The commands that keep documents in step with files: sync a folder, and metadata as a CSV."""

import csv
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.context import FAILED, opened_home, print_json
from assistant.cli.documents import AsJson, print_reports, printable
from assistant.errors import InvalidCall

if TYPE_CHECKING:
    from corpus.metadata_table import RowReport
    from index.reports import FileReport
    from index.syncing import Gone, Plan

metadata = typer.Typer(help="Titles, dates and metadata of the documents as a CSV.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds these commands to the program."""
    app.command("sync")(sync)
    metadata.command("export")(export_metadata)
    metadata.command("import")(import_metadata)
    app.add_typer(metadata, name="metadata")


def sync(
    folder: Annotated[Path, typer.Argument(help="A folder whose files were added.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Remove documents even if they are more than half of the folder's.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Keep documents in step with a folder: add what is new, take up what changed, remove what is gone from it.

    What is removed can be restored. Example: communique sync statements/ --dry-run
    """
    from index.syncing import Folder, Gone, sync

    if folder.exists() and not folder.is_dir():
        raise InvalidCall(f"{str(folder)!r} is no folder: name the folder that holds the files")
    done: list[FileReport | Gone] = []
    with opened_home() as home:
        inside = Folder(folder, home.catalogue)
        plan = inside.plan()
        if dry_run:
            done += [*plan.files, *plan.gone]
        elif plan.is_doubtful and not yes:
            raise InvalidCall(_doubt(plan))
        else:
            from index.indexing import remove_documents

            try:
                for each in sync(
                    inside,
                    plan,
                    lambda: home.indexer,
                    lambda ids: remove_documents(home.database, home.store, ids),
                    sure=yes,
                ):
                    done.append(each)  # one by one: Ctrl-C must find those that are done
            finally:
                _print_synced(folder, done, dry_run=dry_run, as_json=json)
    if dry_run:
        _print_synced(folder, done, dry_run=dry_run, as_json=json)
        if plan.is_doubtful:
            print(f"communique: {_doubt(plan)}", file=sys.stderr)
    if any(not isinstance(each, Gone) and each.failed for each in done):
        raise typer.Exit(FAILED)


def export_metadata(
    file: Annotated[Path | None, typer.Argument(help="Where to; the standard output by default.")] = None,
) -> None:
    """Write titles, dates and metadata of all documents as a CSV, to be edited and imported again.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    from assistant.cli.exporting import write_result
    from corpus.metadata_table import described, table

    with opened_home() as home:
        rows = list(table(described(home.database)))
    write_result(_written(rows), file)


def import_metadata(
    file: Annotated[Path, typer.Argument(help="A CSV as `communique metadata export` writes it, with any columns.")],
    json: AsJson = False,
) -> None:
    """Take titles, dates and metadata from a CSV; they stay when files are added again, and for later versions.

    The column id says which document a row is about; what has no column is left as it is.
    """
    from corpus.metadata_table import described, read_rows
    from index.editing import edit_documents

    rows = list(_rows_of(file))
    with opened_home() as home:
        reports = list(read_rows(rows, described(home.database)))
        changed = [(report.id, report.changes) for report in reports if report.status == "changed"]
        num_embedded = edit_documents(home.database, lambda: home.indexer, changed)
    _print_rows(reports, num_embedded, as_json=json)
    if any(report.status == "refused" for report in reports):
        raise typer.Exit(FAILED)


def _doubt(plan: "Plan") -> str:
    return (
        f"{len(plan.gone)} of the {plan.num_documents} documents from this folder are gone: if that is right, and no "
        "disk is missing, say --yes"
    )


def _print_synced(folder: Path, done: "list[FileReport | Gone]", *, dry_run: bool, as_json: bool) -> None:
    from index.syncing import Gone

    files = [each for each in done if not isinstance(each, Gone)]
    gone = [each for each in done if isinstance(each, Gone)]
    if as_json:
        content = {"folder": str(folder), "dry_run": dry_run, "files": [asdict(report) for report in files]}
        print_json({**content, "removed": [asdict(each) for each in gone]})
        return
    for each in gone:
        print(f"{'removed':9}  {printable(each.source)}  {printable(each.id)}")
    print_reports(files, as_json=False)
    if gone:
        print(f"{len(gone)} removed")


def _written(rows: list[list[str]]) -> bytes:
    """The rows as a CSV that spreadsheets open: UTF-8 with a signature."""
    import io

    from assistant.exporting.escaping import csv_cell

    written = io.StringIO()
    csv.writer(written).writerows([[csv_cell(cell) for cell in row] for row in rows])
    return written.getvalue().encode("utf-8-sig", "replace")


def _rows_of(file: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV by column, whichever of comma, semicolon and tab parts its cells.

    Raises `InvalidCall` for a file that cannot be read as such, or has no column id.
    """
    try:
        content = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidCall(f"cannot read {str(file)!r}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidCall(f"{str(file)!r} is not UTF-8: save it as “CSV UTF-8”") from error
    first = content.partition("\n")[0]
    try:
        rows = list(csv.reader(content.splitlines(keepends=True), delimiter=max(",;\t", key=first.count)))
    except csv.Error as error:
        raise InvalidCall(f"{str(file)!r} is no CSV: {error}") from error
    header = [column.strip() for column in rows[0]] if rows else []
    if "id" not in header or len(set(header)) < len(header):
        raise InvalidCall(f"{str(file)!r} needs a header with a column id, and each column once")
    for row in rows[1:]:
        yield {column: _plain(cell) for column, cell in zip(header, row, strict=False) if column}


def _plain(cell: str) -> str:
    """A cell as it was before it was made safe for spreadsheets."""
    from assistant.exporting.escaping import csv_cell

    return cell[1:] if cell.startswith("'") and csv_cell(cell[1:]) == cell else cell


def _print_rows(reports: "list[RowReport]", num_embedded: int, *, as_json: bool) -> None:
    if as_json:
        rows: list[dict[str, Any]] = [asdict(report) for report in reports]
        print_json({"rows": rows, "num_embedded": num_embedded})
        return
    for report in reports:
        if report.status != "unchanged":
            said = report.reason or ", ".join([*report.changes, *report.changes.get("metadata", {})])
            print(f"{report.status:9}  line {report.line}  {printable(report.id)}  {printable(said)}")
    counts = {status: sum(r.status == status for r in reports) for status in ("changed", "unchanged", "refused")}
    print("  ".join(f"{count} {status}" for status, count in counts.items() if count) or "no rows")
