"""The retriever and the embedder as LlamaIndex knows them, for those who take one piece home.

    retriever = CommuniqueRetriever(home.sources.retriever, k=5)
    RetrieverQueryEngine.from_args(retriever, llm=…)

A node's text is the passage, nothing added; its metadata say where it is, in characters of the document. Importing
this module loads LlamaIndex; nothing else here does.
"""

from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from pydantic import PrivateAttr

from index.embedding import Encoder
from index.retrieval import DEFAULT_K, Retriever
from index.scope import Scope


class CommuniqueRetriever(BaseRetriever):
    """Fused retrieval as a LlamaIndex retriever: the `k` best passages, within the scope."""

    def __init__(self, retriever: Retriever, *, k: int = DEFAULT_K, scope: Scope | None = None) -> None:
        self._retriever = retriever
        self._k = k
        self._scope = scope
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._retriever.search(query_bundle.query_str, self._k, scope=self._scope)
        return [
            NodeWithScore(
                node=TextNode(
                    id_=hit.passage.id,
                    text=hit.passage.text,
                    metadata={
                        "document_id": hit.passage.document_id,
                        "start": hit.passage.start,
                        "end": hit.passage.end,
                        "heading": hit.passage.heading,
                    },
                    excluded_embed_metadata_keys=["document_id", "start", "end", "heading"],
                    excluded_llm_metadata_keys=["document_id", "start", "end", "heading"],
                ),
                score=hit.score,
            )
            for hit in found.hits
        ]


class CommuniqueEmbedding(BaseEmbedding):
    """An encoder of ours as a LlamaIndex embedding: unit vectors; a model that has prompts gets its own for queries."""

    _encoder: Encoder = PrivateAttr()

    def __init__(self, encoder: Encoder, **options: Any) -> None:
        super().__init__(model_name=encoder.name, **options)
        self._encoder = encoder

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [vector.tolist() for vector in self._encoder.encode(texts)]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(value) for value in self._encoder.encode_query(query)]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)
