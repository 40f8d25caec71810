"""The indexer's state in words and in a corner of the side bar."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QLocale, QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.core.indexer_protocol import Progress
from ui.i18n.plurals import Counted
from ui.widgets.controls import label, tool


def duration(seconds: float) -> str:
    """Time left, in the one unit that says it best."""
    translate = QCoreApplication.translate
    if seconds < 90:
        return translate("Status", "about a minute left") if seconds > 20 else translate("Status", "a few seconds left")
    minutes = round(seconds / 60)
    if minutes < 90:
        return Counted().minutes_left(minutes)
    return Counted().hours_left(round(minutes / 60))


def headline(progress: Progress) -> str:
    """The state in two or three words."""
    translate = QCoreApplication.translate
    return {
        "starting": translate("Status", "Getting ready"),
        "scanning": translate("Status", "Checking for changes"),
        "indexing": translate("Status", "Indexing"),
        "idle": translate("Status", "Up to date"),
        "paused": translate("Status", "Paused"),
        "battery": translate("Status", "Waiting for mains power"),
        "no model": translate("Status", "No model yet"),
        "stopping": translate("Status", "Stopping"),
        "restarting": translate("Status", "The indexer stopped; starting it again"),
        "elsewhere": translate("Status", "Another Semblance is indexing"),
        "off": translate("Status", "Not watching"),
    }.get(progress.state, progress.state)


def detail(progress: Progress, *, rate: bool = True) -> str:
    """Counts, rate where there is room for it, and time left, as far as they are known."""
    translate, locale = QCoreApplication.translate, QLocale()
    if progress.state == "paused" and progress.paused_until:
        until = datetime.fromtimestamp(progress.paused_until).strftime("%H:%M")
        return translate("Status", "until {time}").format(time=until)
    if progress.state not in ("indexing", "scanning", "paused", "battery") or not progress.total:
        return ""
    words = [translate("Status", "{done} of {total}").format(
        done=locale.toString(progress.done), total=locale.toString(progress.total)
    )]  # fmt: skip
    if progress.state == "indexing":
        if rate and progress.rate >= 0.1:
            number = locale.toString(float(progress.rate), "f", 0 if progress.rate >= 10 else 1)
            words.append(translate("Status", "{rate} per second").format(rate=number))
        if progress.eta_s is not None:
            words.append(duration(progress.eta_s))
    return " · ".join(words)


class StatusCorner(QFrame):
    """What the indexer does, with a bar, and a button to pause.

    Signals:
        pause_requested(); resume_requested().
    """

    pause_requested = Signal()
    resume_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusCorner")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 6, 8)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(4)
        self.headline = label("", "strong", wrap=True, name="statusHeadline")
        self._button = tool("pause", self.tr("Pause indexing"), self._toggle, name="pauseButton")
        self._button.setIconSize(QSize(16, 16))
        row.addWidget(self.headline, 1)
        row.addWidget(self._button)
        self.bar = QProgressBar()
        self.bar.setObjectName("statusBar")
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Indexing progress"))
        self.detail = label("", "small", wrap=True, name="statusDetail")
        column.addLayout(row)
        column.addWidget(self.bar)
        column.addWidget(self.detail)
        self._paused = False
        self.show_progress(Progress("starting"))

    def show_progress(self, progress: Progress) -> None:
        from ui.style import icons

        self._paused = progress.state == "paused"
        self.headline.setText(headline(progress))
        text = detail(progress, rate=False).replace(" · ", "\n")  # the corner is narrow
        self.detail.setText(text)
        self.detail.setVisible(bool(text))
        moving = progress.state in ("indexing", "scanning", "paused", "battery") and progress.total > 0
        self.bar.setVisible(moving and progress.done < progress.total)
        self.bar.setMaximum(max(1, progress.total))
        self.bar.setValue(progress.done)
        name = self.tr("Resume indexing") if self._paused else self.tr("Pause indexing")
        self._button.setIcon(icons.icon("play" if self._paused else "pause"))
        self._button.setAccessibleName(name)
        self._button.setToolTip(name)
        self._button.setVisible(progress.state not in ("off", "restarting", "starting", "stopping", "elsewhere"))

    def _toggle(self) -> None:
        (self.resume_requested if self._paused else self.pause_requested).emit()
