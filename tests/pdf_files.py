"""PDF files written by hand, as small as they can be: words at places, in Helvetica, and what a file says of itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

PAGE_HEIGHT = 842
PAGE_WIDTH = 595
LINE_HEIGHT = 14


@dataclass(frozen=True, slots=True)
class Words:
    """A text at a place on a page, from its left and lower edge; `turned` runs upwards."""

    x: float
    y: float
    text: str
    size: float = 11
    font: str = "F1"
    turned: bool = False


def lines(x: float, y: float, *texts: str, size: float = 11, font: str = "F1") -> list[Words]:
    """The texts below each other, the first at `y`."""
    return [Words(x, y - LINE_HEIGHT * number, text, size, font) for number, text in enumerate(texts)]


def pdf_file(
    pages: Iterable[Sequence[Words]],
    *,
    info: Mapping[str, str] | None = None,
    labels: str = "",
    outline: Sequence[tuple[str, int]] = (),
) -> bytes:
    """A file with those pages. `labels` is the /Nums of its page labels, `outline` has titles and pages from 1.

    The fonts are F1 (Helvetica), F2 (Helvetica Bold) and F3 (Japanese, which no file needs to bring along).
    """
    contents = [_content(page) for page in pages]
    first_page = 8 + len(outline)
    kids = " ".join(f"{first_page + 2 * n} 0 R" for n in range(len(contents)))
    catalog = "<< /Type /Catalog /Pages 2 0 R"
    catalog += f" /PageLabels << /Nums [{labels}] >>" if labels else ""
    catalog += " /Outlines 7 0 R >>" if outline else " >>"
    objects = [
        catalog,
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /MSung /Encoding /UniJIS-UCS2-H /DescendantFonts [<< /Type /Font "
        "/Subtype /CIDFontType0 /BaseFont /MSung /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) "
        "/Supplement 2 >> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /MSung /Flags 4 "
        "/FontBBox [0 -120 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >> >>] >>",
        "<< " + " ".join(f"/{key} ({value})" for key, value in (info or {}).items()) + " >>",
        *_outline(outline, first_page),
    ]
    for number, content in enumerate(contents):
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}] /Resources << /Font "
            f"<< /F1 3 0 R /F2 4 0 R /F3 5 0 R >> >> /Contents {first_page + 2 * number + 1} 0 R >>",
            f"<< /Length {len(content.encode('cp1252'))} >>\nstream\n{content}\nendstream",
        ]
    return _file(objects)


def _content(words: Sequence[Words]) -> str:
    """The operators that draw them, in that order."""
    return "\n".join(
        f"BT /{w.font} {w.size} Tf {'0 1 -1 0' if w.turned else '1 0 0 1'} {w.x} {w.y} Tm {_string(w)} Tj ET"
        for w in words
    )


def _string(words: Words) -> str:
    if words.font == "F3":
        return f"<{words.text.encode('utf-16-be').hex()}>"
    escaped = words.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"({escaped})"


def _outline(entries: Sequence[tuple[str, int]], first_page: int) -> list[str]:
    """Its root, which is object 7 even where it is empty, and its entries, all of the first level."""
    objects = [f"<< /Type /Outlines /First 8 0 R /Last {7 + len(entries)} 0 R /Count {len(entries)} >>"]
    for number, (title, page) in enumerate(entries):
        after = f" /Next {9 + number} 0 R" if number + 1 < len(entries) else ""
        objects.append(f"<< /Title ({title}) /Parent 7 0 R{after} /Dest [{first_page + 2 * (page - 1)} 0 R /Fit] >>")
    return objects


def _file(objects: Sequence[str]) -> bytes:
    """The numbered objects with their table."""
    body, offsets, length = [b"%PDF-1.7\n"], [], 9
    for number, text in enumerate(objects, start=1):
        offsets.append(length)
        body.append(f"{number} 0 obj\n{text}\nendobj\n".encode("cp1252"))
        length += len(body[-1])
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    body.append(
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R /Info 6 0 R >>\n"
        f"startxref\n{length}\n%%EOF\n".encode()
    )
    return b"".join(body)
