"""The OpenAPI document holds: whatever is sent, no answer that it does not declare, and none that is our own fault."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from assistant.home import Home
from assistant.serving.app import build
from tests.assistant.conftest import HARBOUR, add_rows
from tests.fakes import HashEncoder

pytestmark = pytest.mark.slow

STARTS_A_RUN = "POST /api/eval/runs"


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The document of an application over a small home."""
    folder = tmp_path_factory.mktemp("schema")
    home = Home(folder / "home", load_encoder=HashEncoder)
    add_rows(home, folder / "rows.jsonl", {"harbour": HARBOUR})
    assert home.sources
    yield schemathesis.openapi.from_asgi("/api/openapi.json", build(home, with_page=False))
    home.close()


def test_every_answer_is_declared(described: Any) -> None:
    """Well-formed calls and malformed ones, from the document alone, at every operation."""
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) > 25
    for operation in operations:
        if operation.label != STARTS_A_RUN:
            calls_of(operation)()


def calls_of(operation: Any) -> Callable[[], None]:
    """A test that calls an operation in several ways."""
    every = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(every))
    def call(case: schemathesis.Case) -> None:
        case.call_and_validate(excluded_checks=[positive_data_acceptance])  # an empty question fits its schema

    return call
