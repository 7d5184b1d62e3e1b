import pytest

from assistant.kinds.period import Period, narrowed, period_in
from index.scope import Scope


@pytest.mark.parametrize(
    ("asked", "since", "until"),
    [
        ("what do you have from 2023", "2023", "2023"),
        ("dated March 2021", "2021-03", "2021-03"),
        ("between 2021 and 2023", "2021", "2023"),
        ("2021-2023", "2021", "2023"),
        ("from May 2021 to June 2022", "2021-05", "2022-06"),
        ("since 2020", "2020", None),
        ("after 2020", "2021", None),
        ("after December 2020", "2021-01", None),
        ("before 2020", None, "2019"),
        ("before January 2020", None, "2019-12"),
        ("until 2020", None, "2020"),
        ("2023年5月以降の文書", "2023-05", None),
        ("2023年の文書", "2023", "2023"),
    ],
)
def test_periods_are_read(asked: str, since: str | None, until: str | None) -> None:
    period = period_in(asked)
    assert period is not None
    assert (period.since, period.until) == (since, until)


@pytest.mark.parametrize("asked", ["", "all documents", "from 2023 to 2021", "120234", "last year"])
def test_what_is_no_period_is_none(asked: str) -> None:
    assert period_in(asked) is None


def test_a_scope_is_kept_to_a_period() -> None:
    """The later beginning and the earlier end hold."""
    scope = Scope(since="2021-05", until="2023", languages=("ja",))
    assert narrowed(scope, Period("2021", "2022", "")) == Scope(since="2021-05", until="2022", languages=("ja",))
    assert narrowed(Scope(until="2022-03"), Period(None, "2022", "")) == Scope(until="2022-03")
    assert narrowed(None, None) == Scope()
