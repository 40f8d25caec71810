"""Fetching or preparing a model, in a child process that outlives the page it was started from."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, Signal

from app.core.errors import UserError


class ModelFetch(QObject):
    """One download or preparation, in a child process.

    Signals:
        progressed(str, float): what, and how much of it; ended(object): a UserError, or None when it is done.
    """

    progressed = Signal(str, float)
    ended = Signal(object)

    def __init__(
        self, parent: QObject | None = None, *, arguments: Sequence[str] = ("-m", "ui.models.download_process")
    ) -> None:
        super().__init__(parent)
        self._arguments = list(arguments)
        self._process: QProcess | None = None
        self._outcome: UserError | None = None
        self._done = False
        self.name = ""

    @property
    def running(self) -> bool:
        return self._process is not None

    def start(self, verb: str, name: str) -> None:
        if self.running:
            return
        self.name, self._outcome, self._done = name, None, False
        process = QProcess(self)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._failed)
        self._process = process
        process.start(sys.executable, [*self._arguments, verb, name])

    def cancel(self) -> None:
        """Stop it; what has come is kept and the next try goes on from there."""
        process, self._process = self._process, None
        if process is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(1000)
            process.deleteLater()
            self.ended.emit(
                UserError(self.tr("The download was stopped."), self.tr("It goes on where it was next time."))
            )

    def _read(self) -> None:
        while self._process is not None and self._process.canReadLine():
            try:
                said = json.loads(bytes(self._process.readLine().data()))
            except ValueError:
                continue
            if said.get("failed"):
                self._outcome = UserError(str(said.get("what")), str(said.get("remedy", "")))
            elif said.get("done"):
                self._done = True
            else:
                self.progressed.emit(str(said.get("what", "")), float(said.get("share", 0)))

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._finished()

    def _finished(self) -> None:
        self._read()
        process, self._process = self._process, None
        if process is None:
            return
        process.deleteLater()
        if not self._done and self._outcome is None:
            self._outcome = UserError(
                self.tr("Preparing the model stopped unexpectedly."), self.tr("Try again; the log says more.")
            )
        self.ended.emit(self._outcome)
