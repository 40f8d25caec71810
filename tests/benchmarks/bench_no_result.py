"""Does a query that has no answer give nothing, and one that has keep it?

    python -m tests.benchmarks.bench_no_result DATA JUDGED [--home FOLDER]

DATA is the folder with the photos of the starter model (only held-out ones are used), JUDGED a judged collection in
BEIR form. The library is mixed: labelled photos, captioned photos, captions as text files, and the judged documents.
Asked are 100 nonsense strings, 100 things that are in neither half (off_library.txt), and true queries: the labels,
captions whose photo or text is there, and the collection's queries. A true query keeps its answer when the best
placed of its true hits is in the list shown by default; told also for those only whose best true hit is among the
first 50 of all, since no cut-off brings forth what the model does not see.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from app.core.records import EmbeddingSpace
from app.core.settings import Settings
from app.query.queries import Query, TextPart
from app.search import LocalLibrary
from tests.benchmarks.bench_vaswani import read
from tests.benchmarks.measures import (
    LoadedTower,
    document_file,
    encode_photos,
    encode_texts,
    held_out,
    percent,
    photo_file,
    places_in,
    print_table,
    write_index,
)

_JUDGED = 3000  # documents of the judged collection that are in the library
_FIRST = 50  # of all hits: what ranking found at all
_DEEPEST = 400  # how far down the list of all hits a true one is looked for


def nonsense(count: int, seed: int = 4) -> list[str]:
    """Meaningless queries, made otherwise than those the program calibrates on: keys hit in a row, words shuffled."""
    dice = random.Random(seed)
    rows = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    made = ["qwxzv blorf", "xyzabcxyz"]
    while len(made) < count:
        words = []
        for _ in range(dice.choice((1, 2, 3))):
            row = dice.choice(rows)
            start = dice.randrange(len(row) - 3)
            run = row[start : start + dice.randint(3, 6)]
            letters = list(run + "".join(dice.choice(row) for _ in range(dice.randint(1, 3))))
            if dice.random() < 0.5:
                dice.shuffle(letters)
            words.append("".join(letters))
        made.append(" ".join(words))
    return made


def off_library() -> list[str]:
    lines = (Path(__file__).parent / "off_library.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


class Shelf:
    """The library and what is true of it."""

    def __init__(self, encoder: Any, data: Path, judged: Path, folder: Path) -> None:
        captioned, labelled = held_out(data)
        documents, queries, relevance = read(judged)
        documents = dict(list(documents.items())[:_JUDGED])
        half = len(captioned) // 2
        self.true: dict[str, dict[str, set[str]]] = {"labels": {}, "captions": {}, "judged": {}}
        photos = [*labelled, *captioned[:half]]
        names = [f"/library/photo-{i:05d}.jpg" for i in range(len(photos))]
        files = [photo_file(name, v) for name, v in zip(names, encode_photos(encoder, photos), strict=True)]
        for name, photo in zip(names, labelled, strict=False):
            self.true["labels"].setdefault(photo.label, set()).add(name)
        for name, photo in zip(names[len(labelled) :], captioned[:half], strict=True):
            self.true["captions"][photo.captions[0]] = {name}
        texts = {f"/library/note-{i:05d}.txt": photo.captions[1] for i, photo in enumerate(captioned[half:])}
        for name, photo in zip(texts, captioned[half:], strict=True):
            self.true["captions"][photo.captions[0]] = {name}
        texts |= {f"/library/paper-{number}.txt": text for number, text in documents.items()}
        vectors = encode_texts(encoder, list(texts.values()))
        files += [document_file(name, [text], v[None]) for (name, text), v in zip(texts.items(), vectors, strict=True)]
        for number, text in queries.items():
            there = {f"/library/paper-{document}.txt" for document in relevance[number] if document in documents}
            if there:
                self.true["judged"][text] = there
        info = encoder.info
        places = places_in(folder)
        write_index(places, EmbeddingSpace(info.name, info.fingerprint, info.dimension), files)
        self.library = LocalLibrary(places, Settings, open_tower=lambda _space, _tower: LoadedTower(encoder))

    def asked(self, text: str, limit: int = _DEEPEST, *, every: bool = False) -> tuple[list[str], int]:
        """(paths, how many are shown by default)."""
        found = self.library.search(Query((TextPart(text),)), limit=limit, all_hits=every)
        return [hit.path for hit in found.hits], found.total


def empty_lists(registry: Shelf, queries: Sequence[str]) -> tuple[float, list[str]]:
    """(percent of queries that give nothing, those that do not)."""
    loud = [query for query in queries if registry.asked(query, limit=1)[1]]
    return 100.0 * (1 - len(loud) / len(queries)), loud


@dataclass(frozen=True)
class Kept:
    """What became of true queries.

    Attributes:
        all: percent of them that keep their best true hit. `ranked`: of those that have it among the first `_FIRST`.
        precision: percent, of the list shown. `length`: of that list, median. `lost`: the queries that lost theirs.
    """

    all: float
    ranked: float
    precision: float
    length: float
    lost: list[str]


def kept_answers(registry: Shelf, true: Mapping[str, set[str]], most: int) -> Kept:
    """Ask true queries."""
    queries = random.Random(1).sample(sorted(true), min(most, len(true)))
    kept, ranked, precision, lengths, lost = [], [], [], [], []
    for query in queries:
        paths, shown = registry.asked(query, every=True)
        first = next((i for i, path in enumerate(paths) if path in true[query]), None)
        kept.append(first is not None and first < shown)
        if first is not None and first < _FIRST:
            ranked.append(kept[-1])
        lengths.append(shown)
        if shown:
            precision.append(float(np.mean([path in true[query] for path in paths[: min(shown, 20)]])))
        if not kept[-1]:
            lost.append(f"{query} ({'not in ' + str(_DEEPEST) if first is None else f'{first + 1} of {shown} shown'})")
    mean = 100.0 * float(np.mean(precision or [0.0]))
    return Kept(percent(kept), percent(ranked), mean, float(np.median(lengths)), lost)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("judged", type=Path)
    parser.add_argument("--home", type=Path, help="where models are (SEMBLANCE_HOME); a new folder otherwise")
    parser.add_argument("--queries", type=int, default=150, help="true queries of each sort at most")
    parser.add_argument("--show", action="store_true", help="list the queries that went wrong")
    arguments = parser.parse_args()
    from app.models import load

    with tempfile.TemporaryDirectory() as folder:
        encoder = load(places_in(arguments.home or Path(folder) / "home"))
        registry = Shelf(encoder, arguments.data, arguments.judged, Path(folder) / "index")
        report(registry, encoder.info.name, arguments.queries, arguments.show)
        registry.library.close()
        encoder.close()


def report(registry: Shelf, model: str, most: int, show: bool) -> None:
    """Measure and print."""
    rows: list[tuple[object, ...]] = []
    wrong: list[str] = []
    silent = []
    for name, queries in (("nonsense", nonsense(100)), ("off-library", off_library()[:100])):
        share, loud = empty_lists(registry, queries)
        silent += [share] * len(queries)
        rows.append((f"{len(queries)} {name} queries that give nothing", share, "", "", ""))
        wrong += [f"{name}: {query}" for query in loud]
    rows.append(("both", float(np.mean(silent)), "", "", ""))
    every, ranked = [], []
    for name, true in registry.true.items():
        kept = kept_answers(registry, true, most)
        count = min(most, len(true))
        every += [kept.all] * count
        ranked += [kept.ranked] * count
        what = f"{count} true queries ({name}) that keep their best true hit"
        rows.append((what, kept.all, kept.ranked, kept.precision, kept.length))
        wrong += [f"{name}: {query}" for query in kept.lost]
    rows.append(("all true queries", float(np.mean(every)), float(np.mean(ranked)), "", ""))
    status = registry.library.status()
    title = f"{status.photos} photos, {status.documents} documents, {model}, percent"
    header = ("", "share", f"of those ranked in {_FIRST}", "precision of the first 20 shown", "files shown (median)")
    print_table(title, header, rows)
    if show:
        print("\n".join(wrong))


if __name__ == "__main__":
    main()
