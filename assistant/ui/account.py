"""Who is logged in, and the way out; nothing where there are no users."""

from typing import Any

from assistant.serving.access import User, user_of
from assistant.ui.rendering import escape
from assistant.ui.wording import Language, language_of, text

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}


def build() -> None:
    """The place of it, within the page that is being built; it is filled when the page is loaded."""
    import gradio as gr
    from gradio.context import Context

    place = gr.HTML("", elem_id="account")

    def named(request: gr.Request) -> str:
        return account_html(user_of(request.request.scope) if request.request else None, language_of(request))

    if Context.root_block:
        Context.root_block.load(named, None, [place], **_QUIET)


def account_html(user: User | None, language: Language) -> str:
    """The user's name and the link to the page that logs out."""
    if user is None or user.is_local:
        return ""
    return f'<p>{escape(user.name)} · <a href="/logout">{escape(text("login.leave", language))}</a></p>'
