"""How an answer came about, as HTML: every candidate with its scores and the stage that dropped it, the sentences that
were weighed, what was written and dropped, the time taken, and what an LLM was asked, word for word.

It shows what the trace of a turn holds and computes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answer import Answer
from assistant.ui.rendering import escape, line
from assistant.ui.wording import Language, text

NUM_SHOWN = 10
"""So many rows of a table are shown at once, the others when they are asked for."""
MAX_SNIPPET_CHARS = 240
_WIDE = 4
"""A table of so many columns is scrolled on a narrow screen, rather than squeezed."""

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table's caption and columns, and which of these (from 0) hold numbers."""

    caption: str
    columns: Sequence[str]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _View:
    answer: Answer
    language: Language

    def say(self, key: str, **values: object) -> str:
        """The words under a key, escaped."""
        return line(text(f"xray.{key}", self.language, **values))

    def part(self, key: str) -> Any:
        """A part of the trace; an empty list where it was not kept."""
        return self.answer.trace.get(key) or []


def xray_html(answer: Answer, language: Language = "en") -> str:
    """The whole view of one answer, in the order in which it came about."""
    view = _View(answer, language)
    parts = [
        _section(view, "question", _understanding(view)),
        _section(view, "timings", _timings(view)),
        _section(view, "found", _candidates(view)),
        _section(view, "evidence", _evidence(view)),
        _section(view, "claims", _claims(view)),
        _section(view, "llm", _requests(view)),
    ]
    return f'<div class="xray" tabindex="-1">{"".join(parts)}</div>'


def empty_html(language: Language) -> str:
    """The view of a conversation without a turn."""
    return f'<p class="xray">{line(text("xray.none", language))}</p>'


def _section(view: _View, key: str, content: str) -> str:
    return f"<section><h3>{view.say(key)}</h3>{content or _nothing(view)}</section>"


def _nothing(view: _View) -> str:
    return f"<p>{view.say('nothing')}</p>"


def _understanding(view: _View) -> str:
    answer = view.answer
    refusal = f"{answer.refusal.kind}: {answer.refusal.message}" if answer.refusal else ""
    facts = [
        ("asked", answer.question),
        ("understood", answer.standalone_question),
        ("kind", str(answer.trace.get("kind") or text("xray.not_kept", view.language))),
        ("writer", answer.writer),
        ("refusal", refusal),
        ("notes", "; ".join(answer.notes)),
    ]
    return f"<dl>{''.join(f'<dt>{view.say(key)}</dt><dd>{line(value)}</dd>' for key, value in facts if value)}</dl>"


def _timings(view: _View) -> str:
    timings = view.answer.timings_ms
    longest = max(timings.values(), default=0.0) or 1.0
    rows = [(line(stage), _number(value, 1), _bar(value / longest)) for stage, value in timings.items()]
    columns = (view.say("step"), view.say("milliseconds"), "")
    return _table(view, Table(view.say("timings_caption"), columns, frozenset({1})), rows)


def _bar(share: float) -> str:
    """A bar as long as the share of the longest one; the number beside it says the same to a screen reader."""
    return f'<span class="bar" aria-hidden="true" style="inline-size: {100 * min(max(share, 0.0), 1.0):.1f}%"></span>'


def _candidates(view: _View) -> str:
    hits, dropped = view.part("hits"), view.part("dropped")
    columns = ["rank", "document", "passage", "score", "dense", "lexical", "rerank"]
    read = Table(view.say("hits", number=len(hits)), [view.say(key) for key in columns], frozenset({0, 3, 4, 5, 6}))
    left = Table(
        view.say("dropped", number=len(dropped)),
        [view.say(key) for key in (*columns[1:], "stage")],
        frozenset({2, 3, 4, 5}),
    )
    rows = [(str(rank), *_hit(hit)) for rank, hit in enumerate(hits, start=1)]
    left_rows = [(*_hit(hit), line(str(hit.get("dropped") or ""))) for hit in dropped]
    return _table(view, read, rows) + _table(view, left, left_rows)


def _hit(hit: Mapping[str, Any]) -> Row:
    passage = hit["passage"]
    scores = [_number(hit.get(name), 3) for name in ("score", "dense", "lexical", "rerank")]
    where = passage.get("heading") or ""
    shown = f"{f'<em>{line(where)}</em> ' if where else ''}{_snippet(passage['text'])}"
    return (line(passage.get("title") or passage["document_id"]), shown, *scores)


