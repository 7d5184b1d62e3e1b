"""What the OpenAI protocol sends and gets, as far as it is spoken here.

What a client sends beside these fields (temperature, tools, n, stop …) is taken and ignored: an answer is made of what
the documents say.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.serving.asking import MAX_MESSAGES
from assistant.serving.bodies import CITATION, CLAIM, Citation, Claim, Refusal

MODEL = "communique"

Lenient = ConfigDict(extra="ignore", strict=True)


class ContentPart(BaseModel):
    """A part of a message; what is no text is ignored."""

    model_config = Lenient

    type: str
    text: str | None = None


class ChatMessage(BaseModel):
    """A message. Those of the system, of developers and of tools are ignored."""

    model_config = Lenient

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[ContentPart] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text" and part.text)
        return self.content or ""


class StreamOptions(BaseModel):
    """How a stream ends."""

    model_config = Lenient

    include_usage: bool | None = None


class ChatRequest(BaseModel):
    """A conversation whose last message from the user is the question; what came before is its history."""

    model_config = Lenient

    model: str = MODEL
    messages: list[ChatMessage] = Field(
        min_length=1,
        max_length=MAX_MESSAGES,
        examples=[[{"role": "user", "content": "What is the budget of the Harbour Compact?"}]],
    )
    stream: bool | None = None
    stream_options: StreamOptions | None = None


class Usage(BaseModel):
    """The tokens that an LLM read and wrote for the answer, as its server counts them; none for quotes."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class WrittenMessage(BaseModel):
    """The answer as text, with its footnotes, or why there is none."""

    role: Literal["assistant"]
    content: str
    refusal: None = Field(description="Always null: what is not answered is said in `content`.")


class Choice(BaseModel):
    """The only choice."""

    index: int
    message: WrittenMessage
    finish_reason: Literal["stop"]
    logprobs: None


class ChatCompletion(BaseModel):
    """An answer. `claims`, `citations` and `refusal` are those of `/api/ask`; in a stream the last chunk has them."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    claims: list[Claim] = Field(examples=[[CLAIM]])
    citations: list[Citation] = Field(examples=[[CITATION]])
    refusal: Refusal | None
    writer: str
    notes: list[str]


class Model(BaseModel):
    """What can be asked."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class Models(BaseModel):
    """All that can be asked."""

    object: Literal["list"]
    data: list[Model]


def usage_of(trace: Any) -> dict[str, int]:
    """The tokens that an LLM read and wrote, by an answer's trace: none where nothing was asked of one, or where its
    server does not count.
    """
    used = [request["usage"] for request in trace.get("llm", ()) if request.get("usage")]
    prompt, completion = (sum(one[name] for one in used) for name in ("prompt_tokens", "completion_tokens"))
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
