"""What the program proposes, to be confirmed or rejected with a key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.i18n.backend_messages import localised
from ui.runtime.context import Context
from ui.runtime.tagger_api import LabelTotals, TaggerApi, TagProposal
from ui.tagging.proposals import MARGIN, ProposalsModel, ProposalView
from ui.widgets.collapsible_row import CollapsibleRow
from ui.widgets.controls import EmptyState, bind_key, button, label
from ui.widgets.thumbnail_cache import ThumbnailCache

PAGE = 60
AGAIN_MS = 5000
LABELS, LABELS_NARROW, WIDE = 220, 160, 720
LABEL_ROLE = int(Qt.ItemDataRole.UserRole)


class ReviewPane(QWidget):
    """The review queue: labels on the left, what they are proposed for on the right.

    Attributes:
        labels: the list of labels; view: the proposals; model: their model.

    Signals:
        tag_chosen(str): show everything with this tag in the library.
        preview_wanted(list, int): stored paths, and which of them to show large first.
        menu_wanted(list, QPoint): the context menu for these stored paths, at a point of the screen.
        vocabulary_wanted(): there is nothing to review; the vocabulary may be changed.
    """

    tag_chosen = Signal(str)
    preview_wanted = Signal(list, int)
    menu_wanted = Signal(list, QPoint)
    vocabulary_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._label: str | None = None
        self._thumbnails = ThumbnailCache(context.tasks, lambda: context.library, self)
        self.model = ProposalsModel(self)
        # An empty page fills by itself as the indexer tags; one in use stays still under the hand.
        self._look_again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._look_again.timeout.connect(self.reload)
        self._lay_out()
        self._shortcuts()
        context.decided.connect(self._decided_elsewhere)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        self.labels = QListWidget()
        self.labels.setObjectName("labelList")
        self.labels.setAccessibleName(self.tr("Tags"))
        self.labels.setFixedWidth(220)
        self.labels.currentItemChanged.connect(self._label_chosen)
        row.addWidget(self.labels)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self._bar())
        hint = self.tr("Y confirms, N rejects, Ctrl+Z undoes, Space previews. Your files are not changed.")
        self._hint = label(hint, "small", wrap=True)
        self._hint.hide()
        self._show = button(self.tr("Show all"), self._show_all, role="link", name="showTagged")
        self._show.hide()
        under = QHBoxLayout()
        under.setContentsMargins(MARGIN, 0, 0, 0)
        under.addWidget(self._hint, 1)
        under.addWidget(self._show)
        right.addLayout(under)
        self._make_view()
        self._empty = EmptyState()
        self._empty.chosen.connect(lambda _key: self.vocabulary_wanted.emit())
        self._proposals = QStackedWidget()
        self._proposals.addWidget(self.view)
        self._proposals.addWidget(self._empty)
        right.addWidget(self._proposals, 1)
        row.addLayout(right, 1)

    def _make_view(self) -> None:
        self.view = ProposalView(self.model, self._thumbnails)
        self.view.setAccessibleName(self.tr("Proposals"))
        self.view.selectionModel().selectionChanged.connect(self._enable)
        self.view.previewed.connect(self._preview)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._menu)
        self.model.more_wanted.connect(self._ask_more)
        self._thumbnails.arrived.connect(self._repaint)

    def _preview(self, row: int) -> None:
        paths = [self.model.proposal(number).path for number in range(self.model.rowCount())]
        self.preview_wanted.emit(paths, row)

    def _menu(self, place: QPoint) -> None:
        paths = list(dict.fromkeys(proposal.path for proposal in self.chosen()))
        if paths:
            self.menu_wanted.emit(paths, self.view.viewport().mapToGlobal(place))

    def _bar(self) -> QWidget:
        made = CollapsibleRow()
        row = made.row
        # Its title begins where the pictures below begin.
        row.setContentsMargins(MARGIN, 0, 0, 0)
        row.setSpacing(8)
        self._title = label("", "heading", name="tagTitle")
        row.addWidget(self._title)
        row.addStretch(1)
        self.undo = button(self.tr("Undo"), self.undo_last, icon="undo", name="undoButton")
        self.reject = button(self.tr("Reject"), lambda: self._decide("reject"), icon="close", name="rejectButton")
        self.confirm = button(
            self.tr("Confirm"), lambda: self._decide("confirm"), role="primary", icon="check", name="confirmButton"
        )
        for widget in (self.undo, self.reject, self.confirm):
            row.addWidget(widget)
            widget.setVisible(widget is self.undo)  # the rest comes with proposals
        made.fold([self.undo, self.reject, self.confirm])
        return made

    def _shortcuts(self) -> None:
        here = Qt.ShortcutContext.WidgetWithChildrenShortcut
        # Keys act on the tiles only: in the vocabulary editor letters are letters.
        for key in ("Y", "Return", "Enter"):
            bind_key(key, self.view, lambda: self._decide("confirm"), here)
        for key in ("N", "Delete"):
            bind_key(key, self.view, lambda: self._decide("reject"), here)

    # ---- labels

    def reload(self) -> None:
        """Ask for labels and counts anew."""
        self._context.ask_tagger(lambda tagger: tagger.labels(), self._show_labels, topic="labels")

    def _show_labels(self, labels: Sequence[LabelTotals]) -> None:
        waiting = sorted(labels, key=lambda one: (-one.proposed, one.label))
        self.labels.blockSignals(True)
        self.labels.clear()
        total = sum(one.proposed for one in waiting)
        self._add_label(self.tr("All proposals"), None, total, 0)
        for one in waiting:
            self._add_label(one.label, one.label, one.proposed, one.confirmed)
        names = [self.labels.item(row).data(LABEL_ROLE) for row in range(self.labels.count())]
        self.labels.setCurrentRow(names.index(self._label) if self._label in names else 0)
        self.labels.blockSignals(False)
        self._ask_proposals()

    def _add_label(self, text: str, name: str | None, proposed: int, confirmed: int) -> None:
        shown = f"{text}   {proposed}" if proposed else text
        item = QListWidgetItem(shown)
        item.setSizeHint(QSize(0, 34))
        item.setData(LABEL_ROLE, name)
        counts = self.tr("%Ln proposal(s)", "", proposed) + ", " + self.tr("%Ln confirmed", "", confirmed)
        item.setToolTip(counts)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{text}, {counts}")
        self.labels.addItem(item)

    def _label_chosen(self, item: QListWidgetItem | None, _before: object) -> None:
        self._label = item.data(LABEL_ROLE) if item is not None else None
        self._ask_proposals()

    def _ask_proposals(self) -> None:
        wanted = self._label
        self._title.setText(wanted or self.tr("All proposals"))
        self._show.setVisible(wanted is not None)

        def work(tagger: TaggerApi) -> Sequence[TagProposal]:
            return tagger.proposals(wanted, limit=PAGE)

        self._context.ask_tagger(work, self._show_proposals, topic="proposals")

    def _ask_more(self) -> None:
        wanted, offset = self._label, self.model.rowCount()

        def work(tagger: TaggerApi) -> Sequence[TagProposal]:
            return tagger.proposals(wanted, limit=PAGE, offset=offset)

        self._context.ask_tagger(work, self._add_proposals, topic="proposals")

    def _add_proposals(self, proposals: Sequence[TagProposal]) -> None:
        self.model.extend(proposals, more=len(proposals) == PAGE)

    def _show_proposals(self, proposals: Sequence[TagProposal]) -> None:
        row = self.view.currentIndex().row()
        self.model.show(proposals, more=len(proposals) == PAGE)
        if proposals:
            self._look_again.stop()
            self._proposals.setCurrentWidget(self.view)
            chosen = self.model.index(max(0, min(row, len(proposals) - 1)))
            self.view.selectionModel().setCurrentIndex(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        else:
            if self.isVisible() and self._context.has_tagger:
                self._look_again.start()
            self._empty.say(
                "tags",
                self.tr("No proposals"),
                self.tr("New proposals appear as files are indexed and as you change the vocabulary."),
                [("edit", self.tr("Edit vocabulary"))],
            )
            self._proposals.setCurrentWidget(self._empty)
        for widget in (self._hint, self.confirm, self.reject):
            widget.setVisible(bool(proposals))
        self._enable()

    # ---- decisions

    def chosen(self) -> list[TagProposal]:
        rows = sorted(index.row() for index in self.view.selectionModel().selectedIndexes())
        return [self.model.proposal(row) for row in rows]

    def _enable(self) -> None:
        some = self.view.selectionModel().hasSelection()
        self.confirm.setEnabled(some)
        self.reject.setEnabled(some)

    def _decide(self, verb: str) -> None:
        by_label: dict[str, list[str]] = {}
        for proposal in self.chosen():
            by_label.setdefault(proposal.label, []).append(proposal.path)
        if not by_label:
            return

        def work(tagger: TaggerApi) -> None:
            for name, paths in by_label.items():
                (tagger.confirm if verb == "confirm" else tagger.reject)(name, paths)

        # Gone from the screen at once; the answer then brings the counts.
        self.model.remove(self.chosen())
        row = min(self.view.currentIndex().row(), self.model.rowCount(QModelIndex()) - 1)
        if row >= 0:
            chosen = self.model.index(row)
            self.view.selectionModel().setCurrentIndex(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._context.ask_tagger(work, self._after)

    def undo_last(self) -> None:
        """Take the last decision back (Ctrl+Z)."""
        self._context.ask_tagger(lambda tagger: tagger.undo(), self._undone)

    def _undone(self, what: str | None) -> None:
        self._context.notice.emit(localised(what) if what else self.tr("There is nothing to undo."))
        self._after(None)

    def _after(self, _answer: object) -> None:
        self._context.decided.emit()

    def _decided_elsewhere(self) -> None:
        if self.isVisible():
            self.reload()

    def _show_all(self) -> None:
        if self._label is not None:
            self.tag_chosen.emit(self._label)

    def _repaint(self, _keys: list[str]) -> None:
        self.view.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.labels.setFixedWidth(LABELS if self.width() >= WIDE else LABELS_NARROW)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._look_again.stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._context.has_tagger:
            self.reload()
        else:
            self._show_proposals([])
