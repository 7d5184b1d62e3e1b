"""Speed beside a bare baseline in the same run, and quality on public data where it is here.

    COMMUNIQUE_DATA=… python -m evals.bench [--questions N]

Machines differ and are noisy: ratios are taken of runs side by side, and the median of several is shown. Quality is
measured on squad2_dev (Rajpurkar et al., "Know What You Don't Know", ACL 2018), asked over all its documents: the
weights of `assistant.evidence` were fitted on it, so `evals.fit_evidence` prints the figures out of fold, and this one
what users get.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from sqlalchemy import select

from assistant.answering import answer
from assistant.home import Home
from corpus.reading import FoundFile, find_files
from corpus.schema import passages
from evals.measures import mean_with_interval
from index.adding import SAMPLE_FOLDER, add_files

_REPEATS = 3


def help_seconds() -> float:
    """Median of ten cold starts of `communique --help`."""
    command = [str(Path(sys.executable).with_name("communique")), "--help"]
    return median(_timed(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(10))


def ingest_share(files: Sequence[FoundFile]) -> tuple[float, float]:
    """Passages a second when adding files, and as a share of a bare encode of the same texts, medians of three pairs.

    The bare encode has the model, dtype, batch size and order that adding has; reading, cutting and storing are on top.
    """
    rates, shares = [], []
    for _ in range(_REPEATS):
        with tempfile.TemporaryDirectory() as folder:
            home = Home(Path(folder))
            home.encoder.encode(["loads the model before the clock runs"])
            adding = _timed(lambda home=home: list(add_files(files, home.catalogue, lambda: home.indexer)))  # type: ignore[misc]
            with home.database.reading() as connection:
                rows = connection.execute(select(passages.c.context, passages.c.text).order_by(passages.c.rowid)).all()
            texts = [f"{context}\n{text}" for context, text in rows]
            bare = _timed(lambda home=home, texts=texts: home.encoder.encode(texts))  # type: ignore[misc]
            rates.append(len(texts) / adding)
            shares.append(bare / adding)
            home.close()
    return median(rates), median(shares)


def ask_latency(home: Home, questions: Sequence[str]) -> tuple[float, float]:
    """p50 and p95 in milliseconds of asking in a process that is warm: each question is asked after all were once."""
    for question in questions:
        answer(question, home.sources)
    times = [1000 * _timed(lambda q=question: answer(q, home.sources)) for question in questions]  # type: ignore[misc]
    return float(np.percentile(times, 50)), float(np.percentile(times, 95))


def quoted_rightly(home: Home, cases: Sequence[dict[str, Any]]) -> dict[str, list[float]]:
    """Per answerable case: whether a sentence that holds the answer is the first quoted, among three, among all."""
    ranks = []
    for case in cases:
        got = answer(case["question"], home.sources)
        holds = [
            any(
                c.document_id == e["document_id"] and c.start <= e["start"] and e["end"] <= c.end
                for e in case["evidence"]
            )
            for c in got.citations
        ]
        ranks.append(holds.index(True) if True in holds else 99)
    return {
        "right sentence first": [float(rank < 1) for rank in ranks],
        "right sentence among three": [float(rank < 3) for rank in ranks],
        "right sentence quoted": [float(rank < 99) for rank in ranks],
    }


def main() -> None:
    """Runs every measurement that this machine has the data for, and prints a line for each."""
    parser = argparse.ArgumentParser(description="Speed and quality.")
    parser.add_argument("--questions", type=int, default=500, help="how many of squad2_dev's answerable questions")
    arguments = parser.parse_args()
    print(f"communique --help: {help_seconds():.2f} s (median of 10)")
    rate, share = ingest_share(find_files(str(SAMPLE_FOLDER)))
    print(f"adding the sample documents: {rate:.1f} passages/s, {share:.2f} of a bare encode of the same")
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        list(add_files(find_files(str(SAMPLE_FOLDER)), home.catalogue, lambda: home.indexer))
        rows = (Path(__file__).parent / "suites" / "sample.jsonl").read_text(encoding="utf-8").splitlines()
        p50, p95 = ask_latency(home, [json.loads(row)["question"] for row in rows])
        print(f"ask, warm, over {len(home.catalogue.summaries())} documents: p50 {p50:.0f} ms, p95 {p95:.0f} ms")
        home.close()
    folder = os.environ.get("COMMUNIQUE_DATA", "")
    if not folder:
        print("squad2_dev: not measured; name the folder of the data with COMMUNIQUE_DATA")
        return
    _bench_squad(Path(folder) / "squad2_dev", arguments.questions)


def _bench_squad(data: Path, num_questions: int) -> None:
    cases = [json.loads(line) for line in (data / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
    cases = [case for case in cases if case["answerable"]]
    np.random.default_rng(11).shuffle(cases)
    documents = FoundFile(data / "documents.jsonl", "documents.jsonl")
    rate, share = ingest_share([documents])
    print(f"adding squad2_dev: {rate:.1f} passages/s, {share:.2f} of a bare encode of the same")
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        list(add_files([documents], home.catalogue, lambda: home.indexer))
        for name, values in quoted_rightly(home, cases[:num_questions]).items():
            mean, low, high = mean_with_interval(values)
            print(f"squad2_dev, {name}: {mean:.3f} ({low:.3f} to {high:.3f}) of {len(values)}")
        home.close()


def _timed(run: Callable[[], Any]) -> float:
    start = perf_counter()
    run()
    return perf_counter() - start


if __name__ == "__main__":
    main()
