"""Which files are chosen, kept by path when the list is renewed underneath."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.query.queries import Hit
from ui.results.grid import Grid
from ui.results.model import ResultsModel

MOST = 2000


class FileSelection(QObject):
    """The chosen files of the grid.

    Signals:
        restored(): the list was renewed and the choice put back.
    """

    restored = Signal()

    def __init__(self, grid: Grid, model: ResultsModel, parent: QObject) -> None:
        super().__init__(parent)
        self._grid, self._model = grid, model
        self._paths: list[str] = []
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)

    def hits(self) -> list[Hit]:
        """The chosen files, in order; the current one where none is chosen."""
        return self._model.loaded(self._grid.selected_rows()[:MOST])

    def _remember(self) -> None:
        self._paths = [hit.path for hit in self.hits()[:200]]

    def _restore(self) -> None:
        rows = [row for path in self._paths if (row := self._model.row_of(path)) is not None]
        selection = self._grid.selectionModel()
        for row in rows:
            selection.select(self._model.index(row), selection.SelectionFlag.Select)
        if rows:
            selection.setCurrentIndex(self._model.index(rows[0]), selection.SelectionFlag.NoUpdate)
        self.restored.emit()
