"""What the watched folders hold and the index does not: kinds that are not read, and folders that are left out."""

from __future__ import annotations

from pathlib import PurePosixPath

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.paths import for_display, from_stored
from app.files.not_indexed import LeftOutFolder, NotIndexed
from ui.widgets.controls import button, card, clear_layout, label

_KINDS = 8
_FOLDERS = 20


class NotIndexedCard(QWidget):
    """The card; hidden while there is nothing to say.

    Signals:
        folder_wanted(path): a drive is to be watched.
        pattern_wanted(pattern): folders of a name are to be looked into.
    """

    folder_wanted = Signal(str)
    pattern_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        made, column = card(margins=16, spacing=8)
        outer.addWidget(made)
        self._kinds = label("", "muted", wrap=True, name="kindsNotRead")
        column.addWidget(self._kinds)
        self._rows = QVBoxLayout()
        column.addLayout(self._rows)
        self._shown = NotIndexed()
        self.hide()

    def show_what(self, found: NotIndexed) -> None:
        """Tell what the last walk passed by."""
        self.setVisible(bool(found.kinds or found.folders))
        if found == self._shown:
            return
        self._shown = found
        self._kinds.setText(self._sentence(found))
        self._kinds.setVisible(bool(found.kinds))
        clear_layout(self._rows)
        for folder in found.folders[:_FOLDERS]:
            self._rows.addWidget(self._row(folder))

    def _sentence(self, found: NotIndexed) -> str:
        frequent = sorted(found.kinds.items(), key=lambda item: (-item[1], item[0]))[:_KINDS]
        nameless = self.tr("without ending")
        listed = ", ".join(f"{ending or nameless} {files:,}" for ending, files in frequent)
        words = self.tr("Not read: {files} files of {kinds} kinds ({listed})")
        return words.format(files=f"{sum(found.kinds.values()):,}", kinds=len(found.kinds), listed=listed)

    def _row(self, folder: LeftOutFolder) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        why = self.tr("a drive is mounted there") if folder.is_mount else self.tr("left out by “{pattern}”")
        path = for_display(from_stored(folder.path))
        row.addWidget(label(f"{path}  ({why.format(pattern=folder.pattern)})", "muted", wrap=True, name="leftOut"), 1)
        row.addWidget(button(self.tr("Include"), lambda: self._include(folder), name="includeFolder"))
        return made

    def _include(self, folder: LeftOutFolder) -> None:
        if folder.is_mount:
            self.folder_wanted.emit(from_stored(folder.path))
        else:
            self.pattern_wanted.emit(f"!{PurePosixPath(folder.path).name}/")
