"""What an archive or an e-mail holds, unpacked within limits. Nothing is ever written to a disk."""

from dataclasses import dataclass
from typing import IO

from corpus.errors import UnreadableFile

MAX_UNPACKED_BYTES = 1024**3
MAX_MEMBERS = 10_000
MAX_RATIO = 200
"""Text packs to a twentieth at best; what packs better than this is there to do harm."""
_FREE_BYTES = 1024**2
_PIECE_BYTES = 1024**2


@dataclass(frozen=True, slots=True)
class Member:
    """A file within a file: its name there, with slashes, and its bytes; or the `reason` why there are none."""

    name: str
    content: bytes = b""
    reason: str | None = None


class Budget:
    """How much one file may unpack to, all its members and theirs together."""

    def __init__(self, num_packed: int, *, max_bytes: int = MAX_UNPACKED_BYTES, max_members: int = MAX_MEMBERS) -> None:
        """`num_packed` is how many bytes the file itself has."""
        self._num_left = min(max_bytes, _FREE_BYTES + MAX_RATIO * num_packed)
        self._max_members = max_members
        self._num_members = 0

    def read(self, packed: IO[bytes], *, max_bytes: int | None = None) -> bytes:
        """The bytes of one member, from a stream that unpacks while it is read.

        Raises `UnreadableFile` as soon as the whole, or this member by `max_bytes`, is over its limit; counts it.
        """
        self._num_members += 1
        if self._num_members > self._max_members:
            raise UnreadableFile(f"it holds more than {self._max_members:,} files: unpack it, and add the folder")
        pieces: list[bytes] = []
        num_read = 0
        while piece := packed.read(_PIECE_BYTES):
            num_read += len(piece)
            if num_read > self._num_left or (max_bytes is not None and num_read > max_bytes):
                raise UnreadableFile(
                    "it unpacks to more than it may: if you trust it, unpack it yourself, and add the files"
                )
            pieces.append(piece)
        self._num_left -= num_read
        return b"".join(pieces)
