"""Fetches what the preview shows: the thumbnail at once, then the original, or the text of what has no pages."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.query.library_api import Library
from app.query.queries import Hit
from ui.i18n.backend_messages import localised
from ui.results.image_loader import NoPages, Original, load_original
from ui.runtime.context import Context


class HitSource(Protocol):
    """What the preview leafs through."""

    @property
    def total(self) -> int: ...

    def hit(self, row: int) -> Hit | None: ...


class PreviewLoader(QObject):
    """Loads one file at a time; what was asked before and has not come is dropped.

    Signals:
        small_ready(QImage): the thumbnail; ready(int, Original): the original, so many pixels wide.
        text_ready(str): the indexed text; failed(str): why there is nothing to show.
    """

    small_ready = Signal(QImage)
    ready = Signal(int, object)
    text_ready = Signal(str)
    failed = Signal(str)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._path = ""

    def load_small(self, hit: Hit) -> None:
        """Ask for the thumbnail: it is there before the original."""
        library = self._context.library
        if library is not None:
            known: Library = library
            self._context.tasks.submit(
                lambda: known.thumbnails([hit.thumbnail]), self._take_small, self._no_small,
                lane="thumbnails", topic="preview-small",
            )  # fmt: skip

    def load(self, hit: Hit, page: int, side: int) -> None:
        """Ask for the original, `side` pixels wide at most."""
        self._path = hit.path
        self._context.tasks.submit(
            lambda: (side, load_original(hit, page, side)), self._take, self._no_original, topic="preview"
        )

    def forget(self) -> None:
        """Nothing is wanted any more."""
        for topic in ("preview", "preview-text"):
            self._context.tasks.forget(topic)

    def _take_small(self, found: dict[str, bytes]) -> None:
        if found:
            self.small_ready.emit(QImage.fromData(next(iter(found.values()))))

    def _no_small(self, _error: Exception) -> None:
        """The original is on its way anyway."""

    def _take(self, answer: tuple[int, Original]) -> None:
        self.ready.emit(*answer)

    def _no_original(self, error: Exception) -> None:
        if isinstance(error, NoPages):
            path = self._path
            self._context.ask(lambda library: library.text(path), self.text_ready.emit, topic="preview-text")
        else:
            self.failed.emit(localised(str(error)) or self.tr("The original cannot be shown."))
