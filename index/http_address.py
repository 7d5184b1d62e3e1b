"""The address of a server that speaks http, as a user gives it. Nothing is asked of it here."""

from urllib.parse import SplitResult, urlsplit


def http_parts(url: str) -> SplitResult | None:
    """The parts of an address of http or https with a host and a port that can be one; None for anything else.

    >>> http_parts("http://127.0.0.1:8000/v1").port, http_parts("http://here:0"), http_parts("here:8000")
    (8000, None, None)
    """
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if is_address else None
