from typing import Any

import pytest

from assistant.home import Home
from assistant.kinds.outlining import outline
from assistant.kinds.telling import KINDS, LOOK_UP, kind_of
from tests.assistant.kinds.conftest import rows_of


@pytest.mark.parametrize("row", rows_of("kinds"), ids=lambda row: row["id"])
def test_every_item_quotes_its_document(sample: Home, row: dict[str, Any]) -> None:
    """Character for character; and what the suite says belongs to the answer is in it, nothing else where it is
    complete.
    """
    made = outline(kind_of(row["question"]), row["question"], sample.sources)
    if row["kind"] == LOOK_UP:
        assert made is None
        return
    assert made is not None
    assert made.items or made.refusal or made.text
    for item in made.items:
        evidence = item.evidence
        document = sample.catalogue.document(evidence.document_id)
        assert document.text[evidence.start : evidence.end] == evidence.text != ""
        assert evidence.passage.text == evidence.text
        assert 0 <= evidence.probability <= 1
    ids = {item.evidence.document_id for item in made.items}
    assert ids == set(row["contains"]) if row.get("complete") else ids >= set(row["contains"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "question", ["Who signed it?", "", "😀", "\x00", "“”", '" OR 1=1 --', "a" * 50_000, "list all NEAR(a b*)"]
)
def test_any_question_may_be_put_as_any_kind(shore: Home, kind: str, question: str) -> None:
    """What cannot be answered as the kind is None, or finds nothing; nothing is raised."""
    made = outline(kind, question, shore.sources)
    assert made is None or made.refusal is not None


def test_a_home_without_documents_answers_nothing(home: Home) -> None:
    for row in rows_of("kinds"):
        made = outline(row["kind"], row["question"], home.sources)
        assert made is None or (made.items == () and (made.refusal is not None or made.text)), row["id"]


def test_an_unknown_kind_is_looked_up(shore: Home) -> None:
    assert outline("riddle", "Which documents mention the Tide Office?", shore.sources) is None