def _evidence(view: _View) -> str:
    passages = [hit["passage"] for hit in (*view.part("hits"), *view.part("dropped"))]
    cited = {(one.document_id, one.start, one.end): one for one in view.answer.citations}
    rows = []
    for item in view.part("evidence"):
        fate = str(item.get("dropped") or text("xray.shown", view.language))
        one = cited.get((item["document_id"], item["start"], item["end"]))
        sentence, title = (one.quote, one.title) if one else _sentence(item, passages)
        rows.append((line(title), _snippet(sentence), _number(item["probability"], 3), line(fate)))
    columns = [view.say(key) for key in ("document", "sentence", "probability", "fate")]
    return _table(view, Table(view.say("evidence_caption", number=len(rows)), columns, frozenset({2})), rows)


def _sentence(item: Mapping[str, Any], passages: Iterable[Mapping[str, Any]]) -> tuple[str, str]:
    """The words of a weighed sentence and its document's title, from the passage that holds it; else its place."""
    for passage in passages:
        within = passage["start"] <= item["start"] and item["end"] <= passage["end"]
        if within and passage["document_id"] == item["document_id"]:
            words = passage["text"][item["start"] - passage["start"] : item["end"] - passage["start"]]
            return words, passage.get("title") or passage["document_id"]
    return f"{item['start']}–{item['end']}", item["document_id"]


def _claims(view: _View) -> str:
    rows = [
        (line(claim["text"]), line(claim["reason"]), _number(claim["support"], 2))
        for claim in view.part("dropped_claims")
    ]
    columns = [view.say(key) for key in ("sentence", "reason", "support")]
    return _table(view, Table(view.say("claims_caption", number=len(rows)), columns, frozenset({2})), rows)


def _requests(view: _View) -> str:
    requests = view.part("llm")
    if not requests:
        return f"<p>{view.say('llm_none')}</p>"
    return "".join(_request(view, number, request) for number, request in enumerate(requests, start=1))


def _request(view: _View, number: int, request: Mapping[str, Any]) -> str:
    """One request as it was sent, and what came back."""
    usage, prompt = request.get("usage"), request.get("prompt") or {}
    seconds = f"{float(request.get('seconds') or 0.0):.1f}"
    title = text(
        "xray.request",
        view.language,
        number=number,
        task=request.get("task", ""),
        model=request.get("model", ""),
        seconds=seconds,
    )
    facts = [("failure", request.get("failure")), ("ending", request.get("ending"))]
    facts.append(("notes", "; ".join(request.get("notes") or ())))
    told = [f"<p>{view.say(key)}: {line(str(value))}</p>" for key, value in facts if value]
    if usage:
        tokens = view.say("tokens", prompt=usage["prompt_tokens"], completion=usage["completion_tokens"])
        told.append(f"<p>{tokens}</p>")
    said = (("system", prompt.get("system")), ("user", prompt.get("user")), ("reply", request.get("output")))
    texts = [
        f'<h4>{view.say(key)}</h4><div class="verbatim">{escape(str(words))}</div>' for key, words in said if words
    ]
    return f"<details><summary>{line(title)}</summary>{''.join([*told, *texts])}</details>"


def _table(view: _View, table: Table, rows: Sequence[Row]) -> str:
    """A table of cells that are HTML already; rows past the first ten are folded away. Nothing without rows."""
    if not rows:
        return ""
    shown = _rows_html(table, rows[:NUM_SHOWN], f"<caption>{table.caption}</caption>")
    if len(rows) <= NUM_SHOWN:
        return shown
    more = view.say("more", number=len(rows) - NUM_SHOWN)
    return f"{shown}<details><summary>{more}</summary>{_rows_html(table, rows[NUM_SHOWN:], '')}</details>"


def _rows_html(table: Table, rows: Sequence[Row], caption: str) -> str:
    head = "".join(
        f'<th scope="col"{_aligned(table, i)}>{name}</th>' if name else "<td></td>"
        for i, name in enumerate(table.columns)
    )
    body = "".join(
        f"<tr>{''.join(f'<td{_aligned(table, i)}>{cell}</td>' for i, cell in enumerate(row))}</tr>" for row in rows
    )
    wide = ' class="wide"' if len(table.columns) >= _WIDE else ""
    return (
        f'<div class="table" tabindex="0"><table{wide}>{caption}<thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _aligned(table: Table, column: int) -> str:
    return ' class="number"' if column in table.numbers else ""


def _snippet(string: str) -> str:
    """The beginning of a text on one line."""
    words = " ".join(string[: 4 * MAX_SNIPPET_CHARS].split())
    return escape(words if len(words) <= MAX_SNIPPET_CHARS else f"{words[:MAX_SNIPPET_CHARS]}…")


def _number(value: Any, digits: int) -> str:
    """A number to so many places; a dash where there is none."""
    return escape(f"{float(value):,.{digits}f}") if isinstance(value, int | float) else "–"
