"""The errors of the corpus.

    CorpusError
    ├── HomeError           the home cannot be used as it is
    ├── UnusableExport      what was exported cannot be imported, or not be written; the home is left as it is
    ├── UnreadableFile      one file cannot become a document; the rest of an `add` goes on
    └── UnknownDocument     no document, or no version of it, under this id

Every message names the value and says what to do about it.
"""


class CorpusError(Exception):
    """Something about the documents or the home that the user can mend."""


class HomeError(CorpusError):
    """The home cannot be opened: not writable, not a home, or of a newer version."""


class UnusableExport(CorpusError):
    """An exported home that is damaged, incomplete or of a newer format, or a place that it cannot be written to."""


class UnreadableFile(CorpusError):
    """One file cannot be read as a document: one line, whatever the library under its reader wrote."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


class UnknownDocument(CorpusError):
    """The catalogue has no such document or no such version of it."""
