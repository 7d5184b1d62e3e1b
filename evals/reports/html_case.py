"""One case as HTML: what was asked, answered and cited, what was wanted, how it was scored, and how it came about."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from assistant.answer import Answer
from assistant.exporting.escaping import visible
from evals.comparing.run_comparison import Change, direction
from evals.reports.html_parts import badge, cited, table, text
from evals.reports.reporting import number
from evals.runs.results import Result, failing

_SHOWN_ROWS = 8


def case_html(result: Result) -> str:
    """A case, folded; what it shows when it is opened needs nothing from outside."""
    states = states_of(result)
    kind, name = _badge(result)
    return (
        f"{_opening(result, states)}<summary>{badge(name, kind)} <bdi>{text(result.case.question)}</bdi> "
        f'<span class="id">{text(result.case.id)}</span> {_tags(result)}</summary><div>'
        f"{_history(result)}{answer_html(result)}{_wanted(result)}{_scores(result)}{_trace(result)}</div></details>"
    )


def change_html(change: Change) -> str:
    """A case in two runs, both answers side by side."""
    kind = "worse" if change.gain < 0 else "better" if change.gain > 0 else "refused"
    name = {"worse": "worse", "better": "better", "refused": "other words"}[kind]
    rows = [
        (
            text(measure),
            _value(before),
            _value(after),
            badge("worse", "worse") if _is_worse(measure, before, after) else "",
        )
        for measure, (before, after) in change.scores.items()
    ]
    scores = table("Scores that changed", ["measure", "#before", "#after", ""], rows) if rows else ""
    return (
        f"{_opening(change.after, [name.replace(' ', '-'), *states_of(change.after)])}<summary>{badge(name, kind)} "
        f'<bdi>{text(change.after.case.question)}</bdi> <span class="id">{text(change.case_id)}</span> '
        f"{_tags(change.after)}</summary><div>{_history(change.after)}"
        f'<div class="sides"><section><h3>Before</h3>{answer_html(change.before)}</section>'
        f"<section><h3>After</h3>{answer_html(change.after)}</section></div>{_wanted(change.after)}{scores}</div></details>"
    )


def answer_html(result: Result) -> str:
    """The answer with its claims and citations, the refusal, or the error."""
    got = result.answer
    if got is None:
        return f'<p class="error">{text(result.error or "no answer")}</p>'
    notes = "".join(f'<p class="soft">note: {text(note)}</p>' for note in got.notes)
    understood = ""
    if got.standalone_question != got.question:
        understood = f'<p class="soft">understood as: <bdi>{text(got.standalone_question)}</bdi></p>'
    if got.refusal:
        said = f'<p class="words">{badge(f"refused: {got.refusal.kind}", "refused")} {text(got.refusal.message)}</p>'
        return understood + notes + said + cited(got.refusal.nearest, nearest=True)
    return understood + notes + _claims(got) + cited(got.citations)


def states_of(result: Result) -> list[str]:
    """What the filter of the page knows a case by."""
    states = ["failing" if failing(result) else "right"]
    states += ["error"] if result.error is not None else []
    states += ["refused"] if result.answer and result.answer.refusal else []
    return states + (["cached"] if result.cached_from else [])


def _opening(result: Result, states: Sequence[str]) -> str:
    tags = escape(json.dumps([visible(tag) for tag in result.case.tags]))
    return f'<details class="case" data-states="{text(" ".join(states))}" data-tags="{tags}">'


def _badge(result: Result) -> tuple[str, str]:
    if result.error is not None:
        return "error", "error"
    return ("failing", "failing") if failing(result) else ("right", "right")


def _tags(result: Result) -> str:
    return " ".join(f'<span class="tag">{text(tag)}</span>' for tag in result.case.tags)


def _history(result: Result) -> str:
    if not result.case.history:
        return ""
    said = "".join(f"<p><b>{text(one.role)}:</b> <bdi>{text(one.content)}</bdi></p>" for one in result.case.history)
    return f"<h4>Before the question</h4>{said}"


def _claims(got: Answer) -> str:
    claims = "".join(
        f'<p class="words">{text(claim.text)} {"".join(f"[{number}]" for number in claim.citations)} '
        f'<span class="soft">{text(claim.verdict)} {claim.support:.2f}</span></p>'
        for claim in got.claims
    )
    return f"<h4>Answer, by {text(got.writer)}</h4>{claims}"


def _wanted(result: Result) -> str:
    reason = failing(result)
    why = f'<p class="failing">{text(reason)}</p>' if reason else ""
    if not result.case.answerable:
        return f"{why}<p>The documents do not answer this.</p>"
    quotes = "".join(f'<blockquote class="wanted">{text(words)}</blockquote>' for words in result.wanted)
    references = "".join(f'<p class="words">{text(words)}</p>' for words in result.case.references)
    named = f"<h4>Right answers</h4>{references}" if references else ""
    return f"{why}{named}<h4>Words that answer</h4>{quotes}"


def _scores(result: Result) -> str:
    rows = [(text(name), number(value)) for name, value in result.values.items()]
    reasons = [(name, score.reason) for name, score in result.scores.items() if score.value is None]
    cached = f'<p class="soft">taken from the run {text(result.cached_from)}</p>' if result.cached_from else ""
    left_out = "; ".join(f"{text(name)}: {text(reason)}" for name, reason in reasons)
    unscored = f'<p class="soft">Not scored: {left_out}</p>' if reasons else ""
    scores = table("Scores", ["measure", "#value"], rows) if rows else ""
    return f"{cached}<details><summary>Scores</summary>{scores}{unscored}</details>"


def _trace(result: Result) -> str:
    got = result.answer
    if got is None:
        return ""
    took = ", ".join(f"{text(stage)} {value:.0f} ms" for stage, value in got.timings_ms.items())
    evidence = table(
        "Evidence, most probable first",
        ["place", "sentence", "#probability", "left out"],
        [
            (_place(row), text(row.get("text", "")), f"{row['probability']:.3f}", text(row["dropped"] or ""))
            for row in list(got.trace.get("evidence", ()))[:_SHOWN_ROWS]
        ],
    )
    hits = table(
        "Passages found, in order",
        ["passage", "#score", "#dense", "#full text"],
        [_hit(hit) for hit in list(got.trace.get("hits", ()))[:_SHOWN_ROWS]],
    )
    asked = "".join(_request(request) for request in got.trace.get("llm", ()))
    return (
        f"<details><summary>How it came about: {text(str(got.trace.get('kind', '')))}, {took}</summary>"
        f"{evidence}{hits}{asked}</details>"
    )


def _hit(hit: Mapping[str, Any]) -> list[str]:
    scores = ["" if hit[name] is None else f"{hit[name]:.3f}" for name in ("score", "dense", "lexical")]
    return [_place(hit["passage"]), *scores]


def _place(row: Mapping[str, Any]) -> str:
    return f'<span class="id"><bdi>{text(row["document_id"])}</bdi> {row["start"]}–{row["end"]}</span>'


def _request(request: Mapping[str, Any]) -> str:
    asked = json.dumps(request.get("prompt"), ensure_ascii=False, indent=1)
    said = f"{request.get('output', '')}\n{request.get('failure', '')}".strip()
    title = f"{request.get('task', '')}, {request.get('model', '')}, {request.get('seconds', 0):.1f} s"
    return f"<details><summary>LLM: {text(title)}</summary><pre>{text(asked)}</pre><pre>{text(said)}</pre></details>"


def _value(value: float | None) -> str:
    return "unscored" if value is None else number(value)


def _is_worse(measure: str, before: float | None, after: float | None) -> bool:
    return before is not None and after is not None and (after - before) * direction(measure) < 0
