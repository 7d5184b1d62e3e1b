"""The words that Markdown and DOCX share: how a turn, a claim and the place of a citation read.

All of it is plain text, which the format has yet to escape.
"""

from assistant.answer import Citation, Claim, Refusal
from assistant.comparing import Matrix
from assistant.conversation import Conversation, Turn
from assistant.exporting.pack import Version

DOCUMENT_COLUMNS = ("Document", "Published", "Source", "sha256", "State")
QUESTION_CHARS = 120
"""A longer question is shortened where it is a heading, and given in full below it."""

_SINCE = {
    "current": "",
    "changed": "The document has changed since: these are its words as they were cited.",
    "removed": "The document was removed since: these are its words as they were cited.",
}
_VERDICTS = {"partly": "partly supported"}


def span_of(conversation: Conversation) -> str:
    """When a conversation took place and how long it is."""
    turns = "1 turn" if conversation.num_turns == 1 else f"{conversation.num_turns} turns"
    return (
        f"Conversation {conversation.id}, {turns}, {minute(conversation.started_at)} to "
        f"{minute(conversation.updated_at)}."
    )


def heading_of(turn: Turn) -> str:
    """The question on one line, shortened where it is long."""
    words = " ".join(turn.answer.question.split())
    return words if len(words) <= QUESTION_CHARS else words[:QUESTION_CHARS].rstrip() + " …"


def remarks_of(turn: Turn) -> list[str]:
    """What is to be known of a turn beside its answer, a line each."""
    answer = turn.answer
    lines = []
    if heading_of(turn) != " ".join(answer.question.split()):
        lines.append(f"Question: {answer.question}")
    if answer.standalone_question != answer.question:
        lines.append(f"Understood as: {answer.standalone_question}")
    asked = f"Asked {minute(turn.asked_at)}, answered" if turn.asked_at else "Answered"
    lines.append(f"{asked} by {'quoting' if answer.writer == 'quote' else answer.writer}.")
    return lines + [f"Note: {note}" for note in answer.notes]


def judgement_of(claim: Claim) -> str:
    """The verdict on a claim, with its support.

    >>> judgement_of(Claim("It met.", (1,), "partly", 0.614))
    'partly supported, 0.61'
    """
    return f"{_VERDICTS.get(claim.verdict, claim.verdict)}, {claim.support:.2f}"


def refusal_of(refusal: Refusal) -> list[str]:
    """Why there is no answer, and what was tried, a line each."""
    lines = [f"No answer ({refusal.kind}): {refusal.message}"]
    if refusal.searched:
        lines.append(f"Searched for: {quoted(refusal.searched)}")
    if refusal.candidates:
        lines.append(f"Could be meant: {quoted(refusal.candidates)}")
    return lines


def place_of(citation: Citation, version: Version) -> str:
    """Where the words of a citation stand, for the reader and for who wants to find them again."""
    where = (
        citation.title or citation.document_id,
        citation.heading,
        citation.page_number and f"page {citation.page_number}",
        f"published {version.published}" if version.published else "no date",
    )
    span = f"characters {citation.start}–{citation.end} of {citation.document_id}, sha256 {citation.sha256}"
    return f"{', '.join(str(part) for part in where if part)}. Source: {citation.source}; {span}."


def since(version: Version) -> str:
    """What became of a document since it was cited; empty while it is as it was."""
    return _SINCE[version.state]


def document_row(version: Version) -> tuple[str, ...]:
    """A cited document as a row below `DOCUMENT_COLUMNS`."""
    state = "as cited" if version.state == "current" else f"{version.state} since"
    return (version.title or version.id, version.published or "no date", version.source, version.sha256, state)


def version_in(matrix: Matrix, citation: Citation) -> Version:
    """The version that a citation of a matrix is of."""
    published = next((d.published for d in matrix.documents if d.id == citation.document_id), None)
    return Version(citation.document_id, citation.title, citation.source, published, citation.sha256)


def quoted(texts: tuple[str, ...]) -> str:
    """Texts in quotation marks, one after the other."""
    return ", ".join(f"“{text}”" for text in texts)


def minute(time: str) -> str:
    """An ISO time in UTC to the minute.

    >>> minute("2026-11-22T01:43:28.000001+00:00")
    '2026-11-22 01:43 UTC'
    """
    return f"{time[:16].replace('T', ' ')} UTC"
