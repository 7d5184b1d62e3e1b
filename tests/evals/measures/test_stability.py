import pytest

from assistant.answer import Answer, Citation, Refusal
from evals.case import Case
from evals.measures.kinds import Answered
from evals.measures.stability import MAX_PARTNERS, stability, wording_pairs


def cited(*starts: int) -> Answer:
    """An answer that cites ten characters from each of these places."""
    citations = tuple(Citation(i, "d", "", "", "", at, at + 10, "") for i, at in enumerate(starts, 1))
    return Answer("Q?", "Q?", citations=citations)


REFUSED = Answer("Q?", "Q?", refusal=Refusal("absent", "No."))


def asked(id_: str, answer: Answer, *tags: str) -> Answered:
    """A case and its answer."""
    return Case(id_, f"{id_}?", (), (), (), False, tags), answer


def wordings(*answers: Answer) -> list[Answered]:
    """The first is the case itself, the others are wordings of it."""
    first, *others = answers
    return [asked("0", first), *(asked(str(i), one, "paraphrase-of:0") for i, one in enumerate(others, 1))]


@pytest.mark.parametrize(
    ("results", "value"),
    [
        (wordings(cited(0), cited(4), cited(50)), 1 / 3),
        (wordings(cited(0, 100), cited(100, 200), cited(200, 0)), 1.0),
        (wordings(REFUSED, REFUSED), 1.0),
        (wordings(REFUSED, cited(0)), 0.0),
        ([asked("b", cited(0), "paraphrase-of:z"), asked("c", cited(0), "paraphrase-of:z")], 1.0),
        ([asked("b", cited(0), "group:g"), asked("c", cited(50), "group:g"), asked("x", cited(0))], 0.0),
        ([*wordings(cited(0), cited(0)), asked("b", cited(0), "group:g"), asked("c", cited(9), "group:g")], 1 / 2),
        ([asked("b", cited(0), "paraphrase-of:z"), asked("c", cited(0))], None),
        (wordings(cited(0)), None),
    ],
    ids=["one of three", "a ring", "refused", "one refused", "without the first", "a group", "two", "alone", "single"],
)
def test_the_share_of_pairs_that_cite_the_same(results: list[Answered], value: float | None) -> None:
    """By hand; a question in one wording says nothing of stability."""
    assert stability(results).value == (value if value is None else pytest.approx(value))


def test_a_group_of_many_wordings_takes_no_quadratic_time() -> None:
    """Of 2,000 wordings each is compared with those next to it."""
    pairs = list(wording_pairs(wordings(*[cited(0)] * 2_000)))
    assert len(pairs) <= 2_000 * MAX_PARTNERS
    assert len({(one[0].id, other[0].id) for one, other in pairs}) == len(pairs)
