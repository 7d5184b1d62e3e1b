"""Whether it lives, and whether it can answer."""

from fastapi.testclient import TestClient

from assistant.home import Home
from tests.assistant.conftest import HARBOUR, Add, add  # noqa: F401  (a fixture)


def test_it_lives_whatever_the_home_is_like(unchanged_api: TestClient) -> None:
    got = unchanged_api.get("/health")
    assert (got.status_code, got.json()["status"]) == (200, "alive")


def test_it_is_ready_once_the_models_are_loaded(empty_api: TestClient, home: Home, add: Add) -> None:  # noqa: F811
    add({"harbour": HARBOUR})
    got = empty_api.get("/ready")
    assert (got.status_code, got.json()) == (503, {"ready": False, "reasons": ["the models are not loaded yet"]})
    assert home.sources
    assert empty_api.get("/ready").json() == {"ready": True, "reasons": []}


def test_it_is_not_ready_with_another_index(empty_api: TestClient, home: Home, add: Add) -> None:  # noqa: F811
    """The reason is the line that names the remedy."""
    add({"harbour": HARBOUR})
    assert home.sources
    with home.database.writing() as connection:
        connection.exec_driver_sql("UPDATE manifest SET value = '7' WHERE key = 'generation'")
    got = empty_api.get("/ready")
    assert got.status_code == 503
    assert got.json()["reasons"] == ["a new index has taken the place of this one: start the program again"]
