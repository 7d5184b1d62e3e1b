"""What an LLM writes under our checks, beside quoting, and beside LlamaIndex's CitationQueryEngine with the same LLM.

    COMMUNIQUE_DATA=… python -m evals.bench.writing --llm gguf:MODEL.gguf --output answers.jsonl

Twenty answerable cases each of the sample suite, mtrag_govt and clapnq_dev, asked as the standalone question that
people wrote where there is one, so that writing alone is measured. Token F1 is against the best reference answer;
citation recall and precision are ALCE's (Gao et al., EMNLP 2023, section 4.2), decided by the built-in verifier. Ours
were checked by the same verifier before, so these two flatter us: the file of answers is for a person to read.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

from tqdm import tqdm

from assistant.answering import answer
from assistant.home import Home
from assistant.sources import Sources
from assistant.verifying import FeatureVerifier, Pair, Verifier
from assistant.writing.loading import load_llm
from corpus.reading.files import FoundFile, find_files
from corpus.sentences import sentence_spans
from evals.bench.public_data import cases_of, data_folder
from evals.measures import mean_with_interval, token_f1
from index.adding import SAMPLE_FOLDER, add_files

SETS = ("sample", "mtrag_govt", "clapnq_dev")
OTHERS = ("squad2_dev",)
_SUITE = Path(__file__).parents[1] / "suites" / "sample.jsonl"
_MARKER = re.compile(r"\s*\[(?:Source\s+)?(\d+(?:\s*,\s*\d+)*)\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer, the texts that it cites, and the verdict with which it was shown, if any."""

    text: str
    cited: tuple[str, ...]
    verdict: str = ""


System = Callable[[str], list[Sentence]]
"""From a question to the sentences of an answer; none where it is refused."""


def ours(sources: Sources) -> System:
    """Our answers, by whoever writes for these sources."""

    def ask(question: str) -> list[Sentence]:
        got = answer(question, sources)
        quotes = {citation.number: citation.quote for citation in got.citations}
        return [
            Sentence(claim.text, tuple(quotes[number] for number in claim.citations), claim.verdict)
            for claim in got.claims
        ]

    return ask


