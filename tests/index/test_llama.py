"""One piece taken home: inside a plain LlamaIndex query engine, without any other part of this program."""

from pathlib import Path

import pytest

from assistant.home import Home
from corpus.reading.files import find_files
from index.adding import add_files
from tests.fakes import HashEncoder

STATEMENT = "The committee met in Oslo in May.\n\nIt agreed to fund ocean sensors with 4 million euros."


@pytest.fixture
def filled(home: Home, tmp_path: Path) -> Home:
    """A home with one statement."""
    (tmp_path / "oslo.txt").write_text(STATEMENT)
    list(add_files(find_files(str(tmp_path / "oslo.txt")), home.catalogue, lambda: home.indexer))
    return home


@pytest.mark.slow
def test_retriever_in_a_query_engine(filled: Home) -> None:
    """A LlamaIndex query engine answers from our passages, and its source nodes say where they are."""
    from llama_index.core import Settings
    from llama_index.core.llms import MockLLM
    from llama_index.core.query_engine import RetrieverQueryEngine

    from index.llama import CommuniqueRetriever

    Settings.llm = MockLLM()
    engine = RetrieverQueryEngine.from_args(CommuniqueRetriever(filled.sources.retriever, k=1), llm=MockLLM())
    response = engine.query("Who funds ocean sensors?")
    (node,) = response.source_nodes
    document = filled.catalogue.document(node.metadata["document_id"])
    assert node.get_content() == document.text[node.metadata["start"] : node.metadata["end"]]
    assert "ocean sensors" in str(response)


@pytest.mark.slow
def test_embedding_in_a_vector_index() -> None:
    """LlamaIndex's own vector index finds the nearest text with our embedder."""
    from llama_index.core import VectorStoreIndex
    from llama_index.core.schema import TextNode

    from index.llama import CommuniqueEmbedding

    nodes = [TextNode(text="Ocean sensors are funded."), TextNode(text="Space debris is studied.")]
    index = VectorStoreIndex(nodes, embed_model=CommuniqueEmbedding(HashEncoder()))
    (best, *_) = index.as_retriever(similarity_top_k=1).retrieve("space debris")
    assert best.get_content() == "Space debris is studied."
