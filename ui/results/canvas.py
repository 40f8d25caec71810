"""A picture that can be zoomed, moved and cut out of."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

LARGEST_SCALE = 16.0
Box = tuple[float, float, float, float]


class Canvas(QWidget):
    """Shows one picture fitted, or larger.

    Attributes:
        scale: 1 is fitted; cutting: whether dragging draws a rectangle instead of moving.
        selection: the rectangle drawn, in fractions of the picture, or None.

    Signals:
        scaled(float): the scale changed; selected(): a rectangle was drawn or cleared.
    """

    scaled = Signal(float)
    selected = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self._picture = QPixmap()
        self._marks: Sequence[Box] = ()
        self.scale = 1.0
        self._middle = QPointF(0.5, 0.5)
        self._grabbed: QPointF | None = None
        self.cutting = False
        self.selection: QRectF | None = None
        self._begin = QPointF()
        self._moving = False
        self._rest = QTimer(self, singleShot=True, interval=120)
        self._rest.timeout.connect(self._at_rest)

    def show_picture(self, image: QImage | QPixmap, marks: Sequence[Box] = (), *, keep: bool = False) -> None:
        """Show a picture; with `keep` it is the same one, sharper."""
        self._picture = image if isinstance(image, QPixmap) else QPixmap.fromImage(image)
        self._marks = marks
        if not keep:
            self.selection = None
            self.scale, self._middle = 1.0, QPointF(0.5, 0.5)
            self.scaled.emit(self.scale)
        self.update()

    def picture(self) -> QPixmap:
        return self._picture

    def set_cutting(self, cutting: bool) -> None:
        self.cutting = cutting
        self.selection = None
        self.setCursor(Qt.CursorShape.CrossCursor if cutting else Qt.CursorShape.ArrowCursor)
        self.selected.emit()
        self.update()

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Scale about a point of the widget, or about its middle."""
        scale = min(max(self.scale * factor, 1.0), LARGEST_SCALE)
        if scale == self.scale:
            return
        about = about or QPointF(self.width() / 2, self.height() / 2)
        place = self._to_picture(about)
        self.scale = scale
        area = self._area()
        shift = QPointF(
            about.x() - area.left() - place.x() * area.width(), about.y() - area.top() - place.y() * area.height()
        )
        self._move(shift)
        self.scaled.emit(scale)

    def fit(self) -> None:
        self.scale, self._middle = 1.0, QPointF(0.5, 0.5)
        self.scaled.emit(self.scale)
        self.update()

    def _fitted(self) -> QSizeF:
        size = QSizeF(self._picture.deviceIndependentSize())
        return size.scaled(QSizeF(self.size()), Qt.AspectRatioMode.KeepAspectRatio)

    def _area(self) -> QRectF:
        """Where the whole picture lies, also beyond the widget."""
        size = self._fitted() * self.scale
        left = self.width() / 2 - self._middle.x() * size.width()
        top = self.height() / 2 - self._middle.y() * size.height()
        return QRectF(left, top, size.width(), size.height())

    def _to_picture(self, point: QPointF) -> QPointF:
        area = self._area()
        return QPointF(
            (point.x() - area.left()) / max(1.0, area.width()), (point.y() - area.top()) / max(1.0, area.height())
        )

    def _move(self, shift: QPointF) -> None:
        size = self._fitted() * self.scale
        if size.isEmpty():
            return
        half_x, half_y = self.width() / 2 / size.width(), self.height() / 2 / size.height()
        x = self._middle.x() - shift.x() / size.width()
        y = self._middle.y() - shift.y() / size.height()
        self._middle = QPointF(
            min(max(x, half_x), 1 - half_x) if half_x < 0.5 else 0.5,
            min(max(y, half_y), 1 - half_y) if half_y < 0.5 else 0.5,
        )
        self._moving = True
        self._rest.start()
        self.update()

    def _at_rest(self) -> None:
        self._moving = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self._picture.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Fast while it moves, smooth once it rests: smooth scaling of a large picture takes longer than a frame.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not self._moving)
        area = self._area()
        seen = area.intersected(QRectF(self.rect()))
        ratio_x = self._picture.width() / max(1.0, area.width())
        ratio_y = self._picture.height() / max(1.0, area.height())
        source = QRectF(
            (seen.left() - area.left()) * ratio_x,
            (seen.top() - area.top()) * ratio_y,
            seen.width() * ratio_x,
            seen.height() * ratio_y,
        )
        painter.drawPixmap(seen, self._picture, source)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(255, 205, 64, 90))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        marked = QPainterPath()
        marked.setFillRule(Qt.FillRule.WindingFill)
        for box in self._marks:
            marked.addRoundedRect(_inside(area, box).adjusted(-1, -1, 1, 1), 2, 2)
        painter.drawPath(marked)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        if self.selection is not None:
            self._paint_selection(painter, area)

    def _paint_selection(self, painter: QPainter, area: QRectF) -> None:
        assert self.selection is not None
        chosen = _inside(
            area, (self.selection.left(), self.selection.top(), self.selection.right(), self.selection.bottom())
        )
        dimmed = QPainterPath()
        dimmed.addRect(area)
        hole = QPainterPath()
        hole.addRoundedRect(chosen, 6, 6)
        painter.fillPath(dimmed.subtracted(hole), QColor(0, 0, 0, 140))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor("white"), 2))
        painter.drawRoundedRect(chosen, 6, 6)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._grabbed = event.position()
        if self.cutting:
            self._begin = _clamped(self._to_picture(event.position()))
            self.selection = None
        elif self.scale > 1:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is None:
            return
        if self.cutting:
            self.selection = QRectF(self._begin, _clamped(self._to_picture(event.position()))).normalized()
            self.update()
        elif self.scale > 1:
            shift = event.position() - self._grabbed
            self._grabbed = event.position()
            self._move(shift)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        self._grabbed = None
        self.setCursor(Qt.CursorShape.CrossCursor if self.cutting else Qt.CursorShape.ArrowCursor)
        if self.cutting:
            if self.selection is not None and min(self.selection.width(), self.selection.height()) < 0.02:
                self.selection = None
            self.selected.emit()
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.scale > 1:
            self.fit()
        else:
            self.zoom(3.0, event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(1.0015 ** event.angleDelta().y(), event.position())
        event.accept()


def _inside(area: QRectF, box: Box) -> QRectF:
    left, top, right, bottom = box
    return QRectF(
        area.left() + left * area.width(),
        area.top() + top * area.height(),
        (right - left) * area.width(),
        (bottom - top) * area.height(),
    )


def _clamped(point: QPointF) -> QPointF:
    return QPointF(min(max(point.x(), 0.0), 1.0), min(max(point.y(), 0.0), 1.0))


def crop_as_jpeg(picture: QPixmap, chosen: QRectF) -> bytes:
    """The piece as a small JPEG for its chip."""
    size = picture.size()
    area = QRectF(
        chosen.left() * size.width(), chosen.top() * size.height(),
        chosen.width() * size.width(), chosen.height() * size.height(),
    ).toRect()  # fmt: skip
    small = picture.copy(area).scaled(
        96, 96, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    out = QByteArray()
    buffer = QBuffer(out)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    small.save(buffer, "JPG", 85)
    return bytes(out.data())
