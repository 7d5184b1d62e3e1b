from dataclasses import replace

import pytest

from assistant.answer import Citation, Claim
from assistant.verifying import exact, verify
from corpus.catalogue import new_document
from corpus.document import Document

DOCUMENT = new_document(
    {"id": "a", "title": "A", "source": "/a", "language": "en"}, text="The tide office runs it. Nobody else does."
)
QUOTE = "The tide office runs it."
CITATION = Citation(1, "a", DOCUMENT.sha256, "A", "/a", 0, 24, QUOTE)


def document(_: str) -> Document:
    return DOCUMENT


@pytest.mark.parametrize(
    ("citation", "quoted", "holds"),
    [
        (CITATION, QUOTE, True),
        (CITATION, "The tide office ran it. ", False),
        (replace(CITATION, start=1), QUOTE, False),
        (replace(CITATION, end=25), QUOTE, False),
        (replace(CITATION, sha256="0" * 64), QUOTE, False),
        (replace(CITATION, start=5, end=5, quote=""), "", False),
    ],
    ids=["exact", "other words", "starts late", "ends late", "another version", "empty"],
)
def test_a_citation_holds_only_when_its_span_is_the_words_that_were_found(
    citation: Citation, quoted: str, holds: bool
) -> None:
    assert exact(citation, document, quoted) is holds


@pytest.mark.parametrize(
    ("text", "verdict", "support"),
    [
        (QUOTE, "supported", 1.0),
        ("The tide  office\nruns it.", "supported", 1.0),
        ("The tide office does not run it.", "unsupported", 0.0),
        ("The tide office runs", "unsupported", 0.0),
        ("", "unsupported", 0.0),
    ],
    ids=["its words", "its words, spaced otherwise", "the opposite", "a part of it", "nothing"],
)
def test_a_claim_is_supported_by_its_own_words_alone(text: str, verdict: str, support: float) -> None:
    """No sentence counts as supported because it looks like what it cites."""
    assert verify(text, [CITATION]) == Claim(text, (1,), verdict, support)


def test_a_claim_without_a_citation_is_unsupported() -> None:
    assert verify(QUOTE, []) == Claim(QUOTE, (), "unsupported", 0.0)
