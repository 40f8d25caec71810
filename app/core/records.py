"""What a file is on its way from the disk to the table and back: frozen, plain, picklable."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    FloatArray: TypeAlias = npt.NDArray[np.float32]
    """Embeddings: shape (n, d) or (d,), unit length."""
    PixelArray: TypeAlias = npt.NDArray[np.uint8]
    """Pictures ready for the image tower: shape (S, S, 3) or (n, S, S, 3), RGB, before mean and standard deviation."""
else:  # the window starts without numpy: it is a tenth of a second that people would wait for two names
    FloatArray = PixelArray = object


class Kind(enum.StrEnum):
    """What a file is to the user."""

    PHOTO = "photo"
    DOCUMENT = "document"


class UnitType(enum.StrEnum):
    """What one row of the table is: the searchable unit."""

    PHOTO = "photo"
    PAGE = "page"  # a page of a document seen as a picture
    PASSAGE = "passage"  # a passage of a document's text
    FILE = "file"  # a file without content of its own: failed, or empty


class Status(enum.StrEnum):
    OK = "ok"
    FAILED = "failed"


class Failure(enum.StrEnum):
    """Why a file could not be read. Each has an advice in `app.core.failures`."""

    EMPTY = "empty"
    TRUNCATED = "truncated"
    CORRUPT = "corrupt"
    WRONG_TYPE = "wrong type"
    UNSUPPORTED = "unsupported"
    TOO_LARGE = "too large"
    BOMB = "bomb"
    ENCRYPTED = "encrypted"
    PERMISSION = "permission"
    IO = "io"
    TIMEOUT = "timeout"
    CRASH = "crash"
    MEMORY = "memory"
    LONG_PATH = "long path"


@dataclass(frozen=True, slots=True, order=True)
class FileState:
    """A file as a directory listing knows it: what `reconcile` compares.

    Attributes:
        path: stored form (`app.core.paths.to_stored`).
        inode: 0 where the file system has none.
        ctime_ns: when content or attributes were last changed, whatever the modification time says; 0 where that is
            not known (Windows, rows of earlier programs).
    """

    path: str
    size: int
    mtime_ns: int
    inode: int
    ctime_ns: int = 0


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """A file as the table knows it.

    Attributes:
        content_hash: blake2b-128 of the bytes, hex; empty where the file was never read through.
        retry_at_ns: when a failed file may be tried again, ns since the epoch; 0 for never or not failed.
        attempts: of a failed file; negative where the vectors are still to be computed.
    """

    state: FileState
    content_hash: str
    status: Status
    retry_at_ns: int = 0
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says of itself (EXIF, XMP, IPTC, document properties).

    `taken_at` is the wall clock of the camera, without zone: what people mean by "taken at"; `taken_offset` is the
    zone's offset in minutes where the file tells it. Latitude and longitude in degrees, WGS 84. `rating` is 1-5 stars.
    `caption` is all that people wrote about a photo besides its title; `place_names` are the words in which they say
    where it was taken, from the narrowest place to the widest.
    """

    taken_at: datetime | None = None
    taken_offset: int | None = None
    camera: str | None = None
    lens: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    width: int | None = None
    height: int | None = None
    title: str | None = None
    pages: int | None = None
    keywords: tuple[str, ...] = ()
    rating: int | None = None
    caption: str = ""
    place_names: tuple[str, ...] = ()


FACTS_VERSION = 2
"""Raised whenever more is read of what photos say of themselves: photos that an earlier program read are asked again,
without being decoded or embedded."""


