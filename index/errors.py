"""The errors of the index.

IndexRoomError
├── ModelError          the embedding model cannot be loaded
├── ManifestMismatch    the index was made with other settings than the ones in force
└── VectorStoreError    Chroma's folder cannot be used
"""


class IndexRoomError(Exception):
    """Something about the index that the user can mend."""


class ModelError(IndexRoomError):
    """An embedding model cannot be loaded from where it was named."""


class ManifestMismatch(IndexRoomError):
    """The index was made with another embedder, chunker or normaliser: searching it would compare unlike things."""


class VectorStoreError(IndexRoomError):
    """The folder of the vectors cannot be opened."""
