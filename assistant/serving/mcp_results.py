"""What the MCP tools give, as types that JSON Schemas are made of: the contract's JSON, for clients to check.

Nothing is validated by them here: the JSON is made by the modules that the command line prints it with.
"""

from typing import Literal

from pydantic import BaseModel

Verdict = Literal["supported", "partly", "unsupported"]


class Citation(BaseModel):
    """The exact words that a claim rests on; offsets count characters of the document."""

    number: int
    document_id: str
    sha256: str
    title: str
    source: str
    start: int
    end: int
    quote: str
    heading: str | None
    page: int | None
    phrase: tuple[int, int] | None


class Claim(BaseModel):
    """A sentence of the answer with the numbers of its citations and what checking it came to."""

    text: str
    citations: list[int]
    verdict: Verdict
    support: float


class Refusal(BaseModel):
    """Why there is no answer, with the passages that come nearest."""

    kind: Literal["absent", "insufficient", "underspecified", "unsupported"]
    message: str
    searched: list[str]
    candidates: list[str]
    nearest: list[Citation]


class Answer(BaseModel):
    """A checked answer, or a refusal."""

    id: str | None
    conversation_id: str | None
    turn: int | None
    question: str
    standalone_question: str
    answer: str
    writer: str
    notes: list[str]
    claims: list[Claim]
    citations: list[Citation]
    refusal: Refusal | None
    timings_ms: dict[str, float]


class Hit(BaseModel):
    """A passage that was found, and its scores."""

    passage_id: str
    document_id: str
    title: str
    start: int
    end: int
    text: str
    heading: str | None
    page: int | None
    score: float
    dense: float | None
    lexical: float | None
    rerank: float | None


class Hits(BaseModel):
    """The passages found, best first."""

    query: str
    notes: list[str]
    hits: list[Hit]


class Span(BaseModel):
    """Exactly the characters of a document from `start` to `end`."""

    document_id: str
    sha256: str
    title: str
    source: str
    published: str | None
    num_chars: int
    start: int
    end: int
    text: str


class Document(BaseModel):
    """A document as a list shows it."""

    id: str
    title: str
    source: str
    published: str | None
    language: str
    num_chars: int
    num_passages: int
    sha256: str


class Documents(BaseModel):
    """Some of the documents, and how many there are."""

    documents: list[Document]
    num_documents: int


class File(BaseModel):
    """What became of one file."""

    path: str
    status: Literal["added", "updated", "unchanged", "refused"]
    document_ids: list[str]
    warnings: list[str]
    reason: str | None


class Files(BaseModel):
    """What became of each file that was met."""

    files: list[File]


class Removed(BaseModel):
    """The documents that were removed."""

    removed: list[str]