@dataclass(frozen=True, slots=True)
class DecodedUnit:
    """One searchable unit before it is embedded: pixels for a photo or page, text for a passage, a caption for a photo.

    Attributes:
        page: 1-based page the unit stands on, where the document has pages.
        pixels: (S, S, 3) uint8 for the image tower, or None.
        text: the passage; for a page picture None.
    """

    unit: UnitType
    page: int | None = None
    pixels: PixelArray | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class DecodedFile:
    """A file read through once: hash, facts, units and thumbnail from one pass over its bytes.

    Either `failure` is None, or `units` may be empty and `failure_text` says in one sentence what was wrong.
    A partial success (a PDF whose page 7 is broken) has units and no failure; `failure_text` may say what is missing.
    `sidecar` is the stamp of the XMP sidecars that `facts` were read with (`app.metadata.sidecars`), 0 for none.
    """

    state: FileState
    kind: Kind
    content_hash: str = ""
    facts: Facts = field(default_factory=Facts)
    units: tuple[DecodedUnit, ...] = ()
    thumbnail: bytes | None = None
    failure: Failure | None = None
    failure_text: str = ""
    sidecar: int = 0


@dataclass(frozen=True, slots=True)
class RefreshedPhoto:
    """A photo that is as it was, with the facts that another sidecar (or none) beside it tells now."""

    state: FileState
    facts: Facts
    sidecar: int


_AND = "+"


@dataclass(frozen=True, slots=True)
class EmbeddingSpace:
    """Which model's vectors a table holds: vectors of different fingerprints must never be compared.

    Attributes:
        fingerprint: of all that makes vectors: the model, and the passage encoder where there is one.
        passages: name of the encoder that made the vectors of passages, or "" where the model's text tower did.
    """

    name: str
    fingerprint: str
    dimension: int
    passages: str = ""

    def beside(self, passages: str, fingerprint: str) -> EmbeddingSpace:
        """This model's space where another encoder makes the vectors of passages."""
        return EmbeddingSpace(self.name, f"{self.fingerprint}{_AND}{fingerprint}", self.dimension, passages)

    @property
    def model_fingerprint(self) -> str:
        """The fingerprint of the model alone: of what made the vectors of pictures."""
        return self.fingerprint.partition(_AND)[0] if self.passages else self.fingerprint

    @property
    def passage_fingerprint(self) -> str:
        """The fingerprint of what made the vectors of passages."""
        return self.fingerprint.partition(_AND)[2] if self.passages else self.fingerprint


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """A file ready for the table.

    Attributes:
        vectors: (len(decoded.units), d) float32, unit length, aligned with the units; None for a failed file.
        root: the watched folder it belongs to, in stored form.
        tags: proposals (label, certainty) of each unit, best first, made by the tagger of `tag_fingerprint`; empty
            where there is no tagger yet.
        replaces: hash of the other content that the table has under this path, or empty.
    """

    decoded: DecodedFile
    vectors: FloatArray | None
    root: str
    attempts: int = 0
    retry_at_ns: int = 0
    tags: tuple[tuple[tuple[str, float], ...], ...] = ()
    tag_fingerprint: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One row of the table without its vector: a searchable unit with the facts of its file.

    `part` 0 is the file's own row: the photo itself, or for a document a row without vector that carries its names.
    `at` is the wall clock people mean: taken time for photos that have one, else the modification time.
    `score` is what the search that returned the row gave it (cosine, or BM25), 0.0 otherwise.
    `place` is where a photo was taken, a name a line, in the languages it may be asked for.
    """

    id: str
    path: str
    root: str
    kind: Kind
    unit: UnitType
    part: int
    page: int | None
    text: str | None
    content_hash: str
    size: int
    mtime_ns: int
    at: datetime
    facts: Facts
    tags: tuple[str, ...] = ()
    tag_scores: tuple[float, ...] = ()
    score: float = 0.0
    place: str = ""


@dataclass(frozen=True, slots=True)
class VectorHit:
    """A unit that is near to a vector: what ranking needs of it. Reading all of a row takes longer than finding it."""

    id: str
    path: str
    kind: Kind
    unit: UnitType
    score: float


@dataclass(frozen=True, slots=True)
class TagRow:
    """What tagging needs to know of a unit, without its vector: `tags` are proposals, `keywords` the user's own."""

    id: str
    path: str
    part: int
    unit: UnitType
    content_hash: str
    tags: tuple[str, ...]
    tag_scores: tuple[float, ...]
    keywords: tuple[str, ...]
