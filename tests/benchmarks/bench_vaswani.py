"""Words, meaning, and both, on a judged collection in BEIR form (corpus.jsonl, queries.jsonl, qrels.tsv).

    python -m tests.benchmarks.bench_vaswani FOLDER [--home FOLDER] [--passages NAME]

Every document is a file of one passage. NDCG@10 of the full-text index alone, of vectors alone, and of the program.
With `--passages` an encoder of its own reads the passages, as `semblance model passages use NAME` would have it; what
that costs is measured on one core.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from app.core.paths import AppDirs
from app.core.records import FloatArray
from app.core.settings import Settings
from app.models import Encoder
from app.models.passages.registry import embedding_space_of
from app.query.queries import Query, TextPart
from app.ranking.query_composition import centred
from app.search import LocalLibrary
from app.search.query_bank import nonsense_texts, query_bank_of, query_bank_texts
from app.search.query_terms import parse_terms, strict_query
from app.search.query_towers import PASSAGE
from app.table import open_for_reading
from tests.benchmarks.measures import (
    LoadedTower,
    document_file,
    encode_texts,
    ndcg,
    percent,
    places_in,
    print_table,
    write_index,
)

_NONSENSE = 200


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
    parser.add_argument("--passages", default="", metavar="NAME", help="an encoder for passages beside the model")
    arguments = parser.parse_args()
    documents, queries, judged = read(arguments.folder)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = places_in(arguments.home or folder / "home")
        encoder = _opened(home, arguments.passages)
        reads = encoder.passages or encoder
        started = time.perf_counter()
        vectors = encode_texts(reads, list(documents.values()))
        seconds = time.perf_counter() - started
        rows = measure(documents, queries, judged, encoder, vectors, folder / "index")
        rows.append(("indexing, passages a second, all cores", len(documents) / seconds))
        if arguments.passages:
            rows += _cost(home, encoder, list(documents.values())[:256])
        encoder.close()
    print_table(f"{len(documents)} documents, {len(queries)} queries, {_named(encoder)}", ("ranking", "NDCG@10"), rows)


def _opened(home: AppDirs, passages: str) -> Encoder:
    from app.models import load
    from app.models.passages.registry import current_passage_encoder, with_passage_encoder

    encoder = load(home, towers=("text",))
    return with_passage_encoder(encoder, current_passage_encoder(home, passages, encoder.info), idle_seconds=3600.0)


def _named(encoder: Encoder) -> str:
    return " + ".join([encoder.info.name, *([encoder.passages.info.name] if encoder.passages else [])])


def _cost(home: AppDirs, encoder: Encoder, texts: list[str]) -> list[tuple[object, ...]]:
    """What a passage costs on one core, and what the encoder takes in memory and on disk."""
    import psutil

    from app.models.passages.registry import current_passage_encoder, load_passage_encoder

    assert encoder.passages is not None
    info = current_passage_encoder(home, encoder.passages.info.name, encoder.info)
    assert info is not None
    process = psutil.Process()
    before = process.memory_info().rss
    alone = load_passage_encoder(info, threads=1)
    alone.encode_texts(texts)  # kernels are made for each length once
    started = time.perf_counter()
    alone.encode_texts(texts)
    seconds = time.perf_counter() - started
    memory = process.memory_info().rss - before
    alone.close()
    disk = sum(file.stat().st_size for file in info.folder.rglob("*") if file.is_file())
    return [
        ("milliseconds a passage, one core", 1000 * seconds / len(texts)),
        ("MB in memory", memory / 1e6),
        ("MB on disk", disk / 1e6),
        ("worst cosine to the reference", f"{info.cosine_worst:.5f} in {info.precision}"),
    ]


def measure(
    documents: dict[str, str],
    queries: dict[str, str],
    judged: dict[str, dict[str, float]],
    encoder: Encoder,
    vectors: FloatArray,
    folder: Path,
) -> list[tuple[object, ...]]:
    """(ranking, NDCG@10 in percent) of each way."""
    places = places_in(folder)
    files = [
        document_file(f"/library/{name}.txt", [text], vector[None])
        for (name, text), vector in zip(documents.items(), vectors, strict=True)
    ]
    write_index(places, embedding_space_of(encoder), files)
    reader = open_for_reading(places)
    assert reader is not None
    names = list(documents)
    reads = encoder.passages or encoder
    bank = query_bank_of(encode_texts(reads, query_bank_texts()))
    asked = bank.as_query(centred(encode_texts(reads, list(queries.values())), bank.mean))
    nearest = np.argsort(-(asked @ vectors.T), axis=1)[:, :10]
    library = LocalLibrary(
        places, Settings, open_tower=lambda _space, tower: LoadedTower(reads if tower == PASSAGE else encoder)
    )
    words, meaning, both = [], [], []
    for (query, text), near in zip(queries.items(), nearest, strict=True):
        found = reader.ask_words(strict_query(parse_terms(text, partial=False)), limit=10).rows()
        words.append(ndcg([Path(row.path).stem for row in found], judged[query]))
        meaning.append(ndcg([names[i] for i in near], judged[query]))
        hits = library.search(Query((TextPart(text),)), limit=10, all_hits=True).hits
        both.append(ndcg([Path(hit.path).stem for hit in hits], judged[query]))
    empty, answered = _honesty(library, queries, judged)
    library.close()
    means = [100 * float(np.mean(values)) for values in (words, meaning, both)]
    return [
        ("full text alone", means[0]),
        ("vectors alone", means[1]),
        ("Semblance", means[2]),
        ("relative to full text, percent", 100 * (means[2] / max(means[0], 1e-9) - 1)),
        ("relative to vectors, percent", 100 * (means[2] / max(means[1], 1e-9) - 1)),
        (f"of {_NONSENSE} nonsense queries give nothing, percent", empty),
        ("of the queries have a relevant document in what is shown, percent", answered),
    ]


def _honesty(
    library: LocalLibrary, queries: dict[str, str], judged: dict[str, dict[str, float]]
) -> tuple[float, float]:
    """Of nonsense, how much gives nothing; of queries, how many show something relevant; percent."""
    nonsense = [library.search(Query((TextPart(text),)), limit=1) for text in nonsense_texts(_NONSENSE, seed=77)]
    shown = []
    for query, text in queries.items():
        hits = library.search(Query((TextPart(text),)), limit=100).hits
        shown.append(any(judged[query].get(Path(hit.path).stem, 0.0) > 0 for hit in hits))
    return percent([not results.hits for results in nonsense]), percent(shown)


if __name__ == "__main__":
    main()
