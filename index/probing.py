"""Whether Chroma can still read what it wrote, tried by a process of its own: damaged files may end whoever reads them.
A server is one already.

It finds what cannot be read. A vector that was changed and can be read is not noticed.
"""

import subprocess
import sys
from pathlib import Path

from index.errors import VectorStoreError
from index.store import VectorStore
from index.vectors_server import VectorsServer

_PAGE = 1_000


def damage(place: Path | VectorsServer, *, generation: int) -> str | None:
    """Why the vectors of that index cannot be read; None where they can, and where there are none yet."""
    if isinstance(place, VectorsServer):
        return _damage_on(place, generation)
    if not place.exists():
        return None
    command = [sys.executable, "-m", "index.probing", str(place), str(generation)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603  (ours)
    if done.returncode < 0:
        return f"whoever reads them is ended by signal {-done.returncode}"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["they cannot be read"])[-1]
    return None


def read_all(place: Path | VectorsServer, *, generation: int) -> None:
    """Reads every vector, and searches near some of them. Raises `VectorStoreError` where that cannot be done."""
    store = VectorStore(place, generation=generation)
    ids = sorted(store.ids())
    for start in range(0, len(ids), _PAGE):
        for vector in list(store.vectors(ids[start : start + _PAGE]).values())[:1]:
            store.query(vector, min(len(ids), _PAGE))


def _damage_on(server: VectorsServer, generation: int) -> str | None:
    try:
        read_all(server, generation=generation)
    except VectorStoreError as error:
        return str(error)
    return None


if __name__ == "__main__":
    try:
        read_all(Path(sys.argv[1]), generation=int(sys.argv[2]))
    except VectorStoreError as error:
        sys.exit(str(error.__cause__))
