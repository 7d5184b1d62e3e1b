"""The errors of the assistant.

AssistantError
├── InvalidCall           the question, option or row cannot be used as it was given
└── UnknownConversation   no conversation under this id
"""


class AssistantError(Exception):
    """Something about a call that the user can mend."""


class InvalidCall(AssistantError):
    """A question, an option or a row that cannot be used."""


class UnknownConversation(AssistantError):
    """The home keeps no such conversation."""
