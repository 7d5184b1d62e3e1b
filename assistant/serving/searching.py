"""`/api/search`, what the index finds, and `/api/verify`, anybody's claims held against anybody's quotes."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from assistant.answering import is_text
from assistant.errors import InvalidCall
from assistant.pair_rows import MAX_QUOTES
from assistant.pairs import Pair
from assistant.serving.access import Reader
from assistant.serving.bodies import FoundPassage, Verdict
from assistant.serving.problems import declared
from assistant.serving.responses import Json
from assistant.serving.scoping import Scoped, Strict, scope_of
from assistant.serving.served import FromHome
from index.passage import hit_json
from index.retrieval import DEFAULT_K

MAX_K = 100

router = APIRouter(tags=["questions"])


class Query(Scoped):
    """What to look for."""

    query: str = Field(examples=["open access"])
    k: int = Field(DEFAULT_K, description="How many passages.", ge=0, le=MAX_K)


class FoundPassages(BaseModel):
    """The hits, best first, then what was dropped."""

    query: str
    notes: list[str]
    hits: list[FoundPassage]


class ClaimAndQuotes(BaseModel):
    """A claim and what it is said to rest on."""

    model_config = Strict

    claim: str = Field(min_length=1, examples=["It met in 2021."])
    quotes: list[Annotated[str, Field(min_length=1)]] = Field(
        min_length=1, max_length=MAX_QUOTES, examples=[["The committee met online on 16 March 2021."]]
    )
    question: str = Field("", description="The question that the claim answers.")


class Checked(BaseModel):
    """What the verifier says; `support` is the probability that the quotes support the whole claim."""

    verdict: Verdict
    support: float
    verifier: str


@router.post("/search", response_model=FoundPassages, responses=declared(400, 404, 413))
def search(body: Query, _: Reader, home: FromHome) -> Response:
    """Finds passages, every candidate with its dense, full-text, fused and rerank score."""
    if not is_text(body.query):
        raise InvalidCall("the query is not UTF-8: type it anew")
    found = home.sources.retriever.search(body.query, body.k, scope=scope_of(home, body))
    hits = [hit_json(hit) for hit in (*found.hits, *found.dropped)]
    return Json({"query": body.query, "notes": found.notes, "hits": hits})


@router.post("/verify", response_model=Checked, responses=declared(400, 413))
def verify(body: ClaimAndQuotes, _: Reader, home: FromHome) -> Response:
    """Checks a claim against quotes: supported, partly or unsupported. No document is needed."""
    (found,) = home.verifier.verdicts([Pair(body.claim, tuple(body.quotes), body.question)])
    return Json({"verdict": found.verdict, "support": round(found.support, 4), "verifier": home.verifier.name})
