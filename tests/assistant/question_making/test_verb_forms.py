import pytest

from assistant.question_making.verb_forms import base_of_past, base_of_present


@pytest.mark.parametrize(
    ("past", "base"),
    [
        ("signed", "sign"),
        ("announced", "announce"),
        ("ratified", "ratify"),
        ("planned", "plan"),
        ("stayed", None),
        ("took", "take"),
        ("met", "meet"),
        ("tables", None),
    ],
)
def test_past_forms(past: str, base: str | None) -> None:
    assert base_of_past(past) == base


@pytest.mark.parametrize(
    ("present", "base"),
    [
        ("runs", "run"),
        ("has", "have"),
        ("comprises", "comprise"),
        ("publishes", "publish"),
        ("applies", "apply"),
        ("goes", "go"),
        ("plans", None),
        ("states", None),
    ],
)
def test_present_forms(present: str, base: str | None) -> None:
    """What is as often the plural of a noun is no verb here."""
    assert base_of_present(present) == base
