"""How `evals` joins the command line: as any plugin would, through the entry-point group `communique.plugins`.

The rooms it measures with are imported when a command runs, not before.
"""

import json as json_format
from collections.abc import Callable, Mapping
from typing import Annotated

from assistant.plugins import Command
from assistant.settings import Settings


class EvaluationPlugin:
    """The commands `communique eval …`."""

    name = "eval"
    help = "Measure answers with suites of cases: eval list, eval run SUITE."

    def commands(self, settings: Callable[[], Settings]) -> Mapping[str, Command]:
        """`list` and `run`."""

        def run(
            suite: Annotated[str, "A suite from `communique eval list`."],
            json: Annotated[bool, "Write JSON, for programs."] = False,
        ) -> int:
            """Run a suite over a home of its own and show its measures.

            Example: communique eval run sample
            """
            return run_suite(suite, settings(), as_json=json)

        return {"list": list_suites, "run": run}


def list_suites() -> int:
    """List the suites."""
    from evals.suites import SUITES

    for suite in SUITES.values():
        print(f"{suite.name:12} {suite.about}")
    return 0


def run_suite(name: str, settings: Settings, *, as_json: bool) -> int:
    """Runs a suite and prints its report; 1 when a case failed, else 0.

    Raises `InvalidCall` when there is no such suite or it cannot be run.
    """
    from assistant.errors import InvalidCall
    from evals.errors import EvaluationError
    from evals.reporting import report_json, report_table
    from evals.running import run_cases, suite_home
    from evals.suites import SUITES, load_cases

    if name not in SUITES:
        raise InvalidCall(f"there is no suite {name!r}: the suites are {', '.join(SUITES)}")
    with suite_home(settings.home, name) as home:
        try:
            cases = load_cases(SUITES[name].path, home.catalogue.document)
        except EvaluationError as error:
            raise InvalidCall(str(error)) from error
        report = report_json(name, run_cases(cases, home))
    print(json_format.dumps(report, ensure_ascii=False) if as_json else report_table(report))
    return 1 if report["num_errors"] else 0


plugin = EvaluationPlugin()
