"""The small search palette: one line, results below, Enter opens. Made for a system shortcut."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QColor, QDesktopServices, QFont, QGuiApplication, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.core.paths import for_display, from_stored
from app.core.records import Kind
from app.query.queries import Hit, Results
from ui.i18n.backend_messages import localised
from ui.results.model import ResultsModel, Role, name_of
from ui.runtime.context import Context
from ui.runtime.model_loader import ModelLoader
from ui.search.controller import SearchController
from ui.style import icons, theme
from ui.widgets.controls import IconLabel, label
from ui.widgets.thumbnail_cache import ThumbnailCache

ROW, SHOWN, WIDTH = 60, 7, 640


class _Rows(QStyledItemDelegate):
    """A result as one line with its small picture."""

    def __init__(self, thumbnails: ThumbnailCache, parent: QObject) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: ARG002
        return QSize(WIDTH, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        hit = index.data(Role.HIT)
        if isinstance(hit, Hit):
            state: QStyle.StateFlag = option.state
            area: QRect = option.rect
            self._draw(painter, area, hit, bool(state & QStyle.StateFlag.State_Selected))

    def _draw(self, painter: QPainter, area: QRect, hit: Hit, selected: bool) -> None:
        tokens = theme.tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.tint))
            painter.drawRoundedRect(area.adjusted(8, 1, -8, -1), 10, 10)
        place = QRect(area.left() + 18, area.top() + 8, 44, 44)
        picture = self._thumbnails.get(hit.thumbnail)
        if picture is not None:
            painter.drawPixmap(place, picture)
        else:
            name = "photo" if hit.kind is Kind.PHOTO else "document"
            painter.drawPixmap(
                place.adjusted(8, 8, -8, -8), icons.pixmap(name, tokens.muted, 28, painter.device().devicePixelRatioF())
            )
        text = area.adjusted(76, 10, -20, -10)
        painter.setFont(theme.font(1, weight=QFont.Weight.Medium))
        painter.setPen(QColor(tokens.text))
        metrics = painter.fontMetrics()
        title = hit.title or name_of(hit.path)
        painter.drawText(
            text, Qt.AlignmentFlag.AlignTop, metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, text.width())
        )
        painter.setFont(theme.font(-1))
        painter.setPen(QColor(tokens.muted))
        below = hit.snippet or for_display(str(PurePosixPath(hit.path).parent))
        shown = painter.fontMetrics().elidedText(" ".join(below.split()), Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignBottom, shown)
        painter.restore()


class Palette(QWidget):
    """The palette.

    Signals:
        window_wanted(str): show the main window with these words; done(): it closed.
    """

    window_wanted = Signal(str)
    done = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(
            None, Qt.WindowType.FramelessWindowHint | Qt.WindowType.Tool | Qt.WindowType.WindowStaysOnTopHint
        )
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setWindowTitle("Semblance")
        self._context = context
        self._closed = False
        self.model = ResultsModel(self)
        self.search = SearchController(context, self.model, self)
        thumbnails = ThumbnailCache(context.tasks, lambda: context.library, self)
        thumbnails.resize(88, 1.0)
        column = self._lay_out(thumbnails)
        self._hint = label(self.tr("Enter opens · Ctrl+Enter shows all in the window · Esc closes"), "small")
        self._hint.setContentsMargins(20, 6, 20, 4)
        column.addWidget(self._hint)
        self.model_loader = ModelLoader(context, self)
        self.model_loader.loaded.connect(self._warm)
        self.search.answered.connect(self._answered)
        self.search.answered.connect(self.model_loader.watch)
        self.search.failed.connect(lambda error: self._hint.setText(localised(str(error))))
        self._fit(0)

    def _lay_out(self, thumbnails: ThumbnailCache) -> QVBoxLayout:
        """The line and the list below it."""
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 12, 12, 12)
        box = QFrame()
        box.setObjectName("palette")
        outer.addWidget(box)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(4)
        top = QHBoxLayout()
        top.setContentsMargins(18, 4, 18, 4)
        top.setSpacing(10)
        glass = IconLabel("search", 24, "accent")
        self.line = QLineEdit()
        self.line.setObjectName("paletteLine")
        self.line.setAccessibleName(self.tr("Search"))
        self.line.setPlaceholderText(self.tr("Find photos and documents"))
        self.line.textEdited.connect(self._typed)
        self.line.installEventFilter(self)
        top.addWidget(glass)
        top.addWidget(self.line)
        column.addLayout(top)
        self.list = QListView()
        self.list.setObjectName("paletteResults")
        self.list.setAccessibleName(self.tr("Results"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(_Rows(thumbnails, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(lambda _index: self._open())
        thumbnails.arrived.connect(lambda _keys: self.list.viewport().update())
        column.addWidget(self.list)
        return column

    def show_centred(self) -> None:
        screen = QGuiApplication.primaryScreen().availableGeometry()
        self.move(screen.center().x() - self.width() // 2, screen.top() + screen.height() // 5)
        self.show()
        self.raise_()
        self.activateWindow()
        self.line.setFocus()
        self.model_loader.load()

    def _warm(self) -> None:
        if self.search.searching:
            self.search.ask()

    def _typed(self) -> None:
        if self.line.text().strip():
            self.search.change(typing=True, text=self.line.text())
        else:
            self._fit(0)

    def _answered(self, results: Results) -> None:
        self._fit(min(SHOWN, results.total) if self.line.text().strip() else 0)
        if results.total:
            self.list.setCurrentIndex(self.model.index(0))

    def _fit(self, rows: int) -> None:
        self.list.setVisible(rows > 0)
        self.list.setFixedHeight(max(1, rows * ROW))
        self._hint.setVisible(rows > 0)
        self.setFixedSize(WIDTH, 24 + 64 + (rows * ROW + 38 if rows else 0))

    def _open(self) -> None:
        hits: Sequence[Hit] = self.model.loaded([self.list.currentIndex().row()]) if self.model.total else []
        for hit in hits:
            QDesktopServices.openUrl(QUrl.fromLocalFile(from_stored(hit.path)))
        if hits:
            self.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            row = self.list.currentIndex().row() + (1 if key == Qt.Key.Key_Down else -1)
            if 0 <= row < self.model.total:
                self.list.setCurrentIndex(self.model.index(row))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.window_wanted.emit(self.line.text())
                self.close()
            else:
                self._open()
            return True
        if key == Qt.Key.Key_Escape:
            self.close()
            return True
        return False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isVisible() and not self.isActiveWindow():
            # Losing the focus closes it, as launchers do; later, since focus may only be passing.
            QTimer.singleShot(200, self._close_if_left)

    def _close_if_left(self) -> None:
        if self.isVisible() and not self.isActiveWindow():
            self.close()

    def hideEvent(self, event: QEvent) -> None:
        super().hideEvent(event)  # type: ignore[arg-type]
        if not self._closed:
            self._closed = True
            self.done.emit()
            self.deleteLater()
