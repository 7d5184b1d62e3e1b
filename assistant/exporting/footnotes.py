"""Real footnotes for python-docx, which has no interface for them.

A DOCX keeps them in a part of its own, `word/footnotes.xml`, that the document relates to; a run in the text refers to
one by its id (ECMA-376, part 1, 17.11). The ids -1 and 0 are those of the lines that set footnotes off.
"""

from typing import TYPE_CHECKING, Any

from assistant.exporting.escaping import visible

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_PART = "/word/footnotes.xml"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_SEPARATORS = ((-1, "separator"), (0, "continuationSeparator"))
_TEXT_STYLE, _REFERENCE_STYLE = "FootnoteText", "FootnoteReference"
_BEHIND_IN_SETTINGS = ("w:endnotePr", "w:compat", "w:docVars", "w:rsids")  # what the schema has after w:footnotePr


class Footnotes:
    """The footnotes of one document; `attach` must be called before it is saved, once."""

    def __init__(self, document: "Document") -> None:
        from docx.oxml import OxmlElement

        self._document = document
        self._root: Any = OxmlElement("w:footnotes")
        self._last = 0
        for id_, kind in _SEPARATORS:
            paragraph = _within(_within(self._root, "w:footnote", type=kind, id=id_), "w:p")
            _within(_within(paragraph, "w:r"), f"w:{kind}")
        _add_styles(document)
        _list_separators(document)

    def add(self, paragraph: "Paragraph", text: str, *, strong: str = "") -> int:
        """Puts a reference at the end of the paragraph and the text into its footnote; returns the footnote's number.

        What is to be `strong` comes behind the text; line ends and tabs are kept.
        """
        self._last += 1
        _within(_reference_run(paragraph._p), "w:footnoteReference", id=self._last)
        note = _within(_within(self._root, "w:footnote", id=self._last), "w:p")
        _within(_within(note, "w:pPr"), "w:pStyle", val=_TEXT_STYLE)
        _within(_reference_run(note), "w:footnoteRef")
        _within(note, "w:r").text = f" {visible(text)}"
        if strong:
            run = _within(note, "w:r")
            _within(_within(run, "w:rPr"), "w:b")
            run.add_t(f" {visible(strong)}")
        return self._last

    def attach(self) -> None:
        """Makes the footnotes a part of the document."""
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.opc.oxml import serialize_part_xml
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        package = self._document.part.package
        part = Part(PackURI(_PART), _CONTENT_TYPE, serialize_part_xml(self._root), package)
        self._document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _add_styles(document: "Document") -> None:
    """The two styles that word processors give footnotes, under the ids and names that they know them by."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    text: Any = document.styles.add_style(_TEXT_STYLE, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    text.name, text.base_style = "footnote text", document.styles["Normal"]
    text.font.size, text.paragraph_format.space_after = Pt(9), Pt(2)
    reference: Any = document.styles.add_style(_REFERENCE_STYLE, WD_STYLE_TYPE.CHARACTER, builtin=True)
    reference.name, reference.font.superscript = "footnote reference", True


def _list_separators(document: "Document") -> None:
    """Says in the settings which footnotes are no footnotes but lines."""
    properties = _new("w:footnotePr")
    for id_, _ in _SEPARATORS:
        _within(properties, "w:footnote", id=id_)
    document.settings.element.insert_element_before(properties, *_BEHIND_IN_SETTINGS)


def _reference_run(paragraph: Any) -> Any:
    """A new run at the end of a paragraph, in the style of a footnote's number."""
    run = _within(paragraph, "w:r")
    _within(_within(run, "w:rPr"), "w:rStyle", val=_REFERENCE_STYLE)
    return run


def _within(parent: Any, tag: str, **attributes: object) -> Any:
    """A new element as the last child of another."""
    element = _new(tag, **attributes)
    parent.append(element)
    return element


def _new(tag: str, **attributes: object) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element: Any = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    return element
