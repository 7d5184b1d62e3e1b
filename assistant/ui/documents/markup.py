"""The Documents tab's progress, reports, list and documents as HTML, as strings: everything from documents and file
names is escaped.

Nothing here knows Gradio, and nothing is looked up: what is shown is given.
"""

from collections import Counter
from collections.abc import Sequence

from assistant.ui.documents.adding import Row
from assistant.ui.documents.job import Progress
from assistant.ui.documents.listed import Listing, View, kind_of
from assistant.ui.rendering import escape
from assistant.ui.wording import Language, text
from corpus.catalogue import Summary
from corpus.document import NUMBERED_PARAGRAPH, Document
from index.health import Health

PART_CHARS = 50_000
"""So much of a document is shown at once."""
MAX_TITLES = 10
MAX_REMARKS = 20
_STATUSES = ("refused", "added", "updated", "unchanged")
_SHAPES = {"added": "＋", "updated": "↻", "unchanged": "=", "refused": "✕"}
_COLUMNS = ("title", "kind", "published", "language", "num_passages", "source")


def adding_html(progress: Progress, language: Language) -> str:
    """How far the adding of files is: the file at hand, how many are done, and the passages embedded so far."""
    parts = [_text("starting", language)]
    if progress.current:
        parts = [_text("reading", language, number=progress.number, total=progress.total, name=progress.current)]
        parts.append(_text("added_progress", language, done=progress.num_done, total=progress.total))
        parts.append(_text("embedded", language, count=progress.num_passages))
    return _progress(progress, parts, language)


def mending_html(progress: Progress, language: Language) -> str:
    """How far the mending of the index is."""
    parts = [_text("mending", language)]
    if progress.current:
        parts = [
            _text("mending_progress", language, number=progress.number, total=progress.total, name=progress.current)
        ]
    return _progress(progress, parts, language)


def waiting_html(progress: Progress, language: Language) -> str:
    """That somebody else is writing, while that is so."""
    return _notice(_text("waiting", language)) if progress.waiting else ""


