"""The settings, generated from their declaration in `app.core.settings`; a change acts at once."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QSlider,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.core.settings import Setting, Settings, declarations
from ui.models.model_list import ModelList
from ui.runtime.context import Context
from ui.widgets.controls import button, label, scroll_page

SLIDERS = frozenset({"strictness", "thumbnail_size"})


def translated(text: str) -> str:
    """A text of the declaration in the window's language."""
    return QCoreApplication.translate("Settings", text) if text else ""


class SettingsDialog(QDialog):
    """One page per group of the declaration, one control per setting.

    Attributes:
        controls: setting name -> its control, named after it.
    """

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.setObjectName("settingsDialog")
        self.resize(760, 560)
        self._context = context
        self.controls: dict[str, QWidget] = {}
        self._numbers: dict[QWidget, QWidget] = {}
        row = QHBoxLayout()
        row.setSpacing(0)
        self._groups = QListWidget()
        self._groups.setObjectName("settingsGroups")
        self._groups.setAccessibleName(self.tr("Groups"))
        self._groups.setFixedWidth(180)
        self._pages = QStackedWidget()
        self._columns: dict[str, QVBoxLayout] = {}
        for name, setting in declarations().items():
            self._add(name, setting)
        self._columns["Model"].addWidget(label(self.tr("Models"), "strong"))
        self._columns["Model"].addWidget(ModelList(context))
        for column in self._columns.values():
            column.addStretch(1)
        self._groups.currentRowChanged.connect(self._pages.setCurrentIndex)
        self._groups.setCurrentRow(0)
        side = QVBoxLayout()
        side.setContentsMargins(12, 20, 8, 12)
        side.addWidget(self._groups)
        row.addLayout(side)
        row.addWidget(self._pages, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row, 1)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(20, 0, 20, 16)
        file = label(self.tr("Stored in {file}").format(file=context.places.settings_file), "small", wrap=True)
        file.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        bottom.addWidget(file, 1)
        bottom.addWidget(button(self.tr("Close"), self.close, role="primary", name="settingsClose"))
        column.addLayout(bottom)

    def show_group(self, number: int) -> None:
        self._groups.setCurrentRow(number)

    @property
    def group(self) -> int:
        """The number of the group on screen."""
        return self._groups.currentRow()

    def _add(self, name: str, setting: Setting) -> None:
        column = self._columns.get(setting.group)
        if column is None:
            area, column = scroll_page(520)
            column.setSpacing(6)
            column.addWidget(label(translated(setting.group), "title"))
            column.addSpacing(8)
            self._columns[setting.group] = column
            self._pages.addWidget(area)
            item = QListWidgetItem(translated(setting.group))
            item.setSizeHint(QSize(0, 36))
            self._groups.addItem(item)
        control = self._control(name, setting, getattr(self._context.settings, name))
        control.setObjectName(f"setting-{name}")
        control.setAccessibleName(translated(setting.label))
        control.setAccessibleDescription(translated(setting.help))
        self.controls[name] = control
        if isinstance(control, QCheckBox):
            control.setText(translated(setting.label))
            column.addWidget(control)
        else:
            column.addWidget(label(translated(setting.label), "strong"))
            number = self._numbers.get(control)
            row = QHBoxLayout()
            row.addWidget(control)
            if number is not None:
                row.addWidget(number)
            if not isinstance(control, QPlainTextEdit):
                row.addStretch(1)
            column.addLayout(row)
        if setting.help:
            column.addWidget(label(translated(setting.help), "small", wrap=True))
        column.addSpacing(14)

    def _control(self, name: str, setting: Setting, value: Any) -> QWidget:
        default = getattr(Settings(), name)
        if isinstance(default, tuple):
            return self._lines(value)
        if isinstance(default, bool) or default is None:
            return self._check(name, value)
        if setting.choices is not None:
            return self._choices(name, setting, value)
        return self._number(name, setting, int(value))

    def _check(self, name: str, value: bool | None) -> QCheckBox:
        made = QCheckBox()
        if value is None:
            # Not decided yet: a third state that clicking leaves behind.
            made.setCheckState(Qt.CheckState.PartiallyChecked)
        else:
            made.setChecked(value)
        made.clicked.connect(lambda _checked: self._decided(name, made))
        return made

    def _decided(self, name: str, box: QCheckBox) -> None:
        box.setTristate(False)
        self._context.change(**{name: box.isChecked()})

    def _choices(self, name: str, setting: Setting, value: str) -> QComboBox:
        made = QComboBox()
        for key, text in (setting.choices or {}).items():
            made.addItem(translated(text), key)
        made.setCurrentIndex(max(0, made.findData(value)))
        made.setMaximumWidth(280)
        made.view().setMinimumWidth(made.sizeHint().width() + 40)  # the style's padding is not in Qt's measure
        made.activated.connect(lambda _index: self._context.change(**{name: made.currentData()}))
        return made

    def _number(self, name: str, setting: Setting, value: int) -> QWidget:
        made: QSlider | QSpinBox
        made = QSlider(Qt.Orientation.Horizontal) if name in SLIDERS else QSpinBox()
        made.setRange(int(setting.minimum or 0), int(setting.maximum or 0))
        made.setValue(value)
        made.setMaximumWidth(280)
        if isinstance(made, QSlider):
            made.setPageStep(10)
            self._show_value(made)
        made.valueChanged.connect(lambda number: self._context.change(**{name: number}))
        return made

    def _show_value(self, slider: QSlider) -> None:
        """The number at the slider's right end: a bare slider does not say where it stands."""
        number = label(str(slider.value()), "muted")
        number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        number.setMinimumWidth(40)
        slider.valueChanged.connect(number.setNum)
        self._numbers[slider] = number

    def _lines(self, value: tuple[str, ...]) -> QPlainTextEdit:
        made = QPlainTextEdit("\n".join(value))
        made.setFixedHeight(104)
        made.setTabChangesFocus(True)
        made.setPlaceholderText(self.tr("One per line"))
        return made

    def done(self, result: int) -> None:
        self._flush()
        super().done(result)

    def closeEvent(self, event: object) -> None:
        self._flush()
        super().closeEvent(event)  # type: ignore[arg-type]

    def _flush(self) -> None:
        """Lists act when the dialog closes: a path half typed is no folder."""
        for name, control in self.controls.items():
            if isinstance(control, QPlainTextEdit):
                lines = tuple(line.strip() for line in control.toPlainText().splitlines() if line.strip())
                if lines != getattr(self._context.settings, name):
                    self._context.change(**{name: lines})
