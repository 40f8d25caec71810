"""Fetching or preparing a model, in a child process that outlives the page it was started from."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, Signal

from app.core.errors import NoConnection, UserError


class ModelFetch(QObject):
    """One download or preparation, in a child process.

    Attributes:
        name: the model it is, or was last, about; error: why the last one failed, None while it runs or is done.

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
        self.error: UserError | None = None

    @property
    def running(self) -> bool:
        return self._process is not None

    def start(self, verb: str, name: str, *, file: str = "", architecture: str = "") -> None:
        """Begin to `download` a model, or to `use` an installed one, or the one in a checkpoint `file`."""
        if self.running:
            return
        self.name, self.error, self._outcome, self._done = name, None, None, False
        process = QProcess(self)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._failed)
        self._process = process
        process.start(sys.executable, [*self._arguments, verb, file or name, *filter(None, [architecture])])

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
                self._outcome = self._error(str(said.get("kind")), str(said.get("what")), str(said.get("remedy", "")))
            elif said.get("done"):
                self._done = True
            else:
                self.progressed.emit(str(said.get("what", "")), float(said.get("share", 0)))

    def _error(self, kind: str, what: str, remedy: str) -> UserError:
        if kind == NoConnection.__name__:
            # The command line says how to do without a network; here there is a button for it.
            return NoConnection(what, self.tr("Check the network and try again, or use a file from another computer."))
        return UserError(what, remedy)

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
        self.error = self._outcome
        self.ended.emit(self._outcome)
