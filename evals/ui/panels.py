"""What the Evaluate tab shows, as HTML: a line of state, progress with figures, runs, kept turns, remarks on a suite.

Everything that comes from a suite, a model or a reader is escaped here. Nothing here asks or computes.
"""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from assistant.settings import LLM_NONE
from assistant.ui.rendering import escape
from assistant.ui.wording import Language, text
from evals.cases.finding import ERROR, Finding
from evals.reports.figures import Row
from evals.reports.plots import interval_bar
from evals.reports.reporting import number
from evals.runs.kept_runs import Run
from evals.ui.active_run import Phase, Watched
from evals.ui.kept_turns import KeptTurn

_MAX_FINDINGS = 200
_MAX_TURNS = 100
_MAX_REMARK_CHARS = 2_000
_NAME_CHARS = 80


def line_html(words: str, *, is_problem: bool = False) -> str:
    """A line about what is going on, read out by screen readers as it changes."""
    role, name = ("alert", "line problem") if is_problem else ("status", "line")
    return f'<p role="{role}" class="{name}">{escape(words[:_MAX_REMARK_CHARS])}</p>'


def state_html(seen: Watched, language: Language) -> str:
    """How far the run is, in a line; empty where there was none."""
    if seen.phase is Phase.NONE:
        return ""
    values = {"suite": seen.suite[:_NAME_CHARS], "done": seen.done, "total": seen.total, "reason": seen.error}
    return line_html(text(f"evaluate.{seen.phase.value}", language, **values), is_problem=seen.phase is Phase.FAILED)


def progress_html(seen: Watched, rows: Mapping[str, Row], language: Language) -> str:
    """The bar of a run that is on, and its figures so far; empty where none is on."""
    if not seen.is_on:
        return ""
    value = f' value="{seen.done}" max="{seen.total}"' if seen.total else ""
    bar = f'<progress aria-label="{_say("progress", language)}"{value}></progress>'
    return bar + (figures_html(rows, language) if rows else "")


def figures_html(rows: Mapping[str, Row], language: Language) -> str:
    """A row a measure: its mean, its interval in words and as a bar, the number of cases."""
    lines = []
    for name, row in rows.items():
        is_share = row["low"] >= 0 and row["high"] <= 1
        bar = interval_bar(row["mean"], row["low"], row["high"]) if is_share else ""
        bounds = f"{number(row['low'])} – {number(row['high'])}"
        lines.append((escape(name), number(row["mean"]), bounds, bar, str(row["num_cases"])))
    head = [("measure", ""), ("mean", "number"), ("interval", "number"), ("scale", "bar"), ("cases", "number")]
    return _table(_say("so_far", language), head, lines, language)


def runs_html(runs: Sequence[Run], language: Language, *, opened: str | None = None) -> str:
    """The runs, each with a button that opens its report."""
    if not runs:
        return f'<p class="soft">{_say("no_runs", language)}</p>'
    lines = [
        (
            f'<span class="when">{_when(run)}</span>',
            f"<bdi>{escape(run.suite[:_NAME_CHARS])}</bdi>",
            escape(_cases(run, language)),
            f"<bdi>{escape(writer_of(run, language))}</bdi>",
            _report_button(run, language, is_open=run.id == opened),
        )
        for run in runs
    ]
    head = [("started", ""), ("run_suite", ""), ("cases", ""), ("writer", ""), ("report", "")]
    return _table(_say("runs", language), head, lines, language, scrolls=True)


def run_label(run: Run, language: Language) -> str:
    """A run on one line, for a choice; plain text."""
    return " · ".join((_when(run), _cases(run, language), writer_of(run, language), run.id[-4:]))


def writer_of(run: Run, language: Language) -> str:
    """Who wrote the answers of a run."""
    llm = str(run.record.get("settings", {}).get("llm") or LLM_NONE)
    return text("evaluate.quoting", language) if llm == LLM_NONE else llm[:_NAME_CHARS]


