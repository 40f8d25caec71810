"""The vocabulary editor: which words may be proposed, and the sentences that say what each of them looks like."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from ui.runtime.context import Context
from ui.runtime.tagger_api import LabelEntry, TaggerApi
from ui.widgets.controls import button, label

ENTRY_ROLE = int(Qt.ItemDataRole.UserRole)


class VocabularyEditor(QWidget):
    """Entries on the left with a tick each, the chosen one on the right.

    Attributes:
        list, name, group, descriptions: the controls.
    """

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._saved = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 16)
        row.setSpacing(24)
        left = QVBoxLayout()
        self.search = QLineEdit()
        self.search.setObjectName("vocabularySearch")
        self.search.setPlaceholderText(self.tr("Find a tag"))
        self.search.setAccessibleName(self.tr("Find a tag"))
        self.search.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setObjectName("vocabularyList")
        self.list.setAccessibleName(self.tr("Vocabulary"))
        self.list.currentItemChanged.connect(self._chosen)
        self.list.itemChanged.connect(self._ticked)
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        left.addWidget(button(self.tr("New tag"), self._new, icon="plus", name="newLabel"))
        holder = QWidget()
        holder.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        holder.setFixedWidth(260)
        row.addWidget(holder)
        row.addLayout(self._form(), 1)

    def _form(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(10)
        form = QFormLayout()
        form.setSpacing(10)
        self.name = QLineEdit()
        self.name.setObjectName("entryName")
        self.name.setAccessibleName(self.tr("Tag"))
        self.group = QLineEdit()
        self.group.setObjectName("entryGroup")
        self.group.setAccessibleName(self.tr("Group"))
        self.descriptions = QPlainTextEdit()
        self.descriptions.setObjectName("entryDescriptions")
        self.descriptions.setAccessibleName(self.tr("Descriptions"))
        self.descriptions.setTabChangesFocus(True)
        self.descriptions.setPlaceholderText(self.tr("a photo of a crowd in a stadium"))
        form.addRow(self.tr("Tag"), self.name)
        form.addRow(self.tr("Group"), self.group)
        form.addRow(self.tr("Descriptions"), self.descriptions)
        column.addLayout(form)
        hint = self.tr(
            "Write two to four short sentences, one per line, that describe a picture that should get the tag. "
            "They are what pictures are compared with."
        )
        column.addWidget(label(hint, "small", wrap=True))
        row = QHBoxLayout()
        row.addStretch(1)
        self.remove = button(self.tr("Remove"), self._remove, icon="trash", name="entryRemove")
        self.save = button(self.tr("Save"), self._save, role="primary", name="entrySave")
        row.addWidget(self.remove)
        row.addWidget(self.save)
        column.addLayout(row)
        column.addStretch(1)
        return column

    def reload(self) -> None:
        self._context.ask_tagger(lambda tagger: tagger.vocabulary(), self.show_entries, topic="vocabulary")

    def show_entries(self, entries: Sequence[LabelEntry]) -> None:
        """List the entries, the chosen one kept."""
        current = self.list.currentItem()
        name = self._saved or (current.text() if current is not None else "")
        self._saved = ""
        self.list.blockSignals(True)
        self.list.clear()
        for entry in sorted(entries, key=lambda one: (one.group, one.label)):
            item = QListWidgetItem(entry.label)
            item.setSizeHint(QSize(0, 32))
            item.setData(ENTRY_ROLE, entry)
            item.setToolTip(entry.group)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if entry.enabled else Qt.CheckState.Unchecked)
            self.list.addItem(item)
            if entry.label.casefold() == name.casefold():
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        if self.list.currentItem() is None and self.list.count():
            self.list.setCurrentRow(0)
        self._chosen(self.list.currentItem(), None)
        self._filter(self.search.text())

    def _filter(self, text: str) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(text.lower() not in item.text().lower())
        current = self.list.currentItem()
        if current is not None and current.isHidden():
            # The form never shows a label that is not in the list.
            shown = [row for row in range(self.list.count()) if not self.list.item(row).isHidden()]
            self.list.setCurrentRow(shown[0] if shown else -1)

    def _chosen(self, item: QListWidgetItem | None, _before: object) -> None:
        entry: LabelEntry | None = item.data(ENTRY_ROLE) if item is not None else None
        self.name.setText(entry.label if entry is not None else "")
        self.group.setText(entry.group if entry is not None else "")
        self.descriptions.setPlainText("\n".join(entry.descriptions) if entry is not None else "")
        self.remove.setEnabled(entry is not None)

    def _ticked(self, item: QListWidgetItem) -> None:
        entry: LabelEntry = item.data(ENTRY_ROLE)
        enabled = item.checkState() == Qt.CheckState.Checked
        if enabled != entry.enabled:
            self._change(entry.label, entry.group, list(entry.descriptions), enabled)

    def _new(self) -> None:
        self.list.setCurrentRow(-1)
        self._chosen(None, None)
        self.group.setText(self.tr("My tags"))
        self.name.setFocus()

    def _save(self) -> None:
        name = self.name.text().strip()
        if not name:
            self.name.setFocus()
            return
        lines = [line.strip() for line in self.descriptions.toPlainText().splitlines() if line.strip()]
        self._saved = name
        self.search.clear()
        self._change(name, self.group.text().strip(), lines, True)
        self._context.notice.emit(
            self.tr("“{label}” is saved; it is proposed as the files are looked through again.").format(label=name)
        )

    def _change(self, name: str, group: str, lines: list[str], enabled: bool) -> None:
        def work(tagger: TaggerApi) -> Sequence[LabelEntry]:
            tagger.change_entry(name, group=group, descriptions=lines, enabled=enabled)
            return tagger.vocabulary()

        self._context.ask_tagger(work, self._changed)

    def _remove(self) -> None:
        item: QListWidgetItem | None = self.list.currentItem()
        if item is None:
            return
        name = item.text()

        def work(tagger: TaggerApi) -> Sequence[LabelEntry]:
            tagger.remove_entry(name)
            return tagger.vocabulary()

        self._context.ask_tagger(work, self._changed)

    def _changed(self, entries: Sequence[LabelEntry]) -> None:
        self.show_entries(entries)
        self._context.decided.emit()
        self._context.vocabulary_changed.emit()
