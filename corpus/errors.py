"""The errors of the corpus.

    CorpusError
    ├── HomeError           the home cannot be used as it is
    ├── UnreadableFile      one file cannot become a document; the rest of an `add` goes on
    └── UnknownDocument     no document, or no version of it, under this id

Every message names the value and says what to do about it.
"""


class CorpusError(Exception):
    """Something about the documents or the home that the user can mend."""


class HomeError(CorpusError):
    """The home cannot be opened: not writable, not a home, or of a newer version."""


class UnreadableFile(CorpusError):
    """One file cannot be read as a document."""


class UnknownDocument(CorpusError):
    """The catalogue has no such document or no such version of it."""
