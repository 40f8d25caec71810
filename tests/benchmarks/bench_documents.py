"""How much of the words in documents is read, by format, and how much that is no word of theirs.

    python -m tests.benchmarks.bench_documents [--count 300]

The documents are made for this (`tests.samples.corpus`): each place where a word can stand has a word of its own.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from pathlib import Path

from tests.samples.corpus import corpus
from tests.samples.recall import Recall


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    count = parser.parse_args().count
    by_kind: defaultdict[str, Recall] = defaultdict(Recall)
    with tempfile.TemporaryDirectory() as folder:
        for specimen in corpus(Path(folder), count, seed=99):
            by_kind[specimen.kind].add(specimen)
    print(f"{'format':16s} {'words':>6s} {'recall %':>9s} {'false %':>8s}  unread places")
    for kind, recall in sorted(by_kind.items()):
        _print(kind, recall)
    total = Recall()
    for recall in by_kind.values():
        total = total.plus(recall)
    _print("all", total)


def _print(kind: str, recall: Recall) -> None:
    places = ", ".join(sorted(set(recall.missing.values())))
    share, false = 100 * recall.found / recall.words, 100 * len(recall.false) / max(recall.read, 1)
    print(f"{kind:16s} {recall.words:6d} {share:9.2f} {false:8.2f}  {places}")


if __name__ == "__main__":
    main()
