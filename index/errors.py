"""The errors of the index.

IndexRoomError
├── ModelError          a model cannot be loaded, or gives what cannot be used
├── ClusterError        a Ray cluster cannot be reached, or is gone
├── ManifestMismatch    the index was made with other settings than the ones in force
└── VectorStoreError    Chroma's folder, or its server, cannot be used
"""


class IndexRoomError(Exception):
    """Something about the index that the user can mend."""


class ModelError(IndexRoomError):
    """An embedding model or a cross-encoder cannot be loaded from where it was named, or gives no usable numbers."""


class ClusterError(IndexRoomError):
    """A Ray cluster cannot be reached, does not fit, or is gone; what was stored before that is kept."""


class ManifestMismatch(IndexRoomError):
    """The index was made with another embedder, chunker or normaliser: searching it would compare unlike things."""


class VectorStoreError(IndexRoomError):
    """The folder of the vectors, or their server, cannot be used; `remedy` is what helps."""

    def __init__(self, message: str, *, remedy: str = "`communique doctor --repair` makes them anew") -> None:
        super().__init__(message)
        self.remedy = remedy
