"""Thumbnails for the tiles: asked for while painting, decoded and cut off the GUI thread, newest first.

Flinging through 100,000 tiles asks for every tile that flies by; the queue is short and its newest end is served
first, so what stands on screen in the end comes at once and what flew by is never decoded.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap

from app.core.settings import Settings
from app.query.library_api import Library
from ui.runtime.tasks import Tasks
from ui.style.theme import RADIUS

log = logging.getLogger(__name__)

QUEUE = 160
BATCH = 24
CACHE_BYTES = 96 << 20


def cut(data: bytes, side: int, ratio: float, *, page: bool) -> QImage:
    """A JPEG as a square tile with round corners; of a page its upper half, as wide as the tile."""
    source = QImage.fromData(data)
    if source.isNull():
        return QImage()
    pixels = max(1, round(side * ratio))
    height = max(1, round(pixels * 0.46)) if page else pixels
    mode = Qt.AspectRatioMode.KeepAspectRatioByExpanding
    scaled = source.scaled(pixels, height, mode, Qt.TransformationMode.SmoothTransformation)
    left = (scaled.width() - pixels) // 2
    top = 0 if page else (scaled.height() - height) // 2
    made = QImage(pixels, height, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    # A page runs on below its piece: only the upper corners are round.
    path.addRoundedRect(
        QRectF(0, 0, pixels, height + (RADIUS * 2 * ratio if page else 0)), RADIUS * ratio, RADIUS * ratio
    )
    painter.setClipPath(path)
    painter.drawImage(-left, -top, scaled)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


class ThumbnailCache(QObject):
    """A bounded cache of ready-made tiles.

    Attributes:
        side, ratio: logical side of a tile and device pixels for one logical.

    Signals:
        arrived(list): keys that can be painted now.
    """

    arrived = Signal(list)

    def __init__(self, tasks: Tasks, library: Callable[[], Library | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._library = library
        self.side, self.ratio = Settings().thumbnail_size, 1.0
        self._cache: OrderedDict[str, tuple[QPixmap, int]] = OrderedDict()
        self._bytes = 0
        self._queue: OrderedDict[str, bool] = OrderedDict()
        self._missing: set[str] = set()
        self._working = False
        self._generation = 0
        self.decoded = 0
        self._start = QTimer(self, singleShot=True, interval=0)
        self._start.timeout.connect(self._next)

    def get(self, key: str, *, page: bool = False) -> QPixmap | None:
        """The tile if it is there, maybe of a former size; otherwise, or then, it is queued."""
        found = self._cache.get(key)
        if found is not None:
            self._cache.move_to_end(key)
            if found[1] == self.side:
                return found[0]
        if key and key not in self._missing:
            self._queue[key] = page
            self._queue.move_to_end(key)
            while len(self._queue) > QUEUE:
                self._queue.popitem(last=False)
            if not self._working and not self._start.isActive():
                self._start.start()
        return found[0] if found is not None else None

    def resize(self, side: int, ratio: float) -> None:
        """Tiles are wanted in another size; those at hand serve until theirs has come."""
        if (side, ratio) != (self.side, self.ratio):
            self.side, self.ratio = side, ratio
            self._generation += 1
            self._queue.clear()

    def forget_missing(self) -> None:
        """Files were indexed: what had no thumbnail may have one now."""
        self._missing.clear()

    def _next(self) -> None:
        if self._working or not self._queue:
            return
        library = self._library()
        if library is None:
            self._start.start(50)
            return
        batch = [self._queue.popitem() for _ in range(min(BATCH, len(self._queue)))]
        self._working = True
        side, ratio, generation = self.side, self.ratio, self._generation

        def work() -> tuple[int, list[tuple[str, QImage]], list[str]]:
            found = library.thumbnails([key for key, _ in batch])
            images = [(key, cut(found[key], side, ratio, page=page)) for key, page in batch if key in found]
            return generation, images, [key for key, _ in batch if key not in found]

        self._tasks.submit(work, self._take, self._failed, lane="thumbnails")

    def _take(self, answer: tuple[int, Sequence[tuple[str, QImage]], Iterable[str]]) -> None:
        generation, images, missing = answer
        self._working = False
        self._missing.update(missing)
        side = self.side if generation == self._generation else 0
        for key, image in images:
            self.decoded += 1
            if image.isNull():
                self._missing.add(key)
            else:
                self._put(key, QPixmap.fromImage(image), side)
        if images:
            self.arrived.emit([key for key, _ in images])
        if self._queue:
            self._start.start()

    def _failed(self, error: Exception) -> None:
        # A tile without its picture is no reason to stop: the next look at it asks again.
        log.warning("thumbnails not read: %r", error)
        self._working = False

    def _put(self, key: str, pixmap: QPixmap, side: int) -> None:
        old = self._cache.pop(key, None)
        if old is not None:
            self._bytes -= _size(old[0])
        self._cache[key] = (pixmap, side)
        self._bytes += _size(pixmap)
        while self._bytes > CACHE_BYTES:
            _, (gone, _) = self._cache.popitem(last=False)
            self._bytes -= _size(gone)


def _size(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