def report_html(rows: Sequence[Row], progress: Progress, language: Language) -> str:
    """What became of each file: refused ones first, then those with warnings, then the others in their order."""
    if not rows and not progress.ended:
        return ""
    counts = Counter(row.report.status for row in rows)
    counted = [
        f'<span class="outcome {status}">{_SHAPES[status]} {counts[status]} {_text(status, language)}</span>'
        for status in _STATUSES
        if counts[status]
    ]
    ordered = sorted(rows, key=lambda row: (row.report.status != "refused", not row.report.warnings))
    pages = any(row.num_pages for row in rows)
    names = ["file", "outcome", *(["pages"] if pages else []), "passages", "remarks"]
    head = "".join(f'<th scope="col">{_text(name, language)}</th>' for name in names)
    body = "".join(_report_row(row, language, pages=pages) for row in ordered)
    table = (
        f'<div class="documents-scroll" role="region" tabindex="0" aria-label="{_text("report", language)}">'
        f'<table class="documents-report"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )
    return _verdict(progress, language) + f'<p class="outcomes">{" ".join(counted)}</p>' + (table if rows else "")


def mended_html(state: Health | None, num_made: int, progress: Progress, language: Language) -> str:
    """What the mending of the index came to."""
    if progress.fault is not None:
        return _notice(_text("report_fault", language, fault=progress.fault))
    if state is None:
        return _notice(_text("mend_stopped", language))
    counted = _text("mend_done", language, documents=state.num_documents, passages=state.num_passages, made=num_made)
    if not state.problems:
        return _notice(f"{_text('mend_whole', language)} {counted}")
    problems = "".join(f"<li>{escape(problem)}</li>" for problem in state.problems)
    return _notice(f"{_text('mend_problems', language)}<ul>{problems}</ul>{counted}")


def list_html(listed: Listing, view: View, language: Language, *, epoch: int) -> str:
    """A page of the list as a table, whose headings sort it. A new `epoch` forgets what was selected."""
    if not listed.rows:
        key = "no_match" if listed.num_documents else "empty"
        return f'<div data-epoch="{epoch}">{_notice(_text(key, language, total=listed.num_documents))}</div>'
    head = "".join(_heading(column, view, language) for column in _COLUMNS)
    select_all = f'<input type="checkbox" data-all aria-label="{_text("select_all", language)}">'
    body = "".join(_list_row(summary, language) for summary in listed.rows)
    return (
        f'<div data-epoch="{epoch}"><p class="documents-counts" role="status">{_counts(listed, language)}</p>'
        f'<div class="documents-scroll" role="region" tabindex="0" aria-label="{_text("list", language)}">'
        f'<table class="documents-list"><thead><tr><th class="select">{select_all}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div></div>"
    )


def removal_html(titles: Sequence[str], language: Language) -> str:
    """The question before documents are removed, with their titles."""
    shown = [f"<li>{escape(title)}</li>" for title in titles[:MAX_TITLES]]
    if len(titles) > MAX_TITLES:
        shown.append(f"<li>{_text('more_titles', language, count=len(titles) - MAX_TITLES)}</li>")
    return (
        f'<div class="documents-removal" role="alert"><strong>{_text("removal", language)}</strong>'
        f"<ul>{''.join(shown)}</ul><p>{_text('removal_info', language)}</p></div>"
    )


def removed_html(num_removed: int, progress: Progress, language: Language) -> str:
    """What the removal came to."""
    if progress.fault is not None:
        return _notice(_text("report_fault", language, fault=progress.fault))
    if progress.stopped:
        return _notice(_text("removal_stopped", language))
    return _notice(_text("removed", language, count=num_removed))


def document_html(document: Document, part: int, language: Language) -> str:
    """A part of a document's text, counted from 0, verbatim, its headings set off, below what is known of it."""
    start, end = part * PART_CHARS, min((part + 1) * PART_CHARS, len(document.text))
    details = [
        document.published,
        kind_of(document.source),
        document.language,
        text("documents.characters", language, count=f"{len(document.text):,}"),
        document.source,
        document.id,
    ]
    parts = num_parts(document)
    place = f'<p class="details">{_text("part", language, part=part + 1, parts=parts)}</p>' if parts > 1 else ""
    return (
        f'<article class="documents-text"><h2 tabindex="-1">{escape(document.title)}</h2>'
        f'<p class="details">{escape(" · ".join(detail for detail in details if detail))}</p>{place}'
        f'<div class="text" lang="{escape(document.language)}">{_with_headings(document, start, end)}</div></article>'
    )


def gone_html(language: Language) -> str:
    """What is shown in the place of a document that somebody removed."""
    return _notice(_text("gone", language))


def num_parts(document: Document) -> int:
    """How many parts a document is shown in."""
    return max(1, -(-len(document.text) // PART_CHARS))


def _text(key: str, language: Language, **values: object) -> str:
    """The wording with escaped values, which is then HTML."""
    return text(f"documents.{key}", language, **{name: escape(str(value)) for name, value in values.items()})


def _notice(markup: str) -> str:
    return f'<div class="documents-notice" role="status">{markup}</div>'


def _progress(progress: Progress, parts: Sequence[str], language: Language) -> str:
    waiting = f'<p class="waiting" role="status">{_text("waiting", language)}</p>' if progress.waiting else ""
    return (
        f'<div class="documents-progress"><progress max="1000" value="{round(1000 * progress.share)}" '
        f'aria-label="{_text("progress", language)}"></progress>'
        f"<p>{' <span aria-hidden=true>·</span> '.join(f'<span>{part}</span>' for part in parts)}</p>{waiting}</div>"
    )


def _verdict(progress: Progress, language: Language) -> str:
    """What is said above a report: nothing while there is more to come."""
    if not progress.ended:
        return ""
    if progress.fault is not None:
        return _notice(_text("report_fault", language, fault=progress.fault))
    if progress.stopped:
        return _notice(_text("report_stopped", language, done=progress.num_done, total=progress.total))
    return _notice(_text("report_done", language))


def _report_row(row: Row, language: Language, *, pages: bool) -> str:
    report = row.report
    remarks = [report.reason] if report.reason else []
    if len(report.document_ids) > 1:
        remarks.append(text("documents.num_documents", language, count=len(report.document_ids)))
    remarks += report.warnings[:MAX_REMARKS]
    if len(report.warnings) > MAX_REMARKS:
        remarks.append(text("documents.more_remarks", language, count=len(report.warnings) - MAX_REMARKS))
    numbers = [row.num_pages, row.num_passages] if pages else [row.num_passages]
    cells = "".join(f'<td class="number">{"" if number is None else f"{number:,}"}</td>' for number in numbers)
    return (
        f'<tr><th scope="row" class="name">{escape(report.path)}</th>'
        f'<td><span class="outcome {report.status}">{_SHAPES[report.status]} {_text(report.status, language)}</span>'
        f'</td>{cells}<td class="remarks">{"<br>".join(escape(remark) for remark in remarks)}</td></tr>'
    )


def _counts(listed: Listing, language: Language) -> str:
    counts = _text("total", language, total=listed.num_documents)
    if listed.num_matching != listed.num_documents:
        counts = _text("matching", language, matching=listed.num_matching, total=listed.num_documents)
    if listed.num_pages > 1:
        counts += f" · {_text('page', language, page=listed.page + 1, pages=listed.num_pages)}"
    return counts


def _heading(column: str, view: View, language: Language) -> str:
    order, arrow = "none", ""
    if view.column == column:
        order, arrow = ("descending", "▼") if view.descending else ("ascending", "▲")
    return (
        f'<th scope="col" class="{column}" aria-sort="{order}"><button type="button" data-sort="{column}">'
        f'{_text(column, language)}<span class="arrow" aria-hidden="true">{arrow}</span></button></th>'
    )


def _list_row(summary: Summary, language: Language) -> str:
    id_ = escape(summary.id)
    title = summary.title.strip() or summary.id
    return (
        f'<tr><td class="select"><input type="checkbox" data-id="{id_}" '
        f'aria-label="{_text("select", language, title=title)}"></td>'
        f'<th scope="row" class="title"><button type="button" data-show="{id_}" '
        f'title="{_text("show", language, title=title)}">{escape(title)}</button></th>'
        f'<td class="kind">{escape(kind_of(summary.source))}</td>'
        f'<td class="published">{escape(summary.published or "")}</td>'
        f'<td class="language">{escape(summary.language)}</td>'
        f'<td class="num_passages number">{summary.num_passages:,}</td>'
        f'<td class="source">{escape(summary.source)}</td></tr>'
    )


def _with_headings(document: Document, start: int, end: int) -> str:
    """`document.text[start:end]` escaped, with an element around each heading that is whole in it."""
    pieces = []
    position = start
    for section in document.sections:
        last = section.start + len(section.heading)
        if section.start < position or last > end or section.level >= NUMBERED_PARAGRAPH:
            continue
        if document.text.startswith(section.heading, section.start) and section.heading:
            pieces.append(escape(document.text[position : section.start]))
            pieces.append(f'<strong class="heading">{escape(section.heading)}</strong>')
            position = last
    return "".join([*pieces, escape(document.text[position:end])])
