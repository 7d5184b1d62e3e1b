"""Delays after failures, by a clock that the test turns."""

from assistant.serving.slowing import Slowing
from tests.assistant.serving.test_sessions import Clock


def test_the_first_failures_cost_nothing_and_the_next_twice_as_much_each() -> None:
    """Three are free; then 1, 2, 4 and 8 seconds, and never more than the most."""
    clock = Clock()
    slowing = Slowing(num_free=3, most_seconds=6.0, clock=clock)
    waits = []
    for _ in range(7):
        slowing.failed("ann")
        waits.append(slowing.wait("ann"))
        clock.now += waits[-1]
        assert slowing.wait("ann") == 0.0
    assert waits == [0.0, 0.0, 0.0, 1.0, 2.0, 4.0, 6.0]


def test_keys_are_slowed_each_for_itself() -> None:
    slowing = Slowing(num_free=0, clock=Clock())
    slowing.failed("ann")
    assert (slowing.wait("ann"), slowing.wait("bob")) == (1.0, 0.0)


def test_success_and_an_hour_of_quiet_begin_anew() -> None:
    clock = Clock()
    slowing = Slowing(num_free=0, clock=clock)
    for _ in range(3):
        slowing.failed("ann")
    assert slowing.wait("ann") == 4.0
    slowing.succeeded("ann")
    assert slowing.wait("ann") == 0.0
    for _ in range(3):
        slowing.failed("ann")
    clock.now += 3600
    slowing.failed("ann")
    assert slowing.wait("ann") == 1.0


def test_what_is_taken_back_does_not_count() -> None:
    """The second failure costs what the first did."""
    slowing = Slowing(num_free=0, clock=Clock())
    slowing.failed("here")
    slowing.forgive("here")
    assert slowing.wait("here") == 0.0
    slowing.failed("here")
    assert slowing.wait("here") == 1.0
    slowing.forgive("nobody")


def test_what_is_remembered_is_bounded() -> None:
    """Of very many names those that failed longest ago are forgotten."""
    slowing = Slowing(num_free=0, max_keys=100, clock=Clock())
    for number in range(1_000):
        slowing.failed(f"name {number}")
    assert (len(slowing), slowing.wait("name 899"), slowing.wait("name 900")) == (100, 0.0, 1.0)


def test_very_many_failures_are_no_overflow() -> None:
    slowing = Slowing(clock=Clock())
    for _ in range(5_000):
        slowing.failed("ann")
    assert slowing.wait("ann") == 900.0
