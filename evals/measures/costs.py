"""What an answer cost: time, and the tokens of the LLM. Lower is better for both; neither is a share."""

from collections.abc import Mapping

from assistant.answer import Answer
from evals.case import Case, Score


def latency_ms(case: Case, answer: Answer) -> Score:
    """Milliseconds from the question to the whole answer."""
    total = answer.timings_ms.get("total")
    return Score(None, "it was not timed") if total is None else Score(float(total))


def tokens(case: Case, answer: Answer) -> Score:
    """Tokens sent to and written by the LLM for this answer, as its server counts them; every request counts.

    Requests of 300 + 40 and 120 + 10 tokens are worth 470. Without a value where no LLM was asked, or where a request
    was not counted.
    """
    requests = answer.trace.get("llm")
    if not requests:
        return Score(None, "no LLM was asked")
    usages = [request.get("usage") for request in requests]
    if not all(isinstance(usage, Mapping) for usage in usages):
        return Score(None, "the LLM's server did not count its tokens")
    return Score(float(sum(usage["prompt_tokens"] + usage["completion_tokens"] for usage in usages)))
