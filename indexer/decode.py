"""From a file to what is searchable in it, in one pass over its bytes: hash, facts, thumbnail, pixels, passages.

Runs in a worker process (`indexer.decoders`). A bad file never raises: it becomes a `DecodedFile` that says why.
"""

from __future__ import annotations

import hashlib
import os
import time
import warnings
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.core.failures import DecodeError
from app.core.paths import from_stored
from app.core.records import DecodedFile, DecodedUnit, Facts, Failure, FileState, Kind, PixelArray, UnitType
from app.files.thumbnails import STORED_SIDE
from app.pictures import Limits
from indexer.document_units import DocumentUnits, length_check

if TYPE_CHECKING:
    from PIL import Image

    from app.documents import Document

_BLOCK = 1 << 20
# Pictures are decoded to at least this many times the model's input, so that the final resize decides how they look.
# Measured on 12-megapixel JPEG and 256 pixels: at 1/8 scale (1.46 times) pixels differ from those of a full decode by
# 0.4-0.9 of 255 in the mean, at 1/4 (2.9 times) by 0.2-0.3 for a third more time in all that follows.
_OVERSAMPLING = 1.4


FIRST_TURN_S = 20.0
_MAX_WHOLE_TEXT = 16 << 20


class PixelPreprocess(Protocol):
    """`app.models.preprocess.ImagePreprocess`: from an upright RGB picture to the image tower's pixels."""

    @property
    def size(self) -> int: ...

    def apply(self, image: Image.Image) -> PixelArray: ...


class NeedsLonger(Exception):
    """A file took more than its first turn: it is read to its end when no other file waits."""


class StaleFile(Exception):
    """The file on disk is not the one the job is about: nothing is wrong with it, look again."""


class FileVanished(StaleFile):
    """It is gone."""


class FileChanged(StaleFile):
    """It is being written right now."""


@dataclass(frozen=True, slots=True)
class DecodeJob:
    """What a worker needs to know of one file.

    Attributes:
        state: as the scan saw it; `path` in stored form.
        preprocess: the current model's.
        tokenizer_file: the current model's `tokenizer.json`, by which passages are measured; None: by words alone.
        context_length: tokens the text tower reads, markers included.
        clean: how that model's texts are cleaned before they are tokenized (`app.models.tokenizer.tokenizer.CLEANING`).
        known: content hashes of which the table has everything already. A file with one of them is not decoded:
            the answer then holds its hash, no units and no failure.
        seconds: hard limit; most of it is used before a long document is cut short. See `time_limit`.
        first_turn: other files may be waiting, so it takes `FIRST_TURN_S` at most.
    """

    state: FileState
    kind: Kind
    preprocess: PixelPreprocess
    tokenizer_file: Path | None = None
    context_length: int = 77
    clean: str = "lower"
    thumbnail_side: int = STORED_SIDE
    known: frozenset[str] = frozenset()
    limits: Limits = field(default_factory=Limits)
    seconds: float = 0.0
    first_turn: bool = False

    @property
    def path(self) -> str:
        """The path fit for `open`."""
        return from_stored(self.state.path)


def time_limit(job: DecodeJob) -> float:
    """Seconds after which reading a file counts as hanging: more for documents and for what is large."""
    if job.seconds:
        return job.seconds
    if job.first_turn:
        return FIRST_TURN_S
    megabytes = job.state.size / (1 << 20)
    if job.kind is Kind.PHOTO:
        return min(30.0 + megabytes / 4, 120.0)
    return min(60.0 + megabytes * 2, 300.0)


