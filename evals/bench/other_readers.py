"""How markitdown and LlamaIndex's `SimpleDirectoryReader` read a file, each with the settings it comes with.

    python evals/bench/other_readers.py markitdown|llama-index

A program of its own, which any Python runs that has the library: a path a line comes in, an answer as JSON goes out for
each. It imports nothing of this project, judges nothing, and keeps no time: `evals.bench.readers` does.
"""

import json
import os
import re
import sys
from collections.abc import Callable

_SLIDE = re.compile(r"<!-- Slide number: \d+ -->")

Reading = tuple[str, int]
"""The text, and how many pages it has that are told apart; 0 where none are."""


def markitdown_reader() -> Callable[[str], Reading]:
    """Reads a path with markitdown. It marks slides with a comment, and some pages with a form feed."""
    from markitdown import MarkItDown  # type: ignore[import-not-found, unused-ignore]  # measured where it is

    converter = MarkItDown()

    def read(path: str) -> Reading:
        text = str(converter.convert(path).text_content)
        return text, len(_SLIDE.findall(text)) or (text.strip().count("\f") + 1 if "\f" in text.strip() else 0)

    return read


def llama_index_reader() -> Callable[[str], Reading]:
    """Reads a path with `SimpleDirectoryReader`. A document of its own with a label is a page."""
    from llama_index.core import SimpleDirectoryReader

    def read(path: str) -> Reading:
        documents = SimpleDirectoryReader(input_files=[path], raise_on_error=True).load_data()
        return "\n\n".join(document.text for document in documents), sum("page_label" in d.metadata for d in documents)

    return read


READERS = {"markitdown": markitdown_reader, "llama-index": llama_index_reader}


def main() -> None:
    """Answers until its input ends; a first line says that the library is there."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what a library prints is no answer
    read = READERS[sys.argv[1]]()
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        try:
            text, num_pages = read(json.loads(line))
            answer = {"text": text.encode("utf-8", "replace").decode(), "num_pages": num_pages}
        except Exception as error:  # whatever the library raises is its answer
            answer = {"error": f"{type(error).__name__}: {error}"[:200]}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
