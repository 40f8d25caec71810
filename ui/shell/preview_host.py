"""Opens the preview over the window: on the results, or on a list of files that stands on another page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.query.library_api import Library
from app.query.queries import Hit, ImagePart, Query
from ui.runtime.context import Context
from ui.shell.library_page import LibraryPage

if TYPE_CHECKING:
    from ui.results.preview import Preview

AROUND = 20
"""So many files before and after the one on screen are looked up with it."""


class FileHits(QObject):
    """The hits of a list of files, looked up as they are needed.

    Attributes:
        total: how many files.

    Signals:
        loaded(int): the hit of this row, and those around it, are there now.
    """

    loaded = Signal(int)

    def __init__(self, context: Context, paths: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._paths = context, paths
        self._hits: dict[int, Hit | None] = {}
        self.total = len(paths)

    def hit(self, row: int) -> Hit | None:
        return self._hits.get(row)

    def load(self, row: int) -> None:
        """Look up the files around a row."""
        wanted = [n for n in range(row - AROUND, row + AROUND + 1) if 0 <= n < self.total and n not in self._hits]

        def work(library: Library) -> tuple[int, dict[int, Hit | None]]:
            return row, {number: library.hit(self._paths[number]) for number in wanted}

        self._context.ask(work, self._take, topic="preview-hits")

    def _take(self, answer: tuple[int, dict[int, Hit | None]]) -> None:
        row, hits = answer
        self._hits.update(hits)
        self.loaded.emit(row)


class PreviewHost(QObject):
    """Makes the one preview of a window when it is first wanted, and keeps it as large as the window."""

    def __init__(self, context: Context, page: LibraryPage, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._page, self._window = context, page, window
        self._files: FileHits | None = None
        self._before: QWidget | None = None
        self.preview: Preview | None = None

    @property
    def visible(self) -> bool:
        return self.preview is not None and self.preview.isVisible()

    def hide(self) -> None:
        if self.preview is not None:
            self.preview.hide()

    def fit(self) -> None:
        """The window has another size."""
        if self.preview is not None:
            self.preview.setGeometry(self._window.rect())

    def show_row(self, row: int) -> None:
        """Show a row of the results."""
        self._forget_files()
        preview = self._opened()
        preview.source = self._page.model
        preview.show_row(row)

    def show_path(self, path: str) -> None:
        """Show a file among the results."""
        row = self._page.model.row_of(path)
        if row is not None:
            self.show_row(row)

    def show_paths(self, paths: Sequence[str], row: int) -> None:
        """Show files that need not be among the results, from one of them on."""
        self._forget_files()
        self._files = FileHits(self._context, paths, self)
        self._files.loaded.connect(self._files_loaded)
        self._files.load(row)

    def _files_loaded(self, row: int) -> None:
        if self._files is not None:
            preview = self._opened()
            preview.source = self._files
            preview.show_row(row)

    def _forget_files(self) -> None:
        if self._files is not None:
            self._files.deleteLater()
            self._files = None

    def _opened(self) -> Preview:
        from ui.results.preview import Preview

        if self.preview is None:
            made = Preview(self._context, self._page.model, self._window)
            made.cutout_wanted.connect(self._search_cutout)
            made.moved.connect(self._moved)
            made.closed.connect(self._closed)
            made.opened.connect(self._page.files.open)
            made.trashed.connect(self._page.files.throw_away)
            self._page.files.removed.connect(made.hide)
            self.preview = made
        if not self.preview.isVisible():
            self._before = QApplication.focusWidget()
        self.fit()
        return self.preview

    def _moved(self, row: int) -> None:
        if self._files is not None:
            self._files.load(row)
            return
        index = self._page.model.index(row)
        self._page.grid.setCurrentIndex(index)
        self._page.grid.scrollTo(index)

    def _closed(self) -> None:
        """The keyboard goes back to where it was."""
        before = self._before
        if before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus()
        else:
            self._page.grid.setFocus()

    def _search_cutout(self, part: ImagePart, thumbnail: bytes) -> None:
        self._page.page_wanted.emit("all")
        self._page.bar.set_query(Query((part,)))
        self._page.bar.set_picture(part, thumbnail)
