"""The side bar: what of the library is shown, saved searches, the other pages, and the indexer's state."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from ui.style import icons
from ui.widgets.controls import Button, IconLabel, label
from ui.widgets.indexing_status import StatusCorner


class Sidebar(QFrame):
    """Leads to everything.

    Attributes:
        status: the indexer's corner.

    Signals:
        chosen(str): "all", "photo", "document", "tags", "folders", "settings".
        saved_chosen(str); saved_removed(str); saved_renamed(str); saved_updated(str): name of a saved search.
    """

    chosen = Signal(str)
    saved_chosen = Signal(str)
    saved_removed = Signal(str)
    saved_renamed = Signal(str)
    saved_updated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side")
        self.setFixedWidth(216)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 16, 12, 12)
        column.setSpacing(2)
        brand = QHBoxLayout()
        brand.setContentsMargins(8, 0, 0, 12)
        brand.setSpacing(10)
        sign = IconLabel(icons.app_icon(), 28)
        brand.addWidget(sign)
        brand.addWidget(label("Semblance", "heading"))
        brand.addStretch(1)
        column.addLayout(brand)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, QPushButton] = {}
        self._add(column, "all", "all", self.tr("Everything"))
        self._add(column, "photo", "photos", self.tr("Photos"))
        self._add(column, "document", "document", self.tr("Documents"))
        column.addSpacing(12)
        self._add(column, "tags", "tag", self.tr("Tags"))
        self._add(column, "folders", "folder", self.tr("Folders and indexing"))
        self._saved_title = label(self.tr("Saved searches"), "section")
        self._saved_title.setContentsMargins(10, 16, 0, 4)
        column.addWidget(self._saved_title)
        self._saved = QVBoxLayout()
        self._saved.setSpacing(2)
        column.addLayout(self._saved)
        column.addStretch(1)
        self.status = StatusCorner()
        column.addWidget(self.status)
        self._add(column, "settings", "settings", self.tr("Settings"), checkable=False)
        self.set_saved([])

    def _add(self, column: QVBoxLayout, key: str, icon: str, text: str, *, checkable: bool = True) -> None:
        made = Button(text)
        made.setObjectName(f"nav-{key}")
        made.setProperty("role", "nav")
        made.setIcon(icons.icon(icon))
        made.setIconSize(QSize(20, 20))
        made.setAccessibleName(text)
        made.setCheckable(checkable)
        made.clicked.connect(lambda: self.chosen.emit(key))
        if checkable:
            self._group.addButton(made)
        self._buttons[key] = made
        column.addWidget(made)

    def check(self, key: str) -> None:
        """Show where we are without going there."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def set_saved(self, names: list[str]) -> None:
        """List the saved searches."""
        while self._saved.count():
            item = self._saved.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for name in names:
            made = Button(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, 140))
            made.setObjectName("savedSearch")
            made.setProperty("role", "nav")
            made.setProperty("saved", name)
            made.setIcon(icons.icon("star"))
            made.setAccessibleName(self.tr("Saved search {name}").format(name=name))
            made.clicked.connect(lambda _checked=False, name=name: self.saved_chosen.emit(name))
            made.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            made.customContextMenuRequested.connect(self._saved_menu)
            self._saved.addWidget(made)
        self._saved_title.setVisible(bool(names))

    def _saved_menu(self, place: QPoint) -> None:
        source = self.sender()
        if isinstance(source, QPushButton):
            name = str(source.property("saved"))
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            for icon, text, signal in (
                ("edit", self.tr("Rename…"), self.saved_renamed),
                ("refresh", self.tr("Update to the search on screen"), self.saved_updated),
                ("minus", self.tr("Remove"), self.saved_removed),
            ):
                menu.addAction(icons.icon(icon), text).triggered.connect(partial(signal.emit, name))
            menu.popup(source.mapToGlobal(place))
