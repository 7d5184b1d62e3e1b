from collections.abc import Iterator
from time import sleep

from assistant.clock import Clock


def test_a_stage_within_a_stage_is_counted_once() -> None:
    """An LLM writes while its sentences are checked: each gets its own time, and the sum is no more than the whole."""
    clock = Clock(("write", "verify"))

    def written() -> Iterator[int]:
        for number in range(3):
            sleep(0.02)
            yield number

    def checked() -> Iterator[int]:
        for number in clock.through("write", written()):
            sleep(0.005)
            yield number

    assert list(clock.through("verify", checked())) == [0, 1, 2]
    spent = clock.milliseconds()
    assert 55 < spent["write"] < spent["total"]
    assert 12 < spent["verify"] < spent["write"]
    assert spent["write"] + spent["verify"] <= spent["total"] + 0.1


def test_what_is_done_with_an_item_is_not_counted() -> None:
    clock = Clock(("write",))
    for _ in clock.through("write", [1, 2]):
        sleep(0.02)
    assert clock.milliseconds()["write"] < 10
    assert clock.milliseconds()["total"] >= 40


def test_an_error_closes_its_stage() -> None:
    clock = Clock(("write", "verify"))
    try:
        with clock.timing("write"):
            raise ValueError
    except ValueError:
        sleep(0.02)
    assert clock.milliseconds()["write"] < 10
