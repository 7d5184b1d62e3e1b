"""The Documents tab."""

from assistant.home import Home


def build(home: Home) -> None:
    """The tab's components, within the page that is being built."""
