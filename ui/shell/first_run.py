"""The first minute: what this is, which folders, which model. Three calm steps on one page."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QProcess, QStandardPaths, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import UserError
from app.core.records import Kind
from ui.i18n.plurals import Counted
from ui.models.model_list import ModelList
from ui.runtime.context import Context
from ui.widgets.controls import IconLabel, Illustration, button, card, label, scroll_page

COUNT_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class FolderCount:
    """What a folder holds; `complete` is False when counting was cut short."""

    path: str
    photos: int
    documents: int
    complete: bool


def count_files(path: str, *, seconds: float = COUNT_SECONDS) -> FolderCount:
    """Count photos and documents by name, for a few seconds at most; off the GUI thread."""
    from app.files.types import kind_of

    end, counts = time.monotonic() + seconds, {Kind.PHOTO: 0, Kind.DOCUMENT: 0}
    for name in _names(path):
        kind = kind_of(name)
        if kind is not None:
            counts[kind] += 1
        if time.monotonic() > end:
            return FolderCount(path, counts[Kind.PHOTO], counts[Kind.DOCUMENT], False)
    return FolderCount(path, counts[Kind.PHOTO], counts[Kind.DOCUMENT], True)


def _names(path: str) -> Iterator[str]:
    for _, folders, files in os.walk(path, followlinks=False):
        folders[:] = [folder for folder in folders if not folder.startswith(".")]
        yield from (name for name in files if not name.startswith("."))


def suggested_folders() -> list[str]:
    """The person's Pictures and Documents, where they exist."""
    where = QStandardPaths.StandardLocation
    found = []
    for location in (where.PicturesLocation, where.DocumentsLocation):
        path = QStandardPaths.writableLocation(location)
        # Without such a folder Qt answers the home folder, which nobody wants to search as a whole.
        if path and Path(path).is_dir() and Path(path) != Path.home():
            found.append(path)
    return found


def count_text(counted: FolderCount) -> str:
    """The count in words."""
    photos, documents = Counted().photos(counted.photos), Counted().documents(counted.documents)
    # A folder of photos is not said to hold no documents.
    told = [text for number, text in ((counted.photos, photos), (counted.documents, documents)) if number]
    text = " · ".join(told or [photos, documents])
    return (
        text if counted.complete else QCoreApplication.translate("FirstRun", "more than {counts}").format(counts=text)
    )


