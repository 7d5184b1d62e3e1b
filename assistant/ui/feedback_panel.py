"""What a reader thinks of an answer: thumbs with a reason, and a turn kept as a test case.

Both go to the suite "kept", which the command line runs (`communique eval run kept`).
"""

from typing import TYPE_CHECKING, Any

from assistant.conversation import Turn
from assistant.feedback import Feedback, Rating
from assistant.home import Home
from assistant.kept_case import case_row
from assistant.ui.wording import label, language_of, text

if TYPE_CHECKING:
    import gradio as gr

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
_TAGS: dict[Rating | None, str] = {"up": "thumbs-up", "down": "thumbs-down", None: "kept"}


def build_feedback(
    home: Home, conversation: "gr.BrowserState", owner: "gr.BrowserState", messages: "gr.Chatbot", keep: "gr.Button"
) -> None:
    """The box for a reason, which appears with a thumb; `keep` keeps the last turn and stands elsewhere."""
    import gradio as gr

    rated = gr.State(None)
    reason = gr.Textbox(label=label("chat.reason"), visible=False, max_length=500, submit_btn=label("chat.give_reason"))

    def kept(id_: str, key: str, request: gr.Request) -> None:
        turn = _turn(home, id_, key, None)
        if turn:
            give(home, id_, turn, None, "")
        gr.Info(text("chat.kept" if turn else "chat.nothing", language_of(request)))

    def liked(id_: str, key: str, event: gr.LikeData, request: gr.Request) -> tuple[Any, Any]:
        index = event.index if isinstance(event.index, int) else event.index[0]
        turn = _turn(home, id_, key, index // 2)
        if turn is None:
            return None, gr.update(visible=False)
        rating: Rating = "up" if event.liked in {True, "Like"} else "down"
        give(home, id_, turn, rating, "")
        gr.Info(text("chat.thanks", language_of(request)))
        return (turn.number, rating), gr.update(visible=True, value="")

    def explained(words: str, given: tuple[int, Rating] | None, id_: str, key: str, request: gr.Request) -> Any:
        turn = _turn(home, id_, key, given[0] - 1) if given else None
        if turn and given:
            give(home, id_, turn, given[1], words)
            gr.Info(text("chat.thanks", language_of(request)))
        return gr.update(visible=False, value="")

    keep.click(kept, [conversation, owner], None, **_QUIET)
    messages.like(liked, [conversation, owner], [rated, reason], **_QUIET)
    reason.submit(explained, [reason, rated, conversation, owner], [reason], **_QUIET)


def give(home: Home, conversation_id: str, turn: Turn, rating: Rating | None, reason: str) -> None:
    """Keeps what was thought of a turn. A thumb down is a draft: what would be right is for a person to say."""
    feedback = Feedback(home.database)
    before = next((said for said in feedback.list(conversation_id) if said.turn == turn.number), None)
    if rating is None and before:  # a turn that has its thumb stays as it was said to be
        return
    row = case_row(
        turn.answer,
        conversation_id=conversation_id,
        turn=turn.number,
        tags=[_TAGS[rating]],
        draft=rating == "down",
    )
    feedback.give(conversation_id, turn.number, rating=rating, reason=reason, case=row)


def _turn(home: Home, conversation_id: str, key: str, index: int | None) -> Turn | None:
    """The owner's turn at that index, the last one without."""
    turns = home.conversations.of(key).turns(conversation_id) if conversation_id and key else ()
    if index is None:
        return turns[-1] if turns else None
    return turns[index] if 0 <= index < len(turns) else None
