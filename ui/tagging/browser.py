"""The tags that files have by the user's word: how many, which files, another name, none at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from ui.runtime.context import Context
from ui.runtime.tagger_api import LabelTotals, TaggerApi
from ui.style import icons
from ui.widgets.controls import button, label
from ui.widgets.questions import ask, ask_text

NAME, FILES = 0, 1


class TagTree(QTreeWidget):
    """A list of two columns whose keys act on the tag that is chosen.

    Signals:
        opened(), renamed(), removed(): Enter, F2, Delete.
    """

    opened = Signal()
    renamed = Signal()
    removed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {
            Qt.Key.Key_Return: self.opened,
            Qt.Key.Key_Enter: self.opened,
            Qt.Key.Key_F2: self.renamed,
            Qt.Key.Key_Delete: self.removed,
        }
        signal = keys.get(Qt.Key(event.key()))
        if signal is None:
            super().keyPressEvent(event)
        else:
            signal.emit()


class TagBrowser(QWidget):
    """A list of tags with the number of their files.

    Attributes:
        tree: the list; filter: the line that narrows it.

    Signals:
        tag_chosen(str): show everything with this tag in the library.
    """

    tag_chosen = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.filter = QLineEdit()
        self.filter.setObjectName("tagFilter")
        self.filter.setPlaceholderText(self.tr("Find a tag"))
        self.filter.setAccessibleName(self.tr("Find a tag"))
        self.filter.textChanged.connect(self._narrow)
        self.tree = TagTree()
        self.tree.setObjectName("tagTree")
        self.tree.setAccessibleName(self.tr("My tags"))
        self.tree.setHeaderLabels([self.tr("Tag"), self.tr("Files")])
        self.tree.header().setAccessibleName(self.tr("Columns"))
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setSortingEnabled(True)
        self.tree.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
        self.tree.setColumnWidth(NAME, 320)
        self.tree.itemActivated.connect(lambda _item, _column: self._show_files())
        self.tree.itemDoubleClicked.connect(lambda _item, _column: self._show_files())
        self.tree.opened.connect(self._show_files)
        self.tree.renamed.connect(self._rename)
        self.tree.removed.connect(self._delete)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(self._menu)
        self.tree.itemSelectionChanged.connect(self._enable)
        words = self.tr("No file has a tag yet. Confirm a proposal, or press Ctrl+T on files.")
        self._none = label(words, "muted", wrap=True)
        self._lay_out()
        context.decided.connect(self._decided)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.filter, 1)
        self._acts = [
            button(self.tr("Show files"), self._show_files, role="primary", name="tagShow"),
            button(self.tr("Rename…"), self._rename, icon="edit", name="tagRename"),
            button(self.tr("Delete…"), self._delete, icon="trash", name="tagDelete"),
        ]
        for act in self._acts:
            row.addWidget(act)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 16)
        column.addLayout(row)
        column.addWidget(self._none)
        column.addWidget(self.tree, 1)
        self._enable()

    def reload(self) -> None:
        """Ask for tags and counts anew."""
        self._context.ask_tagger(lambda tagger: tagger.labels(), self.show_tags, topic="my-tags")

    def show_tags(self, labels: Sequence[LabelTotals]) -> None:
        """List the tags that some file has, the chosen one kept."""
        chosen = self.tag()
        self.tree.setSortingEnabled(False)
        self.tree.clear()
        for one in labels:
            if one.confirmed:
                item = QTreeWidgetItem([one.label])
                item.setData(FILES, Qt.ItemDataRole.DisplayRole, one.confirmed)
                item.setTextAlignment(FILES, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.tree.addTopLevelItem(item)
                if one.label == chosen:
                    self.tree.setCurrentItem(item)
        self.tree.setSortingEnabled(True)
        self._none.setVisible(not self.tree.topLevelItemCount())
        self._narrow(self.filter.text())
        self._enable()

    def tag(self) -> str:
        """The chosen tag, "" where none is."""
        item = self.tree.currentItem()
        return item.text(NAME) if item is not None and item.isSelected() else ""

    def _narrow(self, text: str) -> None:
        for row in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(row)
            if item is not None:
                item.setHidden(text.casefold() not in item.text(NAME).casefold())

    def _enable(self) -> None:
        for act in self._acts:
            act.setEnabled(bool(self.tag()))

    def _menu(self, place: QPoint) -> None:
        if self.tag():
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(icons.icon("tag"), self.tr("Show files")).triggered.connect(self._show_files)
            menu.addAction(icons.icon("edit"), self.tr("Rename…")).triggered.connect(self._rename)
            menu.addAction(icons.icon("trash"), self.tr("Delete…")).triggered.connect(self._delete)
            menu.popup(self.tree.viewport().mapToGlobal(place))

    def _show_files(self) -> None:
        if self.tag():
            self.tag_chosen.emit(self.tag())

    def _rename(self) -> None:
        """A name that another tag has puts both together."""
        old = self.tag()
        new = ask_text(self, "tagRenameDialog", self.tr("Rename the tag"), self.tr("Name:"), old) if old else None
        if new and new != old:
            self._change(lambda tagger: tagger.rename_tag(old, new))

    def _delete(self) -> None:
        tag = self.tag()
        if tag and ask(
            self,
            "tagDeleteQuestion",
            self.tr("Delete the tag “{tag}”?").format(tag=tag),
            self.tr("It is taken off all files. The files themselves stay as they are."),
            self.tr("Delete the tag"),
            destructive=True,
        ):
            self._change(lambda tagger: tagger.delete_tag(tag))

    def _change(self, work: Callable[[TaggerApi], None]) -> None:
        self._context.ask_tagger(work, self._changed)

    def _changed(self, _answer: object) -> None:
        self._context.decided.emit()

    def _decided(self) -> None:
        if self.isVisible():
            self.reload()
