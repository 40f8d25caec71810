"""Is the result list honest? Words, labels, captions, nonsense and absent things put to an indexed library of truth.

    SEMBLANCE_HOME=FOLDER python -m tests.benchmarks.bench_result_list TRUTH.json [--show]

The library under SEMBLANCE_HOME is indexed already. TRUTH.json knows it: "words", "labels" and "captions" map a query
to the stored paths of the photos that are right, "unknown" maps a word to photos of which nobody knows, "foreign_words"
holds words by language, "nonsense" and "absent" are lists, "typos" pairs of (misspelt, meant). Nothing is asserted.
Collections that thresholds were fitted to are not the ones to report.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from app.core.paths import app_dirs
from app.core.records import Kind
from app.core.settings import SettingsFile
from app.query.queries import Band, Hit
from app.search import LocalLibrary
from tests.benchmarks.measures import percent, print_table

_FIRST, _RANKED = 5, 20
_BINS = 10
_PAGE = 200


@dataclass
class Judged:
    """Judged photos of the lists shown: (stated probability, right) and the same by band."""

    pairs: list[tuple[float, bool]] = field(default_factory=list)
    bands: dict[Band, list[bool]] = field(default_factory=lambda: {band: [] for band in Band})

    def add(self, hits: Iterable[Hit], right: set[str], unknown: set[str]) -> None:
        for hit in hits:
            if hit.kind is Kind.PHOTO and hit.path not in unknown:
                self.bands[hit.band].append(hit.path in right)
                stated = getattr(hit, "probability", None)
                if stated is not None:
                    self.pairs.append((stated, hit.path in right))

    def calibration(self) -> tuple[float, list[tuple[float, float, int]]]:
        """(expected calibration error in points, (stated, true, count) of each tenth)."""
        if not self.pairs:
            return float("nan"), []
        stated, right = (np.array(values, dtype=float) for values in zip(*self.pairs, strict=True))
        rows = []
        for low in np.arange(_BINS) / _BINS:
            inside = (stated >= low) & (stated < low + 1 / _BINS)
            if inside.any():
                rows.append((float(stated[inside].mean()), float(right[inside].mean()), int(inside.sum())))
        error = sum(abs(said - true) * count for said, true, count in rows) / len(stated)
        return 100 * error, rows


class Bench:
    def __init__(self, library: LocalLibrary, truth: Mapping[str, Any]) -> None:
        self._library = library
        self.truth = truth
        self.judged = Judged()
        self.wrong: list[str] = []

    def shown(self, text: str) -> Sequence[Hit]:
        return self._library.search(self._library.parse(text), limit=_PAGE).hits

    def ranked(self, text: str) -> list[str]:
        hits = self._library.search(self._library.parse(text), limit=_PAGE, all_hits=True).hits
        return [hit.path for hit in hits if hit.kind is Kind.PHOTO][:_RANKED]

    def words(self, name: str, wanted: Mapping[str, Sequence[str]], judge: bool = False) -> tuple[object, ...]:
        """Of queries with true photos: something shown, a true photo in the first five of all and of the photos,
        in the list where the ranking has one in its first twenty."""
        some, first, first_photos, kept, lengths, strong = [], [], [], [], [], []
        for text, paths in wanted.items():
            right, hits = set(paths), self.shown(text)
            photos = [hit for hit in hits if hit.kind is Kind.PHOTO]
            some.append(bool(hits))
            first.append(any(hit.path in right for hit in hits[:_FIRST]))
            first_photos.append(any(hit.path in right for hit in photos[:_FIRST]))
            lengths.append(len(hits))
            strong.append(sum(hit.band is Band.STRONG for hit in photos))
            if name == "labels" and right.intersection(self.ranked(text)):
                kept.append(any(hit.path in right for hit in photos))
            if judge:
                self.judged.add(photos, right, set(self.truth.get("unknown", {}).get(text, ())))
            if not first[-1]:
                self.wrong.append(f"{name}: {text} ({len(right)} true, {len(hits)} shown, {strong[-1]} photos strong)")
        shares = (percent(values) for values in (some, first, first_photos, kept))
        return (f"{len(wanted)} {name}", *shares, float(np.median(lengths)), float(np.mean(strong)))

    def silent(self, name: str, queries: Sequence[str]) -> tuple[object, ...]:
        """Of queries without an answer: nothing shown, no photo strong, nothing strong."""
        nothing, weak, all_weak = [], [], []
        for text in queries:
            hits = self.shown(text)
            nothing.append(not hits)
            weak.append(not any(hit.band is Band.STRONG for hit in hits if hit.kind is Kind.PHOTO))
            all_weak.append(not any(hit.band is Band.STRONG for hit in hits))
            if not (nothing[-1] if name == "nonsense" else all_weak[-1]):
                self.wrong.append(f"{name}: {text} ({len(hits)} shown)")
        return f"{len(queries)} {name}", percent(nothing), percent(weak), percent(all_weak)

    def typos(self, pairs: Sequence[Sequence[str]]) -> float:
        """Percent of misspelt queries for which what was meant is offered."""
        right = []
        for text, meant in pairs:
            offered = getattr(self._library.search(self._library.parse(text), limit=1), "did_you_mean", None)
            right.append(offered == meant)
            if not right[-1]:
                self.wrong.append(f"typo: {text} -> {offered} instead of {meant}")
        return percent(right)


def report(bench: Bench) -> None:
    truth = bench.truth
    rows = [bench.words(name, truth[name], name != "captions") for name in ("words", "labels", "captions")]
    rows += [bench.words(f"words ({language})", known) for language, known in truth["foreign_words"].items()]
    header = ("queries", "something shown", "true in first 5", "in first 5 photos", "kept of ranked 20")
    print_table("queries that have true photos, percent", (*header, "median length", "strong photos"), rows)
    silent = [bench.silent(name, truth[name]) for name in ("nonsense", "absent")]
    print_table("queries without an answer, percent", ("", "empty", "no photo strong", "nothing strong"), silent)
    bands = [(band.value, len(right), percent(right)) for band, right in bench.judged.bands.items() if right]
    print_table("judged photos of words and labels", ("band", "count", "right, percent"), bands)
    error, tenths = bench.judged.calibration()
    print(f"\nexpected calibration error {error:.1f} points")
    for said, true, count in tenths:
        print(f"  {said:.2f} -> {true:.2f}  ({count:,})")
    typos = truth["typos"]
    print(f"what was meant is offered for {bench.typos(typos):.1f} % of {len(typos)} misspelt queries")


def at_most(truth: Mapping[str, Any], most: int) -> Mapping[str, Any]:
    """The first queries of each sort."""
    return {
        name: values[:most] if isinstance(values, list) else dict(list(values.items())[:most])
        for name, values in truth.items()
        if values and name != "unknown"
    } | {"unknown": truth.get("unknown", {})}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--most", type=int, default=1000, help="queries of each sort at most")
    parser.add_argument("--show", action="store_true", help="list the queries that went wrong")
    arguments = parser.parse_args()
    here = app_dirs()
    library = LocalLibrary(here, SettingsFile(here.settings_file).load)
    bench = Bench(library, at_most(json.loads(arguments.truth.read_text("utf-8")), arguments.most))
    report(bench)
    library.close()
    if arguments.show:
        print("\n".join(bench.wrong))


if __name__ == "__main__":
    main()
