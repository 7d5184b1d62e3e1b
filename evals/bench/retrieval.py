"""Retrieval and evidence on public data, each figure with its interval and beside its baselines in the same run.

Used by `evals.bench`. Nothing is fitted here; the data is described in `public_data.py`. Published figures are printed
where they are comparable, and named as not comparable where they are not.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from assistant.answering import answer
from assistant.conversation import Message
from assistant.evidence import Evidence, bearing
from assistant.home import Home
from assistant.rewriting import standalone_question
from evals.bench.baselines import DenseWindows
from evals.bench.public_data import Case, cases_of, documents_of
from evals.bench.scores import BASELINE, OURS, Row
from evals.measures import mean_with_interval
from evals.measures.ranking import ndcg_at, recall_and_iou, recall_at
from evals.measures.spans import Place
from index.passage import Hit
from index.retrieval import Found

K = 5


def bench_chunking(home: Home, folder: Path) -> list[Row]:
    """The rows of chunking_evaluation (Smith & Troynikov, Chroma, 2024): recall and IoU of characters."""
    cases = cases_of(folder)
    print("chunking_evaluation, recall / IoU in %; published: all-MiniLM-L6-v2 at best 82.4 / 3.5, of all 91.9 / 3.9")
    windows = DenseWindows(documents_of(folder), home.encoder, size_tokens=250, overlap_tokens=125)
    found = {case["id"]: home.sources.retriever.search(case["question"], K) for case in cases}
    shown: dict[str, tuple[str, Callable[[Case], list[Place]]]] = {
        "dense windows 250/125, k = 5": (BASELINE, lambda case: windows.search(case["question"], K)),
        "full text alone, k = 5": (BASELINE, lambda case: _first(found[case["id"]], lambda hit: hit.lexical)),
        "dense alone, k = 5": (BASELINE, lambda case: _first(found[case["id"]], lambda hit: hit.dense)),
        "search, k = 5": (OURS, lambda case: [_place(hit) for hit in found[case["id"]].hits]),
        "evidence": (OURS, lambda case: [_sentence(item) for item in evidence_for(home, case["question"])]),
    }
    return [row for label, (whose, places) in shown.items() for row in _show_places(label, whose, cases, places)]


def bench_sentences(home: Home, cases: Sequence[Case], name: str) -> list[Row]:
    """The rows of whether the sentence that holds the answer is the most probable, and among three; before refusing."""
    ranks = []
    for case in cases:
        wanted = [(e["document_id"], e["start"], e["end"]) for e in case["evidence"]]
        ranked = [_sentence(item) for item in ranked_evidence(home, case["question"])]
        held = (any(_touches(place, one) for one in wanted) for place in ranked)
        ranks.append(next((rank for rank, right in enumerate(held) if right), 99))
    return [
        _show(name, f"right sentence {label}", "evidence", [float(rank < k) for rank in ranks])
        for k, label in ((1, "first"), (3, "among three"))
    ]


def bench_turns(home: Home, cases: Sequence[Case], name: str) -> list[Row]:
    """The rows of mtrag: R@5 and nDCG@5 over distinct documents, by what the last turn is searched as."""
    print(
        f"{name}; published on the full corpora (not comparable): BM25 .20 / .18, BGE-base .30 / .27, Elser .49 / .45"
    )
    asked: dict[str, Callable[[Case], str]] = {
        "last turn": lambda case: str(case["question"]),
        "rules": lambda case: standalone_question(case["question"], history_of(case)),
        "human rewrite": lambda case: str(case["meta"]["rewrite"]),
    }
    rows = []
    for label, question in asked.items():
        found = [home.sources.retriever.search(question(case), 2 * K) for case in cases]
        ranked = [_documents(hit.passage.document_id for hit in one.hits) for one in found]
        rows += _show_ranks(name, label, OURS if label == "rules" else BASELINE, cases, ranked)
        if label == "rules":
            for part, score in (("full text alone", lambda h: h.lexical), ("dense alone", lambda h: h.dense)):
                alone = [_order(one, score) for one in found]
                rows += _show_ranks(name, f"{label}, {part}", BASELINE, cases, alone)
    return rows


def bench_pages(home: Home, cases: Sequence[Case], name: str) -> list[Row]:
    """The row of whether a gold document is among the first five distinct ones that search finds."""
    found = [home.sources.retriever.search(case["question"], 2 * K) for case in cases]
    ranked = [_documents(hit.passage.document_id for hit in one.hits) for one in found]
    gold = [{e["document_id"] for e in case["evidence"]} for case in cases]
    met = [float(bool(set(r[:K]) & g)) for r, g in zip(ranked, gold, strict=True)]
    return [_show(name, "gold page among five", "search", met)]


def bench_answers(home: Home, cases: Sequence[Case], name: str) -> list[Row]:
    """The rows of what users get: whether a sentence that holds the answer is quoted first, among three, at all."""
    ranks = []
    for case in cases:
        got = answer(case["question"], home.sources)
        held = [
            any(
                c.document_id == e["document_id"] and c.start <= e["start"] and e["end"] <= c.end
                for e in case["evidence"]
            )
            for c in got.citations
        ]
        ranks.append(held.index(True) if True in held else 99)
    return [
        _show(name, f"right sentence {label}", "answers by quoting", [float(rank < k) for rank in ranks])
        for k, label in ((1, "quoted first"), (3, "quoted among three"), (99, "quoted"))
    ]


def history_of(case: Case) -> list[Message]:
    """The turns before the question."""
    return [Message(turn["role"], turn["content"]) for turn in case["history"]]


def ranked_evidence(home: Home, question: str) -> list[Evidence]:
    """Every sentence of the hits, most probable first."""
    retriever = home.sources.retriever
    return home.sources.finder.find(question, retriever.search(question), retriever.word_statistics(question))


def evidence_for(home: Home, question: str) -> list[Evidence]:
    """The sentences that bear on the question."""
    return bearing(ranked_evidence(home, question))


def _first(found: Found, score: Callable[[Hit], float | None]) -> list[Place]:
    """The first five windows by one half of the search alone."""
    return [_place(hit) for hit in _sorted(found, score)[:K]]


def _order(found: Found, score: Callable[[Hit], float | None]) -> list[str]:
    return _documents(hit.passage.document_id for hit in _sorted(found, score))


def _sorted(found: Found, score: Callable[[Hit], float | None]) -> list[Hit]:
    scored = [(value, hit) for hit in found.windows if (value := score(hit)) is not None]
    return [hit for _, hit in sorted(scored, key=lambda pair: -pair[0])]


def _documents(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))


def _place(hit: Hit) -> Place:
    return hit.passage.document_id, hit.passage.start, hit.passage.end


def _sentence(item: Evidence) -> Place:
    return item.document_id, item.start, item.end


def _touches(place: Place, wanted: Place) -> bool:
    """Whether the sentence holds at least half of the shorter of the two."""
    shared = min(place[2], wanted[2]) - max(place[1], wanted[1])
    return place[0] == wanted[0] and 2 * shared >= min(place[2] - place[1], wanted[2] - wanted[1])


def _show_places(label: str, whose: str, cases: Sequence[Case], places: Callable[[Case], list[Place]]) -> list[Row]:
    scores, num_chars = [], 0
    for case in cases:
        found = places(case)
        scores.append(recall_and_iou(found, [(e["document_id"], e["start"], e["end"]) for e in case["evidence"]]))
        num_chars += sum(end - start for _, start, end in found)
    recall, iou = (mean_with_interval([100 * score[i] for score in scores]) for i in (0, 1))
    print(
        f"  {label:30} recall {recall[0]:.1f} ({recall[1]:.1f} to {recall[2]:.1f})"
        f"  IoU {iou[0]:.2f} ({iou[1]:.2f} to {iou[2]:.2f})  {num_chars / len(cases):.0f} characters",
        flush=True,
    )
    return [
        Row("chunking_evaluation", measure, label, whose, *found, num=len(cases), unit="%")
        for measure, found in (("token recall", recall), ("token IoU", iou))
    ]


def _show_ranks(name: str, label: str, whose: str, cases: Sequence[Case], ranked: Sequence[list[str]]) -> list[Row]:
    gold = [{e["document_id"] for e in case["evidence"]} for case in cases]
    recall = mean_with_interval([recall_at(K, r, g) for r, g in zip(ranked, gold, strict=True)])
    ndcg = mean_with_interval([ndcg_at(K, r, g) for r, g in zip(ranked, gold, strict=True)])
    print(
        f"  {f'{name}, {label}':44} R@5 {recall[0]:.3f} ({recall[1]:.3f} to {recall[2]:.3f})"
        f"  nDCG@5 {ndcg[0]:.3f} ({ndcg[1]:.3f} to {ndcg[2]:.3f})"
    )
    return [
        Row(name, measure, label, whose, *found, num=len(cases))
        for measure, found in (("R@5", recall), ("nDCG@5", ndcg))
    ]


def _show(name: str, measure: str, system: str, values: Sequence[float]) -> Row:
    mean, low, high = mean_with_interval(values)
    print(f"  {name}, {measure}: {mean:.3f} ({low:.3f} to {high:.3f}) of {len(values)}")
    return Row(name, measure, system, OURS, mean, low, high, num=len(values))
