"""Public data for measuring, where it is on this machine: the folder that `COMMUNIQUE_DATA` names.

Every set is a folder in the form of `formats/uniform.py`, which reads it. None of it belongs to this project.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from assistant.home import Home
from corpus.reading.files import FoundFile
from evals.formats import uniform
from index.adding import add_files

Case = dict[str, Any]


def data_folder(name: str) -> Path | None:
    """The folder of a set; None where it is not here."""
    root = os.environ.get("COMMUNIQUE_DATA", "")
    folder = Path(root) / name
    return folder if root and (folder / "cases.jsonl").exists() else None


def documents_of(folder: Path) -> list[dict[str, Any]]:
    """The documents of a set, as rows."""
    return list(uniform.documents(folder))


def cases_of(folder: Path, *, num: int | None = None, seed: int = 11) -> list[Case]:
    """The answerable cases with evidence; a sample of `num` of them where that is given."""
    cases = [case for case in uniform.case_rows(folder) if case["answerable"] and case["evidence"]]
    if num is not None and num < len(cases):
        chosen = np.random.default_rng(seed).choice(len(cases), num, replace=False)
        cases = [cases[i] for i in sorted(chosen)]
    return cases


@contextmanager
def home_of(folder: Path) -> Iterator[Home]:
    """A home of its own that holds the documents of a set, for as long as it is needed."""
    with tempfile.TemporaryDirectory() as path:
        home = Home(Path(path))
        try:
            list(
                add_files(
                    [FoundFile(folder / "documents.jsonl", "documents.jsonl")], home.catalogue, lambda: home.indexer
                )
            )
            yield home
        finally:
            home.close()
