"""Saved searches: kept under a name, listed in the side bar, brought back by a click."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.query.queries import Query
from ui.runtime.context import Context
from ui.search.controller import query_of
from ui.shell.library_page import LibraryPage
from ui.shell.sidebar import Sidebar
from ui.widgets.questions import ask_text


class SavedSearches(QObject):
    """Keeps the list in the state file and the side bar in step.

    Signals:
        chosen(): a saved search is on screen now.
    """

    chosen = Signal()

    def __init__(self, context: Context, page: LibraryPage, side: Sidebar, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._page, self._side, self._window = context, page, side, window
        self._name = ""
        side.saved_chosen.connect(self._show)
        side.saved_removed.connect(self._remove)
        side.saved_renamed.connect(self._rename)
        side.saved_updated.connect(self._update)
        side.set_saved(sorted(context.state.saved))

    def ask(self) -> None:
        """Ask for a name and keep the query on screen under it."""
        suggestion = self._page.bar.text or " ".join(str(getattr(p, "text", "")) for p in self._page.bar.parts)
        text = suggestion.strip() or self.tr("My search")
        name = ask_text(self._window, "saveDialog", self.tr("Save this search"), self.tr("Name:"), text)
        if name:
            self._name = name
            question = self._page.search.question
            self._context.ask(lambda library: query_of(library, question)[0], self._keep)

    def _keep(self, query: Query) -> None:
        self._context.state.saved[self._name] = query
        self._changed()

    def _show(self, name: str) -> None:
        query = self._context.state.saved.get(name)
        if query is not None:
            self.chosen.emit()
            self._page.bar.set_query(query)

    def _rename(self, name: str) -> None:
        new = ask_text(self._window, "renameDialog", self.tr("Rename the saved search"), self.tr("Name:"), name)
        saved = self._context.state.saved
        if new and new != name and name in saved:
            saved[new] = saved.pop(name)
            self._changed()

    def _update(self, name: str) -> None:
        """The search on screen takes the place of a saved one."""
        self._name = name
        question = self._page.search.question
        self._context.ask(lambda library: query_of(library, question)[0], self._keep)

    def _changed(self) -> None:
        self._context.touch_state()
        self._side.set_saved(sorted(self._context.state.saved))

    def _remove(self, name: str) -> None:
        self._context.state.saved.pop(name, None)
        self._changed()
