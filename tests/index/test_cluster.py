"""Reading and embedding on a Ray cluster of two nodes on this machine, with a small real model."""

import os
import signal
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from assistant.home import Home
from corpus.reading.files import find_files
from corpus.schema import passages, segments
from index import cluster
from index.adding import add_files
from index.cluster import Cluster, _stretches
from index.embedding import Encoder, shared_encoder
from index.errors import ClusterError
from index.indexing import Indexer
from index.reports import FileReport
from tests.tiny_models import save_embedder

pytest.importorskip("ray", reason="the extra `ray` is not installed")
pytestmark = pytest.mark.slow

FIELDS = {"title": "t", "source": "s", "language": "en"}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Two nodes with a core each, without Ray's own pages and messages."""
    from ray.cluster_utils import Cluster as Nodes

    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    node = {"num_cpus": 1, "object_store_memory": 100 * 1024**2, "include_dashboard": False}
    nodes = Nodes(initialize_head=True, head_node_args=node)
    nodes.add_node(num_cpus=1, object_store_memory=100 * 1024**2)
    yield nodes.address
    nodes.shutdown()


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return shared_encoder(save_embedder(tmp_path_factory.mktemp("model")))


@pytest.fixture(scope="module")
def nodes(address: str, encoder: Encoder) -> Iterator[Cluster]:
    with Cluster(address, lambda: encoder) as connected:
        yield connected


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of several kinds, some of which cannot be read."""
    folder = tmp_path_factory.mktemp("files")
    for number in range(40):
        (folder / f"{number:02}.txt").write_text(f"The ministers met in Bergen {number} times. They agreed to fund it.")
    (folder / "page.html").write_text("<h1>Oil</h1><p>The price of oil fell.</p>")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nbroken")
    (folder / "empty.txt").touch()
    os.mkfifo(folder / "pipe.txt")
    with zipfile.ZipFile(folder / "archive.zip", "w") as archive:
        archive.writestr("a/snow.txt", "It snowed in Bergen.")
        archive.writestr("b/oil.md", "# Oil\n\nThe price of oil fell in Bergen.")
    return folder


def added(folder: Path, home_path: Path, encoder: Encoder, nodes: Cluster | None) -> tuple[list[FileReport], list[Any]]:
    """The reports, and what the index holds of each passage and sentence."""
    with closing(Home(home_path, load_encoder=lambda: encoder)) as home:
        indexer = Indexer(home.database, home.store, home.encoder, embedding=nodes.embed if nodes else None)
        reports = list(add_files(find_files(str(folder)), home.catalogue, lambda: indexer, cluster=nodes))
        with home.database.reading() as connection:
            kept = [tuple(row) for row in connection.execute(select(passages).order_by(passages.c.id))]
            vectors = connection.execute(select(segments.c.vectors).order_by(segments.c.version, segments.c.start))
            return reports, [kept, np.concatenate([np.frombuffer(row.vectors, "<f2") for row in vectors])]


@pytest.fixture(scope="module")
def expected(folder: Path, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return added(folder, tmp_path_factory.mktemp("plain") / "home", encoder, None)


@pytest.fixture
def check_added(nodes: Cluster, encoder: Encoder, folder: Path, expected: Any, tmp_path: Path) -> Callable[[], None]:
    """Adds the files on the cluster and checks the home that comes of it."""
    return lambda: check_same(added(folder, tmp_path / "home", encoder, nodes), expected)


def check_same(found: Any, expected: Any) -> None:
    """Reports and words are equal; vectors as far as the numbers of a batch depend on what else is in it."""
    (reports, (kept, vectors)), (other_reports, (other_kept, other_vectors)) = found, expected
    assert reports == other_reports
    assert kept == other_kept
    np.testing.assert_allclose(vectors.astype(float), other_vectors.astype(float), atol=0.03)


def test_a_cluster_makes_the_home_that_one_machine_makes(check_added: Callable[[], None], expected: Any) -> None:
    """Files that cannot be read, and those in archives, too; with more files than are under way at once."""
    check_added()
    assert {report.status for report in expected[0]} == {"added", "refused"}


def test_a_lost_worker_costs_a_retry(
    nodes: Cluster, check_added: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each process that embeds is killed when the first file is read; others take its place."""
    read = nodes.read

    def read_and_kill(files: Any) -> Iterator[Any]:
        for number, file in enumerate(read(files)):
            yield file
            if number == 0:
                pids = [int(path.name) for path in Path("/proc").glob("[0-9]*") if is_embedder(path)]
                assert len(pids) == 2
                for pid in pids:
                    os.kill(pid, signal.SIGKILL)

    monkeypatch.setattr(nodes, "read", read_and_kill)
    check_added()


def is_embedder(process: Path) -> bool:
    try:
        return b"ray::_Embedder" in (process / "cmdline").read_bytes()
    except OSError:
        return False


def test_a_node_with_another_version_is_refused(
    nodes: Cluster, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it would read or embed otherwise would not fit the rest."""
    monkeypatch.setattr(cluster, "READERS_VERSION", "of another year")
    with pytest.raises(ClusterError, match="another version"):
        nodes._check(encoder)


@pytest.mark.parametrize("address", ["127.0.0.1:9", "ray://127.0.0.1:9", "no address"])
def test_where_no_cluster_is_that_is_said_at_once(address: str, encoder: Encoder) -> None:
    """One line that names the address."""
    with pytest.raises(ClusterError, match=f"no Ray cluster at '{address}'"):
        Cluster(address, lambda: encoder)


def test_without_the_package_its_name_is_said(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """As pip is to be told it."""
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ClusterError, match=r"pip install 'communique\[ray\]'"):
        Cluster("local", lambda: encoder)


def test_stretches_keep_the_order_and_share_the_segments(encoder: Encoder, home: Home) -> None:
    """Each document is in one of them; no stretch has more than its share and one document."""
    from corpus.catalogue import new_document
    from index.embedded import cut_for

    texts = ["It snowed. " * length for length in (1, 300, 5, 5, 200, 1, 1, 1, 80)]
    documents = [new_document(FIELDS | {"id": str(i)}, text=text) for i, text in enumerate(texts)]
    items = [(document, cut_for(encoder, document)) for document in documents]
    lengths = [len(made.segments) for _, made in items]
    for num in (1, 2, 3, 20):
        stretches = _stretches(items, num)
        assert len(stretches) == num
        assert [item for some in stretches for item in some] == items
        shares = [sum(len(made.segments) for _, made in some) for some in stretches]
        assert max(shares) <= sum(lengths) / num + max(lengths)
