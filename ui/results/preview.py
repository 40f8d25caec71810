"""One result, large, over the whole window: zoom, pan, next, previous, pages, and cutting out a piece to search for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPropertyAnimation, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QImage, QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.core.records import Kind
from app.query.queries import Hit, ImagePart
from ui.results.canvas import crop_as_jpeg
from ui.results.image_loader import LARGEST, Original
from ui.results.model import name_of
from ui.results.preview_loader import HitSource, PreviewLoader
from ui.results.preview_pane import PreviewPane, fade_in
from ui.runtime.context import Context
from ui.widgets.controls import button, label, tool
from ui.widgets.texts import ElidedLabel

WHITE = "#ffffff"


class Preview(QWidget):
    """The overlay.

    Attributes:
        source: the files to leaf through.
        row: the row shown; pane: what of it is shown; canvas: the picture in the pane.

    Signals:
        moved(int): another row is shown; closed(); opened(list), trashed(list): open these hits, or throw them away.
        cutout_wanted(ImagePart, bytes): search for a piece, with its small picture.
    """

    moved = Signal(int)
    closed = Signal()
    opened = Signal(list)
    trashed = Signal(list)
    cutout_wanted = Signal(object, bytes)

    def __init__(self, context: Context, source: HitSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("preview")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Preview"))
        self.source = source
        self._loader = PreviewLoader(context, self)
        self._loader.small_ready.connect(self._take_small)
        self._loader.ready.connect(self._take)
        self._loader.text_ready.connect(self._show_text)
        self._loader.failed.connect(self._say_text)
        self.row, self._page = -1, 1
        self._hit: Hit | None = None
        self._pages, self._sharpness = 1, 0
        self.pane = PreviewPane()
        self.canvas = self.pane.canvas
        self.canvas.scaled.connect(self._scaled)
        self.canvas.selected.connect(self._selection_changed)
        self._lay_out()
        self._fade = QPropertyAnimation(self)
        self.hide()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(8)
        self._name = ElidedLabel(name="previewName")
        self._name.setStyleSheet("color: white; font-weight: 600;")
        self._place = label("", name="previewPlace")
        self._place.setStyleSheet("color: rgba(255, 255, 255, 170);")
        top.addWidget(self._name)
        top.addWidget(self._place)
        top.addStretch(1)
        self._search_piece = button(
            self.tr("Search for this piece"), self._cut_out, role="primary", name="cutSearchButton"
        )
        top.addWidget(self._search_piece)
        self._cut = self._tool("crop", self.tr("Cut out a piece to search for (C)"), None, "cutButton")
        self._cut.setCheckable(True)
        self._cut.toggled.connect(self.canvas.set_cutting)
        self._zooms: list[QToolButton] = []
        for icon, text, slot, name in (
            ("zoom-out", self.tr("Smaller (-)"), lambda: self.canvas.zoom(0.8), "zoomOutButton"),
            ("fit", self.tr("Fit (0)"), self.canvas.fit, "fitButton"),
            ("zoom-in", self.tr("Larger (+)"), lambda: self.canvas.zoom(1.25), "zoomInButton"),
            ("open", self.tr("Open (Enter)"), self._open, "previewOpenButton"),
            ("close", self.tr("Close (Esc)"), self.hide, "previewCloseButton"),
        ):
            if icon == "open":
                top.addWidget(self._cut)
            made = self._tool(icon, text, slot, name)
            top.addWidget(made)
            if icon in ("zoom-out", "fit", "zoom-in"):
                self._zooms.append(made)
        column.addLayout(top)
        column.addLayout(self._middle(), 1)
        column.addLayout(self._bottom())
        self._search_piece.hide()

    def _middle(self) -> QHBoxLayout:
        middle = QHBoxLayout()
        middle.setSpacing(12)
        self._previous = self._tool("left", self.tr("Previous (left arrow)"), lambda: self.step(-1), "previousButton")
        self._next = self._tool("right", self.tr("Next (right arrow)"), lambda: self.step(1), "nextButton")
        middle.addWidget(self._previous)
        middle.addWidget(self.pane, 1)
        middle.addWidget(self._next)
        return middle

    def _bottom(self) -> QHBoxLayout:
        bottom = QHBoxLayout()
        self._text = label("", wrap=True, name="previewText")
        self._text.setStyleSheet("color: rgba(255, 255, 255, 215);")
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._page_back = self._tool(
            "left", self.tr("Previous page (Page Up)"), lambda: self.turn(-1), "pageBackButton"
        )
        self._page_label = label("", name="pageLabel")
        self._page_label.setStyleSheet("color: white;")
        self._page_on = self._tool("right", self.tr("Next page (Page Down)"), lambda: self.turn(1), "pageOnButton")
        bottom.addStretch(1)
        bottom.addWidget(self._text, 6)
        for widget in (self._page_back, self._page_label, self._page_on):
            bottom.addWidget(widget)
        bottom.addStretch(1)
        return bottom

    def _tool(self, icon: str, text: str, slot: Callable[[], object] | None, name: str) -> QToolButton:
        return tool(icon, text, slot, name=name, role="overlay", colour=WHITE)

    # ---- what is shown

    def show_row(self, row: int) -> None:
        """Show a row of the results."""
        hit = self.source.hit(row)
        if hit is None or not 0 <= row < self.source.total:
            return
        self.row, self._hit = row, hit
        self._page, self._pages, self._sharpness = hit.page or 1, hit.page or 1, 0
        self._cut.setChecked(False)
        self._show_view(self.canvas)
        self._name.setText(hit.title or name_of(hit.path))
        place = self.tr("{row} of {total}").format(
            row=self.locale().toString(row + 1), total=self.locale().toString(self.source.total)
        )
        self._place.setText(place)
        self._say_text("")
        self.canvas.show_picture(QPixmap())
        self._show_pages()
        self._previous.setEnabled(row > 0)
        self._next.setEnabled(row + 1 < self.source.total)
        self._loader.load_small(hit)
        self._ask(max(self.width(), self.height(), 800))
        if self.isHidden():
            self._fade = fade_in(self)
        self.raise_()
        self.setFocus()

    def _show_view(self, view: QWidget) -> None:
        """The picture or the text, with the controls that it has."""
        self.pane.setCurrentWidget(view)
        for zoom in self._zooms:
            zoom.setVisible(not self.pane.reading)
        self._cut.setVisible(not self.pane.reading and self._hit is not None and self._hit.kind is Kind.PHOTO)

    def _show_text(self, text: str) -> None:
        hit = self._hit
        if hit is None or not text.strip():
            self._say_text(self.tr("There is no text in it that could be shown."))
            return
        self._show_view(self.pane.sheet)
        self.pane.sheet.show_text(text, hit.snippet or "")

    def step(self, by: int) -> None:
        """Next or previous result."""
        row = self.row + by
        if 0 <= row < self.source.total and self.source.hit(row) is not None:
            self.show_row(row)
            self.moved.emit(row)

    def turn(self, by: int) -> None:
        """Next or previous page of a document."""
        page = self._page + by
        if self._hit is not None and self._hit.kind is Kind.DOCUMENT and 1 <= page <= self._pages:
            self._page, self._sharpness = page, 0
            self._show_pages()
            self._ask(max(self.width(), self.height(), 800))

    def _show_pages(self) -> None:
        document = self._hit is not None and self._hit.kind is Kind.DOCUMENT and self._pages > 1
        self._page_label.setText(self.tr("Page {page} of {pages}").format(page=self._page, pages=self._pages))
        for widget in (self._page_back, self._page_label, self._page_on):
            widget.setVisible(document)
        self._page_back.setEnabled(self._page > 1)
        self._page_on.setEnabled(self._page < self._pages)

    def _take_small(self, image: QImage) -> None:
        if self._sharpness == 0 and not image.isNull():
            self.canvas.show_picture(image)

    def _ask(self, side: int) -> None:
        if self._hit is not None:
            self._loader.load(self._hit, self._page, min(round(side * self.devicePixelRatioF()), LARGEST))

    def _take(self, side: int, original: Original) -> None:
        if original.text:
            self._show_text(original.text)
        if original.image.isNull():
            return
        self.canvas.show_picture(original.image, original.marks, keep=self._sharpness > 0)
        self._sharpness = side
        self._pages = max(self._pages, original.pages)
        self._show_pages()

    def _say_text(self, text: str) -> None:
        self._text.setText(text)
        self._text.setVisible(bool(text))

    def _scaled(self, scale: float) -> None:
        if scale > 1.2 and 0 < self._sharpness < LARGEST:
            self._ask(LARGEST)

    # ---- cutting out

    def _selection_changed(self) -> None:
        self._search_piece.setVisible(self.canvas.selection is not None)

    def _cut_out(self) -> None:
        chosen, hit = self.canvas.selection, self._hit
        if chosen is None or hit is None:
            return
        crop = (chosen.left(), chosen.top(), chosen.right(), chosen.bottom())
        small = crop_as_jpeg(self.canvas.picture(), chosen)
        self.hide()
        self.cutout_wanted.emit(ImagePart(path=hit.path, crop=crop), small)

    # ---- events

    def _toggle_full_screen(self) -> None:
        """The window takes the whole screen while the preview is open, or no longer."""
        window = self.window()
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _throw_away(self) -> None:
        if self._hit is not None:
            self.trashed.emit([self._hit])

    def _open(self) -> None:
        if self._hit is not None:
            self.opened.emit([self._hit])

    def hideEvent(self, event: QHideEvent) -> None:
        self._loader.forget()
        if self.window().isFullScreen():
            self._toggle_full_screen()
        self._fade.stop()
        self.setGraphicsEffect(None)  # type: ignore[arg-type]
        self.closed.emit()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        QPainter(self).fillRect(self.rect(), QColor(18, 18, 21))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.pane.read_on(Qt.Key(key)):
            return
        keys: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Escape: self.hide,
            Qt.Key.Key_Space: self.hide,
            Qt.Key.Key_Left: lambda: self.step(-1),
            Qt.Key.Key_Up: lambda: self.step(-1),
            Qt.Key.Key_Right: lambda: self.step(1),
            Qt.Key.Key_Down: lambda: self.step(1),
            Qt.Key.Key_PageUp: lambda: self.turn(-1),
            Qt.Key.Key_PageDown: lambda: self.turn(1),
            Qt.Key.Key_Plus: lambda: self.canvas.zoom(1.25),
            Qt.Key.Key_Equal: lambda: self.canvas.zoom(1.25),
            Qt.Key.Key_Minus: lambda: self.canvas.zoom(0.8),
            Qt.Key.Key_0: self.canvas.fit,
            Qt.Key.Key_C: lambda: self._cut.setChecked(not self._cut.isChecked()),
            Qt.Key.Key_F: self._toggle_full_screen,
            Qt.Key.Key_F11: self._toggle_full_screen,
            Qt.Key.Key_Delete: self._throw_away,
        }
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._cut_out() if self.canvas.selection is not None else self._open()
        elif (slot := keys.get(Qt.Key(key))) is not None:
            slot()
        else:
            super().keyPressEvent(event)
