"""Speed, and quality on public data where it is here: every figure beside its baseline in the same run.

    COMMUNIQUE_DATA=… python -m evals.bench [--only NAME …] [--questions N] [--scores FILE]

What is measured how stands in `bench_speed.py`, `bench_retrieval.py` and `bench_reading.py`. The weights of
`assistant.evidence` and `assistant.phrases` were fitted on squad2_dev: what is out of fold there is printed by
`evals.fit_evidence` and `evals.fit_phrases`, and here is what users get. The other sets were never fitted on.
"""

import argparse
import json
import logging
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from assistant.home import Home
from corpus.reading.files import FoundFile, find_files
from evals.bench import speed as bench_speed
from evals.bench.public_data import Case, cases_of, data_folder, home_of
from evals.bench.reading import bench_reading
from evals.bench.retrieval import bench_answers, bench_chunking, bench_pages, bench_sentences, bench_turns
from evals.bench.scores import OURS, Row, write_card
from evals.runs.record import commit
from index.adding import SAMPLE_FOLDER, add_files

_SPEED = "speed"

Bench = Callable[[Home, Path, list[Case]], list[Row]]


def _bench_squad(home: Home, _: Path, cases: list[Case]) -> list[Row]:
    return [*bench_sentences(home, cases, "squad2_dev"), *bench_answers(home, cases, "squad2_dev")]


def _bench_govt(home: Home, _: Path, cases: list[Case]) -> list[Row]:
    return [*bench_turns(home, cases, "mtrag_govt"), *_cost(home, cases)]


_SETS: dict[str, Bench] = {
    "chunking_evaluation": lambda home, folder, _: bench_chunking(home, folder),
    "squad2_dev": _bench_squad,
    "clapnq_dev": lambda home, _, cases: bench_sentences(home, cases, "clapnq_dev"),
    "azure_demo": lambda home, _, cases: bench_pages(home, cases, "azure_demo"),
    "jsquad_valid": lambda home, _, cases: bench_sentences(home, cases, "jsquad_valid"),
    "mtrag_govt": _bench_govt,
    "mtrag_clapnq": lambda home, _, cases: bench_turns(home, cases, "mtrag_clapnq"),
}


def main() -> None:
    """Runs every measurement that this machine has the data for, prints a line for each, and writes the score card."""
    parser = argparse.ArgumentParser(description="Speed and quality.")
    parser.add_argument("--only", nargs="*", default=["speed", *_SETS], choices=["speed", *_SETS])
    parser.add_argument("--questions", type=int, default=500, help="how many of a set's answerable questions")
    parser.add_argument("--without-baseline", action="store_true", help="leave out LlamaIndex, which is read in anew")
    parser.add_argument("--scores", type=Path, help="write the score card here, whatever part of it is measured")
    arguments = parser.parse_args()
    logging.getLogger("index.embedding").setLevel(logging.ERROR)  # the baselines cut what they read, which is the point
    rows = _speed() if "speed" in arguments.only else []
    for name, bench in _SETS.items():
        if name in arguments.only:
            rows += _measured(name, bench, arguments.questions, with_baseline=not arguments.without_baseline)
    is_whole = set(arguments.only) == {"speed", *_SETS} and not arguments.without_baseline
    card = arguments.scores or (Path(__file__).parents[1] / "SCORES.md" if is_whole else None)
    if card is not None:
        write_card(card, rows, commit=commit())


def _measured(name: str, bench: Bench, num_questions: int, *, with_baseline: bool) -> list[Row]:
    """The rows of one set, none where it is not here."""
    folder = data_folder(name)
    if folder is None:
        print(f"{name}: not measured; name the folder of the data with COMMUNIQUE_DATA", flush=True)
        return []
    start = perf_counter()
    cases = cases_of(folder, num=num_questions)
    with home_of(folder) as home:
        print(f"{name}: {len(cases)} questions, {len(home.catalogue.summaries())} documents", flush=True)
        rows = bench(home, folder, cases)
        rows += bench_reading(home, folder, cases, name) if with_baseline else []
    print(f"  {perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    return rows


def _speed() -> list[Row]:
    seconds = bench_speed.help_seconds()
    print(f"communique --help: {seconds:.2f} s (median of 10)", flush=True)
    rows = [Row(_SPEED, "seconds", "communique --help", OURS, seconds)]
    samples = find_files(str(SAMPLE_FOLDER))
    sets = {"the sample documents": samples}
    if folder := data_folder("squad2_dev"):
        sets["squad2_dev"] = [FoundFile(folder / "documents.jsonl", "documents.jsonl")]
    for name, files in sets.items():
        rate, share = bench_speed.ingest_share(files)
        print(f"adding {name}: {rate:,.0f} characters/s, {share:.2f} of a bare encode of the same", flush=True)
        rows.append(Row(_SPEED, "share of a bare encode", f"adding {name}", OURS, share))
    with tempfile.TemporaryDirectory() as folder_name:
        home = Home(Path(folder_name))
        list(add_files(samples, home.catalogue, lambda: home.indexer))
        lines = (Path(__file__).parents[1] / "suites" / "sample.jsonl").read_text(encoding="utf-8").splitlines()
        p50, p95 = bench_speed.ask_latency(home, [json.loads(line)["question"] for line in lines])
        print(f"ask, warm, over {len(samples)} documents: p50 {p50:.0f} ms, p95 {p95:.0f} ms", flush=True)
        home.close()
    system = f"ask, over {len(samples)} documents"
    return [*rows, Row(_SPEED, "p50, ms", system, OURS, p50), Row(_SPEED, "p95, ms", system, OURS, p95)]


def _cost(home: Home, cases: list[Case]) -> list[Row]:
    cost = bench_speed.search_cost(home, [case["question"] for case in cases])
    grown, num = bench_speed.memory_of(home)
    print(
        f"  search at {num:,} passages: p50 {cost['search']:.1f} ms, {cost['search'] / cost['parts']:.2f} of its bare"
        f" parts; evidence p50 {cost['evidence']:.1f} ms, {cost['evidence'] / cost['search']:.2f} of the search;"
        f" {100_000 * grown / num:.0f} MB per 100,000 passages"
    )
    return [Row("mtrag_govt", "p50, ms", f"search, {num:,} passages", OURS, cost["search"])]


if __name__ == "__main__":
    main()
