"""Whose a browser tab's session is: what Gradio keeps for a tab, it keeps under a name that the tab makes up."""

import threading
from collections import OrderedDict

from assistant.serving.access import User


class Claims:
    """Who named each session first: nobody else may name it. Of very many, those are forgotten that are long unused."""

    def __init__(self, *, max_sessions: int = 20_000) -> None:
        self._max_sessions = max_sessions
        self._secrets: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def claim(self, session: str, user: User) -> bool:
        """Whether the session is the user's, as it is from the first time on that it is named."""
        with self._lock:
            owner = self._secrets.setdefault(session[:200], user.secret)
            self._secrets.move_to_end(session[:200])
            while len(self._secrets) > self._max_sessions:
                self._secrets.popitem(last=False)
        return owner == user.secret

    def __len__(self) -> int:
        return len(self._secrets)
