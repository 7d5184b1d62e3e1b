import io
from typing import Any

import pytest
from hypothesis import given, settings

from corpus.document import PAGE, Draft
from corpus.errors import UnreadableFile
from corpus.reading.office.slides import read_slides
from tests.corpus.reading.office_files import add_table_and_chart, zipped
from tests.soak.contents import FILES
from tests.soak.promises import check_file


def _presentation() -> Any:
    from pptx import Presentation

    return Presentation()


def _read(presentation: Any) -> Draft:
    stream = io.BytesIO()
    presentation.save(stream)
    return read_slides(stream.getvalue(), "file")[0]


def _box(shapes: Any, text: str, left: int, top: int) -> Any:
    from pptx.util import Cm

    box = shapes.add_textbox(Cm(left), Cm(top), Cm(4), Cm(1))
    box.text_frame.text = text
    return box


def test_a_slide_is_a_page_under_its_title() -> None:
    """Title, bullets that the layout gives, notes; each slide is a page, and one without a title has its number."""
    presentation = _presentation()
    presentation.core_properties.title = "PowerPoint Presentation"
    first = presentation.slides.add_slide(presentation.slide_layouts[1])
    first.shapes.title.text = "The Rain Plan"
    first.placeholders[1].text = "Gauges of brass\nGauges of tin"
    first.notes_slide.notes_text_frame.text = "Say it slowly."
    second = presentation.slides.add_slide(presentation.slide_layouts[6])
    _box(second.shapes, "Only words.", 1, 1)
    presentation.slides.add_slide(presentation.slide_layouts[6])
    draft = _read(presentation)
    assert draft.title == "The Rain Plan"
    assert draft.text == (
        "The Rain Plan\n\n• Gauges of brass\n• Gauges of tin\n\nNotes\n\nSay it slowly.\n\nSlide 2\n\nOnly words."
    )
    assert [(s.heading, s.level, s.page) for s in draft.sections if s.level < PAGE] == [
        ("The Rain Plan", 1, 1),
        ("Notes", 2, 1),
        ("Slide 2", 1, 2),
    ]
    assert [(s.heading, s.start) for s in draft.sections if s.level == PAGE] == [
        ("1", 0),
        ("2", draft.text.index("Sl")),
    ]
    assert draft.warnings == ("slide 3 has no text",)


def test_text_is_read_from_top_to_bottom_and_left_to_right() -> None:
    """The order is that of the eye, not that in which shapes were drawn; what is grouped is where the group is."""
    presentation = _presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    _box(slide.shapes, "low", 1, 12)
    _box(slide.shapes, "right", 12, 1)
    group = slide.shapes.add_group_shape()
    _box(group.shapes, "grouped low", 1, 9)
    _box(group.shapes, "grouped high", 1, 6)
    _box(slide.shapes, "left", 1, 1)
    words = _read(presentation).text.split("\n\n")
    assert words == ["Slide 1", "left", "right", "grouped high", "grouped low", "low"]


def test_a_line_above_all_else_heads_a_slide_without_a_title() -> None:
    """Slides are made without a title's box too: the eye takes what stands on top for it, and so do the sections."""
    presentation = _presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    _box(slide.shapes, "Gauges of tin", 1, 6)
    _box(slide.shapes, "The Rain Plan\nof the North", 1, 1)
    draft = _read(presentation)
    assert draft.text == "The Rain Plan\n\nof the North\n\nGauges of tin"
    assert [(s.heading, s.level) for s in draft.sections if s.level < PAGE] == [("The Rain Plan", 1)]


def test_tables_and_charts_are_rows() -> None:
    """A table's rows and a chart's figures can be quoted; merged cells are read once."""
    presentation = _presentation()
    add_table_and_chart(presentation.slides.add_slide(presentation.slide_layouts[6]))
    draft = _read(presentation)
    assert draft.text == "Slide 1\n\nstate | gauges\nNorway | 12 | 13\nmm\nMay | 12\nJune | 13.5"
    assert draft.warnings == ()


def test_numbers_before_paragraphs_are_counted() -> None:
    """Numbers that the program writes are in the text."""
    from lxml import etree

    presentation = _presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    box = _box(slide.shapes, "third\nfourth\nplain", 1, 1)
    for paragraph in box.text_frame.paragraphs[:2]:
        properties = paragraph._p.get_or_add_pPr()
        namespace = "http://schemas.openxmlformats.org/drawingml/2006/main"
        etree.SubElement(properties, f"{{{namespace}}}buAutoNum", type="alphaLcParenR", startAt="3")
    assert _read(presentation).text == "Slide 1\n\nc) third\n\nd) fourth\n\nplain"


def test_numbers_that_are_none_do_no_harm() -> None:
    """A place or a number that a broken file states is taken for none."""
    from lxml import etree

    presentation = _presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    box = _box(slide.shapes, "third", 1, 1)
    namespace = "http://schemas.openxmlformats.org/drawingml/2006/main"
    properties = box.text_frame.paragraphs[0]._p.get_or_add_pPr()
    etree.SubElement(properties, f"{{{namespace}}}buAutoNum", type="arabicPeriod", startAt="9" * 5_000)
    box._element.find(f".//{{{namespace}}}off").set("x", "--5")
    assert _read(presentation).text == "Slide 1\n\n1. third"


def test_hidden_slides_are_read_and_told() -> None:
    """A hidden slide is in the file for its reader, though not for an audience."""
    presentation = _presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    _box(slide.shapes, "Words.", 1, 1)
    slide._element.set("show", "0")
    assert _read(presentation).warnings == ("slide 1 is hidden when the slides are shown; it was read",)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (zipped({"a.txt": "words"}), "no PowerPoint file"),
        (zipped({"ppt/presentation.xml": "<presentation/>"}), "no text"),
    ],
    ids=["other zip", "no slides"],
)
def test_what_is_no_presentation_is_refused(content: bytes, reason: str) -> None:
    """A refusal says what is wrong."""
    with pytest.raises(UnreadableFile, match=reason):
        read_slides(content, "file")


@given(FILES["pptx"][0])
@settings(max_examples=30, deadline=None)
def test_changed_slides_are_read_or_refused(content: bytes) -> None:
    """Elements in places where no program puts them do no harm, and pages stay in order."""
    check_file(FILES["pptx"][1])(content)
