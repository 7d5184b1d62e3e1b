"""Plain systems to be better than, run beside ours: dense windows, and LlamaIndex as it comes.

Both read with the same embedder as ours. They live in memory and are made anew for each run.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from evals.measures.spans import Place
from index.embedding import Encoder


class DenseWindows:
    """Windows of a fixed number of cl100k tokens, overlapping, ranked by cosine: "TokenText" in Smith & Troynikov."""

    def __init__(
        self, documents: Sequence[dict[str, Any]], encoder: Encoder, *, size_tokens: int, overlap_tokens: int
    ) -> None:
        self._encoder = encoder
        self._places = [
            place for row in documents for place in _windows(row["id"], row["text"], size_tokens, overlap_tokens)
        ]
        texts = {row["id"]: row["text"] for row in documents}
        self._vectors = encoder.encode([texts[id_][start:end] for id_, start, end in self._places])

    def search(self, question: str, k: int) -> list[Place]:
        """The `k` nearest windows, nearest first."""
        scores = self._vectors @ self._encoder.encode_query(question)
        return [self._places[i] for i in np.argsort(-scores, kind="stable")[:k]]


def _windows(document_id: str, text: str, size: int, overlap: int) -> Iterator[Place]:
    import tiktoken
    from llama_index.core.utils import get_tokenizer

    get_tokenizer()  # brings the encoding's file with it, so that nothing is fetched
    encoding = tiktoken.get_encoding("cl100k_base")
    _, starts = encoding.decode_with_offsets(encoding.encode(text, disallowed_special=()))
    ends = [*starts, len(text)]
    for first in range(0, len(starts), size - overlap):
        last = min(first + size, len(starts))
        yield document_id, ends[first], ends[last]
        if last == len(starts):
            return


class LlamaIndexDefaults:
    """SentenceSplitter 1024/200 and a VectorStoreIndex on Chroma: what a quick start of LlamaIndex gives."""

    def __init__(self, documents: Sequence[dict[str, Any]], encoder: Encoder, *, k: int) -> None:
        import chromadb
        from llama_index.core import Document, StorageContext, VectorStoreIndex
        from llama_index.core.node_parser import SentenceSplitter
        from llama_index.vector_stores.chroma import ChromaVectorStore

        from index.llama import CommuniqueEmbedding

        client = chromadb.EphemeralClient()
        client.get_or_create_collection("baseline")
        client.delete_collection("baseline")
        store = ChromaVectorStore(chroma_collection=client.create_collection("baseline"))
        nodes = SentenceSplitter(chunk_size=1024, chunk_overlap=200).get_nodes_from_documents(
            [Document(text=row["text"], id_=row["id"]) for row in documents]
        )
        index = VectorStoreIndex(
            nodes,
            storage_context=StorageContext.from_defaults(vector_store=store),
            embed_model=CommuniqueEmbedding(encoder),
        )
        self._retriever = index.as_retriever(similarity_top_k=k)

    def search(self, question: str) -> list[Place]:
        """The places of the nodes, nearest first."""
        nodes: list[Any] = [found.node for found in self._retriever.retrieve(question)]
        return [(node.ref_doc_id, node.start_char_idx, node.end_char_idx) for node in nodes]
