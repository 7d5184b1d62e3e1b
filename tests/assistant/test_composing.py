"""Who writes: an LLM behind a real socket, whatever it says or fails to say, and the documents' own words behind it."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest

from assistant.answering import answer, answer_events
from assistant.conversation import Message
from assistant.events import Claimed, Done, Event, Withdrawn
from assistant.home import Home
from assistant.pairs import PARTLY, SUPPORTED, UNSUPPORTED, Pair, Verdict
from assistant.sources import Sources
from assistant.writing.loading import load_llm
from index.words import stems
from tests.fakes_llm import Script, ScriptedServer, echo_keys, free_address, serving
from tests.index.conftest import add_paths

Certain = Callable[[Home], Sources]
ASKED = "What is the budget of the Harbour Compact?"


class WordsVerifier:
    """Supports a claim all of whose words stand in its quotes."""

    name = "words"

    def verdicts(self, pairs: Sequence[Pair]) -> list[Verdict]:
        return [self._verdict(pair) for pair in pairs]

    def _verdict(self, pair: Pair) -> Verdict:
        said = set(stems(" ".join(pair.quotes)))
        return Verdict(SUPPORTED, 0.9) if set(stems(pair.claim)) <= said else Verdict(UNSUPPORTED, 0.1)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with serving(Script()) as running:
        yield running


@pytest.fixture
def sources(coast: Home, certain: Certain, server: ScriptedServer) -> Sources:
    """Two documents, every sentence of which may be an answer, and an LLM that says what `server.script` says."""
    return replace(certain(coast), verifier=WordsVerifier(), writer=load_llm(f"server:m@{server.url}"))


def says(server: ScriptedServer, text: str, **options: object) -> None:
    server.script = Script(echo_keys(text), **options)


def test_what_an_llm_writes_is_shown_where_a_quote_bears_it(sources: Sources, server: ScriptedServer) -> None:
    says(server, "The budget is 12 million crowns for three years [{0}]. Pirates stole it [{0}].")
    got = answer(ASKED, sources)
    assert got.writer == "llm:m"
    assert got.claims[0].text == "The budget is 12 million crowns for three years."
    quotes = {citation.number: citation.quote for citation in got.citations}
    assert "12 million crowns for three years" in quotes[got.claims[0].citations[0]]
    assert not any("Pirates" in claim.text for claim in got.claims)
    assert got.notes == ("1 sentence of the LLM left out: not borne out",)
    assert [row["text"] for row in got.trace["dropped_claims"]] == ["Pirates stole it."]


@pytest.mark.parametrize("with_llm", [True, False], ids=["LLM", "quotes"])
def test_sides_that_differ_are_shown_with_their_dates(
    home: Home, certain: Certain, server: ScriptedServer, with_llm: bool, tmp_path: Path
) -> None:
    """Whoever writes, both sides are cited, and a note says that there is more than one answer."""
    for name, text in (("old", "# Plan\n\nThe Tidal Array will start operation in 2027."),
                       ("new", "# News\n\nThe start of operation of the Tidal Array was moved to 2028.")):  # fmt: skip
        (tmp_path / f"{name}.md").write_text(text)
    add_paths(home, tmp_path / "old.md", tmp_path / "new.md")
    says(server, "The Tidal Array will start operation in 2027 [{0}].")
    writer = load_llm(f"server:m@{server.url}") if with_llm else None
    got = answer("When will the Tidal Array start operation?", replace(certain(home), writer=writer))
    assert got.writer == ("llm:m" if with_llm else "quote")
    assert {"2027", "2028"} <= {year for one in got.citations for year in ("2027", "2028") if year in one.quote}
    assert any(note.startswith("more than one answer stands in the documents: [1] ") for note in got.notes)


def test_the_trace_has_the_prompt_as_it_was_sent(sources: Sources, server: ScriptedServer) -> None:
    says(server, "The budget is 12 million crowns [{0}].")
    (request,) = answer(ASKED, sources).trace["llm"]
    (body,) = server.bodies
    assert [message["content"] for message in body["messages"]] == [
        request["prompt"]["system"],
        request["prompt"]["user"],
    ]
    assert ASKED in request["prompt"]["user"]


def test_an_llm_that_only_invents_is_replaced_by_quotes(sources: Sources, server: ScriptedServer) -> None:
    says(server, "Pirates stole the money [{0}]. Dragons guard it [{1}].")
    got = answer(ASKED, sources)
    assert got.writer == "quote"
    assert got.notes == ("nothing that the LLM wrote is borne out by the documents: answered by quoting",)
    assert {claim.verdict for claim in got.claims} == {SUPPORTED}
    assert [row["text"] for row in got.trace["dropped_claims"]] == ["Pirates stole the money.", "Dragons guard it."]
    assert got.trace["llm"][0]["output"].startswith("Pirates stole the money [")


def test_the_best_sentence_is_added_where_an_llm_leaves_it_out(sources: Sources, server: ScriptedServer) -> None:
    """An answer is never less useful than the quote that it could have been."""
    says(server, "Every harbour measures the water level [{0}].")
    got = answer(ASKED, sources)
    best = got.trace["evidence"][0]
    assert (best["document_id"], best["start"]) in {(c.document_id, c.start) for c in got.citations}


def test_a_claim_that_leaves_out_what_was_asked_for_does_not_stand_alone(
    sources: Sources, server: ScriptedServer
) -> None:
    """It cites the sentence with the date and does not say the date: the sentence follows."""
    says(server, "The Harbour Compact was signed in Port Elin [{0}].")
    got = answer("When was the Harbour Compact signed?", sources)
    assert got.writer == "llm:m"
    assert [claim.text for claim in got.claims] == [
        "The Harbour Compact was signed in Port Elin.",
        "The Harbour Compact was signed in Port Elin on 4 May 2019.",
    ]


class DoubtfulVerifier(WordsVerifier):
    """Supports nothing wholly."""

    def _verdict(self, pair: Pair) -> Verdict:
        return replace(super()._verdict(pair), verdict=PARTLY)


def test_claims_of_which_none_is_wholly_supported_are_taken_back(sources: Sources, server: ScriptedServer) -> None:
    says(server, "The budget is 12 million crowns for pirates [{0}].")
    events = list(answer_events(ASKED, replace(sources, verifier=DoubtfulVerifier())))
    assert any(isinstance(event, Withdrawn) for event in events)
    got = check_streamed(events)
    assert got.writer == "quote"
    assert {claim.verdict for claim in got.claims} == {SUPPORTED}


def test_no_answer_is_believed_where_the_evidence_is_poor(
    coast: Home, sources: Sources, server: ScriptedServer
) -> None:
    says(server, "NO ANSWER")
    got = answer(ASKED, sources)
    assert (got.writer, got.notes[0][:24]) == ("quote", "the LLM found no answer ")
    unsure = replace(sources, finder=coast.sources.finder)
    poor = answer("Who repairs the harbour each hour?", unsure)
    if poor.trace["evidence"][0]["probability"] < 0.5:
        assert poor.refusal is not None
        assert poor.refusal.kind in {"insufficient", "absent"}


@pytest.mark.parametrize("resets", [False, True], ids=["closed", "reset"])
def test_what_was_said_before_an_llm_broke_off_is_taken_back(
    sources: Sources, server: ScriptedServer, *, resets: bool
) -> None:
    says(server, "The budget is 12 million crowns [{0}]. The compact was signed on 4 May 2019 [{0}]. It", cut_after=25)
    server.script.resets = resets
    events = list(answer_events(ASKED, sources))
    taken_back = [i for i, event in enumerate(events) if isinstance(event, Withdrawn)]
    assert len(taken_back) == 1
    done = check_streamed(events)
    assert done.writer == "quote"
    assert done.notes[0].endswith(": answered by quoting")
    assert done.claims


def check_streamed(events: Sequence[Event]):
    """The answer, whose claims and citations are those that were streamed since the last withdrawal."""
    start = max((i for i, event in enumerate(events) if isinstance(event, Withdrawn)), default=-1) + 1
    claimed = [event for event in events[start:] if isinstance(event, Claimed)]
    assert isinstance(events[-1], Done)
    got = events[-1].answer
    assert got.claims == tuple(event.claim for event in claimed)
    assert got.citations == tuple(citation for event in claimed for citation in event.citations)
    return got


def test_a_server_that_dies_at_any_moment_costs_no_answer(sources: Sources, server: ScriptedServer) -> None:
    """Ten random moments in mid-stream: an answer by quoting, marked as such, within two seconds."""
    text = "The budget is 12 million crowns [{0}]. The compact was signed on 4 May 2019 [{0}]. Pirates ran [{1}]."
    moments = random.Random(5).sample(range(2, 30), 10)  # noqa: S311
    for moment in moments:
        says(server, text, cut_after=moment, resets=bool(moment % 2))
        start = perf_counter()
        got = check_streamed(list(answer_events(ASKED, sources)))
        assert perf_counter() - start < 2, moment
        assert (got.writer, got.refusal) == ("quote", None)
        assert got.claims
        assert got.notes[0].endswith(": answered by quoting")


def test_a_server_that_is_not_there_costs_no_answer(coast: Home, certain: Certain) -> None:
    sources = replace(certain(coast), writer=load_llm(f"server:m@{free_address()}"))
    got = answer(ASKED, sources)
    assert got.writer == "quote"
    assert got.claims
    assert "cannot be reached" in got.notes[0]


def test_a_follow_up_is_understood_by_the_llm(sources: Sources, server: ScriptedServer) -> None:
    told = [Message("user", "Tell me about the Lighthouse Accord."), Message("assistant", "It joins seven towns.")]

    def pieces(body: dict) -> list[str]:
        asks = "Standalone question" in body["messages"][1]["content"]
        return ["What is the budget of the Lighthouse Accord?"] if asks else ["Its budget is 3 million crowns."]

    server.script = Script(pieces)
    got = answer("What is its budget?", sources, history=told)
    assert got.standalone_question == "What is the budget of the Lighthouse Accord?"
    assert got.writer == "llm:m"


def test_a_follow_up_is_understood_by_rules_where_the_llm_fails(coast: Home, certain: Certain) -> None:
    """And the LLM is not asked a second time for the answer."""
    told = [Message("user", "Tell me about the Lighthouse Accord.")]
    writer = load_llm(f"server:m@{free_address()}")
    got = answer("What is its budget?", replace(certain(coast), writer=writer), history=told)
    assert got.standalone_question == "What is Lighthouse Accord’s budget?"
    assert got.writer == "quote"
    assert len(got.notes) == 1


def test_small_talk_needs_nobody(sources: Sources, server: ScriptedServer) -> None:
    got = answer("Hello!", sources)
    assert got.refusal is None
    assert [claim.citations for claim in got.claims] == [()]
    assert server.bodies == []
