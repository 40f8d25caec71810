"""The index on the page of folders: how large it is, and building it anew."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core import indexer_protocol
from ui.runtime.indexer_process import IndexerProcess
from ui.widgets.controls import button, card, data_size, label
from ui.widgets.questions import ask


class IndexCard(QWidget):
    """The card.

    Signals:
        settings_wanted(): the rest is in the settings.
    """

    settings_wanted = Signal()

    def __init__(self, indexer: IndexerProcess, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._indexer = indexer
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._card())

    def _card(self) -> QFrame:
        made, column = card(margins=16)
        row = QHBoxLayout()
        self._size = label("", "muted", wrap=True, name="indexSize")
        row.addWidget(self._size, 1)
        row.addWidget(button(self.tr("Settings…"), self.settings_wanted.emit, icon="settings", name="moreSettings"))
        row.addWidget(button(self.tr("Rebuild…"), self._ask_rebuild, icon="refresh", name="rebuildButton"))
        column.addLayout(row)
        return made

    def show_size(self, count: int) -> None:
        """Tell how many bytes the index takes."""
        words = self.tr("{size} on disk. It is a cache and can be rebuilt at any time.")
        self._size.setText(words.format(size=data_size(count)))

    def _ask_rebuild(self) -> None:
        more = self.tr("Every file is read again; searching goes on with the present index. Your tags are kept.")
        if ask(self, "rebuildQuestion", self.tr("Rebuild the index?"), more, self.tr("Rebuild")):
            self._indexer.send(indexer_protocol.Rebuild())
