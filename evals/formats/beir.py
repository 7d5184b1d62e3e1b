"""BEIR: a folder with corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv, the form of many retrieval collections.

Source: github.com/beir-cellar/beir, Apache-2.0; each collection has its own licence. Thakur et al., "BEIR: A
Heterogeneous Benchmark for Zero-shot Evaluation of Information Retrieval Models", NeurIPS 2021 (Datasets).

What is judged is a whole document, so a case's judgements are whole documents, any one of which serves: citations are
right when they are of a relevant document. A relevance above 0 counts, its grade does not. The split is the first there
is of test, dev and train. Every question has an answer: nothing can be said about refusals.
"""

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from evals.case import Case, Judgement
from evals.cases.json_lines import opened, public_rows
from evals.errors import InvalidSuite
from evals.formats.format import DocumentRow, Format, document_row

_SPLITS = ("test", "dev", "train")


def is_beir(path: Path) -> bool:
    """Whether a folder is one of BEIR's."""
    return (path / "corpus.jsonl").is_file() and (path / "queries.jsonl").is_file()


def documents(path: Path) -> Iterator[DocumentRow]:
    """The documents of the corpus, in order; those without a text are left out."""
    for row in public_rows(path / "corpus.jsonl"):
        document = document_row(row.get("_id"), row.get("title"), row.get("text"))
        if document:
            yield document


def cases(path: Path) -> Iterator[Case]:
    """A case for each query with a relevant document, in the order of the queries."""
    relevant = _relevant(_qrels(path))
    wanted = {document_id for ids in relevant.values() for document_id in ids}
    lengths = {row["id"]: len(row["text"]) for row in documents(path) if row["id"] in wanted}
    for row in public_rows(path / "queries.jsonl"):
        id_, question = row.get("_id"), row.get("text")
        if not isinstance(id_, str) or not isinstance(question, str) or not question.strip():
            continue
        judged = tuple(Judgement(one, 0, lengths[one]) for one in relevant.get(id_, {}) if one in lengths)
        if judged:
            yield Case(id_, question, (), judged, (), answerable=True)


def _qrels(path: Path) -> Path:
    found = [path / "qrels" / f"{split}.tsv" for split in _SPLITS]
    chosen = next((file for file in found if file.is_file()), None)
    if chosen is None:
        raise InvalidSuite(f"{str(path)!r} has no qrels/test.tsv, qrels/dev.tsv or qrels/train.tsv: nothing is judged")
    return chosen


def _relevant(path: Path) -> dict[str, dict[str, None]]:
    """The ids of the relevant documents by query, in the order of the file, whose first line is a heading."""
    found: dict[str, dict[str, None]] = {}
    number = 1
    with TextIOWrapper(opened(path), encoding="utf-8-sig", newline="") as file:
        try:
            for number, row in enumerate(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
                if number > 1 and row and float(row[2]) > 0:
                    found.setdefault(row[0], {})[row[1]] = None
        except (IndexError, ValueError, csv.Error) as error:
            raise InvalidSuite(
                f"{path.name}, line {number}: not query, document and score with tabs between"
            ) from error
    return found


BEIR = Format("beir", "a BEIR folder; each collection has its own licence", is_beir, documents, cases)
