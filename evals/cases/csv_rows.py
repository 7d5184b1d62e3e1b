"""Cases in a table, for people who write them in a spreadsheet: from CSV to the rows of a suite, and back.

Columns, in any order: id, question, answer, document_id, quote; tags and group may be there. A line that has an id that
was there already adds a quote to that case. A case without a quote is one that the documents do not answer. Separators
are commas, semicolons or tabs, as spreadsheets write them in different countries. Whether the quotes are in their
documents is for the linter to say.

No cell of a table that is written here begins with what a spreadsheet takes for a formula; the apostrophe that
prevents it is taken away again in reading.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from assistant.exporting.escaping import csv_cell
from corpus.encodings import decode
from corpus.errors import UnreadableFile
from evals.cases.finding import ERROR, WARNING, Finding
from evals.cases.json_lines import opened
from evals.cases.placing import shown
from evals.errors import InvalidSuite

COLUMNS = ("id", "question", "answer", "document_id", "quote", "group", "tags")
_NEEDED = ("question",)
_SEPARATORS = ",;\t"
_MAX_BYTES = 64 * 1024 * 1024
_TAGS = ";"

Row = dict[str, Any]


def rows_of_csv(path: Path) -> tuple[list[tuple[int, Row]], list[Finding]]:
    """The rows of a suite that a table holds, each with the line that it begins on, and what is wrong with others.

    Raises `InvalidSuite` when the file is no table of cases.
    """
    with opened(path) as file:
        content = file.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise InvalidSuite(f"{path.name} is over the limit of {_MAX_BYTES // 1024**2} MiB: split it")
    try:
        text, warnings = decode(content)
    except UnreadableFile as error:
        raise InvalidSuite(f"{path.name}: {error}") from error
    findings = [Finding(0, WARNING, warning) for warning in warnings]
    rows: dict[str, tuple[int, Row]] = {}
    for line, cells in _lines(path.name, text):
        if isinstance(cells, Finding):
            findings.append(cells)
        elif any(cells.values()):
            problem = _add(rows, cells, line)
            findings += [Finding(line, ERROR, problem)] if problem else []
    if not rows and not findings:
        raise InvalidSuite(f"{path.name} has no cases: write one below the line of column names")
    return list(rows.values()), findings


def csv_of_rows(rows: Iterable[Mapping[str, Any]]) -> str:
    """A table of the rows of a suite that `rows_of_csv` reads: a line for each piece of evidence.

    History, further answers and spans without a quote have no place in a table.
    """
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        for number, piece in enumerate(row.get("evidence") or [{}]):
            first = {
                "question": row["question"],
                "answer": next(iter(row.get("answers") or []), ""),
                "tags": _TAGS.join(row.get("tags") or []),
            }
            cells = {"id": row["id"], **(first if not number else {}), **piece}
            writer.writerow(_safe(str(cells.get(column) or "")) for column in COLUMNS)
    return output.getvalue()


def _lines(name: str, text: str) -> Iterable[tuple[int, dict[str, str] | Finding]]:
    """The cells of each line below the column names, by column. A cell may go over several lines of the file."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        header = [cell.strip().casefold().replace(" ", "_") for cell in next(reader, [])]
        _check_header(name, header)
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
                message = f"{len(cells)} cells under {len(header)} column names: put quotation marks around commas"
                yield line, Finding(line, ERROR, message)
            else:
                yield line, {column: _plain(cell) for column, cell in zip(header, cells, strict=False)}
    except csv.Error as error:
        yield reader.line_num, Finding(reader.line_num, ERROR, f"not CSV ({error}): export the table anew")


def _check_header(name: str, header: list[str]) -> None:
    missing = [column for column in _NEEDED if column not in header]
    if missing:
        found = ", ".join(shown(cell) for cell in header if cell) or "nothing"
        raise InvalidSuite(
            f"{name} has no column {missing[0]!r}: the first line names the columns, such as "
            f"{', '.join(COLUMNS[:5])}; it says {shown(found)}"
        )
    twice = next((column for column in COLUMNS if header.count(column) > 1), None)
    if twice:
        raise InvalidSuite(f"{name} has two columns {twice!r}: keep one")


def _separator(text: str) -> str:
    """What stands between the column names most often."""
    header = text.partition("\n")[0]
    return max(_SEPARATORS, key=header.count)


def _safe(text: str) -> str:
    """A cell that is no formula: an apostrophe goes before what is one, or looks as if it had got one already."""
    cell = csv_cell(text)
    return cell if cell != text or not text.startswith("'") or _plain(text) == text else f"'{text}"


def _plain(cell: str) -> str:
    """The cell as it was before it was made safe for spreadsheets."""
    text = cell.strip()
    rest = text[1:]
    return rest if text.startswith("'") and (rest.startswith("'") or csv_cell(rest) == text) else text


def _add(rows: dict[str, tuple[int, Row]], cells: Mapping[str, str], line: int) -> str:
    """Adds a line's case, or its quote to the case of that id; what is wrong with it, if anything."""
    id_ = cells.get("id") or f"line-{line}"
    document_id, quote = cells.get("document_id", ""), cells.get("quote", "")
    if bool(document_id) != bool(quote):
        return "a quote needs its document_id, and a document_id a quote"
    evidence = {"document_id": document_id, "quote": quote} | ({"group": cells["group"]} if cells.get("group") else {})
    if id_ in rows:
        first, row = rows[id_]
        if cells.get("question") not in (None, "", row["question"]):
            return f"the id {shown(id_)!r} is that of line {first} too, with another question: give it another id"
        if not quote:
            return f"the id {shown(id_)!r} is that of line {first} too: give it another, or a further quote"
        row["evidence"].append(evidence)
        row["answerable"] = True
        return ""
    if not cells.get("question"):
        return "the question is empty: ask something"
    rows[id_] = (
        line,
        {
            "id": id_,
            "question": cells["question"],
            "answers": [cells["answer"]] if cells.get("answer") else [],
            "answerable": bool(quote),
            "evidence": [evidence] if quote else [],
            "tags": [tag.strip() for tag in cells.get("tags", "").split(_TAGS) if tag.strip()],
        },
    )
    return ""
