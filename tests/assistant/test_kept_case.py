from assistant.answer import Answer, Citation, Claim, Refusal
from assistant.kept_case import case_row

CITATION = Citation(1, "sea", "0" * 64, "Sea", "/sea", 18, 36, "The boats are out.")


def test_a_turn_is_a_row_that_anybody_could_have_written() -> None:
    """The question stands alone, the answer has no markers, and every citation is span and quote."""
    answer = Answer(
        "Where are they?", "Where are the boats?", (Claim("They are out.", (1,), "supported", 0.9),), (CITATION,)
    )
    assert case_row(answer, conversation_id="c1", turn=2, tags=["kept", "kept", "thumbs-up"]) == {
        "id": "turn-c1-2",
        "question": "Where are the boats?",
        "answerable": True,
        "answers": ["They are out."],
        "evidence": [{"document_id": "sea", "start": 18, "end": 36, "quote": "The boats are out."}],
        "tags": ["kept", "thumbs-up"],
        "draft": False,
        "cluster": "c1",
    }


def test_a_refused_turn_is_a_case_without_an_answer() -> None:
    answer = Answer("Fish?", "Fish?", refusal=Refusal("absent", "No document says.", nearest=(CITATION,)))
    row = case_row(answer, conversation_id="c1", turn=1, tags=["thumbs-down"], draft=True)
    assert (row["answerable"], row["answers"], row["evidence"], row["draft"]) == (False, [], [], True)


def test_a_turn_that_cites_nothing_is_a_draft() -> None:
    """A greeting has claims and no citations: kept as a case it would want a refusal."""
    answer = Answer("Hello!", "Hello!", (Claim("Hello.", (), "supported", 1.0),))
    row = case_row(answer, conversation_id="c1", turn=1, tags=["kept"])
    assert (row["answerable"], row["answers"], row["draft"]) == (False, ["Hello."], True)
