"""What the MCP tools take: types, sizes and what each argument means, for the client's model to read.

Documents and spans are looked up by the tools; here is only what can be said without a home.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assistant.answering import MAX_QUESTION_CHARS, is_text
from assistant.exporting.escaping import visible

MAX_SPAN_CHARS = 20_000
MAX_HITS = 50
MAX_LISTED = 1_000
MAX_PATHS = 100
_MAX_MESSAGES = 200
_MAX_NAMES = 500
_MAX_NAME_CHARS = 1_000
_MAX_COMPLAINT_CHARS = 300


def _whole(text: str) -> str:
    if not is_text(text):
        raise ValueError("it has half of a character")
    return text


WHOLE = AfterValidator(_whole)
"""Behind the constraints of a text, which count characters."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=_MAX_NAME_CHARS), WHOLE]
Names = Annotated[list[Name], Field(max_length=_MAX_NAMES)]
Date = Annotated[str, StringConstraints(max_length=10), WHOLE]


class Arguments(BaseModel):
    """The arguments of a tool; what it does not know is refused, not left aside."""

    model_config = ConfigDict(extra="forbid")


class Narrowed(Arguments):
    """Arguments of tools that may be kept within some of the documents."""

    documents: Names = Field(default=[], description="Ids of documents to stay within; empty for all of them.")
    since: Date | None = Field(default=None, description="Documents of this day, month or year and later: 2021-03.")
    until: Date | None = Field(default=None, description="Documents of this day, month or year and earlier.")
    kinds: Names = Field(default=[], description="Documents of these kinds, or with these file endings: html.")
    languages: Names = Field(default=[], description="Documents in these languages: en or ja.")


class Said(Arguments):
    """An earlier message."""

    role: Literal["user", "assistant", "system"]
    content: Annotated[str, StringConstraints(max_length=10 * MAX_QUESTION_CHARS), WHOLE]


class Ask(Narrowed):
    """Arguments of `ask`."""

    question: Annotated[str, StringConstraints(max_length=MAX_QUESTION_CHARS), WHOLE] = Field(
        description="The question, in the words of whoever asks."
    )
    history: Annotated[list[Said], Field(max_length=_MAX_MESSAGES)] = Field(
        default=[], description="Earlier messages, oldest first, in whose light the question is understood."
    )
    standalone_question: Annotated[str, StringConstraints(max_length=MAX_QUESTION_CHARS), WHOLE] | None = Field(
        default=None, description="What to search for instead of what the question is understood as."
    )


class Search(Narrowed):
    """Arguments of `search`."""

    query: Annotated[str, StringConstraints(min_length=1, max_length=MAX_QUESTION_CHARS), WHOLE] = Field(
        description="What to look for, in words or as a question."
    )
    k: Annotated[int, Field(ge=1, le=MAX_HITS)] = Field(default=10, description="How many passages.")


class ReadSpan(Arguments):
    """Arguments of `read_span`."""

    document_id: Name = Field(description="The id of a document, as citations, hits and list_documents give it.")
    start: Annotated[int, Field(ge=0, le=2**53)] = Field(default=0, description="The first character, counted from 0.")
    end: Annotated[int, Field(ge=0, le=2**53)] | None = Field(
        default=None, description=f"The character after the last; {MAX_SPAN_CHARS} characters at most."
    )
    version: Annotated[str, StringConstraints(pattern="^[0-9a-f]{8,64}$"), WHOLE] | None = Field(
        default=None, description="The sha256 that a citation names, for the wording that was cited."
    )


class ListDocuments(Arguments):
    """Arguments of `list_documents`."""

    offset: Annotated[int, Field(ge=0, le=2**53)] = Field(default=0, description="How many documents to leave out.")
    limit: Annotated[int, Field(ge=1, le=MAX_LISTED)] = Field(default=100, description="How many to list.")


class AddDocuments(Arguments):
    """Arguments of `add_documents`."""

    paths: Annotated[list[Name], Field(min_length=1, max_length=MAX_PATHS)] = Field(
        description="Web addresses (https://…); files and folders too where this server runs on your own machine."
    )


class RemoveDocuments(Arguments):
    """Arguments of `remove_documents`."""

    document_ids: Annotated[list[Name], Field(min_length=1, max_length=_MAX_NAMES)] = Field(
        description="Ids of documents, as list_documents gives them."
    )


def complaint(error: ValidationError) -> str:
    """What is wrong with the first argument that is, on one line, without the value."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"])) or "the arguments"
    line = " ".join(visible(f"{where[:80]}: {first['msg']}").split())
    return f"{line[:_MAX_COMPLAINT_CHARS]} (the tool's schema says what it takes)"
