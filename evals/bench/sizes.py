"""What it costs to have many passages: to store them, to search them, and what the approximate search then misses.

    COMMUNIQUE_DATA=… python -m evals.bench.sizes [--sizes 10000 100000 1000000] [--output FILE.json] [--plot FILE.svg]

One home grows from size to size. It holds the articles of squad2_dev, whose questions are asked, and documents made of
what stands there and in clapnq_dev: runs of three sentences, drawn at random, each sentence with the vector that the
embedder gave it where it stood. The text is real, then, and the order of it is not; the vectors of windows are made of
those of sentences as ever; nothing is embedded twice. Searches run in a process of their own, every question once to
warm up and once more; then the questions are put to the smallest home too, by turns, for a machine's pace changes from
minute to minute. What embedding costs is measured by `evals.bench`.
"""

import argparse
import json
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from sqlalchemy import select
from tqdm import tqdm

from assistant.home import Home
from corpus.catalogue import new_document
from corpus.document import Document
from corpus.reading.files import FoundFile
from corpus.schema import segments, versions
from evals.bench.public_data import cases_of, data_folder
from evals.bench.sizes_plot import sizes_plot
from index.adding import BATCH_SEGMENTS, add_files
from index.chunking import Cut
from index.embedded import Embedded, window_vectors
from index.fulltext import search_text
from index.indexing import Indexer, Prepared
from index.late_interaction import BYTES_A_TOKEN, Packed, packed
from index.retrieval import NUM_CANDIDATES

