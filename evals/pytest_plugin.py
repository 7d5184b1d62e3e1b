"""A pytest plugin: your documents asked in your own tests, with failures that say what was answered instead.

    def test_the_budget(communique):
        answer = communique.ask("What is the budget of the Harbour Compact?")
        assert answer.cites("12 million crowns", document="harbour-5f0c9a3b")
        assert answer.supported

The fixture `communique` asks the home that `--communique-home` or COMMUNIQUE_HOME names; the fixture `communique_home`
may be overridden for another. Nothing is kept: no conversation, no run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation
    from assistant.home import Home

_SHOWN_CHARS = 140
"""pytest shortens what it shows of a value to some 240 characters, and puts it on one line."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option for the home."""
    parser.getgroup("communique").addoption(
        "--communique-home",
        metavar="FOLDER",
        help="the home with the documents that the fixture `communique` asks (default: COMMUNIQUE_HOME)",
    )


@pytest.fixture(scope="session")
def communique_home(request: pytest.FixtureRequest) -> Iterator["Home"]:
    """The home that is asked, opened once; fails where it has no documents."""
    from pathlib import Path

    from assistant.home import open_home
    from assistant.settings import settings_from_environment

    chosen = request.config.getoption("--communique-home")
    settings = settings_from_environment(home=Path(chosen) if chosen else None)
    home = open_home(settings)
    try:
        if not home.catalogue.summaries():
            pytest.fail(
                f"the home {str(settings.home)!r} has no documents: name another with --communique-home or "
                f"COMMUNIQUE_HOME, or run `communique --home {settings.home} add FOLDER`",
                pytrace=False,
            )
        yield home
    finally:
        home.close()


@pytest.fixture
def communique(communique_home: "Home") -> "Communique":
    """What asks the documents."""
    return Communique(communique_home)


@dataclass(frozen=True, slots=True)
class Check:
    """Whether something holds, and what a reader is told when a test wanted it otherwise."""

    holds: bool
    message: str

    def __bool__(self) -> bool:
        return self.holds

    def __repr__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True, repr=False)
class Communique:
    """Asks the documents of a home."""

    home: "Home"

    def __repr__(self) -> str:
        return f"<communique over {str(self.home.path)!r}>"

    def ask(self, question: str, **options: Any) -> "Asked":
        """The answer to a question; options as for `assistant.answering.answer_events`, such as `scope`."""
        return Asked(self.home, _answered(self.home, question, (), options))


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """An answer, and what can be asserted of it. What its methods give is true or false, and explains itself."""

    home: "Home"
    answer: "Answer"
    earlier: tuple["Answer", ...] = ()

    def __repr__(self) -> str:
        return f"<the answer to {_cut(self.answer.question)!r}>"

    @property
    def text(self) -> str:
        """The answer with its markers; empty when it is a refusal."""
        return self.answer.text

    @property
    def citations(self) -> "tuple[Citation, ...]":
        """The citations, as `assistant.answer` has them."""
        return self.answer.citations

    def ask(self, question: str, **options: Any) -> "Asked":
        """The answer to a question that follows on this one."""
        so_far = (*self.earlier, self.answer)
        return Asked(self.home, _answered(self.home, question, so_far, options), so_far)

    def cites(self, words: str, *, document: str | None = None) -> Check:
        """Whether a quote holds exactly these words, in the document of this id or title where one is named."""
        some = [one for one in self.answer.citations if document in (None, one.document_id, one.title)]
        found = [one for one in some if words in one.quote]
        where = f" of {document!r}" if document is not None else ""
        if found:
            return Check(True, f"{words!r} is cited: {_shown(found[0])}")
        return Check(False, f"no quote{where} holds {words!r}; {_told(self.answer)}")

    def refused(self, kind: str | None = None) -> Check:
        """Whether the question was refused, as this kind where one is named."""
        refusal = self.answer.refusal
        if refusal is None:
            return Check(False, f"it was {_told(self.answer)}")
        holds = kind in (None, refusal.kind)
        wanted = "" if holds else f", not as {kind!r}"
        return Check(holds, f"refused as {refusal.kind!r}{wanted}: {refusal.message}")

    @property
    def supported(self) -> Check:
        """Whether there is an answer and every sentence of it is supported in full by what it cites."""
        if not self.answer.claims:
            return Check(False, f"there is no answer to support; {_told(self.answer)}")
        weak = [claim for claim in self.answer.claims if claim.verdict != "supported"]
        if not weak:
            return Check(True, f"every sentence is supported; {_told(self.answer)}")
        said = "; ".join(f"{claim.verdict} ({claim.support:.2f}): {_cut(claim.text)}" for claim in weak)
        return Check(False, f"{len(weak)} sentences are not supported in full: {said}")


def _answered(home: "Home", question: str, so_far: tuple["Answer", ...], options: dict[str, Any]) -> "Answer":
    from assistant.answering import answer
    from assistant.conversation import Turn, cited_in, history_of

    turns = [Turn(number, one) for number, one in enumerate(so_far, start=1)]
    return answer(question, home.sources, history=history_of(turns), cited=cited_in(turns), **options)


def _told(answer: "Answer") -> str:
    """What a reader got, for a failure."""
    if answer.refusal is not None:
        return f"refused as {answer.refusal.kind!r}: {_cut(answer.refusal.message)}"
    places = ", ".join(f"{one.document_id} {one.start}-{one.end}" for one in answer.citations)
    return f"answered: {_cut(answer.text)} ({places})"


def _shown(citation: "Citation") -> str:
    return f"{citation.document_id} {citation.start}-{citation.end}: “{_cut(citation.quote)}”"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}…"
