"""What the person said of a file goes on to hold when another program writes it again.

Decisions are kept by content hash. A photo whose metadata was edited, which was rotated or saved again, or a text
with a paragraph more is still the same thing to the person; a path that got a wholly different picture is not. What
stands there while the file is being written may be like neither: see `indexer.content_snapshots`.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from app.annotations.store import AnnotationStore
from app.core.records import EmbeddedFile, FloatArray, Kind, UnitRow, UnitType
from indexer.content_snapshots import ContentSnapshot, SnapshotStore

log = logging.getLogger(__name__)

MIN_COSINE = 0.98
"""Cosine from which the old and the new vector show the same picture."""
MIN_SHARED_TRIGRAMS = 0.4
"""Share of the shorter text's word triples that the longer one has, too."""
_SIDE = 32
_MAX_PIXEL_DIFFERENCE = 6.0
"""Mean difference, of 255, below which two small pictures are one: JPEG at any usual quality stays under 3."""


class ThumbnailSource(Protocol):
    """What is needed of `app.files.thumbnails`."""

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]: ...


class AnnotationTransfer:
    """Carries decisions from a path's old content to its new one; in the writer's thread, before the rows change.

    Costs one look into the decisions for a batch in which a known file changed, and nothing for other batches.
    """

    def __init__(self, decisions_file: Path, thumbnails: ThumbnailSource, looks: SnapshotStore) -> None:
        self._file = decisions_file
        self._thumbnails = thumbnails
        self._looks = looks

    def carry(self, writer: Any, files: Sequence[EmbeddedFile]) -> None:
        """Look at files that are about to replace other content under the same path, readable or not."""
        try:
            waiting = self._looks.waiting
            changed = [file for file in files if file.replaces or file.decoded.state.path in waiting]
            if not changed or not self._file.exists():
                return
            with closing(AnnotationStore(self._file)) as decisions:
                said = decisions.annotated_hashes(file.replaces for file in changed if file.replaces)
                concerned = [file for file in changed if file.replaces in said or file.decoded.state.path in waiting]
                reader: Any = writer.reading() if concerned else None
                for file in concerned:
                    before = self._before(reader, file) if file.replaces in said else None
                    self._pass_on(decisions, reader.space.model_fingerprint, before, file)
        except Exception:
            # What was said stays in the store under the old content; indexing does not wait for it.
            log.exception("what was said of changed files could not be carried on")

    def _pass_on(
        self, decisions: AnnotationStore, model: str, before: ContentSnapshot | None, file: EmbeddedFile
    ) -> None:
        """To the new content if it is like the old one, or like one before that; else the old one's looks are kept."""
        new = file.decoded.content_hash
        for look in [*([before] if before else []), *self._looks.of(file.decoded.state.path)]:
            if look.content_hash != new and (
                file.decoded.failure or not new or not is_same_document(look, file, model)
            ):
                if look is before:
                    self._looks.keep(look)
                continue
            decisions.carry(look.content_hash, new)
            self._looks.forget(look)

    def _before(self, reader: Any, file: EmbeddedFile) -> ContentSnapshot | None:
        """What the table has of the content that a file replaces."""
        path = file.decoded.state.path
        rows: list[UnitRow] = reader.file_units(path)
        if not rows or rows[0].content_hash != file.replaces:
            return None
        kind, text = rows[0].kind, " ".join(row.text for row in rows if row.text)
        shown = [row.id for row in rows if row.unit is UnitType.PAGE] if kind is Kind.DOCUMENT else [rows[0].id]
        small = self._thumbnails.get_many([file.replaces]).get(file.replaces)
        return ContentSnapshot(
            path, file.replaces, kind, reader.space.model_fingerprint, reader.vectors(shown), text, small
        )


def is_same_document(look: ContentSnapshot, file: EmbeddedFile, model: str) -> bool:
    """Whether a file is to the person what an earlier content was.

    Args:
        model: fingerprint of the model that made the file's vectors.
    """
    if look.kind is not file.decoded.kind:
        return False
    comparable = look.model == model and len(look.vectors) > 0 and file.vectors is not None
    if look.kind is Kind.PHOTO:
        if comparable and file.vectors is not None and float(look.vectors[0] @ file.vectors[0]) > MIN_COSINE:
            return True
        # Turned pictures mean something else to the model, but are the same to the person.
        small = file.decoded.thumbnail
        return look.thumbnail is not None and small is not None and is_rotated_copy(look.thumbnail, small)
    new = " ".join(unit.text for unit in file.decoded.units if unit.text)
    if look.text and new:
        return shared_word_trigrams(look.text, new) >= MIN_SHARED_TRIGRAMS
    return comparable and _shares_pages(look.vectors, file)


def is_rotated_copy(before: bytes, after: bytes) -> bool:
    """Whether one small picture (encoded) is the other one, turned by quarters or mirrored."""
    try:
        old, new = _pixels(before), _pixels(after)
    except (OSError, ValueError):
        return False
    turned = (np.rot90(side, turns) for side in (new, new[:, ::-1]) for turns in range(4))
    # A plain surface looks like every other one, however it is turned.
    return (
        float(old.std()) > _MAX_PIXEL_DIFFERENCE
        and min(float(np.abs(old - one).mean()) for one in turned) < _MAX_PIXEL_DIFFERENCE
    )


def _pixels(encoded: bytes) -> FloatArray:
    from PIL import Image

    with Image.open(io.BytesIO(encoded)) as image:
        return np.asarray(image.convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.BOX), dtype=np.float32)


def shared_word_trigrams(one: str, other: str) -> float:
    """Share of the shorter text's word triples that the longer one has; single words of texts shorter than that."""
    words = [re.findall(r"\w+", text.casefold()) for text in (one, other)]
    length = min(3, *map(len, words))
    if not length:
        return 0.0
    first, second = ({tuple(w[i : i + length]) for i in range(len(w) - length + 1)} for w in words)
    return len(first & second) / min(len(first), len(second))


def _shares_pages(old: FloatArray, file: EmbeddedFile) -> bool:
    """A scan without text: whether half of the pages of the shorter one are in the other."""
    pages = [i for i, unit in enumerate(file.decoded.units) if unit.unit is UnitType.PAGE]
    if not pages or file.vectors is None:
        return False
    found = (old @ file.vectors[pages].T > MIN_COSINE).any(axis=0 if len(old) > len(pages) else 1)
    return float(found.mean()) >= 0.5
