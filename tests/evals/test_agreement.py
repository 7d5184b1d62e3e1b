import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score

from assistant.pairs import Pair
from evals.agreement import JUDGED_CLAIMS, JudgedClaim, agreement, agreement_line, figures_of, main, read_judged
from evals.errors import InvalidSuite
from evals.judges import GRADES, Grade

LABELS = st.sampled_from(GRADES)


class Says:
    """A judge that says of each claim what stands in it."""

    name = "says"

    def grades(self, pairs: Sequence[Pair]) -> list[Grade]:
        return [Grade(pair.claim) if pair.claim in GRADES else Grade(None, "nonsense") for pair in pairs]


def claims(*rows: tuple[str, str]) -> list[JudgedClaim]:
    """Claims of which the judge says the first, and people the second."""
    return [JudgedClaim(str(i), Pair(said, ("q",)), label) for i, (said, label) in enumerate(rows)]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=20))
def test_figures_are_those_of_scikit_learn(graded: list[tuple[str, str]]) -> None:
    """On random labels and grades; where everything is one grade, kappa is not defined."""
    labels, grades = [label for label, _ in graded], [grade for _, grade in graded]
    accuracy, macro_f1, kappa = figures_of(graded)
    assert accuracy is not None
    assert macro_f1 is not None
    assert accuracy.value == pytest.approx(accuracy_score(labels, grades))
    assert macro_f1.value == pytest.approx(f1_score(labels, grades, average="macro", zero_division=0))
    if len({*labels, *grades}) == 1:
        assert kappa is None
    else:
        assert kappa is not None
        assert kappa.value == pytest.approx(cohen_kappa_score(labels, grades))


def test_figures_have_intervals() -> None:
    """30 of 40 agree: as for any share of 40."""
    graded = [("supported", "supported")] * 30 + [("unsupported", "supported")] * 10
    accuracy, _, kappa = figures_of(graded)
    assert accuracy is not None
    assert accuracy == pytest.approx((0.75, 0.75 - 0.134, 0.75 + 0.134), abs=0.02)
    assert kappa is not None
    assert kappa == pytest.approx((0.0, 0.0, 0.0))  # a judge that always says the same agrees by chance alone


def test_what_the_judge_cannot_grade_counts_in_no_figure() -> None:
    found = agreement(
        Says(), claims(("supported", "supported"), ("hm", "partly"), ("partly", "unsupported"), ("hm", "supported"))
    )
    assert (found.num, found.num_unscored) == (2, 2)
    assert found.accuracy is not None
    assert found.accuracy.value == 0.5
    assert found.confusion == {("supported", "supported"): 1, ("unsupported", "partly"): 1}


def test_a_judge_that_grades_nothing_has_no_figures() -> None:
    found = agreement(Says(), claims(("hm", "partly")))
    assert (found.accuracy, found.macro_f1, found.kappa, found.num_unscored) == (None, None, None, 1)
    assert agreement_line(found) == (
        "says: accuracy not defined, macro-F1 not defined, kappa not defined; 0 claims, 1 without a grade"
    )


def test_where_labels_know_two_grades_partly_is_not_supported() -> None:
    found = agreement(Says(), claims(("partly", "unsupported"), ("supported", "supported")))
    assert found.confusion == {("unsupported", "unsupported"): 1, ("supported", "supported"): 1}


def test_our_claims_are_balanced() -> None:
    """Forty of each label; each kind has as many of each; no claim repeats its quotes, no pair comes twice."""
    found = read_judged(JUDGED_CLAIMS)
    assert Counter(claim.label for claim in found) == dict.fromkeys(GRADES, 40)
    kinds = Counter((claim.kind, claim.label) for claim in found)
    assert len(kinds) == 27
    assert set(kinds.values()) == {4, 5}
    assert len({claim.pair for claim in found}) == 120
    assert not any(claim.pair.claim in quote for claim in found for quote in claim.pair.quotes)


