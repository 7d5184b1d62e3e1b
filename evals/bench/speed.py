"""Speed beside a bare baseline in the same run: starting, adding, searching, evidence, memory.

Used by `evals.bench`. Machines differ and are noisy, so ratios are taken of runs side by side, and medians are shown.
"""

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
from corpus.catalogue import Catalogue
from corpus.reading.files import FoundFile
from corpus.schema import passages
from corpus.structure import Places
from index.adding import add_files
from index.chunking import context_of
from index.embedded import cut_for
from index.fulltext import search_text
from index.retrieval import NUM_CANDIDATES

_REPEATS = 3


def help_seconds() -> float:
    """Median of ten cold starts of `communique --help`."""
    command = [str(Path(sys.executable).with_name("communique")), "--help"]
    return median(_timed(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(10))


def ingest_share(files: Sequence[FoundFile]) -> tuple[float, float]:
    """Characters a second when adding files, and as a share of a bare encode of the same segments, medians of three.

    The bare encode has the model, dtype, batch size and order that adding has; reading, cutting, pooling the vectors of
    sentences and windows, and storing are on top.
    """
    rates, shares = [], []
    for _ in range(_REPEATS):
        with tempfile.TemporaryDirectory() as folder:
            home = Home(Path(folder))
            home.encoder.encode(["loads the model before the clock runs"])
            adding = _timed(lambda home=home: list(add_files(files, home.catalogue, lambda: home.indexer)))  # type: ignore[misc]
            texts = _segments(home)
            bare = _timed(lambda home=home, texts=texts: home.encoder.encode(texts))  # type: ignore[misc]
            rates.append(sum(map(len, texts)) / adding)
            shares.append(bare / adding)
            home.close()
    return median(rates), median(shares)


def ask_latency(home: Home, questions: Sequence[str]) -> tuple[float, float]:
    """p50 and p95 in milliseconds of asking in a process that is warm: each question is asked after all were once."""
    for question in questions:
        answer(question, home.sources)
    times = [1000 * _timed(lambda q=question: answer(q, home.sources)) for question in questions]  # type: ignore[misc]
    return float(np.percentile(times, 50)), float(np.percentile(times, 95))


def search_cost(home: Home, questions: Sequence[str]) -> dict[str, float]:
    """Median milliseconds of a search, of its bare parts one after the other, and of evidence, in turn a question."""
    retriever, finder, encoder = home.sources.retriever, home.sources.finder, home.encoder
    times: dict[str, list[float]] = {"search": [], "parts": [], "evidence": []}
    for question in (*questions[:20], *questions):  # the first ones warm up
        start = perf_counter()
        found = retriever.search(question)
        searched = perf_counter()
        statistics = retriever.word_statistics(question)
        finder.find(question, found, statistics)
        chosen = perf_counter()
        vector = encoder.encode_query(question)
        home.store.query(vector, NUM_CANDIDATES)
        with home.database.reading() as connection:
            search_text(connection, question, NUM_CANDIDATES)
        parts = perf_counter()
        for name, seconds in (("search", searched - start), ("evidence", chosen - searched), ("parts", parts - chosen)):
            times[name].append(1000 * seconds)
    return {name: median(values[20:]) for name, values in times.items()}


def memory_of(home: Home) -> tuple[float, int]:
    """Megabytes that a process grows by opening the home's index and searching it once, models loaded before; and the
    number of its passages.
    """
    script = (
        "import sys, resource\n"
        "from pathlib import Path\n"
        "from assistant.home import Home\n"
        "def used():\n"
        "    return int(Path('/proc/self/statm').read_text().split()[1]) * resource.getpagesize() / 1e6\n"
        "home = Home(Path(sys.argv[1]))\n"
        "import chromadb\n"
        "home.encoder.encode_query('loads the model')\n"
        "before = used()\n"
        "home.sources.retriever.search('what is said of science')\n"
        "print(used() - before)\n"
    )
    grown = subprocess.run([sys.executable, "-c", script, str(home.path)], check=True, capture_output=True, text=True)
    with home.database.reading() as connection:
        num = len(connection.execute(select(passages.c.rowid)).all())
    return float(grown.stdout.split()[-1]), num


def _segments(home: Home) -> list[str]:
    """The texts that adding has encoded."""
    catalogue = Catalogue(home.database)
    texts = []
    for summary in catalogue.summaries():
        document = catalogue.document(summary.id)
        made, places = cut_for(home.encoder, document), Places(document)
        for run in made.segments:
            start, end = made.span(run)
            texts.append(f"{context_of(document, places, start)}\n{document.text[start:end]}")
    return texts


def _timed(run: Callable[[], Any]) -> float:
    start = perf_counter()
    run()
    return perf_counter() - start
