"""How well the gate tells a regression from an accident, tried on real runs of the sample suite.

    python -m evals.comparing.gate_trial [--resamples 20]

Three runs are made: one as it is; one with the weights of the evidence set to nought, which must be caught; and one
over passages that were cut elsewhere, which must be let through. Each pair is then tried on as many suites as are
resampled from its cases, and, for the rate of false alarms, on pairs in which the runs of each case are exchanged at
random, so that there is no difference but chance.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from assistant.evidence import EvidenceFinder, Weights, load_weights
from assistant.evidence_features import FEATURES
from assistant.home import Home
from assistant.settings import IN_THE_FOLDER, Engines
from corpus.reading.files import find_files
from evals.comparing.gating import watch
from evals.comparing.run_comparison import differences
from evals.runs.results import Result
from evals.runs.running import measures_for, run_cases
from evals.suites import SUITES, load_cases
from index.adding import SAMPLE_FOLDER, add_files, sample_origin
from index.embedding import Encoder, SentenceTransformerEncoder, shared_encoder

Pairs = Sequence[tuple[Result, Result]]

SHORT_TOKENS = 190
"""An embedder that reads so many tokens instead of 256 has its passages cut shorter, and elsewhere."""


def without_weights(home: Home) -> None:
    """Plants the regression: every sentence is as probable as any other."""
    none = (0.0,) * len(FEATURES)
    weights = Weights(load_weights().intercept, none, none, (1.0,) * len(FEATURES))
    home.sources = replace(home.sources, finder=EvidenceFinder(home.sources.retriever, weights))


def short_encoder() -> SentenceTransformerEncoder:
    """The embedder that comes along, reading less at once."""
    encoder = SentenceTransformerEncoder()
    encoder.max_tokens = SHORT_TOKENS
    return encoder


def sample_results(
    *,
    prepare: Callable[[Home], None] = lambda home: None,
    load_encoder: Callable[[], Encoder] = shared_encoder,
    engines: Engines = IN_THE_FOLDER,
) -> list[Result]:
    """The results of the sample suite over a fresh home."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder), load_encoder=load_encoder, engines=engines)
        try:
            files = find_files(str(SAMPLE_FOLDER))
            list(add_files(files, home.catalogue, lambda: home.indexer, origin=sample_origin))
            prepare(home)
            cases = load_cases(SUITES["sample"].path, home.catalogue.document)
            return run_cases(cases, home, measures=measures_for(home))
        finally:
            home.close()


def is_closed(pairs: Pairs) -> bool:
    """Whether the gate sees a significant drop."""
    return any(one.is_drop for one in watch(differences(pairs)))


def resampled(pairs: Pairs, generator: np.random.Generator) -> Pairs:
    """As many cases, drawn with replacement, each under an id and a conversation of its own."""
    picks = generator.integers(len(pairs), size=len(pairs))
    return [_renamed(pairs[i], f"{number}") for number, i in enumerate(picks)]


def exchanged(pairs: Pairs, generator: np.random.Generator) -> Pairs:
    """The same cases, the two runs of each exchanged at random: whatever differs then does so by chance."""
    return [(b, a) if swap else (a, b) for (a, b), swap in zip(pairs, generator.random(len(pairs)) < 0.5, strict=True)]


def num_closed(pairs: Pairs, draw: Callable[[Pairs, np.random.Generator], Pairs], times: int) -> int:
    """How often the gate closes over so many draws, from a fixed seed."""
    generator = np.random.default_rng(7)
    return sum(is_closed(draw(pairs, generator)) for _ in range(times))


def main() -> None:
    """Makes the three runs and prints how often the gate closed."""
    parser = argparse.ArgumentParser(description="How well the gate tells a regression from an accident.")
    parser.add_argument("--resamples", type=int, default=20)
    parser.add_argument("--exchanges", type=int, default=200)
    given = parser.parse_args()
    usual = sample_results()
    worse = sample_results(prepare=without_weights)
    recut = sample_results(load_encoder=short_encoder)
    for name, other in (("evidence weights at nought", worse), ("passages cut elsewhere", recut)):
        pairs = list(zip(usual, other, strict=True))
        for row in watch(differences(pairs)):
            one = row.difference
            print(
                f"  {one.measure:22} {one.difference:+.3f} ({one.low:+.3f} to {one.high:+.3f}), p {row.p_corrected:.4f}"
            )
        closed = partial(num_closed, pairs)
        print(f"{name}: closed in {closed(resampled, given.resamples)} of {given.resamples} resampled suites")
        print(f"  exchanged at random: closed in {closed(exchanged, given.exchanges)} of {given.exchanges}", flush=True)


def _renamed(pair: tuple[Result, Result], name: str) -> tuple[Result, Result]:
    cases = (replace(one.case, id=name, cluster=f"{name}") for one in pair)
    return tuple(replace(one, case=case) for one, case in zip(pair, cases, strict=True))  # type: ignore[return-value]


if __name__ == "__main__":
    main()
