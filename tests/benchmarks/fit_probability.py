"""Fits the weights of `resources/relevance.json` to an indexed library of judged photos.

    SEMBLANCE_HOME=FOLDER python -m tests.benchmarks.fit_probability TRUTH.json [--write]

TRUTH.json is as for bench_result_list: words and labels with the photos that are right. Each query counts as much as
any other of its sort, and both sorts as much as each other. Told are the weights, and the log loss of queries left out
(five folds). Report figures on another collection than the one that was fitted to.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.core.paths import app_dirs
from app.core.records import UnitType
from app.core.settings import SettingsFile
from app.query.queries import Query, TextPart
from app.ranking.probability import FEATURES, relevance_model
from app.search import LocalLibrary
from app.search.candidates import group_by_file
from app.search.ranker import Ranker, SearchRequest
from app.table import IMAGE

_SORTS = ("words", "labels")  # of captions one photo is counted right, where people would call many right
_TOP = 80  # photos of each query that are looked at


class Evidence:
    """What the program knows of the best photos of each query, and whether they are right."""

    def __init__(self, library: LocalLibrary, truth: Mapping[str, Any]) -> None:
        self._library = library
        self.features: list[Any] = []
        self.right: list[bool] = []
        self.query: list[int] = []
        self.sort: list[int] = []
        number = 0
        for sort, name in enumerate(_SORTS):
            for text, paths in truth[name].items():
                unknown = set(truth.get("unknown", {}).get(text, ())) if name == "words" else set()
                self._add(text, set(paths), unknown, number, sort)
                number += 1

    def _add(self, text: str, right: set[str], unknown: set[str], number: int, sort: int) -> None:
        library, query = self._library, Query((TextPart(text),))
        reader = library._open()
        assert reader is not None
        vector = library._queries.encode(reader, query.parts, reader.statistics())
        assert vector is not None
        words = library._words.read(query)
        ranker = Ranker(reader)
        request = SearchRequest(text, vector, 50, words=words)
        scorer = ranker._scorer(vector, 50, words)
        tagged = ranker._tagged(request)
        near = reader.nearest_each(vector.vectors[IMAGE], [(UnitType.PHOTO,)], limit=_TOP)[0]
        found = [one for one in group_by_file([*near, *tagged]).values() if one.path not in unknown]
        units = [next(iter(one.units)) for one in found]
        has_tag = np.isin(units, [row.id for row in tagged]).astype(np.float32)
        features = scorer.photo_features(reader.vectors(units), has_tag)
        self.features.extend(features)
        self.right.extend(one.path in right for one in found)
        self.query.extend([number] * len(found))
        self.sort.extend([sort] * len(found))


def weights_of(queries: Sequence[int], sorts: Sequence[int]) -> Any:
    """(n,) each query counts alike within its sort, each sort alike."""
    _, place, count = np.unique(queries, return_inverse=True, return_counts=True)
    per_pair = 1.0 / count[place]
    totals = np.bincount(sorts, weights=per_pair)
    weights = per_pair / totals[np.asarray(sorts)]
    return weights * len(weights) / weights.sum()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--write", action="store_true", help="replace the weights that ship")
    parser.add_argument("--keep", type=Path, help="keep the evidence in this file (.npz)")
    arguments = parser.parse_args()
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss
    from sklearn.model_selection import GroupKFold

    here = app_dirs()
    library = LocalLibrary(here, SettingsFile(here.settings_file).load)
    evidence = Evidence(library, json.loads(arguments.truth.read_text("utf-8")))
    library.close()
    features, right = np.array(evidence.features), np.array(evidence.right)
    if arguments.keep:
        np.savez(arguments.keep, features=features, right=right, query=evidence.query, sort=evidence.sort)
    weights = weights_of(evidence.query, evidence.sort)
    stated = np.zeros(len(right))
    for train, test in GroupKFold(5).split(features, right, evidence.query):
        fold = LogisticRegression(C=10, max_iter=500).fit(features[train], right[train], sample_weight=weights[train])
        stated[test] = fold.predict_proba(features[test])[:, 1]
    fitted = LogisticRegression(C=10, max_iter=500).fit(features, right, sample_weight=weights)
    print(f"{len(right):,} photos of {evidence.query[-1] + 1} queries, {right.mean():.3f} right")
    print(f"log loss of queries left out {log_loss(right, stated, sample_weight=weights):.4f}")
    for low, high in ((0.0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.01)):
        inside = (stated >= low) & (stated < high)
        if inside.any():
            told, true = (np.average(values[inside], weights=weights[inside]) for values in (stated, right))
            print(f"  stated {told:.2f} right {true:.2f} ({inside.sum():,}; unweighted {right[inside].mean():.2f})")
    known = relevance_model()
    values = {
        "intercept": round(float(fitted.intercept_[0]), 3),
        "weights": {name: round(float(weight), 3) for name, weight in zip(FEATURES, fitted.coef_[0], strict=True)},
        "strong": known.strong,
        "maybe": known.maybe,
    }
    print(json.dumps(values))
    if arguments.write:
        file = Path(__file__).parents[2] / "resources" / "relevance.json"
        file.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