def write(path: Path, *lines: str) -> Path:
    """A file of these lines."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


ROW = {"id": "a", "claim": "It met.", "quotes": ["It met in May."], "label": "supported"}


def row(**changes: object) -> str:
    """A row that is right but for these keys."""
    return json.dumps(ROW | changes)


def test_others_labels_are_read_from_jsonl(tmp_path: Path) -> None:
    """Under the names that others have for the grades; ids and kinds may be missing; blank lines do not count."""
    path = write(
        tmp_path / "x.jsonl",
        row(label="Attributable", kind="k", question="When?"),
        "",
        json.dumps({"claim": "c", "quote": "one text", "label": 0}),
        row(id="b", label="partially_supported", quotes=[]),
        row(id="c", label=True),
    )
    assert read_judged(path) == [
        JudgedClaim("a", Pair("It met.", ("It met in May.",), "When?"), "supported", "k"),
        JudgedClaim("line 3", Pair("c", ("one text",)), "unsupported"),
        JudgedClaim("b", Pair("It met.", ()), "partly"),
        JudgedClaim("c", Pair("It met.", ("It met in May.",)), "supported"),
    ]


def test_others_labels_are_read_from_csv(tmp_path: Path) -> None:
    """A cell of quotes is one text, or a JSON list; a byte order mark and the case of the head do not matter."""
    path = tmp_path / "x.csv"
    path.write_text(
        '\ufeffClaim,Quotes,Label\nIt met.,"It met, in May.",supported\n'
        'It met.,"[""one"", ""two""]",contradiction\nIt met.,[sic] it met,partly\n',
        encoding="utf-8",
    )
    assert [(claim.pair.quotes, claim.label) for claim in read_judged(path)] == [
        (("It met, in May.",), "supported"),
        (("one", "two"), "unsupported"),
        (("[sic] it met",), "partly"),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: not JSON"),
        ("[1]", "line 2: not a JSON object"),
        ("[" * 100_000, "line 2: not JSON"),
        (row(label="perhaps"), "line 2: the label 'perhaps' is not known: write supported, partly, unsupported"),
        (row(label=None), "line 2: the label None is not known"),
        (row(label=2), "line 2: the label 2 is not known"),
        (row(claim=" "), "line 2: 'claim' is missing or not a text"),
        (row(claim=5), "line 2: 'claim' is missing or not a text"),
        (row(claim="\ud800"), "line 2: 'claim' is missing or not a text"),
        (row(quotes=[1]), "line 2: 'quotes' is missing or not a list of texts"),
        (row(quotes=None), "line 2: 'quotes' is missing or not a list of texts"),
        (row(), "line 2: the id 'a' is used twice"),
    ],
    ids=[
        "broken",
        "list",
        "deep",
        "label",
        "no label",
        "number",
        "blank",
        "no text",
        "half",
        "quotes",
        "none",
        "twice",
    ],
)
def test_a_row_that_is_none_is_named_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(InvalidSuite) as error:
        read_judged(write(tmp_path / "x.jsonl", row(), line))
    assert message in str(error.value)
    assert len(str(error.value)) < 300


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\x00", b"\x00"], ids=["empty", "blank", "bytes", "null"])
@pytest.mark.parametrize("name", ["x.jsonl", "x.csv"])
def test_a_file_that_is_none_is_an_error_with_its_name(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InvalidSuite, match=name):
        read_judged(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidSuite, match=r"gone\.csv cannot be read"):
        read_judged(tmp_path / "gone.csv")


@pytest.mark.slow
def test_the_built_in_verifier_is_held_against_our_claims(capsys: pytest.CaptureFixture[str]) -> None:
    """A line over all, and one for each kind."""
    main([])
    first, *kinds = capsys.readouterr().out.splitlines()
    assert first.startswith("features: accuracy 0.")
    assert first.endswith("120 claims, 0 without a grade")
    assert len(kinds) == 9
