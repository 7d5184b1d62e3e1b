"""Removing documents, and mending the index, as jobs.

Both wait for whoever is writing to the home, say so, and can be stopped while they wait. Mending is `index.health`: it
makes the passages and vectors that are missing, from the snapshots; an index that holds together is left as it is.
"""

from collections.abc import Iterable, Iterator, Sequence

from assistant.home import Home
from assistant.ui.documents.job import Job, announced
from index import health
from index.indexing import remove_documents


class Mending:
    """The mending of a home's index: `job` does it, `state` is how the home was found after it."""

    def __init__(self, home: Home) -> None:
        self.job = Job(self._work)
        self.state: health.Health | None = None
        self.num_made = 0
        self._home = home

    def _work(self, job: Job) -> None:
        home = self._home
        database = announced(home.database, job)
        try:
            if home.damaged_vectors():
                home.discard_vectors()
            health.repair(database, home.open_store, home.encoder, progress=self._watched)
        finally:
            home.forget_store()  # a new index may have taken the place of the one that it reads
        job.check()
        self.state = health.examine(database, home.store, home.encoder)

    def _watched(self, versions: list[tuple[int, str]]) -> Iterable[tuple[int, str]]:
        return self._each(versions)

    def _each(self, versions: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        total = len(versions)
        for number, version in enumerate(versions, start=1):
            self.job.check()
            self.job.tell(
                total=total, number=number, current=version[1], num_done=number - 1, share=(number - 1) / total
            )
            yield version
            self.num_made = number


def removing(home: Home, document_ids: Sequence[str]) -> Job:
    """A job, not yet started, that removes these documents with all their versions."""

    def work(job: Job) -> None:
        remove_documents(announced(home.database, job), home.store, document_ids)

    return Job(work)