_SETS = ("squad2_dev", "clapnq_dev")
_NUM_QUESTIONS = 200
_RUN_SENTENCES = 3
_DOCUMENT_RUNS = 40
_WHOLE = re.compile(r"[A-Z][^.!?]{40,}[a-z]{3}[.]")  # what stays one sentence beside others
_SEARCH = """
import json, sys
from pathlib import Path
from evals.bench.sizes import measured_search, times_the_smallest
home, smallest, questions = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.stdin.read())
row = measured_search(home, questions)
print(json.dumps(row | {"times_the_smallest": times_the_smallest(home, smallest, questions)}))
"""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the embedder made of a sentence, where it stood: `(d,)` float32, and the vectors of its tokens, packed."""

    vector: Any
    tokens: Packed


class Pool:
    """The sentences of a home, in runs, and what the embedder made of each."""

    def __init__(self, home: Home) -> None:
        self.runs: list[list[str]] = []
        self._known: dict[str, _Known] = {}
        self._encoder = home.encoder
        self.num_unknown = 0
        rows = select(versions.c.number, versions.c.document_id)
        with home.database.reading() as connection:
            documents = {row.number: home.catalogue.document(row.document_id) for row in connection.execute(rows)}
            for row in connection.execute(select(segments)):
                self._take(row, documents[row.version])

    def _take(self, row: Any, document: Document) -> None:
        texts = [" ".join(document.text[start:end].split()) for start, end in row.sentences]
        vectors = np.frombuffer(row.vectors, dtype="<f2").reshape(len(texts), -1).astype(np.float32)
        tokens = np.split(
            np.frombuffer(row.tokens, dtype=np.uint8).reshape(-1, BYTES_A_TOKEN), np.cumsum(row.num_tokens)[:-1]
        )
        known = map(_Known, vectors, tokens)
        self._known |= dict(zip(texts, known, strict=True))
        whole = [text for text in texts if _WHOLE.fullmatch(text)]
        self.runs += [whole[i : i + _RUN_SENTENCES] for i in range(0, len(whole), _RUN_SENTENCES)]

    def document(self, number: int, chance: random.Random) -> Document:
        """A document of runs that are drawn, three in a paragraph."""
        runs = [" ".join(chance.choice(self.runs)) for _ in range(_DOCUMENT_RUNS)]
        text = "\n\n".join(" ".join(runs[i : i + 3]) for i in range(0, len(runs), 3))
        fields = {"id": f"drawn-{number:07}", "title": f"Drawn {number}", "source": f"drawn/{number}", "language": "en"}
        return new_document(fields, text=text)

    def embed(self, items: Sequence[tuple[Document, Cut]]) -> list[Embedded]:
        """Each document as the index keeps it, its sentences with the vectors that are known; others are embedded."""
        return [self._embedded(document, made) for document, made in items]

    def _embedded(self, document: Document, made: Cut) -> Embedded:
        known = [self._of(document.text[start:end]) for start, end in made.sentences]
        vectors = np.stack([one.vector for one in known])
        heads = np.stack([vectors[run.start : run.stop].mean(axis=0) for run in made.segments])
        windows = window_vectors(self._encoder, document, made, vectors, heads)
        return Embedded(made, windows, vectors, tuple(one.tokens for one in known))

    def _of(self, sentence: str) -> _Known:
        text = " ".join(sentence.split())
        if text not in self._known:
            self.num_unknown += 1
            vectors, (spans,) = self._encoder.encode_spans([text], [[(0, len(text))]])
            self._known[text] = _Known(vectors[0], packed(spans.tokens[0]))
        return self._known[text]


class Growing:
    """A home that grows to one size after the other; `vectors` are those of its windows, as they were stored."""

    def __init__(self, home: Home, pool: Pool) -> None:
        self._home = home
        self._pool = pool
        self._chance = random.Random(9)  # noqa: S311  (texts, not secrets)
        self._num_documents = 0
        self.vectors: list[Any] = list(home.store.vectors(sorted(home.store.ids())).values())

    def grow(self, size: int) -> float:
        """Adds drawn documents until there are about `size` passages; returns how many were stored in a second."""
        indexer = Indexer(self._home.database, self._home.store, self._home.encoder, embedding=self._embed)
        before, begun = len(self.vectors), perf_counter()
        batch: list[Prepared] = []
        with tqdm(total=size, initial=before, unit="passage", file=sys.stderr) as progress:
            while len(self.vectors) < size:
                self._num_documents += 1
                document = self._pool.document(self._num_documents, self._chance)
                batch.append(indexer.prepare(document, document.sha256))
                if sum(len(item.cut.segments) for item in batch) >= BATCH_SEGMENTS:
                    indexer.commit(batch)
                    batch.clear()
                    progress.update(len(self.vectors) - progress.n)
        return (len(self.vectors) - before) / (perf_counter() - begun)

    def _embed(self, items: Sequence[tuple[Document, Cut]]) -> list[Embedded]:
        embedded = self._pool.embed(items)
        self.vectors += [window for each in embedded for window in each.windows]
        return embedded


def measured_search(folder: Path, questions: Sequence[str]) -> dict[str, Any]:
    """Milliseconds of a search, and of parts of it, `[p50, p95]` each; the megabytes that this process grew by; and the
    cosines of the hundred nearest windows of each question.
    """
    home = Home(folder)
    retriever, store = home.sources.retriever, home.store
    vectors = [home.encoder.encode_query(question) for question in questions]
    before = _megabytes()
    first = [_milliseconds(lambda q=question: retriever.search(q)) for question in questions]  # type: ignore[misc]
    memory = _megabytes() - before
    parts: dict[str, Callable[[str, Any], Any]] = {
        "search": lambda question, _: retriever.search(question),
        "statistics of words": lambda question, _: retriever.word_statistics(question),
        "embedding": lambda question, _: home.encoder.encode_query(question),
        "vectors": lambda _, vector: store.query(vector, NUM_CANDIDATES),
        "full text": lambda question, _: _full_text(home, question),
    }
    times = {"first search": first} | {name: [] for name in parts}
    for asked in zip(questions, vectors, strict=True):
        for name, part in parts.items():
            times[name].append(_milliseconds(lambda part=part, asked=asked: part(*asked)))  # type: ignore[misc]
    near = [[cosine for _, cosine in store.query(vector, NUM_CANDIDATES)] for vector in vectors]
    home.close()
    percentiles = {name: [float(np.percentile(found, p)) for p in (50, 95)] for name, found in times.items()}
    return {"milliseconds": percentiles, "memory_mb": memory, "cosines": near}


def times_the_smallest(folder: Path, smallest: Path, questions: Sequence[str]) -> list[float]:
    """How many times as long as in the smallest home a search takes, `[p50, p95]`, the two asked by turns."""
    homes = [Home(folder), Home(smallest)]
    times: list[list[float]] = [[], []]
    for number in range(3):
        for question in tqdm(questions, desc="by turns", unit="question", file=sys.stderr):
            for home, found in zip(homes, times, strict=True):
                milliseconds = _milliseconds(lambda home=home, q=question: home.sources.retriever.search(q))  # type: ignore[misc]
                if number:  # the first time warms up
                    found.append(milliseconds)
    for home in homes:
        home.close()
    large, small = (np.percentile(found, [50, 95]) for found in times)
    return [float(ratio) for ratio in large / small]


def recall(near: Sequence[Sequence[float]], asked: Any, vectors: Sequence[Any]) -> float:
    """The share of the nearest that an exact search lists too, as ANN-Benchmarks has it: those that are no farther than
    the last that the exact search lists (Aumueller et al., Information Systems 2020, section 3.2).
    """
    matrix = np.stack(vectors)
    exact = [np.partition(matrix @ vector, -NUM_CANDIDATES)[-NUM_CANDIDATES] for vector in asked]
    shares = [
        sum(value >= last - 1e-5 for value in found) / NUM_CANDIDATES for found, last in zip(near, exact, strict=True)
    ]
    return float(np.mean(shares))


def main() -> None:
    """Measures each size, prints a line for it, and writes what was asked for."""
    parser = argparse.ArgumentParser(description="Cost against size.")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="numbers of passages"
    )
    parser.add_argument("--output", type=Path, help="write the figures here, as JSON")
    parser.add_argument("--plot", type=Path, help="draw the curves here, as SVG")
    arguments = parser.parse_args()
    folders = [data_folder(name) for name in _SETS]
    if None in folders:
        sys.exit(f"COMMUNIQUE_DATA names no folder that holds {' and '.join(_SETS)}")
    with tempfile.TemporaryDirectory() as path:
        rows = list(_measured(Path(path), [folder for folder in folders if folder], sorted(arguments.sizes)))
    if arguments.output:
        arguments.output.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    if arguments.plot:
        arguments.plot.write_text(sizes_plot(rows), encoding="utf-8")


def _measured(path: Path, folders: Sequence[Path], sizes: Sequence[int]) -> Iterator[dict[str, Any]]:
    pool = _pool(path / "pool", folders)
    questions = [str(case["question"]) for case in cases_of(folders[0], num=_NUM_QUESTIONS)]
    home = Home(path / "home")
    _add(home, folders[0])
    asked = [home.encoder.encode_query(question) for question in questions]
    growing = Growing(home, pool)
    smallest = path / "smallest"
    for size in sizes:
        rate = growing.grow(size)
        home.close()
        if not smallest.exists():
            shutil.copytree(home.path, smallest)
        found = subprocess.run(  # noqa: S603  (ourselves)
            [sys.executable, "-c", _SEARCH, str(home.path), str(smallest)],
            input=json.dumps(questions),
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        row = json.loads(found.stdout)
        row["recall"] = recall(row.pop("cosines"), asked, growing.vectors)
        row |= {"passages": len(growing.vectors), "stored_a_second": rate, "disk_mb": _disk(home.path)}
        print(json.dumps(row), flush=True)
        yield row
    print(f"{pool.num_unknown} sentences were not in the pool", file=sys.stderr)


def _pool(path: Path, folders: Sequence[Path]) -> Pool:
    home = Home(path)
    for folder in folders:
        _add(home, folder)
    pool = Pool(home)
    home.close()
    return pool


def _add(home: Home, folder: Path) -> None:
    list(add_files([FoundFile(folder / "documents.jsonl", "documents.jsonl")], home.catalogue, lambda: home.indexer))


def _full_text(home: Home, question: str) -> None:
    with home.database.reading() as connection:
        search_text(connection, question, NUM_CANDIDATES)


def _disk(path: Path) -> dict[str, float]:
    """Megabytes of the database and of the vectors."""
    sizes = {each: each.stat().st_size / 1e6 for each in path.rglob("*") if each.is_file()}
    vectors = sum(size for each, size in sizes.items() if "vectors" in each.relative_to(path).parts)
    return {"database": sum(sizes.values()) - vectors, "vectors": vectors}


def _megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def _milliseconds(work: Callable[[], Any]) -> float:
    begun = perf_counter()
    work()
    return 1000 * (perf_counter() - begun)


if __name__ == "__main__":
    main()
