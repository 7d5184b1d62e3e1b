"""Budgets of requests, by a clock that the test turns."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.serving.limits import Budgets, Limits, network_of
from tests.assistant.serving.test_sessions import Clock


def test_a_budget_is_used_up_and_comes_back() -> None:
    """Of a burst of 3 and 2 a second, the fourth waits half a second, and after one second there are two more."""
    clock = Clock()
    budgets = Budgets(Limits(requests_per_second=2.0, burst=3), clock=clock)
    assert [budgets.take("ann") for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
    assert budgets.take("bob") == 0.0
    clock.now += 1.0
    assert [budgets.take("ann") for _ in range(3)] == [0.0, 0.0, 0.5]
    clock.now += 1_000.0
    assert [budgets.take("ann") for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]


@given(st.lists(st.floats(0.0, 5.0), min_size=1, max_size=80))
def test_nobody_gets_more_than_the_budget(pauses: list[float]) -> None:
    """In any time, no more than the burst and what has come back since."""
    clock = Clock(0.0)
    budgets = Budgets(Limits(requests_per_second=2.0, burst=5), clock=clock)
    taken = 0
    for pause in pauses:
        clock.now += pause
        taken += budgets.take("ann") == 0.0
    assert taken <= 5 + 2.0 * clock.now + 1e-6


def test_what_is_remembered_is_bounded() -> None:
    budgets = Budgets(Limits(max_keys=10), clock=Clock())
    for number in range(1_000):
        budgets.take(f"address {number}")
    assert len(budgets) == 10


def test_one_machine_has_one_address() -> None:
    """Of IPv6 it is the network that counts, and an IPv4 address is the same however it is written."""
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")
    assert network_of("::ffff:127.0.0.1") == network_of("127.0.0.1")
    assert len(network_of("x" * 100_000)) == 100
