"""The formats that packs and matrices are written in, by name. `rendering.py` writes them."""

from enum import StrEnum


class Format(StrEnum):
    """A format, by the ending of its files."""

    MD = "md"
    DOCX = "docx"
    CSV = "csv"
    JSON = "json"

    @property
    def is_binary(self) -> bool:
        """Whether a terminal cannot show it."""
        return self is Format.DOCX