def findings_html(findings: Sequence[Finding], name: str, language: Language) -> str:
    """What is to be said about a suite, the first 200 remarks."""
    num_errors = sum(finding.level == ERROR for finding in findings)
    if not findings:
        return line_html(text("evaluate.clean", language, suite=name))
    counts = {"errors": num_errors, "warnings": len(findings) - num_errors}
    said = line_html(text("evaluate.findings", language, suite=name, **counts), is_problem=bool(num_errors))
    lines = [
        (
            str(finding.line or "—"),
            f'<span class="{finding.level}">{_say(finding.level, language)}</span>',
            f'<span class="words">{escape(finding.message[:_MAX_REMARK_CHARS])}</span>',
        )
        for finding in findings[:_MAX_FINDINGS]
    ]
    left = len(findings) - len(lines)
    more = f'<p class="soft">{escape(text("evaluate.more_findings", language, count=left))}</p>' if left else ""
    head = [("line", "number"), ("level", ""), ("remark", "")]
    return said + _table(_say("remark", language), head, lines, language, scrolls=True) + more


def kept_html(turns: Sequence[KeptTurn], language: Language, *, home: Path, with_words: bool) -> str:
    """How many turns were kept and rated, the command that runs them, and with their words the latest of them."""
    if not turns:
        return f'<p class="soft">{_say("kept_none", language)}</p>'
    ratings = [turn.rating for turn in turns]
    counts = {"up": ratings.count("up"), "down": ratings.count("down"), "drafts": sum(turn.is_draft for turn in turns)}
    counts["plain"] = len(turns) - counts["up"] - counts["down"]
    said = text("evaluate.kept_counts", language, total=len(turns), **counts)
    parts = [f"<p>{escape(said)}</p>"]
    if counts["drafts"]:
        parts.append(f'<p class="soft">{_say("kept_drafts", language)}</p>')
    if not with_words:
        return "".join([*parts, f'<p class="soft">{_say("kept_elsewhere", language)}</p>'])
    start = f"communique --home {shlex.quote(str(home))} eval"
    commands = escape(f"{start} run kept\n{start} cases kept > my-suite.jsonl")
    parts.append(f'<p class="soft">{_say("kept_command", language)}</p><pre tabindex="0">{commands}</pre>')
    lines = [_turn(turn, language) for turn in turns[:_MAX_TURNS]]
    head = [("question", ""), ("rating", ""), ("reason", ""), ("state", "")]
    return "".join([*parts, _table(_say("kept_caption", language), head, lines, language, scrolls=True)])


def frame_html(title: str, page: str) -> str:
    """A report within the page, in a frame that cannot reach it: it has an origin of its own, and its own policy."""
    return (
        f'<iframe sandbox="allow-scripts" referrerpolicy="no-referrer" title="{escape(title)}" '
        f'srcdoc="{escape(page)}"></iframe>'
    )


def _turn(turn: KeptTurn, language: Language) -> tuple[str, ...]:
    return (
        f'<bdi class="words">{escape(turn.question[:_MAX_REMARK_CHARS])}</bdi>',
        _say(turn.rating if turn.rating in ("up", "down") else "plain", language),
        f'<bdi class="words">{escape(turn.reason[:_MAX_REMARK_CHARS])}</bdi>',
        _say("draft" if turn.is_draft else "case", language),
    )


def _report_button(run: Run, language: Language, *, is_open: bool) -> str:
    name = escape(text("evaluate.show_report_of", language, run=run.id))
    current = ' aria-current="true"' if is_open else ""
    return (
        f'<button type="button" data-run="{escape(run.id)}" aria-label="{name}"{current}>'
        f"{_say('show_report', language)}</button>"
    )


def _cases(run: Run, language: Language) -> str:
    if run.finished_at:
        return str(run.num_cases)
    return text("evaluate.unfinished", language, done=run.num_done, total=run.num_cases)


def _when(run: Run) -> str:
    return escape(run.started_at[:16].replace("T", " "))


def _say(key: str, language: Language) -> str:
    return escape(text(f"evaluate.{key}", language))


def _table(
    caption: str,
    head: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[str]],
    language: Language,
    *,
    scrolls: bool = False,
) -> str:
    """A table of cells that are HTML already; `head` is the key of each column's name, and its class."""
    heads = "".join(f'<th scope="col" class="{name}">{_say(key, language)}</th>' for key, name in head)
    lines = []
    for cells in rows:
        named = zip(cells, head, strict=True)
        inner = "".join(
            f'<td class="{name}" data-head="{_say(key, language)}">{cell}</td>' for cell, (key, name) in named
        )
        lines.append(f"<tr>{inner}</tr>")
    height = " tall" if scrolls else ""
    return (
        f'<div class="table{height}" role="region" aria-label="{caption}" tabindex="0"><table>'
        f"<caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )
