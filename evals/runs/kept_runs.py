"""Runs of suites, kept in a home's database: each case is written as soon as it is answered.

A run that was killed is found again by its record and goes on; what a finished run answered under the same
fingerprint need not be asked again. Nothing here asks a question or computes a figure.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update

from corpus.database import Database
from corpus.dialects import upsert
from corpus.schema import run_results, runs
from evals.errors import UnknownRun
from evals.runs.results import Result, result_from_json, result_json

LAST = "last"
_ASKED_UNDER = ("code", "settings", "documents", "measures", "variant")
"""What of a record decides how a case is answered and scored: the fingerprint."""
_NEAR = 5


@dataclass(frozen=True, slots=True)
class Run:
    """One run as a list shows it; times are ISO, UTC, `finished_at` None where it was not brought to its end.

    `record` says what was measured: commit, settings, models, digests of documents and suite, measures.
    """

    id: str
    suite: str
    started_at: str
    finished_at: str | None
    record: Mapping[str, Any]
    num_done: int

    @property
    def num_cases(self) -> int:
        """How many cases it has when it is finished."""
        return int(self.record.get("suite", {}).get("num_cases", self.num_done))


def digest(content: Any) -> str:
    """The sha256 of JSON content, in hexadecimal, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def fingerprint(record: Mapping[str, Any]) -> str:
    """A digest of all that decides how a case is answered and scored: two equal ones give the same figures."""
    return digest({name: record.get(name) for name in _ASKED_UNDER})


def _identity(record: Mapping[str, Any]) -> str:
    """A digest of what was measured, without what was learnt about the judges on the way."""
    return digest({name: value for name, value in record.items() if name not in ("judges", "commit")})


def suite_name_of(name: str) -> str:
    """The name under which runs of this suite are kept: a file's is its stem.

    >>> suite_name_of("cases/my-suite.jsonl"), suite_name_of("sample")
    ('my-suite', 'sample')
    """
    stem = name.rstrip("/").rpartition("/")[2]
    return stem.removesuffix(".jsonl").removesuffix(".json").removesuffix(".csv") or name


class Runs:
    """The runs of one home."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, suite: str | None = None) -> Sequence[Run]:
        """Every run, or those of a suite, the one started last first."""
        query = self._listed()
        if suite is not None:
            query = query.where(runs.c.suite == suite)
        with self._database.reading() as connection:
            return [Run(**row) for row in connection.execute(query).mappings()]

    def get(self, name: str) -> Run:
        """The run that `name` means: an id, the beginning of one id only, "last", or "last:SUITE".

        "last" is the finished run that was started last. Raises `UnknownRun`.
        """
        kind, colon, suite = name.partition(":")
        if kind == LAST:
            finished = [run for run in self.list(suite_name_of(suite) if colon else None) if run.finished_at]
            if not finished:
                of = f" of {suite!r}" if colon else ""
                raise UnknownRun(f"there is no finished run{of}: `communique eval run {suite or 'sample'}` makes one")
            return finished[0]
        found = [run for run in self.list() if name and run.id.startswith(name)]
        exact = [run for run in found if run.id == name]
        if len(exact or found) == 1:
            return (exact or found)[0]
        if not found:
            raise UnknownRun(f"there is no run {name!r}: `communique eval runs` lists them")
        ids = ", ".join(run.id for run in found[:_NEAR])
        raise UnknownRun(f"{name!r} begins {len(found)} runs ({ids}): write more of the one that is meant")

    def unfinished(self, suite: str, record: Mapping[str, Any]) -> Run | None:
        """The latest run of the suite with this record that was not brought to its end."""
        wanted = _identity(record)
        left = (run for run in self.list(suite) if not run.finished_at and _identity(run.record) == wanted)
        return next(left, None)

    def start(self, suite: str, record: Mapping[str, Any]) -> Run:
        """A new run without results."""
        now = datetime.now(UTC)
        id_ = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        run = Run(id_, suite, _iso(now), None, dict(record), num_done=0)
        row = {"id": id_, "suite": suite, "started_at": run.started_at, "record": run.record}
        with self._database.writing() as connection:
            connection.execute(insert(runs).values(row))
        return run

    def keep(self, run: Run, position: int, case_sha256: str, result: Result) -> None:
        """Writes the result of a case; one that is there already stays."""
        row = {
            "run_id": run.id,
            "case_id": result.case.id,
            "position": position,
            "case_sha256": case_sha256,
            "result": result_json(result),
        }
        with self._database.writing() as connection:
            connection.execute(upsert(connection, run_results).values(row).on_conflict_do_nothing())

    def finish(self, run: Run) -> Run:
        """Marks the run as brought to its end, and returns it so."""
        with self._database.writing() as connection:
            connection.execute(update(runs).where(runs.c.id == run.id).values(finished_at=_iso(datetime.now(UTC))))
        return self.get(run.id)

    def delete(self, *names: str) -> Sequence[str]:
        """Deletes runs with their results, and returns their ids. Raises `UnknownRun`; then none is deleted."""
        ids = list(dict.fromkeys(self.get(name).id for name in names))
        with self._database.writing() as connection:
            connection.execute(delete(run_results).where(run_results.c.run_id.in_(ids)))
            connection.execute(delete(runs).where(runs.c.id.in_(ids)))
        return ids

    def results(self, run: Run) -> Sequence[Result]:
        """The results of a run so far, in the order of its cases."""
        query = select(run_results.c.result).where(run_results.c.run_id == run.id).order_by(run_results.c.position)
        with self._database.reading() as connection:
            return [result_from_json(row.result) for row in connection.execute(query)]

    def case_digests(self, run: Run) -> dict[str, str]:
        """The digest of each case that the run has a result for, by the case's id."""
        query = select(run_results.c.case_id, run_results.c.case_sha256).where(run_results.c.run_id == run.id)
        with self._database.reading() as connection:
            return {row.case_id: row.case_sha256 for row in connection.execute(query)}

    def answered_before(self, suite: str, record: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
        """Of finished runs with the same fingerprint: by the digest of a case, the run's id and the case's id.

        The latest run that asked it counts; one that had an error is to be asked again.
        """
        wanted = fingerprint(record)
        ids = [run.id for run in self.list(suite) if run.finished_at and fingerprint(run.record) == wanted]
        query = select(run_results.c.run_id, run_results.c.case_id, run_results.c.case_sha256).where(
            run_results.c.run_id.in_(ids), func.json_extract(run_results.c.result, "$.error").is_(None)
        )
        with self._database.reading() as connection:
            rows = sorted(connection.execute(query), key=lambda row: ids.index(row.run_id), reverse=True)
        return {row.case_sha256: (row.run_id, row.case_id) for row in rows}

    def result(self, run_id: str, case_id: str) -> Result:
        """One result. Raises `UnknownRun` where it is not kept."""
        query = select(run_results.c.result).where(run_results.c.run_id == run_id, run_results.c.case_id == case_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise UnknownRun(f"the run {run_id!r} has no case {case_id!r}")
        return result_from_json(row.result)

    def _listed(self) -> Select[Any]:
        done = func.count(run_results.c.case_id).label("num_done")
        return (
            select(runs, done)
            .outerjoin(run_results)
            .group_by(runs.c.id)
            .order_by(runs.c.started_at.desc(), runs.c.id.desc())
        )


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
