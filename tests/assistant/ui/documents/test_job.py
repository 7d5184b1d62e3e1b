import threading

import pytest

from assistant.ui.documents.job import Job, Progress, Stopped, announced
from corpus.database import Database
from corpus.errors import CorpusError

WAIT_SECONDS = 20


def ended(job: Job) -> Progress:
    """Runs the job to its end."""
    return list(job.start().moments(poll_seconds=0.01))[-1]


def test_a_job_tells_how_far_it_is_and_that_it_has_ended() -> None:
    def work(job: Job) -> None:
        job.tell(total=2, current="a.md", share=0.5)
        going_on.wait(WAIT_SECONDS)
        job.tell(num_done=2, share=1.0)

    going_on = threading.Event()
    moments = Job(work).start().moments(poll_seconds=0.01)
    first = next(moments)
    while not first.total:
        first = next(moments)
    assert (first.current, first.ended) == ("a.md", False)
    going_on.set()
    last = list(moments)[-1]
    assert last == Progress(total=2, current="a.md", num_done=2, share=1.0, ended=True)


def test_a_stopped_job_ends_at_its_next_step() -> None:
    def work(job: Job) -> None:
        while True:
            job.check()
            started.set()

    started = threading.Event()
    job = Job(work).start()
    assert started.wait(WAIT_SECONDS)
    job.stop()
    last = list(job.moments(poll_seconds=0.01))[-1]
    assert (last.stopped, last.ended, last.fault) == (True, True, None)


def test_a_job_whose_reader_has_gone_is_stopped() -> None:
    """A closed page leaves nothing running."""

    def work(job: Job) -> None:
        try:
            while True:
                job.check()
        finally:
            finished.set()

    finished = threading.Event()
    moments = Job(work).start().moments(poll_seconds=0.01)
    next(moments)
    moments.close()
    assert finished.wait(WAIT_SECONDS)


@pytest.mark.parametrize(
    ("error", "fault"),
    [(CorpusError("no home 'x': name another"), "no home 'x': name another"), (KeyError("y"), "KeyError: 'y'")],
)
def test_a_job_that_fails_says_why(error: Exception, fault: str) -> None:
    def work(_: Job) -> None:
        raise error

    last = ended(Job(work))
    assert (last.fault, last.stopped, last.ended) == (fault, False, True)


def test_a_job_that_has_to_wait_for_another_writer_says_so(database: Database) -> None:
    def work(job: Job) -> None:
        with announced(database, job).lock:
            job.tell(num_done=1)

    with database.lock:
        moments = Job(work).start().moments(poll_seconds=0.01)
        while not next(moments).waiting:
            pass
    last = list(moments)[-1]
    assert (last.waiting, last.num_done, last.fault) == (False, 1, None)
    with database.lock.acquire(timeout=0):
        pass  # it was given back


def test_a_job_that_waits_can_be_stopped(database: Database) -> None:
    def work(job: Job) -> None:
        with announced(database, job).lock:
            job.tell(num_done=1)

    with database.lock:
        job = Job(work).start()
        moments = job.moments(poll_seconds=0.01)
        while not next(moments).waiting:
            pass
        job.stop()
        last = list(moments)[-1]
    assert (last.stopped, last.num_done) == (True, 0)


def test_stopping_is_asked_for_at_each_check() -> None:
    job = Job(lambda _: None)
    job.check()
    job.stop()
    with pytest.raises(Stopped):
        job.check()
