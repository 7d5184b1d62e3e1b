import pytest

from assistant.answer import Answer, Citation, Claim, Refusal, answer_json, citation_json
from assistant.events import Claimed, Done, Event, Found, Refused, Searching, event_json

CITATION = Citation(1, "a", "ab", "A", "/a", 0, 4, "Tide", phrase=(0, 2))
CLAIM = Claim("Tide", (1,), "supported", 1.0)
ANSWER = Answer("Q?", "Q?", (CLAIM,), (CITATION,))


@pytest.mark.parametrize(
    ("event", "content"),
    [
        (Searching("Who?"), {"event": "searching", "standalone_question": "Who?"}),
        (Found(3, 2), {"event": "found", "num_passages": 3, "num_documents": 2}),
        (
            Claimed(CLAIM, (CITATION,)),
            {
                "event": "claim",
                "claim": {"text": "Tide", "citations": (1,), "verdict": "supported", "support": 1.0},
                "citations": [citation_json(CITATION)],
            },
        ),
        (
            Refused(Refusal("absent", "No.", ("Who?",))),
            {
                "event": "refusal",
                "refusal": {"kind": "absent", "message": "No.", "searched": ("Who?",), "candidates": (), "nearest": ()},
            },
        ),
        (Done(ANSWER), {"event": "done", "answer": answer_json(ANSWER, conversation_id="c0ffee", turn=2)}),
    ],
    ids=["searching", "found", "claim", "refusal", "done"],
)
def test_an_event_is_one_object_that_says_what_it_is(event: Event, content: dict[str, object]) -> None:
    assert event_json(event, conversation_id="c0ffee", turn=2) == content