class FirstRun(QWidget):
    """The page.

    Attributes:
        models: the list of models.

    Signals:
        finished(): folders are chosen; go on.
    """

    finished = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._context = context
        self._boxes: dict[str, QCheckBox] = {}
        self._counts: dict[str, QWidget] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area, column = scroll_page(680)
        outer.addWidget(area)
        self._greet(column)
        column.addSpacing(8)
        column.addWidget(self._privacy())
        column.addWidget(self._folders())
        column.addWidget(self._model())
        outer.addWidget(self._foot())
        for path in suggested_folders():
            self.add(path)
        self._update()

    def _greet(self, column: QVBoxLayout) -> None:
        """What this is, in a picture and two sentences."""
        column.addWidget(Illustration("welcome", 132), 0, Qt.AlignmentFlag.AlignHCenter)
        title = label(self.tr("Find your files by what they mean"), "title", wrap=True)
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(title)
        lead = label(
            self.tr(
                "Type “dog on a beach”, or drop a picture. Semblance looks at what your files show and say, "
                "not only at their names."
            ),
            "lead",
            wrap=True,
        )
        lead.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(lead)

    def _foot(self) -> QFrame:
        """The button; a line above it says that the page goes on where it is cut."""
        foot = QFrame()
        foot.setObjectName("firstRunFoot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 12, 0, 16)
        row.addStretch(1)
        self.start = button(self.tr("Start"), self._start, role="primary", name="firstRunStart")
        self.start.setMinimumWidth(160)
        row.addWidget(self.start)
        demo = button(self.tr("Try it with sample files"), self._try_samples, role="link", name="firstRunDemo")
        row.addWidget(demo)
        row.addStretch(1)
        return foot

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.start.setFocus()

    def _step(self, number: int, title: str) -> tuple[QFrame, QVBoxLayout]:
        made, column = card(margins=20, spacing=10)
        row = QHBoxLayout()
        row.setSpacing(12)
        sign = label(str(number), "step")
        sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        sign.setFixedSize(28, 28)
        row.addWidget(sign)
        row.addWidget(label(title, "heading"))
        row.addStretch(1)
        column.addLayout(row)
        return made, column

    def _privacy(self) -> QFrame:
        made, column = self._step(1, self.tr("Everything stays on this computer"))
        row = QHBoxLayout()
        row.setSpacing(12)
        sign = IconLabel("shield", 28, "accent")
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(
            label(
                self.tr(
                    "Your files are never changed or moved unless you ask for it, and nothing leaves this computer. "
                    "The network is used for one thing only, downloading a model, and only when you say so."
                ),
                wrap=True,
            ),
            1,
        )
        column.addLayout(row)
        return made

    def _folders(self) -> QFrame:
        made, column = self._step(2, self.tr("Which folders should Semblance search?"))
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        column.addLayout(self._list)
        self._none = label(self.tr("No folder yet: add one that holds photos or documents."), "muted", wrap=True)
        column.addWidget(self._none)
        row = QHBoxLayout()
        row.addWidget(button(self.tr("Add folder…"), self._ask_folder, icon="plus", name="firstRunAdd"))
        row.addStretch(1)
        column.addLayout(row)
        return made

    def _model(self) -> QFrame:
        made, column = self._step(3, self.tr("Which model?"))
        column.addWidget(
            label(
                self.tr(
                    "The starter works at once. A better one can be fetched now or later; searching goes on meanwhile."
                ),
                "muted",
                wrap=True,
            )
        )
        self.models = ModelList(self._context, shown=3)
        column.addWidget(self.models)
        return made

    def add(self, path: str) -> None:
        """Offer a folder, chosen, with its count."""
        if path in self._boxes:
            return
        row = QHBoxLayout()
        box = QCheckBox(Path(path).name or path)
        box.setObjectName("firstRunFolder")
        box.setChecked(True)
        box.setToolTip(path)
        box.setAccessibleName(path)
        box.toggled.connect(self._update)
        counted = label(self.tr("counting…"), "muted")
        row.addWidget(box)
        row.addStretch(1)
        row.addWidget(counted)
        self._list.addLayout(row)
        self._boxes[path], self._counts[path] = box, counted
        self._context.tasks.submit(lambda: count_files(path), self._counted)
        self._update()

    def _counted(self, counted: FolderCount) -> None:
        shown = self._counts.get(counted.path)
        if shown is not None:
            shown.setText(count_text(counted))  # type: ignore[attr-defined]

    def chosen(self) -> tuple[str, ...]:
        return tuple(path for path, box in self._boxes.items() if box.isChecked())

    def _update(self) -> None:
        self._none.setVisible(not self._boxes)
        self.start.setText(self.tr("Start") if self.chosen() else self.tr("Start without folders"))
        self.start.setAccessibleName(self.start.text())

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Add folder"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.add)
        dialog.open()

    def _try_samples(self) -> None:
        """The demo is another process with a home of its own: leaving it takes everything away."""
        if not QProcess.startDetached(sys.executable, ["-m", "app", "demo"])[0]:
            self._context.problem.emit(
                UserError(self.tr("The demo could not be started."), self.tr("Run “semblance demo” in a terminal."))
            )

    def _start(self) -> None:
        from ui.folders.page import with_folder

        folders: tuple[str, ...] = self._context.settings.folders
        for path in self.chosen():
            folders = with_folder(folders, path)
        self._context.change(folders=folders)
        self.finished.emit()
