"""Whether something was written is told, whatever became of the connection that looks."""

import pytest

from assistant.home import Home
from assistant.serving.changes import Changes


@pytest.mark.embedded
def test_each_write_and_each_opening_gives_another_number(home: Home) -> None:
    """What is remembered under a number is never taken for what is there now: two connections count from the same."""
    changes, seen = Changes(home.database), list[int | None]()
    for _ in range(3):
        seen.append(changes.version())
        assert changes.version() == seen[-1]
        home.conversations.start("One")
        seen.append(changes.version())
        home.database.close()
    changes.close()
    assert None not in seen
    assert len(set(seen)) == len(seen)
