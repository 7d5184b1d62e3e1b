"""What users may do on the page, and whose conversations it shows: the one place through which Gradio calls functions.

Where a home has no users, all is as the browser says. With users, the key of the conversations is theirs, whatever the
browser sends, and never sent to it; readers are refused what is an admin's. It knows nothing of how users log in.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from assistant.ui.wording import language_of, text

if TYPE_CHECKING:
    import gradio as gr

OWNER_KEY = "communique-owner"
_OURS = "assistant.ui."
_READERS_DOCUMENTS = frozenset({"look", "search", "sort", "back", "forth", "choose", "ask", "show", "stop", "<lambda>"})
"""What readers may do in the Documents tab: look at it. All else there changes something."""
_ADMINS_TABS = ("assistant.ui.settings_tab",)
_DOCUMENTS = "assistant.ui.documents.wiring"
_UNASKED = frozenset({"load", "select", "tick", "change", "unload"})
"""Events that nobody means: what is refused of them is not said aloud."""


class PageUser(Protocol):
    """Who uses the page."""

    @property
    def is_admin(self) -> bool:
        """Whether they may change what there is."""

    @property
    def is_local(self) -> bool:
        """Whether there are no users, and the browser says whose conversations are shown."""


def guard_page(
    page: "gr.Blocks",
    *,
    user_of: Callable[[Any], Any],
    owner_of: Callable[[Any], str],
    claim: Callable[[str, Any], bool],
) -> None:
    """Has the page ask who calls, before it calls any function.

    `user_of` gives the user by the ASGI scope of a request, `owner_of` the key of their conversations, `claim` whether
    a browser tab's session is theirs.
    """
    from gradio.exceptions import Error

    owner = next(block._id for block in page.blocks.values() if getattr(block, "storage_key", None) == OWNER_KEY)
    call: Callable[..., Awaitable[dict[str, Any]]] = page.call_function

    async def guarded(block_fn: Any, processed_input: list[Any], *rest: Any, **named: Any) -> dict[str, Any]:
        requests = named["requests"] if "requests" in named else rest[1]
        request = requests[0] if isinstance(requests, list) else requests
        user: PageUser | None = user_of(request.request.scope)
        function = page.fns[block_fn] if isinstance(block_fn, int) else block_fn
        if user is not None and user.is_local:
            return await call(function, processed_input, *rest, **named)
        language = language_of(request)
        if user is None or not claim(request.session_hash or "", user):
            raise Error(text("login.other_tab", language))
        if not user.is_admin and (function.fn is None or is_for_admins(function.fn)):
            if any(event not in _UNASKED for _, event in function.targets):
                raise Error(text("login.admins_only", language))
            return _nothing(function.outputs, text("login.admins_only", language))
        own = [owner_of(user) if part._id == owner else value for part, value in _with_parts(function, processed_input)]
        found = await call(function, own, *rest, **named)
        return {**found, "prediction": without_owner(found["prediction"], function.outputs, owner)}

    page.call_function = guarded  # type: ignore[method-assign]


def is_for_admins(function: Callable[..., Any]) -> bool:
    """Whether a function of the page is for admins alone: what changes documents, shows settings, or is a plugin's."""
    module = function.__module__
    if module == _DOCUMENTS:
        return function.__name__ not in _READERS_DOCUMENTS
    return not module.startswith(_OURS) or module in _ADMINS_TABS


def without_owner(given: Any, outputs: Sequence[Any], owner: int) -> Any:
    """What a function gives, but for the key of the conversations, which stays what it is in the browser."""
    skipped = {"__type__": "update"}
    if isinstance(given, dict) and any(part in given for part in outputs):
        return {part: skipped if part._id == owner else value for part, value in given.items()}
    if isinstance(given, list | tuple) and len(given) == len(outputs) > 1:
        return [skipped if part._id == owner else value for part, value in zip(outputs, given, strict=True)]
    return skipped if [part._id for part in outputs] == [owner] else given


def _with_parts(function: Any, values: list[Any]) -> list[tuple[Any, Any]]:
    """The values with the components that they come from; none where a function goes on that has begun."""
    return list(zip(function.inputs, values, strict=True)) if values else []


def _nothing(outputs: Sequence[Any], line: str) -> dict[str, Any]:
    """What a function gives that is not called: everything stays as it is, but the first panel says why."""
    skipped: list[Any] = [{"__type__": "update"} for _ in outputs]
    for number, part in enumerate(outputs):
        if part.get_block_name() == "html":
            skipped[number] = f"<p>{line}</p>"
            break
    prediction = skipped[0] if len(outputs) == 1 else skipped
    return {"prediction": prediction, "duration": 0.0, "is_generating": False, "iterator": None}
