import pytest

from assistant.cli.scoping import scope_of
from assistant.errors import InvalidCall
from assistant.home import Home
from corpus.errors import UnknownDocument
from index.scope import Scope
from tests.assistant.cli.conftest import Call

_NOTHING = {"document": None, "since": None, "until": None, "kind": None, "language": None}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, Scope()),
        ({"document": [], "kind": [], "language": []}, Scope()),
        ({"since": "2021", "until": "2021-03"}, Scope(since="2021", until="2021-03")),
        ({"since": "2021-12-31"}, Scope(since="2021-12-31")),
        ({"kind": ["md", "letter"], "language": ["ja"]}, Scope(kinds=("md", "letter"), languages=("ja",))),
        ({"document": ["harbour", "lighthouse"]}, Scope(document_ids=("harbour", "lighthouse"))),
    ],
    ids=["nothing", "empty lists", "dates", "a day", "kind and language", "documents"],
)
def test_options_make_a_scope(coast: Home, options: dict, expected: Scope) -> None:
    """What is said is what is searched, and nothing said is everything."""
    assert scope_of(coast, **_NOTHING | options) == expected


_NO_DATES = (
    "",
    "yesterday",
    "21",
    "2021-13",
    "2021-00",
    "2021-02-32",
    "2021-3",
    "2021/03",
    "2021-03-16T00:00",
    "２０２１",
)


def test_what_is_no_date_is_told_with_how_to_write_one(home: Home) -> None:
    """A date is never guessed."""
    for option in ("since", "until"):
        for date in _NO_DATES:
            with pytest.raises(InvalidCall) as refusal:
                scope_of(home, **_NOTHING | {option: date})
            assert str(refusal.value) == f"{option} {date!r} is no date: write 2021, 2021-03 or 2021-03-16"


def test_a_document_that_is_not_there_is_told(coast: Home) -> None:
    """A mistyped id is not searched in silence."""
    with pytest.raises(UnknownDocument, match="there is no document 'harbor': did you mean harbour"):
        scope_of(coast, **_NOTHING | {"document": ["lighthouse", "harbor"]})


@pytest.mark.parametrize("verb", ["search", "ask"])
def test_a_wrong_date_is_one_line_and_status_2(call: Call, verb: str) -> None:
    """Nothing is loaded for a call that cannot be used."""
    got = call(verb, "rain", "--since", "last year")
    assert (got.returncode, got.stdout) == (2, "")
    assert got.stderr == "communique: since 'last year' is no date: write 2021, 2021-03 or 2021-03-16\n"
