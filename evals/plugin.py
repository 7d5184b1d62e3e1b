"""How `evals` joins the command line: as any plugin would, through the entry-point group `communique.plugins`.

The commands with their options and help; `commands.py` does what they say. Nothing that it measures with is imported
before a command runs.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from weakref import WeakKeyDictionary

from assistant.plugins import Command
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.home import Home
    from assistant.plugins import Verdict
    from evals.ui.active_run import ActiveRun
    from index.retrieval import Retriever

AsJson = Annotated[bool, "Write JSON, for programs."]
Report = Annotated[Path | None, "Write a report here: one HTML file that works offline.", "FILE"]
Junit = Annotated[Path | None, "Write JUnit XML here, for build servers.", "FILE"]
Summary = Annotated[Path | None, "Write Markdown here, as GitHub shows it in a pull request.", "FILE"]


class EvaluationPlugin:
    """The commands `communique eval …`, the tab Evaluate of the page, and the routes below /api/eval."""

    name = "eval"
    help = "Measure answers with suites of cases: eval run SUITE, eval compare RUN RUN, eval gate RUN --baseline RUN."

    def __init__(self) -> None:
        self._active: WeakKeyDictionary[Home, ActiveRun] = WeakKeyDictionary()

    @property
    def tab_title(self) -> str:
        """The tab's title, in the reader's language."""
        from assistant.ui.wording import label

        return label("page.evaluate")

    def commands(self, settings: Callable[[], Settings]) -> Mapping[str, Command]:
        """The commands by name."""
        found: dict[str, Command] = {"list": list_suites, "schema": schema}
        for some in (_running, _showing, _judging, _trusting, _making):
            found |= some(settings)
        return found

    def build_tab(self, home: "Home") -> None:
        """The tab's components, within the page that is being built."""
        from evals.ui import tab

        tab.build(home, self.active_run(home))

    def routes(self, home: "Home") -> Any:
        """The routes below /api/eval, as a FastAPI router."""
        from evals.routes import routes

        return routes(home, active=self.active_run(home))

    def active_run(self, home: "Home") -> "ActiveRun":
        """The run that is on in that home, or the last one: the page and the API know of the same."""
        from assistant.settings import settings_from_environment
        from evals.ui.active_run import ActiveRun

        if home not in self._active:
            self._active[home] = ActiveRun(home.settings or settings_from_environment(home=home.path))
        return self._active[home]

    def index_check(self, suite: str, home: "Home") -> "Callable[[Retriever, Retriever], Verdict]":
        """What compares two indexes of the home by the suite's cases. Raises `InvalidCall`."""
        from evals.comparing.index_check import index_check

        return index_check(suite, home)


def list_suites() -> int:
    """List the suites that come along; any file of cases is one too."""
    from evals import commands

    return commands.list_suites()


def schema() -> int:
    """Write the JSON schema of a case.

    Example: communique eval schema > case.schema.json
    """
    from evals import commands

    return commands.print_schema()


def _running(settings: Callable[[], Settings]) -> dict[str, Command]:
    """The command that makes runs."""

    def run(  # noqa: PLR0913, PLR0917  (a command has the options that it has)
        suite: Annotated[str, "A suite from `communique eval list`, or a file of cases: my-suite.jsonl."],
        llm: Annotated[list[str] | None, "Who writes, as in ask; several give a run each.", "LLM"] = None,
        limit: Annotated[int | None, "Ask the first so many cases only.", "N"] = None,
        only_tag: Annotated[list[str] | None, "Ask the cases with this tag only; may be repeated.", "TAG"] = None,
        drafts: Annotated[bool, "Ask drafts too."] = False,
        judge: Annotated[
            list[str] | None, "An LLM that grades the citations too, in the forms of --llm.", "LLM"
        ] = None,
        anew: Annotated[bool, "Ask every case, whatever earlier runs hold."] = False,
        json: AsJson = False,
        report: Report = None,
        junit: Junit = None,
        summary: Summary = None,
    ) -> int:
        """Ask every case of a suite, measure the answers, and keep the run. A run that was broken off goes on.

        \b
        Examples:
          communique eval run sample
          communique eval run my-suite.jsonl --report report.html
          communique eval run my-suite.jsonl --llm none --llm ollama:llama3.2
        """  # noqa: D301  (typer wants the \b itself: it keeps the lines apart)
        from evals import commands
        from evals.runs.running import Options

        options = Options(limit=limit, tags=tuple(only_tag or ()), drafts=drafts, judges=tuple(judge or ()), anew=anew)
        files = commands.Files(report=report, junit=junit, summary=summary)
        return commands.run(suite, settings(), llms=llm or (), options=options, files=files, as_json=json)

    return {"run": run}


