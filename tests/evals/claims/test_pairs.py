import json
from pathlib import Path

import pytest

from assistant.pairs import PARTLY, SUPPORTED, UNSUPPORTED
from evals.claims.changes import CHANGES
from evals.claims.pairs import Labelled, pairs_of

_TEXT = (
    "The Harbour Compact was founded in 1990 by Anna Berg of Oslo. In 1995, the compact moved to the town of Bergen. "
    "Many harbours may join it at a cost of 12 million crowns.\n\n"
    "The Tide Office was opened by the king of Norway in March 2001. It is larger than the old office in Cape Orre. "
    "The office does not repair lighthouses, although some towns have asked for it."
)
_OTHER = (
    "Penguins live in Antarctica. They are not found in the north. The largest penguin was seen in 1899 by Joren Vale."
)


def _write(folder: Path, cases: list[dict[str, object]]) -> Path:
    folder.mkdir()
    documents = [
        {"id": "squad2/Harbours", "title": "Harbours", "text": _TEXT},
        {"id": "b", "title": "B", "text": _OTHER},
    ]
    for name, rows in (("documents", documents), ("cases", cases)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


@pytest.fixture
def answers(tmp_path: Path) -> list[Labelled]:
    """Pairs of a set with one reference answer of two sentences."""
    quote = "The Tide Office was opened by the king of Norway in March 2001."
    case = {
        "id": "1",
        "question": "Who opened the office?",
        "answers": ["The king of Norway opened the Tide Office in March 2001. It is the larger of the two offices."],
        "evidence": [{"document_id": "squad2/Harbours", "text": quote}],
        "answerable": True,
        "meta": {},
    }
    return pairs_of(_write(tmp_path / "clapnq_dev", [case]), num=10)


def test_a_reference_answer_is_supported_by_its_passage_and_by_no_other(answers: list[Labelled]) -> None:
    real = [item for item in answers if item.kind in ("real", "real-near")]
    assert {item.label for item in real if item.kind == "real"} == {SUPPORTED}
    assert all("king" in " ".join(item.pair.quotes) for item in real if item.kind == "real")
    near = [item for item in real if item.kind == "real-near"]
    assert {item.label for item in near} == {UNSUPPORTED}
    assert all(item.pair.quotes == (_OTHER,) for item in near)


def test_a_changed_claim_keeps_its_quotes_and_is_not_supported(answers: list[Labelled]) -> None:
    claims = {item.base: item for item in answers if item.kind == "real"}
    changed = [item for item in answers if item.kind in CHANGES]
    assert changed
    for item in changed:
        own = claims[item.base]
        assert item.label == UNSUPPORTED
        assert item.pair.claim != own.pair.claim
        assert item.pair.quotes == own.pair.quotes
        assert item.group == own.group
    assert {item.label for item in answers if item.kind == "invention"} <= {PARTLY}


def test_sentences_and_questions_of_an_article_give_both_labels(tmp_path: Path) -> None:
    cases = [
        {
            "id": str(number),
            "question": question,
            "answers": [answer],
            "evidence": [{"document_id": "squad2/Harbours", "text": answer}],
            "answerable": True,
            "meta": {"article": "Harbours", "paragraph": [0, len(_TEXT)]},
        }
        for number, (question, answer) in enumerate(
            [("When was the Harbour Compact founded?", "1990"), ("When was the Tide Office opened?", "March 2001")]
        )
    ]
    folder = _write(tmp_path / "squad2_dev", cases)
    pairs = pairs_of(folder, num=12)
    assert {SUPPORTED, UNSUPPORTED} <= {item.label for item in pairs}
    statements = {item.pair.claim for item in pairs if item.kind == "statement"}
    assert statements == {"The Harbour Compact was founded in 1990.", "The Tide Office was opened in March 2001."}
    others = {item.pair.claim for item in pairs if item.kind == "statement-other-answer"}
    assert others == {"The Harbour Compact was founded in March 2001.", "The Tide Office was opened in 1990."}
    assert pairs == pairs_of(folder, num=12), "the same for the same seed"
