"""The words of the page in English and Japanese, a module a section, each with the same keys in both languages.

A section's key `question` in `chat.py` is `chat.question` on the page. Labels of components are translated by the
browser, to which `translations` is given; what Python renders is asked of `text`. What documents say is not
translated.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    import gradio as gr

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = ("en", "ja")
_TABLES: dict[Language, str] = {"en": "ENGLISH", "ja": "JAPANESE"}
_MAX_HEADER_CHARS = 500


def text(key: str, language: Language, **values: object) -> str:
    """What stands under a key such as "compare.documents", with the values in their places. Raises `KeyError`.

    Values are inserted as they are: what becomes HTML is escaped by the caller.
    """
    return words(language)[key].format(**values)


@cache
def words(language: Language) -> "Mapping[str, str]":
    """Every text of the page by its key."""
    found = {}
    for section in sections():
        table: dict[str, str] = getattr(import_module(f"{__name__}.{section}"), _TABLES[language])
        found.update({f"{section}.{key}": wording for key, wording in table.items()})
    return MappingProxyType(found)


def sections() -> list[str]:
    """The names of the sections, in alphabetical order."""
    return sorted(module.name for module in iter_modules(__path__))


def translations() -> "gr.I18n":
    """What `launch(i18n=…)` is given, so that the browser shows labels made by `label` in the reader's language."""
    import gradio as gr

    return gr.I18n(**{language: dict(words(language)) for language in LANGUAGES})


def label(key: str) -> str:
    """A label, placeholder or button text for a component, which the browser puts into the reader's language.

    Raises `KeyError` for a key that there is not.
    """
    import gradio as gr

    words("en")[key]
    return cast("str", gr.I18n()(key))


def language_of(request: "gr.Request | None") -> Language:
    """The language of a reader, by what the browser says it prefers; English where that is neither or not known."""
    header = request.headers.get("accept-language", "") if request is not None and request.headers else ""
    return preferred(str(header))


def preferred(header: str) -> Language:
    """The language that an `Accept-Language` header (RFC 9110, 12.5.4) prefers of those that there are, else English.

    >>> [preferred(header) for header in ("ja-JP,ja;q=0.9,en;q=0.8", "fr, en;q=0.9, ja;q=0.5", "ja;q=0, *", "")]
    ['ja', 'en', 'en', 'en']
    """
    best: Language = "en"
    best_weight = 0.0
    for item in header[:_MAX_HEADER_CHARS].split(","):
        tag, *parameters = (part.strip().lower() for part in item.split(";"))
        weight = min((_weight(parameter) for parameter in parameters), default=1.0)
        for language in LANGUAGES:
            if tag.split("-")[0] == language and weight > best_weight:
                best, best_weight = language, weight
    return best


def _weight(parameter: str) -> float:
    """The weight that a parameter gives, 1 for one that is no weight, 0 for one that cannot be read."""
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
