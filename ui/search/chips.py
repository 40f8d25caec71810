"""Chips: the parts and filters of a query as small things that can be seen, weighed and taken away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from app.core.paths import for_display
from app.core.records import Kind
from app.query.filter_edits import set_values, without
from app.query.filters import FILTERS, Field, ValueType
from app.query.queries import Filters, ImagePart, QueryPart, TextPart
from ui.i18n.places import around
from ui.style import icons
from ui.widgets.controls import IconLabel, data_size

SIDE = 28


def rounded(data: bytes, side: int = SIDE, radius: float = 6) -> QPixmap:
    """A small square picture with round corners out of JPEG bytes."""
    source = QPixmap()
    source.loadFromData(data)
    made = QPixmap(side * 2, side * 2)
    made.setDevicePixelRatio(2)
    made.fill(Qt.GlobalColor.transparent)
    if source.isNull():
        return made
    scaled = source.scaled(
        side * 2,
        side * 2,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    scaled.setDevicePixelRatio(2)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(0, 0, side, side, radius, radius)
    painter.setClipPath(path)
    painter.drawPixmap(QPoint((side - scaled.width() // 2) // 2, (side - scaled.height() // 2) // 2), scaled)
    painter.end()
    return made


def chips_of(filters: Filters) -> list[tuple[Field, object, str]]:
    """(field, value, what its chip says) for every filter that is set; of tags, folders and formats one each."""
    return [(field, value, _said(field, value)) for field, value in set_values(filters)]


def _said(field: Field, value: Any) -> str:
    write = _WRITTEN.get(field.type)
    return QCoreApplication.translate("Filters", field.chip).format(value=write(value) if write else str(value))


def _kind_name(kind: Kind) -> str:
    return QCoreApplication.translate("Filters", "Photos" if kind is Kind.PHOTO else "Documents")


def _folder_name(folder: str) -> str:
    return PurePosixPath(for_display(folder)).name or folder


def _day(moment: datetime) -> str:
    short: str = QLocale().toString(moment.date(), QLocale.FormatType.ShortFormat)  # type: ignore[call-overload]
    return short


_WRITTEN: Mapping[ValueType, Callable[[Any], str]] = {
    ValueType.KIND: _kind_name,
    ValueType.FOLDER: _folder_name,
    ValueType.MOMENT: _day,
    ValueType.CIRCLE: around,
    ValueType.BYTES: data_size,
}
_ICONS = {field.name: row.icon for row in FILTERS for field in row.fields}


class Chip(QFrame):
    """One small thing with a cross.

    Signals:
        removed(Chip): the cross, Delete or Backspace; edited(Chip): double click or F2.
    """

    removed = Signal(object)
    edited = Signal(object)

    def __init__(self, text: str, picture: QPixmap | QIcon | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chip")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(text or self.tr("Picture"))
        row = QHBoxLayout(self)
        row.setContentsMargins(4 if picture is not None else 10, 2, 4, 2)
        row.setSpacing(6)
        if picture is not None:
            if isinstance(picture, QIcon):
                row.setContentsMargins(8, 2, 4, 2)
                row.addWidget(IconLabel(picture, 18))
            else:
                shown = QLabel()
                shown.setPixmap(picture)
                row.addWidget(shown)
        if text:
            self._label = QLabel(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, 260))
            self._label.setTextFormat(Qt.TextFormat.PlainText)
            row.addWidget(self._label)
        cross = QToolButton()
        cross.setObjectName("chipRemove")
        cross.setIcon(icons.icon("close"))
        cross.setIconSize(QSize(14, 14))
        cross.setFixedSize(20, 20)
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cross.setAccessibleName(self.tr("Remove {name}").format(name=text or self.tr("picture")))
        cross.clicked.connect(self._remove)
        row.addWidget(cross)
        self.setMinimumHeight(SIDE + 6)

    def _remove(self) -> None:
        self.removed.emit(self)

    def menu(self) -> QMenu | None:
        """What a click shows, if anything."""
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self)
        elif event.key() == Qt.Key.Key_F2:
            self.edited.emit(self)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Menu):
            self._open_menu()
        elif event.key() == Qt.Key.Key_Left:
            self.focusPreviousChild()
        elif event.key() == Qt.Key.Key_Right:
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self._open_menu()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        self.edited.emit(self)

    def _open_menu(self) -> None:
        menu = self.menu()
        if menu is not None:
            menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))


class PartChip(Chip):
    """Words or a picture of the query, with a weight; a negative one takes away.

    Signals:
        weighted(PartChip, float): a new weight was chosen.
    """

    weighted = Signal(object, float)

    def __init__(self, part: QueryPart, picture: bytes | None, parent: QWidget | None = None) -> None:
        self.part = part
        text = part.written if isinstance(part, TextPart) else ""
        if part.weight < 0:
            text = f"− {text}".strip()
        if abs(part.weight) != 1:
            text = f"{text}  × {abs(part.weight):g}".strip()
        shown: QPixmap | QIcon | None = None
        if isinstance(part, ImagePart):
            shown = rounded(picture) if picture else icons.icon("crop" if part.crop else "photo", "accent")
        super().__init__(text, shown, parent)
        self.setProperty("minus", part.weight < 0)
        self.setToolTip(self.tr("Click to change its weight, double-click to edit"))

    def menu(self) -> QMenu:
        menu = QMenu(self.window())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        panel = QWidget()
        column = QVBoxLayout(panel)
        column.setContentsMargins(12, 8, 12, 8)
        name = QLabel(self.tr("Weight"))
        name.setProperty("role", "small")
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setObjectName("weightSlider")
        slider.setAccessibleName(self.tr("Weight"))
        slider.setRange(1, 12)
        slider.setValue(round(abs(self.part.weight) * 4))
        slider.setFixedWidth(180)
        slider.sliderReleased.connect(lambda: self._weigh(slider.value()))
        slider.actionTriggered.connect(lambda _action: None if slider.isSliderDown() else self._weigh_soon(slider))
        column.addWidget(name)
        column.addWidget(slider)
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(panel)
        menu.addAction(holder)
        minus = menu.addAction(
            icons.icon("plus" if self.part.weight < 0 else "minus"),
            self.tr("Include") if self.part.weight < 0 else self.tr("Exclude"),
        )
        minus.triggered.connect(self._negate)
        menu.addAction(icons.icon("close"), self.tr("Remove")).triggered.connect(self._remove)
        return menu

    def _weigh_soon(self, slider: QSlider) -> None:
        self._weigh(slider.sliderPosition())

    def _weigh(self, quarters: int) -> None:
        sign = -1 if self.part.weight < 0 else 1
        self.weighted.emit(self, sign * quarters / 4)

    def _negate(self) -> None:
        self.weighted.emit(self, -self.part.weight)


class FilterChip(Chip):
    """A filter that is set: one value of one field."""

    def __init__(self, field: Field, value: object, text: str, parent: QWidget | None = None) -> None:
        self._name, self._value = field.name, value
        super().__init__(text, icons.icon(_ICONS[field.name], "accent"), parent)

    def without(self, filters: Filters) -> Filters:
        """The filters, less this one."""
        return without(filters, self._name, self._value)