def _showing(settings: Callable[[], Settings]) -> dict[str, Command]:
    """Commands that show the runs that are kept."""

    def runs(
        suite: Annotated[str | None, "Those of this suite only.", "SUITE"] = None,
        delete: Annotated[list[str] | None, "Delete a run with its results; may be repeated.", "RUN"] = None,
        json: AsJson = False,
    ) -> int:
        """List the runs that are kept, the latest first."""
        from evals import commands

        return commands.runs(settings(), suite=suite, delete=delete or (), as_json=json)

    def show(
        run: Annotated[str, "A run's id, the beginning of one, last, or last:SUITE."],
        json: AsJson = False,
        report: Report = None,
        junit: Junit = None,
        summary: Summary = None,
    ) -> int:
        """Show the figures of a run again, or write its report.

        Example: communique eval show last --report report.html
        """
        from evals import commands

        files = commands.Files(report=report, junit=junit, summary=summary)
        return commands.show(run, settings(), files=files, as_json=json)

    return {"runs": runs, "show": show}


def _judging(settings: Callable[[], Settings]) -> dict[str, Command]:
    """Commands that hold one run against another."""

    def compare(
        baseline: Annotated[str, "The earlier run: an id, the beginning of one, last, or last:SUITE."],
        run: Annotated[str, "The later run."],
        json: AsJson = False,
        report: Report = None,
    ) -> int:
        """Compare two runs of a suite: what changed, how surely, and in which cases, worst first.

        Example: communique eval compare 20261122-05 last --report comparison.html
        """
        from evals import commands

        return commands.compare(baseline, run, settings(), report=report, as_json=json)

    def gate(  # noqa: PLR0913, PLR0917  (a command has the options that it has)
        run: Annotated[str, "The run that is to pass: an id, the beginning of one, last, or last:SUITE."],
        baseline: Annotated[str | None, "The run that it is held against; it is needed.", "RUN"] = None,
        measure: Annotated[list[str] | None, "Watch this measure alone; may be repeated.", "MEASURE"] = None,
        json: AsJson = False,
        junit: Junit = None,
        summary: Summary = None,
    ) -> int:
        """Fail, with exit status 1, when a run is significantly worse than its baseline; say by what, and where.

        \b
        Examples:
          communique eval gate last --baseline 20261122-051203-3fa9
          communique eval gate last --baseline 20261122 --measure "right words cited" --junit gate.xml
        """  # noqa: D301  (typer wants the \b itself: it keeps the lines apart)
        from evals import commands

        files = commands.Files(junit=junit, summary=summary)
        return commands.gate(run, baseline, settings(), measures=measure or (), files=files, as_json=json)

    return {"compare": compare, "gate": gate}


def _trusting(settings: Callable[[], Settings]) -> dict[str, Command]:
    """The command that holds judges against people."""

    def agreement(
        labels: Annotated[Path | None, "Labelled claims, JSONL or CSV; else the 120 that come along.", "FILE"] = None,
        judge: Annotated[
            list[str] | None, "An LLM as the judge, in the forms of --llm; may be repeated.", "LLM"
        ] = None,
        json: AsJson = False,
    ) -> int:
        """Show how far the judges of citations agree with people's labels.

        Example: communique eval agreement --judge ollama:llama3.2
        """
        from evals import commands

        return commands.agreement(settings(), labels=labels, judges=judge or (), as_json=json)

    return {"agreement": agreement}


def _making(settings: Callable[[], Settings]) -> dict[str, Command]:
    """Commands that make cases and check them."""

    def lint(suite: Annotated[str, "A file of cases, or another suite."], json: AsJson = False) -> int:
        """Check cases against the documents: every error and warning with its line. Exit status 1 with errors.

        Example: communique eval lint my-suite.jsonl
        """
        from evals import commands

        return commands.lint(suite, settings(), as_json=json)

    def cases(source: Annotated[str, "kept: the turns that you kept in the chat; or a table, cases.csv."]) -> int:
        """Write cases as JSONL, a line each, to look at, edit and run.

        \b
        Examples:
          communique eval cases kept > my-suite.jsonl
          communique eval cases cases.csv > my-suite.jsonl
        """  # noqa: D301  (typer wants the \b itself: it keeps the lines apart)
        from evals import commands

        return commands.cases(source, settings())

    def draft(
        num: Annotated[int, "So many at most.", "N"] = 20,
        document: Annotated[list[str] | None, "From this document only; may be repeated.", "ID"] = None,
        llm: Annotated[str | None, "Who words the questions; else rules do.", "LLM"] = None,
    ) -> int:
        """Draft cases from your documents, as JSONL: questions whose answers were found. Keep the good ones.

        Example: communique eval draft --num 50 > drafts.jsonl
        """
        from evals import commands

        return commands.draft(settings(), num=num, documents=document or (), llm=llm)

    return {"lint": lint, "cases": cases, "draft": draft}


plugin = EvaluationPlugin()
