from pathlib import Path

import pytest

from assistant.home import Home
from assistant.kinds.main_statements import MAX_STATEMENTS, main_statements
from assistant.kinds.overview import asked_overview, overview_outline
from corpus.reading.files import FoundFile
from index.adding import add_files
from index.scope import Scope

MINUTES = (
    "# Minutes\n\nThe Harbour Board met in Port Elin on 4 May 2019. It was raining.\n\n## Money\n\nThe board gave 3 "
    "million "
    "crowns to the lighthouse of Cape Orre. It is:\n\n- much\n- enough\n\n## Boats\n\nNine boats of the Tide Office "
    "were "
    "repaired in 2018. They sail."
)


@pytest.mark.parametrize(
    ("question", "reference"),
    [
        ("Please summarise the Accord in three sentences", "the Accord"),
        ("Give me a short summary of the 2021 statement.", "the 2021 statement"),
        ("Main points of the Compact", "the Compact"),
        ("tl;dr", ""),
        ("Give me a summary", ""),
        ("What is this document about?", "this document"),
        ("Accordの要点は？", "Accord"),
        ("Did a summary of the report appear?", None),
        ("What was the fight about?", None),
    ],
)
def test_what_is_to_be_summed_up_is_read(question: str, reference: str | None) -> None:
    assert asked_overview(question) == reference


def test_main_statements_stand_alone_and_come_from_every_section(home: Home, tmp_path: Path) -> None:
    """No sentence that leans on another, none that only opens a list; in the order of the document."""
    path = tmp_path / "minutes.md"
    path.write_text(MINUTES)
    list(add_files([FoundFile(path, path.name)], home.catalogue, lambda: home.indexer))
    document = home.catalogue.document(home.catalogue.summaries()[0].id)
    chosen = main_statements(document, home.sources.retriever, most=3)
    assert [(s.heading, document.text[s.start : s.end]) for s in chosen] == [
        ("", "The Harbour Board met in Port Elin on 4 May 2019."),
        ("Money", "The board gave 3 million crowns to the lighthouse of Cape Orre."),
        ("Boats", "Nine boats of the Tide Office were repaired in 2018."),
    ]
    assert all(0 <= s.score <= 1 for s in chosen)
    assert main_statements(document, home.sources.retriever, most=0) == []


def test_an_overview_goes_section_by_section(sample: Home) -> None:
    """One statement of each of eight sections at most, led by its heading, the beginning of the document first."""
    outline = overview_outline("Give me an overview of NEXUS", sample.sources)
    assert outline is not None
    starts = [item.evidence.start for item in outline.items]
    assert starts == sorted(starts)
    assert len(starts) == MAX_STATEMENTS
    leads = [item.lead for item in outline.items]
    assert leads[0] == ""
    assert len(set(leads)) == len(leads)
    assert "section by section" in outline.notes[0]


def test_several_documents_that_fit_are_named(sample: Home) -> None:
    outline = overview_outline("Summarise the UK-Japan Joint Committee", sample.sources)
    assert outline is not None
    assert outline.refusal is not None
    assert (outline.refusal.kind, outline.items) == ("underspecified", ())
    assert len(outline.refusal.candidates) == 2


def test_this_means_the_only_document_or_the_one_cited_last(shore: Home) -> None:
    """Without either the candidates are named."""
    alone = overview_outline("summarise this document", shore.sources, Scope(document_ids=("harbour",)))
    assert alone is not None
    assert {item.evidence.document_id for item in alone.items} == {"harbour"}
    cited = overview_outline("summarise it", shore.sources, cited=("harbour", "lighthouse", "gone"))
    assert cited is not None
    assert {item.evidence.document_id for item in cited.items} == {"lighthouse"}
    open_ = overview_outline("summarise it", shore.sources)
    assert open_ is not None
    assert open_.refusal is not None
    assert open_.refusal.candidates == ("About harbour", "About lighthouse")


def test_a_topic_is_summed_up_from_the_documents_that_speak_of_it(sample: Home) -> None:
    outline = overview_outline("overview of quantum technology", sample.sources)
    assert outline is not None
    assert outline.items
    assert all(
        "quantum" in item.evidence.text.lower() or "technolog" in item.evidence.text.lower() for item in outline.items
    )
    assert overview_outline("overview of Yuggoth", sample.sources) is None


def test_everything_is_a_statement_of_each_document(shore: Home) -> None:
    outline = overview_outline("summarise all documents", shore.sources)
    assert outline is not None
    assert [item.lead for item in outline.items] == ["About harbour", "About lighthouse"]
    assert outline.notes == ("a main statement of each of 2 of 2 documents",)
