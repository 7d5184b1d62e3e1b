"""The Compose file is one, and says to the program what the program knows. Nothing is started here."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

_ROOT = Path(__file__).parents[1]
_FILE = _ROOT / "docs" / "compose" / "compose.yaml"
_OUR_MODULES = [path for room in ("assistant", "corpus") for path in (_ROOT / room).rglob("*.py")]


def lint(file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load(_FILE.read_text()))


def test_it_follows_the_specification(tmp_path: Path) -> None:
    """By its published schema, which finds a planted mistake."""
    assert lint(_FILE).returncode == 0
    wrong = tmp_path / "compose.yaml"
    wrong.write_text(_FILE.read_text().replace("healthcheck:", "heathcheck:"))
    assert lint(wrong).returncode == 1


def test_what_it_mounts_and_waits_for_is_there(compose: dict[str, Any]) -> None:
    """Volumes are declared, services wait for services, files stand beside it."""
    services = compose["services"]
    for service in services.values():
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert (_FILE.parent / source).exists() if source.startswith(".") else source in compose["volumes"]
        for other, condition in service.get("depends_on", {}).items():
            assert condition["condition"] != "service_healthy" or "healthcheck" in services[other]
    assert (_ROOT / compose["x-communique"]["build"]["dockerfile"]).is_file()


def test_the_program_knows_what_it_is_told(compose: dict[str, Any]) -> None:
    """Each variable is one that the program, or the server within it, reads; the command's options are its own."""
    chat = compose["services"]["chat"]
    ours = "\n".join(path.read_text() for path in _OUR_MODULES)
    assert [name for name in chat["environment"] if f'"{name}"' not in ours and name != "FORWARDED_ALLOW_IPS"] == []
    told = subprocess.run(
        [Path(sys.executable).with_name("communique"), chat["command"][0], "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert [option for option in chat["command"] if option.startswith("--") and option not in told] == []
