"""Tags of any files, indexed or not: what `semblance tag FILE...` prints."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from app.core.failures import DecodeError
from app.core.records import FloatArray, Kind, PixelArray, UnitType
from app.core.system_errors import os_error_reason
from app.models.encoding import ImageTextEncoder, PicturePreprocess, TextEncoder
from app.tags.tagger import MAX_STORED, Proposal, Tagger

if TYPE_CHECKING:
    from app.annotations.store import AnnotationStore

_BATCH = 16
_MAX_PARTS = 24
"""Pages and passages of a document that are looked at: its beginning says what it is."""


class FileEncoder(ImageTextEncoder, Protocol):
    """What is needed of `app.models.encoding.Encoder`."""

    @property
    def passages(self) -> TextEncoder | None: ...


@dataclass(frozen=True, slots=True)
class FileTags:
    """Tags of one file, or why there are none.

    Attributes:
        own: tags the user gave (confirmed or by hand); `tags` are proposals, best first.
        failure: a sentence, or "".
    """

    path: str
    tags: tuple[Proposal, ...] = ()
    own: tuple[str, ...] = ()
    failure: str = ""

    def as_json(self) -> dict[str, Any]:
        json_object: dict[str, Any] = {"path": self.path, "tags": [tag.as_json() for tag in self.tags]}
        if self.own:
            json_object["own"] = list(self.own)
        if self.failure:
            json_object["error"] = self.failure
        return json_object


def tag_files(
    paths: Iterable[str], encoder: FileEncoder, tagger: Tagger, decisions: AnnotationStore | None = None
) -> Iterator[FileTags]:
    """One answer per path, in order; a file that cannot be read says why and stops nothing.

    Args:
        paths: as the system opens them.
        decisions: where given, what the user rejected is not proposed and what they said comes along.
    """
    for path in paths:
        try:
            vectors, units = vectors_of_file(path, encoder)
        except (OSError, ValueError, DecodeError) as error:
            yield FileTags(path, failure=_failure_sentence(error))
            continue
        proposed = best_per_label(tagger.propose(vectors, units)) if units else ()
        yield _without_decided(FileTags(path, proposed), decisions)


def best_per_label(units: Iterable[Sequence[Proposal]]) -> tuple[Proposal, ...]:
    """The proposals of a file: for each label its surest unit."""
    best: dict[str, Proposal] = {}
    for proposals in units:
        for proposal in proposals:
            known = best.get(proposal.label)
            if known is None or proposal.certainty > known.certainty:
                best[proposal.label] = proposal
    return tuple(sorted(best.values(), key=lambda proposal: -proposal.certainty))[:MAX_STORED]


def vectors_of_file(path: str, encoder: FileEncoder) -> tuple[FloatArray, list[UnitType]]:
    """(n, d) vectors of a photo, or of the first pages and passages of a document, and what each is."""
    from app.files.types import kind_of

    kind = kind_of(path)
    if stat.S_ISDIR(os.stat(path).st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if kind is None:
        raise ValueError("This kind of file is not searched.")
    if kind is Kind.PHOTO:
        return encoder.encode_images(_pixels(path, encoder.preprocess)[np.newaxis]), [UnitType.PHOTO]
    pixels, texts = _document(path, encoder.preprocess)
    blocks = [encoder.encode_images(np.stack(pixels[i : i + _BATCH])) for i in range(0, len(pixels), _BATCH)]
    blocks += [(encoder.passages or encoder).encode_texts(texts)] if texts else []
    units = [UnitType.PAGE] * len(pixels) + [UnitType.PASSAGE] * len(texts)
    return (np.concatenate(blocks) if blocks else np.zeros((0, 0), np.float32)), units


def file_embedder(encoder: FileEncoder) -> Callable[[str], FloatArray | None]:
    """For `app.tags.few_shot_cache`: stored path -> vector of a picture, None where it cannot be read."""
    from app.core.paths import from_stored

    def embed(stored: str) -> FloatArray | None:
        try:
            vectors, units = vectors_of_file(from_stored(stored), encoder)
        except (OSError, ValueError, DecodeError):
            return None
        return vectors[0] if units and units[0] is not UnitType.PASSAGE else None

    return embed


def content_hash(path: str) -> str:
    """blake2b-128 of a file's bytes, hex, as the index has it."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _pixels(path: str, preprocess: PicturePreprocess) -> PixelArray:
    from app.pictures import open_picture

    return preprocess.apply(open_picture(path, min_side=2 * preprocess.size))


def _document(path: str, preprocess: PicturePreprocess) -> tuple[list[PixelArray], list[str]]:
    from app.documents import read_document
    from app.text.chunking import split_passages

    pixels: list[PixelArray] = []
    texts: list[str] = []
    for number, part in enumerate(read_document(path, picture_side=2 * preprocess.size).parts):
        if part.picture is not None:
            pixels.append(preprocess.apply(part.picture))
        texts += split_passages(part.text)
        if number + 1 >= _MAX_PARTS or len(texts) >= _MAX_PARTS:
            break
    return pixels, texts[:_MAX_PARTS]


def _without_decided(tags: FileTags, decisions: AnnotationStore | None) -> FileTags:
    if decisions is None:
        return tags
    try:
        hash_ = content_hash(tags.path)
    except OSError:
        return tags
    decision = decisions.of([hash_]).get(hash_)
    if decision is None:
        return tags
    decided = {*decision.tags, *decision.rejected}
    return FileTags(tags.path, tuple(tag for tag in tags.tags if tag.label not in decided), decision.tags)


def _failure_sentence(error: Exception) -> str:
    text = (os_error_reason(error) or "The file could not be read").strip()
    return text if text.endswith((".", "!", "?")) else f"{text[0].upper()}{text[1:]}."
