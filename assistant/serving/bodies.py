"""The contract's JSON as types, from which the OpenAPI document and the schemas of the MCP tools are made.

The JSON is made by the modules that the command line prints it with, and sent as it is; these types only say what is in
it.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

CITATION: dict[str, Any] = {
    "number": 1,
    "document_id": "harbour-compact-d5f5bbdc",
    "sha256": "6bb1…",
    "title": "The Harbour Compact",
    "source": "/papers/harbour-compact.md",
    "start": 31,
    "end": 101,
    "quote": "The Harbour Compact has a budget of 12 million crowns for three years.",
    "heading": "Money",
    "page": None,
    "phrase": [67, 84],
}
CLAIM: dict[str, Any] = {
    "text": "The Harbour Compact has a budget of 12 million crowns for three years.",
    "citations": [1],
    "verdict": "supported",
    "support": 0.97,
}
ANSWER: dict[str, Any] = {
    "id": None,
    "conversation_id": "5f0c9a3b21d4",
    "turn": 1,
    "question": "What is its budget?",
    "standalone_question": "What is the budget of the Harbour Compact?",
    "answer": "The Harbour Compact has a budget of 12 million crowns for three years. [1]",
    "writer": "quote",
    "notes": [],
    "claims": [CLAIM],
    "citations": [CITATION],
    "refusal": None,
    "timings_ms": {"rewrite": 0.1, "retrieve": 9.5, "evidence": 4.0, "write": 0.2, "verify": 0.3, "total": 14.4},
}

Verdict = Literal["supported", "partly", "unsupported"]


class Citation(BaseModel):
    """The exact words that a claim rests on: `text[start:end] == quote` in the version that `sha256` names."""

    model_config = ConfigDict(json_schema_extra={"examples": [CITATION]})

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
    phrase: list[int] | None = Field(description="Start and end, in the document, of the part that answers.")
    page_label: str | None = Field(None, description="What is printed on the page; with `trace` only.")


class Claim(BaseModel):
    """A sentence of an answer, with the numbers of its citations and what the verifier says of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [CLAIM]})

    text: str
    citations: list[int]
    verdict: Verdict
    support: float


class Refusal(BaseModel):
    """Why there is no answer. A refusal is a result, not an error."""

    kind: Literal["absent", "insufficient", "underspecified", "unsupported"]
    message: str
    searched: list[str]
    candidates: list[str]
    nearest: list[Citation]


class Answer(BaseModel):
    """An answer: claims with citations, or a refusal, never both."""

    model_config = ConfigDict(json_schema_extra={"examples": [ANSWER]})

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
    trace: dict[str, Any] | None = Field(None, description="What was found, dropped and asked; where it was asked for.")


class FoundPassage(BaseModel):
    """A candidate with all of its scores; `dropped` names the stage that left it out."""

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
    dropped: str | None


class ListedDocument(BaseModel):
    """A document as a list shows it."""

    id: str
    title: str
    source: str
    published: str | None
    language: str
    num_chars: int
    num_passages: int
    sha256: str


class Report(BaseModel):
    """What became of a file."""

    path: str
    status: Literal["added", "updated", "unchanged", "refused"]
    document_ids: list[str]
    warnings: list[str]
    reason: str | None = Field(examples=[None])


class Reports(BaseModel):
    """What became of each file, those in an archive too."""

    files: list[Report]


class RemovedDocument(BaseModel):
    """What was removed; `communique restore` brings it back."""

    removed: list[str]
