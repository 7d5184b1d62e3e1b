"""Secrets of a home are made once, whole, and for their user alone."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assistant.home_secret import BROWSER, OWNER, home_secret


def test_whoever_asks_gets_the_same(tmp_path: Path) -> None:
    """However many ask at once, and in the next process too."""
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: home_secret(tmp_path, OWNER), range(40)))
    (secret,) = found
    assert len(secret) == 43
    assert home_secret(tmp_path, OWNER) == (tmp_path / OWNER).read_text() == secret
    assert home_secret(tmp_path, BROWSER) != secret


def test_only_its_user_can_read_it(tmp_path: Path) -> None:
    home_secret(tmp_path, OWNER)
    assert stat.S_IMODE((tmp_path / OWNER).stat().st_mode) == 0o600


def test_a_file_that_a_killed_process_left_empty_is_no_secret(tmp_path: Path) -> None:
    """An empty key is one that everybody knows."""
    (tmp_path / BROWSER).touch()
    (tmp_path / f"{BROWSER}.partial").write_text("half")
    assert len(home_secret(tmp_path, BROWSER)) == 43
