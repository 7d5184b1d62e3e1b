"""What a GGUF file says of itself in its header [1], and a server in this process that answers with it.

The header is read by hand and with bounds, since it comes from anywhere; the model itself only by llama.cpp. The server
listens on this machine alone, with a key that only this process knows.

[1] https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import os
import secrets
import struct
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

from assistant.errors import InvalidCall

DEFAULT_CONTEXT_TOKENS = 4096
_MAX_NAMES = 100_000
_MAX_STRING_BYTES = 1_000_000
_MAX_ARRAY_LENGTH = 2_000_000
_STRING, _ARRAY = 8, 9
_FORMATS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}


class GgufServer:
    """A llama.cpp server in this process, started when it is first needed."""

    def __init__(self, path: Path, context_tokens: int) -> None:
        self._path = path
        self._context_tokens = context_tokens
        self._lock = Lock()
        self._server: Any = None
        self.key = secrets.token_hex(16)

    def start(self) -> str:
        """The address of its OpenAI protocol. Raises `InvalidCall` where the model cannot be loaded."""
        with self._lock:
            if self._server is None:
                self._server = self._started()
            return f"{self._server.listening_address}/v1"

    def close(self) -> None:
        """Stops it, if it runs."""
        with self._lock:
            self._server = None  # it has no other way to stop than to be let go of

    def _started(self) -> Any:
        from xllamacpp import CommonParams, Server  # type: ignore[import-untyped,unused-ignore]

        parameters = CommonParams()
        parameters.model.path = str(self._path)
        parameters.model_alias = {self._path.stem}
        parameters.n_ctx = self._context_tokens
        parameters.n_parallel = 1
        parameters.cpuparams.n_threads = os.cpu_count() or 2
        parameters.api_keys = [self.key]
        parameters.verbosity = -1  # its log would fill the terminal
        parameters.ui = False
        parameters.warmup = False
        try:
            return Server(parameters)
        except RuntimeError as error:
            raise InvalidCall(f"{str(self._path)!r} cannot be loaded as an LLM: try another GGUF file") from error


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """A model's architecture and how many tokens it reads; None where the file does not say."""

    architecture: str | None
    context_tokens: int | None


def read_header(path: Path) -> GgufHeader:
    """The header of a GGUF file. Raises `InvalidCall` for a file that is none, or that ends in its header."""
    try:
        with path.open("rb") as file:
            if file.read(4) != b"GGUF":
                raise InvalidCall(f"{str(path)!r} is no GGUF file: name one after gguf:")
            version, _, num_names = struct.unpack("<IQQ", _exactly(file, 20))
            if not 2 <= version <= 3 or num_names > _MAX_NAMES:
                raise InvalidCall(f"{str(path)!r} is no GGUF file of version 2 or 3: convert it anew")
            return _found(file, num_names)
    except OSError as error:
        raise InvalidCall(f"{str(path)!r} cannot be read ({error.strerror}): name a GGUF file after gguf:") from error
    except (EOFError, ValueError) as error:
        raise InvalidCall(f"{str(path)!r} is a broken GGUF file: fetch it anew") from error


def _found(file: BinaryIO, num_names: int) -> GgufHeader:
    """Reads names until the architecture's context length is there; what comes after it is long."""
    values: dict[str, Any] = {}
    for _ in range(num_names):
        name = _string(file)
        values[name] = _value(file, struct.unpack("<I", _exactly(file, 4))[0])
        architecture = values.get("general.architecture")
        length = values.get(f"{architecture}.context_length")
        if isinstance(length, int):
            return GgufHeader(str(architecture), length)
    return GgufHeader(values.get("general.architecture"), None)


def _value(file: BinaryIO, kind: int, *, depth: int = 0) -> Any:
    if kind == _STRING:
        return _string(file)
    if kind in _FORMATS:
        return struct.unpack(_FORMATS[kind], _exactly(file, struct.calcsize(_FORMATS[kind])))[0]
    if kind != _ARRAY or depth > 3:
        raise ValueError(kind)
    inner, length = struct.unpack("<IQ", _exactly(file, 12))
    if length > _MAX_ARRAY_LENGTH:
        raise ValueError(length)
    if inner in _FORMATS:
        _exactly(file, length * struct.calcsize(_FORMATS[inner]))
    else:
        for _ in range(length):
            _value(file, inner, depth=depth + 1)
    return None


def _string(file: BinaryIO) -> str:
    (length,) = struct.unpack("<Q", _exactly(file, 8))
    if length > _MAX_STRING_BYTES:
        raise ValueError(length)
    return _exactly(file, length).decode("utf-8", "replace")


def _exactly(file: BinaryIO, num_bytes: int) -> bytes:
    content = file.read(num_bytes)
    if len(content) != num_bytes:
        raise EOFError
    return content
