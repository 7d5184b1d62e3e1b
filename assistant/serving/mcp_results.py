"""What the MCP tools give and no route does, as types that JSON Schemas are made of, for clients to check."""

from pydantic import BaseModel

from assistant.serving.bodies import FoundPassage, ListedDocument


class Hits(BaseModel):
    """The passages found, best first."""

    query: str
    notes: list[str]
    hits: list[FoundPassage]


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


class Documents(BaseModel):
    """Some of the documents, and how many there are."""

    documents: list[ListedDocument]
    num_documents: int
