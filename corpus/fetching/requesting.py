"""One request and its answer: no redirect is followed, no page is judged, and what comes has limits."""

import ssl
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version

import httpcore

from corpus.errors import UnreadableFile
from corpus.fetching.addresses import Address
from corpus.fetching.connecting import Guard, Network

PRODUCT = "communique"
"""What robots.txt knows this program by."""
_PIECE_BYTES = 64 * 1024
_MAX_PARTS = 100


@dataclass(frozen=True, slots=True)
class Response:
    """An answer whose body is still to come; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    pieces: Iterable[bytes]

    def body(self, max_bytes: int) -> bytes:
        """All of it, unpacked. Raises `UnreadableFile` as soon as that is too much, or when it cannot be unpacked."""
        stated = self.headers.get("content-length", "")
        is_too_large = stated.isdecimal() and int(stated[:20]) > max_bytes
        content = b"" if is_too_large else self.beginning(max_bytes + 1)
        if is_too_large or len(content) > max_bytes:
            raise UnreadableFile(f"it is larger than {max_bytes // 1024**2} MiB: download it, and add the file")
        return content

    def beginning(self, max_bytes: int) -> bytes:
        """Its first bytes, unpacked; more is not waited for. Raises `UnreadableFile` when it cannot be unpacked."""
        packing = self.headers.get("content-encoding", "identity").strip().lower()
        if packing not in {"identity", "", "gzip", "x-gzip"}:
            raise UnreadableFile(f"it comes packed as {packing!r}, unasked: download it, and add the file")
        content = bytearray()
        for piece in unpacked(self.pieces) if "gzip" in packing else self.pieces:
            content += piece
            if len(content) >= max_bytes:
                break
        return bytes(content[:max_bytes])


@contextmanager
def requested(address: Address, network: Network, *, seconds: float) -> Iterator[Response]:
    """The answer to a request for an address, which is to be read before the context ends, all within the seconds.

    Raises `UnreadableFile`, also for what happens on the way while the body is read.
    """
    url = httpcore.URL(
        scheme=address.scheme.encode(), host=address.host.encode(), port=address.port, target=address.target.encode()
    )
    guard = Guard(network, time.monotonic() + seconds)
    try:
        with (
            httpcore.ConnectionPool(ssl_context=network.tls or trusted_roots(), network_backend=guard) as pool,
            pool.stream("GET", url, headers=_headers(address)) as response,
        ):
            headers = {name.decode("latin-1").lower(): _decoded(value) for name, value in response.headers}
            yield Response(response.status, headers, response.iter_stream())
    except httpcore.TimeoutException as error:
        raise UnreadableFile(f"{address.host} takes too long to answer: try again later") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise UnreadableFile(_reason(address, error)) from error


def unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What gzip packed, in pieces that are never large. Raises `UnreadableFile` where it is no gzip, or breaks off."""
    unpacker, num_parts = zlib.decompressobj(wbits=31), 1
    try:
        for piece in pieces:
            left = piece
            while left:
                if unpacker.eof:  # a file may be several, one after the other
                    unpacker, num_parts = zlib.decompressobj(wbits=31), num_parts + 1
                if num_parts > _MAX_PARTS:
                    raise zlib.error("too many parts")
                yield unpacker.decompress(left, _PIECE_BYTES)
                left = unpacker.unconsumed_tail or unpacker.unused_data
        while not unpacker.eof and (rest := unpacker.decompress(b"", _PIECE_BYTES)):
            yield rest
    except zlib.error as error:
        raise UnreadableFile("it comes packed, and cannot be unpacked: download it, and add the file") from error
    if not unpacker.eof:
        raise UnreadableFile("what came breaks off: try again")


def trusted_roots() -> ssl.SSLContext:
    """Certificates are checked against Mozilla's list and the system's own."""
    import certifi

    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return context


def _headers(address: Address) -> dict[bytes | str, bytes | str]:
    return {
        "Host": address.origin.partition("//")[2],
        "User-Agent": f"{PRODUCT}/{version('communique')} (+documents on request of a user)",
        "Accept": "text/html,application/xhtml+xml,application/pdf,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _reason(address: Address, error: Exception) -> str:
    """What went wrong on the way, for people."""
    match error.args[0] if error.args else None:
        case ssl.SSLCertVerificationError() as cause:
            return f"the certificate of {address.host} does not hold ({cause.verify_message}): do not trust the page"
        case ssl.SSLError() as cause:
            return f"no safe connection to {address.host} comes about ({cause.reason}): try it in your browser"
        case ConnectionRefusedError():
            return f"{address.host} refuses connections at port {address.port}: check the address"
    if isinstance(error, httpcore.ConnectError):
        return f"{address.host} cannot be reached ({error}): check the address, and your network"
    if isinstance(error, httpcore.NetworkError):
        return f"{address.host} breaks off: try again later"
    return f"{address.host} does not answer as a web server does ({error}): check the address"
