"""The addresses that the page needs of all that Gradio serves; with users the rest is closed.

What Gradio's other addresses do, proxies, recordings, histories, monitors, is nothing that this page has.
"""

from collections.abc import Mapping, Sequence

GRADIO = "/gradio_api"
UPLOAD = f"{GRADIO}/upload"
HEARTBEAT = f"{GRADIO}/heartbeat/"
_EXACT = frozenset(
    {
        *("/", "/config", "/theme.css", "/favicon.ico", "/manifest.json"),
        *(
            f"{GRADIO}/{name}"
            for name in ("startup-events", "theme.css", "info", "app_id", "upload", "upload_progress")
        ),
        *(f"{GRADIO}/{name}" for name in ("queue/join", "queue/data", "run/predict", "cancel", "reset")),
    }
)
_FOLDERS = ("/assets/", "/static/", "/svelte/", HEARTBEAT, f"{GRADIO}/file=")


def is_of_page(path: str) -> bool:
    """Whether the page needs what is at an address.

    >>> [is_of_page(path) for path in ("/", "/assets/x.js", "/gradio_api/queue/join", "/gradio_api/proxy=http://x")]
    [True, True, True, False]
    """
    return path in _EXACT or path.startswith(_FOLDERS)


def session_named(path: str, query: Mapping[str, Sequence[str]]) -> list[str]:
    """The browser tabs' sessions that an address names.

    >>> session_named("/gradio_api/heartbeat/abc", {}), session_named("/gradio_api/queue/data", {"session_hash": ["x"]})
    (['abc'], ['x'])
    """
    named = list(query.get("session_hash", ()))
    return [*named, path.removeprefix(HEARTBEAT)] if path.startswith(HEARTBEAT) else named
