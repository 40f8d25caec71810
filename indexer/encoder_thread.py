"""The encoder thread: decoded files in, embedded files out, in batches that the model likes.

Small files overtake large ones: a saved photo does not wait for the ten thousandth page of a manual.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from app.core.errors import UserError
from app.core.records import DecodedFile, DecodedUnit, Failure, FloatArray, PixelArray

if TYPE_CHECKING:
    from app.models import ModelInfo, PassageEncoder

log = logging.getLogger(__name__)

TEXTS_PER_BATCH = 32
LARGE_FILE_UNITS = 64
# Full batches cost a third less processor time a picture than single ones; a commit waits twice as long anyway.
LINGER_S = 1.0
_LARGE_EVERY = 4
_MAX_FAILURES_IN_A_ROW = 8


class IndexingEncoder(Protocol):
    """What the indexer needs of `app.models`'s encoders."""

    info: ModelInfo

    @property
    def passages(self) -> PassageEncoder | None: ...

    def encode_texts(self, texts: list[str]) -> FloatArray: ...
    def encode_images(self, pixels: PixelArray) -> FloatArray: ...
    def close(self) -> None: ...


@dataclass(slots=True, eq=False)
class _EncodeJob:
    file: DecodedFile
    left: int
    vectors: FloatArray
    failed: bool = False


@dataclass(frozen=True, slots=True)
class _UnitQueue:
    """Units waiting: (job, number of the unit)."""

    images: deque[tuple[_EncodeJob, int]] = field(default_factory=deque)
    texts: deque[tuple[_EncodeJob, int]] = field(default_factory=deque)


