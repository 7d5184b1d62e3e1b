"""What the settings of the approximate search cost, and what it misses with them.

    COMMUNIQUE_DATA=… python -m evals.bench.graphs HOME

The vectors of a home are put into collections of Chroma with one setting after the other, and asked for what is nearest
to questions of squad2_dev. A line of JSON for each: seconds to make it, megabytes, the recall of the hundred nearest,
and milliseconds, `[p50, p95]`.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from tqdm import tqdm

from assistant.home import Home
from evals.bench.public_data import cases_of, data_folder
from evals.bench.sizes import recall
from index.retrieval import NUM_CANDIDATES

GRAPHS = ((16, 100), (32, 200), (48, 400))
"""Neighbours a vector keeps, and how many are looked at while it is put in."""
WIDTHS = (100, 200, 400)
_PAGE = 5_000
_NUM_QUESTIONS = 200


def main() -> None:
    """Measures each setting, and prints a line of JSON for it."""
    parser = argparse.ArgumentParser(description="Recall and cost of the approximate search's settings.")
    parser.add_argument("home", type=Path)
    arguments = parser.parse_args()
    folder = data_folder("squad2_dev")
    if folder is None:
        sys.exit("COMMUNIQUE_DATA names no folder that holds squad2_dev")
    with closing(Home(arguments.home)) as home:
        asked = [home.encoder.encode_query(str(case["question"])) for case in cases_of(folder, num=_NUM_QUESTIONS)]
        vectors = _vectors(home)
    for neighbours, construction in GRAPHS:
        for row in measured(vectors, asked, neighbours, construction):
            print(json.dumps(row), flush=True)


def _vectors(home: Home) -> Any:
    """Every vector of the home, `(n, d)` float32."""
    ids = sorted(home.store.ids())
    pages = [ids[start : start + _PAGE] for start in range(0, len(ids), _PAGE)]
    return np.concatenate([list(home.store.vectors(page).values()) for page in tqdm(pages, file=sys.stderr)])


def measured(vectors: Any, asked: Sequence[Any], neighbours: int, construction: int) -> Iterator[dict[str, Any]]:
    """A row for each width of the search through one graph; vectors and questions are unit rows."""
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient

    with tempfile.TemporaryDirectory() as folder:
        client = chromadb.PersistentClient(folder)
        graph: Any = {"hnsw": {"space": "cosine", "max_neighbors": neighbours, "ef_construction": construction}}
        collection = client.create_collection("passages", embedding_function=None, configuration=graph)
        begun = perf_counter()
        for start in tqdm(range(0, len(vectors), _PAGE), file=sys.stderr, leave=False):
            part = vectors[start : start + _PAGE]
            collection.add(ids=[str(start + i) for i in range(len(part))], embeddings=part)
        made = perf_counter() - begun
        disk = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 1e6
        for width in WIDTHS:
            collection.modify(configuration={"hnsw": {"ef_search": width}})
            SharedSystemClient.clear_system_cache()  # what is open keeps its width
            client = chromadb.PersistentClient(folder)
            collection = client.get_collection("passages", embedding_function=None)
            times, near = [], []
            for vector in (*asked, *asked):  # once to warm up
                begun = perf_counter()
                found = collection.query(query_embeddings=[vector], n_results=NUM_CANDIDATES, include=["distances"])
                times.append(1000 * (perf_counter() - begun))
                near.append([1.0 - distance for distance in (found["distances"] or [[]])[0]])
            yield {
                "passages": len(vectors),
                "neighbours": neighbours,
                "construction": construction,
                "width": width,
                "recall": recall(near[len(asked) :], asked, vectors),
                "milliseconds": [float(np.percentile(times[len(asked) :], share)) for share in (50, 95)],
                "made_s": made,
                "disk_mb": disk,
            }


if __name__ == "__main__":
    main()
