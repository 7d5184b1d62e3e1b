"""The command compare: the same questions put to several documents."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.context import opened_home
from assistant.cli.exporting import AsFormat, Output, format_for, write_result
from assistant.errors import InvalidCall


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command("compare")(compare)


def compare(
    document: Annotated[
        list[str] | None, typer.Option("--document", help="This document; may be repeated. All, without it.")
    ] = None,
    question: Annotated[list[str] | None, typer.Option("--question", help="A question; may be repeated.")] = None,
    questions: Annotated[Path | None, typer.Option(help="A file with a question on each line; - for stdin.")] = None,
    format: AsFormat = None,
    output: Output = None,
) -> None:
    """Put the same questions to several documents, each read alone: a row a document, a column a question.

    A cell quotes the document, with a citation, or is silent and says what was searched for. A CSV has a row for each
    cell; one that a spreadsheet would take for a formula begins with an apostrophe.

    \b
    Examples:
      communique compare --question "Who signed it?" --question "How much money is there?"
      communique compare --document g7-2021 --document g7-2023 --questions asked.txt --output g7.docx
    """  # noqa: D301  (typer wants the \b itself: it keeps the lines apart)
    asked = [*(question or []), *(_lines(questions) if questions else [])]
    if not asked:
        raise InvalidCall("nothing to compare: give --question, or --questions FILE with a question on each line")
    chosen = format_for(format, output)
    with opened_home() as home:
        from assistant.comparing import compare as compare_documents
        from assistant.exporting.rendering import matrix_bytes

        document_ids = document or [summary.id for summary in home.catalogue.summaries()]
        if not document_ids:
            raise InvalidCall("there are no documents to compare: add some with `communique add PATH`")
        matrix = compare_documents(home.sources, document_ids, asked, progress=_bar)
    write_result(matrix_bytes(matrix, chosen), output)


def _lines(path: Path) -> list[str]:
    """The questions of a file; empty lines are none."""
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise InvalidCall(f"cannot read {str(path)!r}: {error.strerror}") from error
    lines = content.decode("utf-8-sig", "surrogateescape").splitlines()
    return [line for line in lines if line.strip()]


def _bar(pairs: Sequence[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """The pairs one by one, with a bar on stderr."""
    from tqdm import tqdm

    return tqdm(pairs, unit="cell", disable=not sys.stderr.isatty(), file=sys.stderr)