def decode(job: DecodeJob) -> DecodedFile:
    """Read a file once and take out all that is searchable.

    Raises:
        StaleFile: gone or being written.
        NeedsLonger: its first turn is over. Everything else ends in a `DecodedFile`.
    """
    answer = DecodedFile(job.state, job.kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of broken metadata, of odd fonts: nothing a person could act on
        try:
            content_hash, data = _read_through(job)
            answer = replace(answer, content_hash=content_hash)
            if content_hash in job.known:
                return answer
            return _photo(job, answer, data) if job.kind is Kind.PHOTO else _document(job, answer, data)
        except DecodeError as error:
            return replace(answer, failure=error.failure, failure_text=error.text)
        except FileNotFoundError as error:
            raise FileVanished(job.state.path) from error
        except MemoryError:
            text = "There was not enough memory to read the file."
            return replace(answer, failure=Failure.MEMORY, failure_text=text)
        except (StaleFile, NeedsLonger):
            raise
        except Exception:  # a bug in a decoder must cost no more than this file
            import logging

            logging.getLogger(__name__).exception("Reading %r failed unexpectedly", job.state.path)
            text = "The file could not be read for a reason that is not known."
            return replace(answer, failure=Failure.CORRUPT, failure_text=text)


def _read_through(job: DecodeJob) -> tuple[str, bytes | None]:
    """Hash a file and, where it is small enough, keep its bytes: (hash, bytes or None)."""
    _check_size(job)
    digest = hashlib.blake2b(digest_size=16)
    kept: list[bytes] = []
    try:
        with open(job.path, "rb", buffering=0) as file:
            before = os.fstat(file.fileno())
            if before.st_size != job.state.size:
                raise FileChanged(job.state.path)
            keep = before.st_size <= _max_buffered_bytes(job)
            read = 0
            while read <= before.st_size and (block := file.read(before.st_size + 1 if keep else _BLOCK)):
                read += len(block)
                digest.update(block)
                if keep:
                    kept.append(block)
            after = os.fstat(file.fileno())
    except FileNotFoundError as error:
        raise FileVanished(job.state.path) from error
    except PermissionError as error:
        raise DecodeError(Failure.PERMISSION, "This user has no right to read the file.") from error
    except OSError as error:
        raise DecodeError(Failure.IO, "The file could not be read from its drive.") from error
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise FileChanged(job.state.path)
    if read > before.st_size:  # a file without end, as some virtual file systems have
        raise DecodeError(Failure.IO, "The file could not be read from its drive.")
    return digest.hexdigest(), b"".join(kept) if keep else None


def _check_size(job: DecodeJob) -> None:
    """Refuse what nobody will read before its bytes are hashed: a sparse file of 50 GB takes minutes."""
    from app.documents import takes_whole

    size = job.state.size
    if size == 0:
        raise DecodeError(Failure.EMPTY, "The file is empty.")
    whole = job.kind is Kind.DOCUMENT and takes_whole(job.path)
    if size > (job.limits.document_bytes if whole else job.limits.file_bytes):
        raise DecodeError(Failure.TOO_LARGE, f"The file is too large to be read: {size >> 20:,} MB.")


def _max_buffered_bytes(job: DecodeJob) -> int:
    """Files up to this size are read into memory at once."""
    from app.documents import is_truncatable

    if job.kind is Kind.DOCUMENT and is_truncatable(job.path):
        return min(job.limits.text_bytes, _MAX_WHOLE_TEXT)
    return job.limits.read_bytes


def _photo(job: DecodeJob, answer: DecodedFile, data: bytes | None) -> DecodedFile:
    from app.metadata import facts_of, read_sidecars, stamp_of
    from app.pictures import jpeg_bytes, load_picture

    least = _min_side(job)
    sidecar = stamp_of(job.path)  # before it is read: a later change is seen as one
    picture = load_picture(job.path if data is None else data, name=job.path, min_side=least, limits=job.limits)
    facts = facts_of(picture.tags, picture.size, read_sidecars(job.path), Path(job.path).name)
    return replace(
        answer,
        facts=facts,
        units=(DecodedUnit(UnitType.PHOTO, pixels=job.preprocess.apply(picture.image), text=facts.caption or None),),
        thumbnail=jpeg_bytes(picture.image, job.thumbnail_side),
        sidecar=sidecar,
    )


def _min_side(job: DecodeJob) -> int:
    """Shorter side in pixels that serves both the model and the thumbnail."""
    return max(round(_OVERSAMPLING * job.preprocess.size), job.thumbnail_side)


def _document(job: DecodeJob, answer: DecodedFile, data: bytes | None) -> DecodedFile:
    from app.documents import read_document

    # By processor time: at idle priority on a busy machine the clock on the wall says little.
    end = time.process_time() + 0.7 * time_limit(job)
    document = read_document(job.path, data=data, picture_side=_min_side(job), limits=job.limits)
    reader = DocumentUnits(job, length_check(job.tokenizer_file, job.context_length, job.clean), end)
    for part in document.parts:
        if not reader.add(part):
            break
    if reader.too_slow and job.first_turn:
        raise NeedsLonger(job.state.path)
    return replace(
        answer,
        failure_text=reader.note(cut=document.cut),
        facts=_document_facts(document),
        units=tuple(reader.units),
        thumbnail=reader.thumbnail or _cover_thumbnail(document, job),
    )


def _document_facts(document: Document) -> Facts:
    written = document.written_at
    offset = written.utcoffset() if written is not None else None
    return Facts(
        title=document.title,
        pages=document.pages,
        keywords=document.keywords,
        taken_at=written.replace(tzinfo=None) if written is not None else None,
        taken_offset=int(offset.total_seconds() // 60) if offset is not None else None,
    )


def _cover_thumbnail(document: Document, job: DecodeJob) -> bytes | None:
    from app.pictures import jpeg_bytes, open_picture

    if document.cover is None:
        return None
    try:
        return jpeg_bytes(open_picture(document.cover, limits=job.limits), job.thumbnail_side)
    except DecodeError:
        return None