def citation_query_engine(home: Home, llm: Any) -> System:
    """LlamaIndex's CitationQueryEngine as it comes, over a VectorStoreIndex of the same documents."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.query_engine import CitationQueryEngine

    from index.llama import CommuniqueEmbedding

    documents = [home.catalogue.document(summary.id) for summary in home.catalogue.summaries()]
    index = VectorStoreIndex.from_documents(
        [Document(text=document.text, id_=document.id) for document in documents],
        embed_model=CommuniqueEmbedding(home.encoder),
    )
    engine = CitationQueryEngine.from_args(index, llm=llm)

    def ask(question: str) -> list[Sentence]:
        response = engine.query(question)
        sources = [node.node.get_content() for node in response.source_nodes]
        return cited_sentences(str(response), sources)

    return ask


def cited_sentences(text: str, sources: Sequence[str]) -> list[Sentence]:
    """The sentences of a text with markers such as "[1]" or "[Source 2, 3]", and the sources that they name.

    >>> cited_sentences("It met [1]. It ended [Source 2, 9].", ["one", "two"])
    [Sentence(text='It met.', cited=('one',), verdict=''), Sentence(text='It ended.', cited=('two',), verdict='')]
    """
    found = []
    for start, end in sentence_spans(text, 0, len(text), language="en"):
        sentence = text[start:end]
        numbers = [int(number) for marker in _MARKER.findall(sentence) for number in marker.split(",")]
        cited = tuple(sources[number - 1] for number in dict.fromkeys(numbers) if 0 < number <= len(sources))
        plain = _MARKER.sub("", sentence).strip()
        if re.search(r"\w", plain):
            found.append(Sentence(plain, cited))
    return found


def citation_recall(sentences: Sequence[Sentence], verifier: Verifier) -> list[float]:
    """For each sentence 1.0 where what it cites, taken together, supports it, else 0.0."""
    verdicts = verifier.verdicts([Pair(sentence.text, sentence.cited) for sentence in sentences])
    supported = (verdict.verdict == "supported" for verdict in verdicts)
    return [float(is_so and bool(one.cited)) for one, is_so in zip(sentences, supported, strict=True)]


def citation_precision(sentences: Sequence[Sentence], verifier: Verifier) -> list[float]:
    """For each citation 1.0 where its sentence is supported, and it supports the sentence alone or is needed for it."""
    scores = []
    for sentence in sentences:
        whole, *parts = verifier.verdicts(
            [
                Pair(sentence.text, some)
                for some in (sentence.cited, *((one,) for one in sentence.cited), *_without_each(sentence.cited))
            ]
        )
        num = len(sentence.cited)
        for alone, without in zip(parts[:num], parts[num:], strict=True):
            needed = alone.verdict == "supported" or without.verdict != "supported"
            scores.append(float(whole.verdict == "supported" and needed))
    return scores


def _without_each(cited: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [cited[:i] + cited[i + 1 :] for i in range(len(cited))]


@contextmanager
def _home_of(name: str, kept: Path) -> Iterator[Home]:
    home = Home(kept / name)
    folder = data_folder(name)
    files = find_files(str(SAMPLE_FOLDER)) if folder is None else [FoundFile(folder / "documents.jsonl", name)]
    try:
        list(add_files(files, home.catalogue, lambda: home.indexer))
        yield home
    finally:
        home.close()


def _cases(name: str, num: int) -> list[dict[str, Any]]:
    folder = data_folder(name)
    if name != "sample" and folder is None:
        raise SystemExit(f"{name} is not here: name the folder of the data with COMMUNIQUE_DATA")
    if folder is not None:
        return cases_of(folder, num=num)
    rows = [json.loads(line) for line in _SUITE.read_text(encoding="utf-8").splitlines()]
    fitting = [row for row in rows if row["answerable"] and not row["history"]]
    return fitting[:: max(1, len(fitting) // num)][:num]


def main() -> None:
    """Asks every case of every system, writes the answers, and prints the figures."""
    parser = argparse.ArgumentParser(description="An LLM under our checks, beside quoting and CitationQueryEngine.")
    parser.add_argument("--llm", required=True, help="as for `communique ask --llm`")
    parser.add_argument("--cases", type=int, default=20, help="of each set")
    parser.add_argument("--only", nargs="*", default=list(SETS), choices=SETS + OTHERS)
    parser.add_argument("--without-baseline", action="store_true")
    parser.add_argument("--homes", type=Path, default=Path(".communique") / "bench", help="where documents are indexed")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    writer = load_llm(arguments.llm)
    rows: list[dict[str, Any]] = []
    with arguments.output.open("w", encoding="utf-8") as file:
        for name in arguments.only:
            with _home_of(name, arguments.homes) as home:
                systems = {
                    "quotes": ours(home.sources),
                    "llm": ours(replace(home.sources, writer=writer)),
                }
                if not arguments.without_baseline:
                    systems["CitationQueryEngine"] = citation_query_engine(home, writer.llm)
                verifier = FeatureVerifier(lambda: home.encoder)
                for case in tqdm(_cases(name, arguments.cases), desc=name, file=sys.stderr):
                    for system, ask in systems.items():
                        row = _row(case, system, ask, verifier)
                        rows.append(row | {"set": name})
                        file.write(json.dumps(rows[-1], ensure_ascii=False) + "\n")
                        file.flush()
    for name in (*arguments.only, None):
        _print_figures(name, [row for row in rows if name in (None, row["set"])])


def _row(case: dict[str, Any], system: str, ask: System, verifier: Verifier) -> dict[str, Any]:
    question = case.get("meta", {}).get("rewrite") or case["question"]
    start = perf_counter()
    sentences = ask(question)
    seconds = perf_counter() - start
    text = " ".join(sentence.text for sentence in sentences)
    return {
        "id": case["id"],
        "question": question,
        "system": system,
        "seconds": round(seconds, 2),
        "f1": max(token_f1(text, reference) for reference in case["answers"]),
        "recall": citation_recall(sentences, verifier),
        "precision": citation_precision(sentences, verifier),
        "sentences": [asdict(sentence) for sentence in sentences],
        "references": case["answers"],
    }


def _print_figures(name: str | None, rows: Sequence[dict[str, Any]]) -> None:
    for system in dict.fromkeys(row["system"] for row in rows):
        mine = [row for row in rows if row["system"] == system]
        print(f"{name or 'all'}, {system}: {len(mine)} cases", flush=True)
        measured = {
            "token F1": [row["f1"] for row in mine],
            "citation recall": [value for row in mine for value in row["recall"]],
            "citation precision": [value for row in mine for value in row["precision"]],
            "answered": [float(bool(row["sentences"])) for row in mine],
        }
        for measure, values in measured.items():
            if values:
                mean, low, high = mean_with_interval(values)
                print(f"  {measure} {mean:.3f} ({low:.3f} to {high:.3f}) of {len(values)}")
        print(f"  {sorted(row['seconds'] for row in mine)[len(mine) // 2]:.1f} s a case, median")


if __name__ == "__main__":
    main()
