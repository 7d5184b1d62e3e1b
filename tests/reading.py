"""A file read in the process of the test, as `corpus.reading.parsing` has it."""

from corpus.document import Draft
from corpus.errors import UnreadableFile
from corpus.reading.files import FoundFile, content_of
from corpus.reading.parsing import Met, Refused, parse


def read_file(found: FoundFile) -> tuple[list[Draft], str]:
    """The drafts in a file, and the sha256 of its bytes. Raises `UnreadableFile` when it is refused."""
    events = list(parse(content_of(found.path), found.relative))
    for event in events:
        if isinstance(event, Refused):
            raise UnreadableFile(event.reason)
    assert isinstance(events[0], Met)
    return [event for event in events if isinstance(event, Draft)], events[0].sha256
