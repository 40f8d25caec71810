"""Ctrl+Z on the library page: changes of the search, tags, and files moved to the trash, the last one first."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QObject, Signal

from app.query.queries import Filters, Query
from ui.i18n.backend_messages import localised
from ui.results import trash
from ui.runtime.context import Context
from ui.search.searchbar import SearchBar

MOST = 100
Snapshot = tuple[Query, str]


class UndoHistory(QObject):
    """Remembers what was done, in order.

    Signals:
        restored(): files are back from the trash.
    """

    restored = Signal()

    def __init__(self, context: Context, bar: SearchBar, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._bar = context, bar
        self._done: deque[Snapshot | list[str] | None] = deque(maxlen=MOST)
        self._undoing = False
        bar.replaced.connect(self._search_changed)
        context.decided.connect(self._tags_changed)

    def _search_changed(self, before: Snapshot) -> None:
        if not self._undoing and before != (Query((), Filters()), ""):
            self._done.append(before)

    def _tags_changed(self) -> None:
        if not self._undoing:
            self._done.append(None)

    def files_trashed(self, paths: list[str]) -> None:
        """These files went to the trash."""
        self._done.append(paths)

    def undo(self) -> None:
        """Take the last thing back; says so where there is none."""
        if not self._done:
            self._context.notice.emit(self.tr("There is nothing to undo."))
            return
        last = self._done.pop()
        if last is None:
            self._context.ask_tagger(lambda tagger: tagger.undo(), self._tags_undone)
        elif isinstance(last, list):
            self._context.tasks.submit(lambda: trash.restore(last), self._files_back, lane="disk")
        else:
            self._undoing = True
            query, text = last
            self._bar.set_query(query, text=text)
            self._undoing = False

    def _tags_undone(self, what: str | None) -> None:
        self._context.notice.emit(localised(what) if what else self.tr("There is nothing to undo."))
        self._undoing = True
        self._context.decided.emit()
        self._undoing = False

    def _files_back(self, count: int) -> None:
        self._context.notice.emit(self.tr("%Ln file(s) taken back from the trash", "", count))
        self.restored.emit()
