"""Reads the photographs: parquet files with the columns source, label, captions and jpeg."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

COLUMNS = ("source", "label", "captions", "jpeg")


@dataclass(frozen=True)
class Photo:
    """One training photograph, still compressed.

    Attributes:
        source: the collection it comes from; decides how often it is sampled.
        label: what it shows in one to four words, or empty.
        captions: whole sentences about it, or empty.
        jpeg: the file.
        digest: 64 bits of the file's hash; orders the photos for splits and never changes.
    """

    source: str
    label: str
    captions: tuple[str, ...]
    jpeg: bytes
    digest: int

    def open(self) -> Image.Image:
        return Image.open(io.BytesIO(self.jpeg)).convert("RGB")


def read_photos(folder: Path, name: str = "photos") -> list[Photo]:
    """All photos of `name-*.parquet` in the order of the files, repeated files left out."""
    seen: set[int] = set()
    photos = []
    for photo in _rows(folder, name):
        if photo.digest not in seen:
            seen.add(photo.digest)
            photos.append(photo)
    if not photos:
        raise FileNotFoundError(f"no {name}-*.parquet with photos in {folder}")
    return photos


def _rows(folder: Path, name: str) -> Iterator[Photo]:
    import pyarrow.parquet as parquet

    for path in sorted(folder.glob(f"{name}-*.parquet")):
        for batch in parquet.ParquetFile(path).iter_batches(columns=list(COLUMNS)):
            for row in batch.to_pylist():
                yield Photo(
                    source=row["source"],
                    label=(row["label"] or "").strip(),
                    captions=_captions(row["captions"] or ()),
                    jpeg=row["jpeg"],
                    digest=digest_of(row["jpeg"]),
                )


def _captions(values: Sequence[str]) -> tuple[str, ...]:
    """Captions one by one: COCO's five arrive joined by bars."""
    return tuple(part.strip() for value in values for part in value.split("||") if part.strip())


def digest_of(data: bytes) -> int:
    """The first 64 bits of the SHA-256 of some bytes."""
    return int.from_bytes(hashlib.sha256(data).digest()[:8], "big")
