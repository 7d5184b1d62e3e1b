"""Why a document is not among the hits of a search: the answer to `communique search --why DOCUMENT`.

Told by running the same search, and once more within that document alone. It changes nothing.
"""

from dataclasses import dataclass

from index.passage import Hit
from index.retrieval import Found, Retriever
from index.scope import Scope


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of a document in a search.

    `outcome` is "used", "dropped" (`stage` says where), "no candidate" or "outside the scope"; `best` is the
    document's best window or hit with its scores, None where it has none; `text` says it all in a sentence.
    """

    document_id: str
    outcome: str
    text: str
    stage: str | None = None
    best: Hit | None = None


def explain(
    retriever: Retriever, query: str, document_id: str, *, found: Found, scope: Scope | None = None
) -> Explanation:
    """Why the document is, or is not, used by the search for `query` that gave `found`."""
    for rank, hit in enumerate(found.hits, start=1):
        if hit.passage.document_id == document_id:
            return Explanation(document_id, "used", f"it is used: hit {rank} of {len(found.hits)}", best=hit)
    if scope is not None and not retriever.is_within(document_id, scope):
        return Explanation(document_id, "outside the scope", "the search was kept within other documents")
    dropped = [hit for hit in found.dropped if hit.passage.document_id == document_id]
    if dropped:
        best = max(dropped, key=lambda hit: (hit.rerank is not None, hit.score))  # the one that came furthest
        stage, _, reason = (best.dropped or "").partition(": ")
        least = f"; hit {len(found.hits)} has {found.hits[-1].score:.2f}" if found.hits else ""
        text = f"{stage} dropped it ({reason}): its best passage scores {best.score:.2f}{least}"
        return Explanation(document_id, "dropped", text, stage, best)
    return _no_candidate(retriever, query, document_id, found)


def _no_candidate(retriever: Retriever, query: str, document_id: str, found: Found) -> Explanation:
    windows = retriever.search(query, scope=Scope(document_ids=(document_id,))).windows
    if not windows:
        return Explanation(document_id, "no candidate", "nothing of it can be searched for this query")
    nearest = max(windows, key=lambda window: window.dense or 0.0)
    others = [window.dense for window in found.windows if window.dense is not None]
    parts = [f"its nearest passage has a cosine of {nearest.dense or 0.0:.2f}"]
    if others:
        parts[0] += f", the candidates have {min(others):.2f} to {max(others):.2f}"
    matching = [window.lexical for window in windows if window.lexical is not None]
    of_others = [window.lexical for window in found.windows if window.lexical is not None]
    if not matching:
        parts.append("none of the query's words is in it")
    elif of_others:
        parts.append(f"full text gives it {max(matching):.2f}, and the candidates {min(of_others):.2f} and more")
    text = f"it is no candidate in either half of the search: {'; '.join(parts)}"
    return Explanation(document_id, "no candidate", text, "candidates", nearest)
