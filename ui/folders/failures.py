"""What could not be read: why, what to do, and trying again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.paths import for_display, from_stored
from app.query.library_api import FailedFile
from ui.i18n.backend_messages import localised
from ui.results.model import name_of
from ui.widgets.controls import button, card, clear_layout, label, tool
from ui.widgets.texts import ElidedLabel

SHOWN = 50


class Failures(QWidget):
    """A card of failed files; nothing at all while there are none.

    Signals:
        retried(list): paths to try again; empty for all. opened(str), shown(str): a stored path, to be opened, or
            shown in its folder.
    """

    retried = Signal(list)
    opened = Signal(str)
    shown = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(16)
        column.addWidget(label(self.tr("Could not be read"), "heading"))
        frame, inside = card(margins=8)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        inside.addLayout(self._rows)
        column.addWidget(frame)
        self._shown: Sequence[FailedFile] | None = None

    def show_files(self, failures: Sequence[FailedFile]) -> None:
        """List them; nothing moves when nothing changed."""
        if failures == self._shown:
            return
        self._shown = failures
        clear_layout(self._rows)
        self.setVisible(bool(failures))
        for failed in failures[:SHOWN]:
            self._rows.addWidget(self._row(failed))
        if not failures:
            return
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(8, 6, 8, 8)
        if len(failures) > SHOWN:
            row.addWidget(label(self.tr("and %Ln more", "", len(failures) - SHOWN), "muted"))
        row.addStretch(1)
        row.addWidget(button(self.tr("Try all again"), partial(self.retried.emit, []), icon="refresh", name="retryAll"))
        self._rows.addWidget(holder)

    def _row(self, failed: FailedFile) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(12)
        text = QVBoxLayout()
        text.setSpacing(0)
        name = ElidedLabel(name_of(failed.path), "strong")
        name.setToolTip(for_display(from_stored(failed.path)))
        text.addWidget(name)
        text.addWidget(label(f"{localised(failed.reason)} {localised(failed.advice)}".strip(), "muted", wrap=True))
        again = button(self.tr("Try again"), partial(self.retried.emit, [failed.path]), name="retryFile")
        again.setAccessibleName(self.tr("Try {name} again").format(name=name_of(failed.path)))
        row.addLayout(text, 1)
        for icon, words, signal, key in (
            ("open", self.tr("Open {name}"), self.opened, "openFile"),
            ("folder", self.tr("Show {name} in its folder"), self.shown, "showFile"),
        ):
            words = words.format(name=name_of(failed.path))
            row.addWidget(tool(icon, words, partial(signal.emit, failed.path), name=key))
        row.addWidget(again)
        return made
