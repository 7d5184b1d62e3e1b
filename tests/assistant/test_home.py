from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.home import Home, open_home
from assistant.settings import Settings
from index.errors import ModelError
from index.health import Health, examine, repair
from index.manifest import current_manifest, write_manifest
from index.reranking import CrossEncoderReranker
from tests.fakes import HashEncoder


def test_a_home_is_sound_after_a_kill_and_a_new_embedder_at_once(coast: Home) -> None:
    """What opening a home finishes does not hold on to the index that a repair replaces."""
    with coast.database.writing() as connection:
        connection.execute(text("UPDATE passages SET status = 'pending' WHERE version = 1"))
    coast.close()
    again = Home(coast.path, load_encoder=lambda: HashEncoder("other", 32))
    repair(again.database, again.open_store, again.encoder)
    assert examine(again.database, again.store, again.encoder) == Health(2, 2, 2, ())
    again.close()


@pytest.mark.slow  # it loads the libraries, to find that the models are not there
def test_the_embedder_is_the_one_that_the_index_was_made_with(home: Home) -> None:
    """A home is used without saying again which embedder it has; a named one comes first."""
    with home.database.writing() as connection:
        write_manifest(connection, current_manifest(HashEncoder("/no/such/kept")), generation=1)
    for settings, name in (
        (Settings(home.path), "/no/such/kept"),
        (Settings(home.path, embedder="/no/such/named"), "/no/such/named"),
    ):
        opened = open_home(settings)
        with pytest.raises(ModelError, match=f"^no embedding model can be loaded from '{name}': "):
            _ = opened.encoder
        opened.close()


def test_a_folder_is_named_wherever_the_program_is_started_next(tmp_path: Path) -> None:
    """A relative path to a model is kept as a whole one, and a model's name as it is."""
    folder = tmp_path / "models" / "reader"
    folder.mkdir(parents=True)
    roundabout = tmp_path / "models" / ".." / "models" / "reader"
    for name, expected in ((str(roundabout), str(folder)), ("org/reader", "org/reader")):
        opened = open_home(Settings(tmp_path / "home", reranker=name))
        assert isinstance(opened.reranker, CrossEncoderReranker)
        assert opened.reranker.name == expected
        opened.close()


def test_without_a_reranker_there_is_none(tmp_path: Path) -> None:
    """Reading hits again costs much and is asked for."""
    opened = open_home(Settings(tmp_path / "home"))
    assert opened.reranker is None
    opened.close()
