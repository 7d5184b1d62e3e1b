import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.case import Case
from evals.comparing.paired import clusters_of, holm, p_value


def test_cases_of_one_cluster_belong_together() -> None:
    cases = [Case(id_, f"{id_}?", (), (), (), False, (), False, cluster) for id_, cluster in ("ax", "bx", ("c", ""))]
    one, other, third = clusters_of(cases)
    assert one == other != third


@given(st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.25, 1.0]), min_size=1, max_size=8))
def test_the_test_counts_every_exchange(differences: list[float]) -> None:
    """Up to twelve changed cases it is exact: the share of the sign patterns at least as far from 0."""
    patterns = list(itertools.product((1, -1), repeat=len(differences)))
    sums = [abs(sum(s * d for s, d in zip(signs, differences, strict=True))) for signs in patterns]
    share = sum(value >= abs(sum(differences)) - 1e-9 for value in sums) / len(sums)
    assert p_value(differences, range(len(differences))) == pytest.approx(share)


def test_many_cases_are_drawn_and_agree_with_the_exact_test() -> None:
    """Fifteen of fifteen fell: 2 of 32,768 patterns are as far; twenty up and down leave nothing to see."""
    assert p_value([-1.0] * 15, range(15)) == pytest.approx(2 / 2**15, abs=2e-4)
    assert p_value([1.0, -1.0] * 20, range(40)) == 1.0
    assert p_value([0.0] * 5, range(5)) == 1.0


def test_a_conversation_counts_once() -> None:
    """Eight turns that fell together are one accident, not eight."""
    assert p_value([-1.0] * 8, ["one"] * 8) == 1.0
    assert p_value([-1.0] * 8, range(8)) == 2 / 2**8


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_correction_keeps_the_order_and_never_helps(p_values: list[float]) -> None:
    corrected = holm(p_values)
    assert all(
        p <= q <= min(1.0, len(p_values) * p) + 1e-12 or q >= p for p, q in zip(p_values, corrected, strict=True)
    )
    assert [q for _, q in sorted(zip(p_values, corrected, strict=True))] == sorted(corrected)
    assert min(corrected) == min(1.0, len(p_values) * min(p_values))