class EncoderThread:
    """Feeds one encoder.

    Attributes:
        encoded: called in this thread with each file, without its pixels, and its vectors (None if it failed).
        broken: called when the encoder as such does not work; nothing more is encoded then.
    """

    def __init__(
        self,
        encoder: IndexingEncoder,
        encoded: Callable[[DecodedFile, FloatArray | None], None],
        broken: Callable[[BaseException], None],
        *,
        images_per_batch: int = 16,
        texts_per_batch: int = TEXTS_PER_BATCH,
    ) -> None:
        self.encoded = encoded
        self.broken = broken
        self._encoder = encoder
        self._passages = encoder.passages or encoder
        self._sizes = (images_per_batch, texts_per_batch)
        self._small, self._large = _UnitQueue(), _UnitQueue()
        self._turn = 0
        self._in_a_row = 0
        self._rest = 0.0
        self._more_coming = False
        self._stopped = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="encoder", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def add(self, file: DecodedFile, *, more_coming: bool) -> None:
        """Embed the units of a file. `more_coming` says whether it is worth waiting to fill a batch."""
        size = len(file.units)
        job = _EncodeJob(file, size, np.full((size, self._encoder.info.dimension), np.nan, np.float32))
        lane = self._large if size > LARGE_FILE_UNITS else self._small
        with self._changed:
            self._more_coming = more_coming
            for number, unit in enumerate(file.units):
                (lane.images if unit.pixels is not None else lane.texts).append((job, number))
            self._changed.notify()

    def set_more_coming(self, more_coming: bool) -> None:
        with self._changed:
            self._more_coming = more_coming
            self._changed.notify()

    def rest(self, share: float) -> None:
        """Be idle for this share of the time, so that the person's own work has the cores."""
        self._rest = share

    def close(self) -> None:
        """End after the batch at hand; what waits is dropped."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()

    # ---- in the thread

    def _run(self) -> None:
        while (batch := self._next()) is not None:
            started = time.monotonic()
            try:
                self._encode(batch)
            except Exception as error:
                log.exception("the encoder does not work")
                self.broken(error)
                return
            if self._rest:
                pause = (time.monotonic() - started) * self._rest / (1.0 - self._rest)
                with self._changed:
                    self._changed.wait_for(lambda: self._stopped, pause)

    def _next(self) -> list[tuple[_EncodeJob, int]] | None:
        """The next batch: a full one if there is one, else what there is after a short wait; None at the end."""
        with self._changed:
            while not self._stopped:
                if batch := self._take(full=self._more_coming):
                    return batch
                if self._waiting():
                    self._changed.wait_for(self._is_worth_starting, LINGER_S)
                    if not self._stopped and (batch := self._take(full=False)):
                        return batch
                else:
                    self._changed.wait()
        return None

    def _waiting(self) -> bool:
        return any((self._small.images, self._small.texts, self._large.images, self._large.texts))

    def _is_worth_starting(self) -> bool:
        lanes = (self._small, self._large)
        images, texts = self._sizes
        full = any(len(lane.images) >= images or len(lane.texts) >= texts for lane in lanes)
        return full or self._stopped or not self._more_coming

    def _take(self, *, full: bool) -> list[tuple[_EncodeJob, int]]:
        self._turn += 1
        lanes = [self._small, self._large]
        if self._turn % _LARGE_EVERY == 0:
            lanes.reverse()
        for lane in lanes:
            for waiting, size in zip((lane.images, lane.texts), self._sizes, strict=True):
                if len(waiting) >= size or (waiting and not full):
                    return [waiting.popleft() for _ in range(min(size, len(waiting)))]
        return []

    def _encode(self, batch: list[tuple[_EncodeJob, int]]) -> None:
        """Encode a batch; one that fails is halved down to the culprit."""
        try:
            vectors = self._vectors(batch)
        except UserError:
            raise
        except Exception as error:
            if len(batch) > 1:
                middle = len(batch) // 2
                self._encode(batch[:middle])
                self._encode(batch[middle:])
                return
            self._in_a_row += 1
            if self._in_a_row >= _MAX_FAILURES_IN_A_ROW:
                self._try_harmless(batch)
                self._in_a_row = 0
            log.warning("a unit of %s could not be encoded: %r", batch[0][0].file.state.path, error)
            self._finish(batch[0][0], 1, failed=True)
            return
        self._in_a_row = 0
        usable = np.isfinite(vectors).all(axis=1) & (np.abs(vectors).max(axis=1, initial=0.0) > 0)
        for (job, number), vector, good in zip(batch, vectors, usable, strict=True):
            job.vectors[number] = vector
            self._finish(job, 1, failed=not good)

    def _try_harmless(self, batch: list[tuple[_EncodeJob, int]]) -> None:
        """Whether it is the units or the encoder: one that cannot encode a grey picture or a word raises here."""
        job, number = batch[0]
        pixels = job.file.units[number].pixels
        if pixels is None:
            self._passages.encode_texts(["a"])
        else:
            self._encoder.encode_images(np.full_like(pixels, 127)[None])

    def _vectors(self, batch: list[tuple[_EncodeJob, int]]) -> FloatArray:
        units = [job.file.units[number] for job, number in batch]
        pixels = [unit.pixels for unit in units if unit.pixels is not None]
        if len(pixels) == len(units):
            return self._encoder.encode_images(np.stack(pixels))
        return self._passages.encode_texts([unit.text or "" for unit in units])

    def _finish(self, job: _EncodeJob, units: int, *, failed: bool) -> None:
        job.failed = job.failed or failed
        job.left -= units
        if job.left:
            return
        if job.failed:
            self.encoded(_failed_file(job.file), None)
        else:
            self.encoded(replace(job.file, units=tuple(_without_pixels(job.file))), job.vectors)


def _without_pixels(file: DecodedFile) -> Iterable[DecodedUnit]:
    return (replace(unit, pixels=None) for unit in file.units)


def _failed_file(file: DecodedFile) -> DecodedFile:
    text = "Its content could not be turned into an embedding."
    return replace(file, units=(), failure=Failure.CORRUPT, failure_text=text)
