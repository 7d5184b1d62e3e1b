from assistant.answer import Citation
from assistant.citing import cite
from assistant.evidence import Evidence
from corpus.catalogue import new_document
from corpus.document import PAGE, Document, Section
from index.passage import Passage

TEXT = "Money\n\nIt has a budget. It is large."


def document(id_: str) -> Document:
    fields = {
        "id": id_,
        "title": "The harbour",
        "source": f"/{id_}.md",
        "language": "en",
        "sections": (Section("Money", 1, 0, len(TEXT)), Section("iv", PAGE, 0, 23, 4), Section("v", PAGE, 23, 36, 5)),
    }
    return new_document(fields, text=TEXT)


def test_citations_say_where_to_find_the_words_again() -> None:
    """Each is numbered in the order of the evidence and carries version, title, place, heading, page and the words.

    The page is that of the words, and not the one on which their passage begins.
    """
    passage = Passage("p", "b", 7, len(TEXT), TEXT[7:], page=4)
    some = [
        Evidence("b", 7, 23, "It has a budget.", 0.9, passage),
        Evidence("a", 24, 36, "It is large.", 0.5, Passage("q", "a", 7, len(TEXT), TEXT[7:])),
    ]
    sha256 = document("a").sha256
    assert [cite(item, document, number=number) for number, item in enumerate(some, start=1)] == [
        Citation(1, "b", sha256, "The harbour", "/b.md", 7, 23, "It has a budget.", "Money", 4, page_label="iv"),
        Citation(2, "a", sha256, "The harbour", "/a.md", 24, 36, "It is large.", "Money", 5, page_label="v"),
    ]
