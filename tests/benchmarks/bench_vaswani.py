"""Words, meaning, and both, on a judged collection in BEIR form (corpus.jsonl, queries.jsonl, qrels.tsv).

    python -m tests.benchmarks.bench_vaswani FOLDER [--home FOLDER] [--vectors FILE.npz]

Every document is a file of one passage. NDCG@10 of the full-text index alone, of vectors alone, and of the program.
`--vectors` takes the arrays `corpus` and `queries` (and `bank`) of another text encoder instead of the installed
model's, to tell what a second encoder for passages would bring.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from app.keywords import keywords_of, strict_query
from app.ranking.composition import centred
from app.records import EmbeddingSpace, FloatArray, Query, TextPart
from app.search import LocalLibrary
from app.search.banks import bank_of, bank_texts
from app.settings import Settings
from app.table import open_for_reading
from tests.benchmarks.measures import (
    LoadedTower,
    document_file,
    encode_texts,
    ndcg,
    places_in,
    print_table,
    write_index,
)


class KnownTexts:
    """An encoder that looks its texts up: vectors made elsewhere."""

    def __init__(self, vectors: dict[str, FloatArray]) -> None:
        self._vectors = vectors

    def encode_texts(self, texts: list[str]) -> FloatArray:
        return np.stack([self._vectors[text] for text in texts])


def read(folder: Path) -> tuple[dict[str, str], dict[str, str], dict[str, dict[str, float]]]:
    """(documents, queries, judgements) by id."""
    documents = {}
    for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        documents[entry["_id"]] = " ".join(filter(None, (entry.get("title"), entry["text"])))
    lines = (folder / "queries.jsonl").read_text("utf-8").splitlines()
    queries = {entry["_id"]: entry["text"] for entry in map(json.loads, lines)}
    judged: dict[str, dict[str, float]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, relevance = line.split("\t")
        judged[query][document] = float(relevance)
    return documents, {name: text for name, text in queries.items() if name in judged}, judged


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--home", type=Path, help="where models are (SEMBLANCE_HOME); a new folder otherwise")
    parser.add_argument("--vectors", type=Path, help="npz with corpus, queries and bank of another text encoder")
    arguments = parser.parse_args()
    documents, queries, judged = read(arguments.folder)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if arguments.vectors:
            encoder, space, vectors = _given(arguments.vectors, queries)
        else:
            encoder, space, vectors = _installed(arguments.home or folder / "home", documents)
        rows = measure(documents, queries, judged, encoder, space, vectors, folder / "index")
    print_table(f"{len(documents)} documents, {len(queries)} queries, {space.name}", ("ranking", "NDCG@10"), rows)


def _given(file: Path, queries: dict[str, str]) -> tuple[Any, EmbeddingSpace, FloatArray]:
    with np.load(file) as data:
        known = dict(zip(queries.values(), data["queries"], strict=True))
        known |= dict(zip(bank_texts(), data["bank"], strict=True))
        return KnownTexts(known), EmbeddingSpace(file.stem, "v" * 32, data["corpus"].shape[1]), data["corpus"]


def _installed(home: Path, documents: dict[str, str]) -> tuple[Any, EmbeddingSpace, FloatArray]:
    from app.model import load

    encoder = load(places_in(home), towers=("text",))
    space = EmbeddingSpace(encoder.info.name, encoder.info.fingerprint, encoder.info.dimension)
    return encoder, space, encode_texts(encoder, list(documents.values()))


def measure(
    documents: dict[str, str],
    queries: dict[str, str],
    judged: dict[str, dict[str, float]],
    encoder: Any,
    space: EmbeddingSpace,
    vectors: FloatArray,
    folder: Path,
) -> list[tuple[object, ...]]:
    """(ranking, NDCG@10 in percent) of each way."""
    places = places_in(folder)
    files = [
        document_file(f"/library/{name}.txt", [text], vector[None])
        for (name, text), vector in zip(documents.items(), vectors, strict=True)
    ]
    write_index(places, space, files)
    reader = open_for_reading(places)
    assert reader is not None
    names = list(documents)
    bank = bank_of(encode_texts(encoder, bank_texts()))
    asked = centred(encode_texts(encoder, list(queries.values())), bank.mean)
    nearest = np.argsort(-(asked @ vectors.T), axis=1)[:, :10]
    library = LocalLibrary(places, Settings, open_tower=lambda _space, _tower: LoadedTower(encoder))
    words, meaning, both = [], [], []
    for (query, text), near in zip(queries.items(), nearest, strict=True):
        found = reader.words(strict_query(keywords_of(text, partial=False)), limit=10)
        words.append(ndcg([Path(row.path).stem for row in found], judged[query]))
        meaning.append(ndcg([names[i] for i in near], judged[query]))
        hits = library.search(Query((TextPart(text),)), limit=10, all_hits=True).hits
        both.append(ndcg([Path(hit.path).stem for hit in hits], judged[query]))
    library.close()
    means = [100 * float(np.mean(values)) for values in (words, meaning, both)]
    return [
        ("full text alone", means[0]),
        ("vectors alone", means[1]),
        ("Semblance", means[2]),
        ("relative to full text, percent", 100 * (means[2] / max(means[0], 1e-9) - 1)),
        ("relative to vectors, percent", 100 * (means[2] / max(means[1], 1e-9) - 1)),
    ]


if __name__ == "__main__":
    main()
