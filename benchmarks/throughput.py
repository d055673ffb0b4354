"""How many words a second the whole extraction takes, beside the parser that it stands on.

    python benchmarks/throughput.py TEXTS...

Both sides see the same articles in one process and take turns: reading, annotating and extracting from the files on one
side, the bare spaCy pipeline with all its components over the same texts on the other. Each figure is a median of the
rounds. Memory is the peak of the process after the first extraction, before the bare pipeline has run.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.annotate import annotate, load_model, model_version
from kg.extract import Extractor
from kg.model import Document
from kg.ontology import load_ontology
from kg.read import read

ROUNDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds of each round for some number of words."""

    words: int
    seconds: Sequence[float]

    @property
    def speeds(self) -> list[float]:
        """Words a second of each round."""
        return [self.words / seconds for seconds in self.seconds]

    @property
    def speed(self) -> float:
        """Words a second, the median round."""
        return statistics.median(self.speeds)


def articles(paths: Sequence[Path]) -> Iterator[Document]:
    """The articles that can be read."""
    return (found for found in read(paths) if isinstance(found, Document))


def extracted(paths: Sequence[Path], extractor: Extractor) -> int:
    """Read, annotate and extract; the number of claims."""
    return sum(len(extractor.extract(document, doc).claims) for document, doc in annotate(articles(paths)))


def parsed(texts: Sequence[str]) -> int:
    """The bare pipeline; the number of tokens."""
    return sum(len(doc) for doc in load_model().pipe(texts))


def alternating(sides: Sequence[Callable[[], int]], rounds: int) -> list[list[float]]:
    """Seconds of each round of each side; the sides take turns, so that a busy machine slows all of them."""
    seconds: list[list[float]] = [[] for _ in sides]
    for _ in range(rounds):
        for side, spent in zip(sides, seconds, strict=True):
            start = time.perf_counter()
            side()
            spent.append(time.perf_counter() - start)
    return seconds


def peak_memory() -> float:
    """The largest memory of this process so far, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def measure(paths: Sequence[Path], rounds: int) -> tuple[Timing, Timing, float]:
    """The whole extraction, the bare pipeline, and the extraction's memory; a round to warm up goes before."""
    documents = list(articles(paths))
    if not documents:
        raise SystemExit(f"{', '.join(map(str, paths))}: no article could be read")
    texts = [document.text for document in documents]
    words = sum(len(text.split()) for text in texts)
    print(f"{len(texts)} articles, {words} words, {rounds} rounds; {model_version()}")
    extractor = Extractor(load_ontology(), load_model())
    extracted(paths, extractor)
    memory = peak_memory()
    parsed(texts)
    whole, bare = alternating([lambda: extracted(paths, extractor), lambda: parsed(texts)], rounds)
    return Timing(words=words, seconds=whole), Timing(words=words, seconds=bare), memory


def main() -> None:
    """Measure, print a table, then one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", type=Path, help="articles, folders of them, dumps")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    whole, bare, memory = measure(given.texts, given.rounds)
    ratio = whole.speed / bare.speed
    print(f"{'words a second':22} {'median':>8} {'slowest':>8} {'fastest':>8}")
    for name, timing in (("whole extraction", whole), ("bare spaCy pipeline", bare)):
        print(f"{name:22} {timing.speed:8.0f} {min(timing.speeds):8.0f} {max(timing.speeds):8.0f}")
    print(f"ratio {ratio:.3f}; peak memory {memory:.0f} MB")
    print(json.dumps({"ratio": round(ratio, 3), "words_per_s": round(whole.speed), "memory_mb": round(memory)}))


if __name__ == "__main__":
    main()
