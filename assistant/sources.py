"""What answers are made from and by: the documents, the search over them, who checks and who writes."""

from dataclasses import dataclass, field

from assistant.evidence import EvidenceFinder
from assistant.verifying import FeatureVerifier, Verifier
from assistant.writing.prose import LlmWriter
from corpus.catalogue import Catalogue
from index.retrieval import Retriever


@dataclass(frozen=True, slots=True)
class Sources:
    """One home's, opened. Without a `writer` answers quote."""

    catalogue: Catalogue
    retriever: Retriever
    finder: EvidenceFinder
    verifier: Verifier = field(default_factory=FeatureVerifier)
    writer: LlmWriter | None = None
