"""The Settings tab: what answers, with what, over what, and what leaves the machine. It shows and changes nothing.

Each line names the option or variable that changes it, since settings are fixed before anything is opened.
"""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from assistant.home import Home
from assistant.observing.spans import may_tell_content
from assistant.observing.tracing import collector_of
from assistant.settings import LLM_NONE
from assistant.ui.rendering import escape
from assistant.ui.wording import Language, label, language_of, text
from assistant.verifying import FeatureVerifier
from index import health
from index.embedding_server import ON_SERVER, URL_VARIABLE, server_url

_SERVICES = {"openai": "OpenAI", "anthropic": "Anthropic"}
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True, slots=True)
class Line:
    """A setting as it is shown: its name, its value, and what changes it."""

    name: str
    value: str
    change: str


def build(home: Home) -> None:
    """The tab's components, within the page that is being built."""
    import gradio as gr
    from gradio.context import Context, get_render_context

    gr.Markdown(label("settings_tab.intro"))
    table = gr.HTML("", elem_id="settings")
    check = gr.Button(label("settings_tab.check"), size="sm")
    found = gr.HTML("", elem_id="findings")

    def shown(request: gr.Request) -> str:
        language = language_of(request)
        return settings_html(lines_of(home, language), language)

    def checked(request: gr.Request) -> str:
        return findings_html(health.examine(home.database, home.store, home.encoder), language_of(request))

    arrivals = [Context.root_block.load] if Context.root_block else []
    if isinstance(around := get_render_context(), gr.Tab):
        arrivals.append(around.select)
    gr.on(arrivals, shown, None, [table], trigger_mode="multiple", concurrency_limit=None, **_QUIET)
    check.click(checked, None, [found], concurrency_limit=1, show_progress="minimal", api_visibility="private")


def lines_of(home: Home, language: Language) -> list[Line]:
    """Every setting, what leaves the machine first."""

    def told(key: str, **values: object) -> str:
        return text(f"settings_tab.{key}", language, **values)

    state = home.catalogue.summaries()
    languages = Counter(summary.language for summary in state)
    counted = ", ".join(f"{name}: {num}" for name, num in sorted(languages.items()))
    embedder = {
        "name": home.encoder.name, "dimension": home.encoder.dimension, "max_tokens": home.encoder.max_tokens
    }  # fmt: skip
    documents = {
        "num_documents": len(state),
        "languages": counted or "–",
        "num_passages": sum(summary.num_passages for summary in state),
    }
    built_in = isinstance(home.verifier, FeatureVerifier)
    elsewhere, engines = _engine_lines(home, language)
    return [
        Line(told("leaves"), what_leaves(home.llm, language, elsewhere=elsewhere), "--llm, COMMUNIQUE_LLM"),
        *engines,
        Line(told("writer"), home.writer.name if home.writer else told("quotes"), "--llm, COMMUNIQUE_LLM"),
        Line(told("verifier"), told("built_in") if built_in else home.verifier.name, "--checker, COMMUNIQUE_CHECKER"),
        Line(told("embedder"), told("embedder_value", **embedder), "--embedder, COMMUNIQUE_EMBEDDER"),
        Line(
            told("reranker"), home.reranker.name if home.reranker else told("none"), "--reranker, COMMUNIQUE_RERANKER"
        ),
        Line(told("documents"), told("documents_value", **documents), told("in_documents_tab")),
        Line(told("home"), str(home.path), "--home, COMMUNIQUE_HOME"),
        Line(told("version"), version("communique"), ""),
    ]


def _engine_lines(home: Home, language: Language) -> tuple[bool, list[Line]]:
    """Whether a server on another machine is told anything, and a line for each server that there is."""
    lines, hosts, embedder = list[Line](), list[str | None](), home.encoder.name
    if collector := collector_of(os.environ):
        how = "traces_with" if may_tell_content() else "traces_without"
        told = text(f"settings_tab.{how}", language, place=collector)
        lines.append(Line(text("settings_tab.traces", language), told, "OTEL_EXPORTER_OTLP_ENDPOINT"))
        hosts.append(urlsplit(collector).hostname)
    engines = [
        ("vectors", home.engines.vectors, "CHROMA_URL"),
        ("database", home.engines.database, "DATABASE_URL"),
        ("embedding", embedder.startswith(ON_SERVER) and server_url(embedder), URL_VARIABLE),
    ]
    for name, url, variable in engines:
        if url:
            lines.append(Line(text(f"settings_tab.{name}", language), where(name, url, language), variable))
            hosts.append(urlsplit(url).hostname)
    return any(not _is_this_machine(host or "localhost") for host in hosts), lines


def what_leaves(llm: str, language: Language, *, elsewhere: bool = False) -> str:
    """What is sent to other machines with an LLM of that form, and to which; `elsewhere` where servers there keep or
    make something.
    """
    form, _, rest = llm.partition(":")
    if llm == LLM_NONE:
        return text(f"settings_tab.{'only_engines' if elsewhere else 'nothing'}", language)
    if form in _SERVICES:
        return text("settings_tab.remote_llm", language, place=_SERVICES[form])
    place = urlsplit(rest.partition("@")[2]).hostname or "" if form == "server" else "localhost"
    if form == "ollama":
        place = _ollama_host()
    key = "remote_llm"
    if form == "gguf" or _is_this_machine(place):
        key = "only_engines" if elsewhere else "local_llm"
    return text(f"settings_tab.{key}", language, place=place)


def where(engine: str, url: str, language: Language) -> str:
    """Which server is that engine, without user and password, and what it is told where it is another machine."""
    parts = urlsplit(url)
    host = parts.hostname or "localhost"  # a socket's
    place = f"{host}{f':{parts.port}' if parts.port else ''}{parts.path}" if engine == "database" else url
    return text(f"settings_tab.{engine}_{'here' if _is_this_machine(host) else 'elsewhere'}", language, place=place)


def settings_html(lines: Sequence[Line], language: Language) -> str:
    """The settings as a table."""
    heads = "".join(f'<th scope="col">{escape(text(f"settings_tab.{key}", language))}</th>' for key in _COLUMNS)
    rows = "".join(
        f'<tr><th scope="row">{escape(line.name)}</th><td>{escape(line.value)}</td>'
        f"<td><code>{escape(line.change)}</code></td></tr>"
        for line in lines
    )
    return f'<table class="settings"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


_COLUMNS = ("setting", "value", "change")


def findings_html(state: health.Health, language: Language) -> str:
    """What the check found."""
    counts = {
        "num_documents": state.num_documents, "num_passages": state.num_passages, "num_vectors": state.num_vectors
    }  # fmt: skip
    if not state.problems:
        return f'<p role="status">{escape(text("settings_tab.well", language, **counts))}</p>'
    items = "".join(f"<li>{escape(problem)}</li>" for problem in state.problems)
    return f'<div role="status"><ul>{items}</ul><p>{escape(text("settings_tab.repair", language))}</p></div>'


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _ollama_host() -> str:
    """Where Ollama's own client looks: this machine unless its variable says otherwise."""
    named = os.environ.get("OLLAMA_HOST", "")
    return urlsplit(named if "//" in named else f"//{named}").hostname or "localhost"
