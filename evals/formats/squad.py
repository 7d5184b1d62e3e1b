"""SQuAD: questions that people wrote about paragraphs of Wikipedia, in its JSON, of version 2.0 or 1.1.

Source: rajpurkar.github.io/SQuAD-explorer, files train-v2.0.json and dev-v2.0.json; CC BY-SA 4.0. Rajpurkar, Jia &
Liang, "Know What You Don't Know: Unanswerable Questions for SQuAD", ACL 2018; Rajpurkar et al., EMNLP 2016.

An article becomes one document, its paragraphs with a blank line between them, so that the paragraph has to be found
first: figures are not those of reading with the paragraph given. The answers of several annotators are alternatives.
Questions about one article are a cluster.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evals.case import Case, Judgement
from evals.cases.json_lines import opened
from evals.errors import InvalidSuite
from evals.formats.format import DocumentRow, Format, beginning, document_row, rows_in

_BETWEEN = "\n\n"


def is_squad(path: Path) -> bool:
    """Whether a file looks like SQuAD's: JSON with "data" that has paragraphs."""
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    start = beginning(path)
    return '"data"' in start and '"paragraphs"' in start


def documents(path: Path) -> Iterator[DocumentRow]:
    """A document for each article, in order."""
    for id_, title, paragraphs in _articles(path):
        row = document_row(id_, title, _BETWEEN.join(paragraph["context"] for paragraph in paragraphs))
        if row:
            yield row


def cases(path: Path) -> Iterator[Case]:
    """A case for each question, in order. An answer that is not where the file says is left out, and a question with
    no other answer with it.
    """
    for id_, _, paragraphs in _articles(path):
        offset = 0
        for paragraph in paragraphs:
            for question in rows_in(paragraph.get("qas")):
                case = _case(question, paragraph["context"], offset, id_)
                if case:
                    yield case
            offset += len(paragraph["context"]) + len(_BETWEEN)


def _articles(path: Path) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Each article's id, title and paragraphs with a context; an id that was used already gets a number."""
    with opened(path) as file:
        try:
            content = json.loads(file.read().decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise InvalidSuite(f"{path.name} is not SQuAD's JSON ({type(error).__name__}): fetch it again") from error
    used: set[str] = set()
    for number, article in enumerate(rows_in(content.get("data") if isinstance(content, dict) else None), start=1):
        paragraphs = [p for p in rows_in(article.get("paragraphs")) if isinstance(p.get("context"), str)]
        title = article["title"] if isinstance(article.get("title"), str) else f"article {number}"
        id_ = f"squad/{title}" if f"squad/{title}" not in used else f"squad/{title} ({number})"
        used.add(id_)
        yield id_, title.replace("_", " "), paragraphs
    if not used:
        raise InvalidSuite(f"{path.name} has no articles under 'data': is it SQuAD's JSON?")


def _case(row: dict[str, Any], context: str, offset: int, document_id: str) -> Case | None:
    if not isinstance(row.get("id"), str | int) or not isinstance(row.get("question"), str):
        return None
    answerable = not row.get("is_impossible", False)
    judgements: dict[Judgement, None] = {}
    texts: dict[str, None] = {}
    for answer in rows_in(row.get("answers")) if answerable else []:
        text, start = answer.get("text"), answer.get("answer_start")
        if isinstance(text, str) and isinstance(start, int) and text and context[start : start + len(text)] == text:
            judgements[Judgement(document_id, offset + start, offset + start + len(text))] = None
            texts[text] = None
    if answerable and not judgements:
        return None
    return Case(
        str(row["id"]), row["question"], (), tuple(judgements), tuple(texts), answerable, (), cluster=document_id
    )


SQUAD = Format("squad", "SQuAD 2.0 or 1.1, a JSON file; CC BY-SA 4.0", is_squad, documents, cases)
