"""Photos and texts in one list: which way of ranking them together is best.

    python -m tests.benchmarks.bench_mixed DATA [--size 500] [--home FOLDER]

DATA is the folder with the captioned photos of the starter model; only photos held out from its training are used.
Half of them are in the library as photos, half as texts (one caption each, a document). Each is asked for by another
of its captions, so half of the answers are photos and half are texts. Printed: NDCG@10 of all queries, of those with
a photo and with a text as answer, and the share of photos in the first ten.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from app.core.records import EmbeddingSpace, FloatArray
from app.core.settings import Settings
from app.query.queries import Query, TextPart
from app.ranking.calibration import query_bank_statistics
from app.ranking.fusion import reciprocal_ranks
from app.ranking.query_composition import centred
from app.search import LocalLibrary
from app.search.query_bank import query_bank_of, query_bank_texts
from tests.benchmarks.measures import (
    LoadedTower,
    document_file,
    encode_photos,
    encode_texts,
    held_out,
    ndcg_of_ranks,
    photo_file,
    places_in,
    print_table,
    ranks,
    write_index,
)


@dataclass(frozen=True)
class Mixed:
    """A mixed library and its questions.

    Attributes:
        photos: (n, d). `texts`: (n, d), of `captions`.
        queries: (2n, d), of `questions`: the first n have the photos as answers, in order, the others the texts.
        bank: (b, d) vectors of `app.search.query_bank.query_bank_texts()`.
    """

    photos: FloatArray
    texts: FloatArray
    captions: list[str]
    queries: FloatArray
    questions: list[str]
    bank: FloatArray


@dataclass(frozen=True)
class Figures:
    """Percent."""

    method: str
    ndcg: float
    photo: float
    text: float
    share: float

    def row(self) -> tuple[object, ...]:
        return self.method, self.ndcg, self.photo, self.text, self.share


def methods(mixed: Mixed) -> Iterator[tuple[str, FloatArray]]:
    """(name, (2n, 2n) scores: photos, then texts) of each way to rank by meaning."""
    photos, texts, queries = mixed.photos, mixed.texts, mixed.queries
    bank = query_bank_of(mixed.bank)
    asked = centred(queries, bank.mean)
    by_photo, by_text = queries @ photos.T, queries @ texts.T
    yield "raw cosine", np.hstack([by_photo, by_text])
    in_photos, in_texts = asked @ centred(photos, photos.mean(axis=0)).T, asked @ centred(texts, texts.mean(axis=0)).T
    yield "centred by modality (GR-CLIP)", np.hstack([in_photos, in_texts])
    yield "standardised by kind", np.hstack([_standardised(by_photo), _standardised(by_text)])
    normalised = []
    for units in (photos, texts):
        centre, spread = query_bank_statistics(bank.generic, units)
        normalised.append((bank.as_query(asked) @ units.T - centre) / spread)
    yield "against generic queries (QB-norm)", np.hstack(normalised)
    yield "reciprocal ranks of the kinds", np.hstack([_reciprocal(by_photo), _reciprocal(by_text)])
    spread = [
        (scores - scores.mean(axis=1, keepdims=True)) / scores.std(axis=1, keepdims=True)
        for scores in (by_photo, by_text)
    ]
    yield "standardised by kind (mean and spread)", np.hstack(spread)
    half = len(photos)
    known = np.full((2 * half, 2 * half), -np.inf, dtype=np.float32)
    known[:half, :half], known[half:, half:] = by_photo[:half], by_text[half:]
    yield "raw cosine, told which kind the answer is", known
    yield "QB-norm, then reciprocal ranks", np.hstack([_reciprocal(scores) for scores in normalised])


def _standardised(scores: FloatArray) -> FloatArray:
    low, middle, high = np.quantile(scores, (0.25, 0.5, 0.75), axis=1, keepdims=True)
    result: FloatArray = (scores - middle) / ((high - low) / 1.349)
    return result


def _reciprocal(scores: FloatArray) -> FloatArray:
    return np.stack([reciprocal_ranks([np.argsort(-row, kind="stable").tolist()], len(row)) for row in scores])


def figures(method: str, scores: FloatArray) -> Figures:
    """The measures of one method's scores."""
    half = len(scores) // 2
    gained = 100 * ndcg_of_ranks(ranks(scores, list(range(2 * half))))
    first = np.argsort(-scores, axis=1, kind="stable")[:, :10] < half
    return Figures(
        method,
        float(gained.mean()),
        float(gained[:half].mean()),
        float(gained[half:].mean()),
        100 * float(first.mean()),
    )


def program(mixed: Mixed, encoder: Any, space: EmbeddingSpace, folder: Path) -> Figures:
    """The program itself: index, search, words and meaning, weak hits included."""
    half = len(mixed.photos)
    names = [f"/library/photo{i:05d}.jpg" for i in range(half)] + [f"/library/text{i:05d}.txt" for i in range(half)]
    files = [photo_file(names[i], mixed.photos[i]) for i in range(half)]
    files += [document_file(names[half + i], [mixed.captions[i]], mixed.texts[i][None]) for i in range(half)]
    places = places_in(folder)
    write_index(places, space, files)
    library = LocalLibrary(places, Settings, open_tower=lambda _space, _tower: LoadedTower(encoder))
    gained, share = [], []
    for question, answer in zip(mixed.questions, names, strict=True):
        hits = [hit.path for hit in library.search(Query((TextPart(question),)), limit=10, all_hits=True).hits]
        gained.append(100 / np.log2(hits.index(answer) + 2) if answer in hits else 0.0)
        share.append(100 * np.mean(["photo" in hit for hit in hits]))
    library.close()
    return Figures(
        "Semblance (with words)",
        float(np.mean(gained)),
        float(np.mean(gained[:half])),
        float(np.mean(gained[half:])),
        float(np.mean(share)),
    )


def from_photos(encoder: Any, data: Path, size: int) -> Mixed:
    """The benchmark of held-out captioned photos."""
    photos = held_out(data)[0][: 2 * size]
    as_photos, as_texts = photos[:size], photos[size:]
    captions = [photo.captions[1] for photo in as_texts]
    questions = [photo.captions[0] for photo in photos]
    return Mixed(
        encode_photos(encoder, as_photos),
        encode_texts(encoder, captions),
        captions,
        encode_texts(encoder, questions),
        questions,
        encode_texts(encoder, query_bank_texts()),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--size", type=int, default=500, help="photos, and as many texts")
    parser.add_argument("--home", type=Path, help="where models are (SEMBLANCE_HOME); a new folder otherwise")
    arguments = parser.parse_args()
    from app.models import load

    with tempfile.TemporaryDirectory() as folder:
        encoder = load(places_in(arguments.home or Path(folder) / "home"))
        info = encoder.info
        mixed = from_photos(encoder, arguments.data, arguments.size)
        rows = [figures(name, scores).row() for name, scores in methods(mixed)]
        space = EmbeddingSpace(info.name, info.fingerprint, info.dimension)
        rows.append(program(mixed, encoder, space, Path(folder) / "index").row())
        encoder.close()
    header = ("ranking", "NDCG@10", "answers photos", "answers texts", "photos in the first ten")
    print_table(f"{len(mixed.photos)} photos and as many texts, {info.name}, percent", header, rows)


if __name__ == "__main__":
    main()
