"""The indexer as a supervised child: one JSON object a line over its stdin and stdout.

The end of its stdin tells the child that its parent is gone, so it dies with us even when we are killed. A child
that exits, is killed, or says nothing for too long is noticed and started again, after pauses that grow.
"""

from __future__ import annotations

import logging
import sys
from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from app.core import indexer_protocol
from app.core.indexer_protocol import Command, Committed, FolderState, Notice, Progress, Quit

PAUSES_S = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)
# A former indexer of ours that finishes its commit is gone at the second look; one in a terminal stays.
ELSEWHERE_S = (2.0, 30.0)
STEADY_S = 60.0
SILENCE_S = 180.0
# Preparing a model for this machine says nothing for minutes on a slow one.
START_S = 900.0
LINE_LIMIT = 1 << 20
ALREADY_RUNNING = 3
"""Exit status of an indexer that found another one at work on the same index."""
log = logging.getLogger("indexer")


class IndexerProcess(QObject):
    """Starts, watches and talks to `python -m indexer`.

    Attributes:
        progress: the last state it told, or what we know of it ("off", "restarting", "elsewhere": another Semblance
            is indexing, and ours looks now and then whether it still is).
        folders: the last state it told of each watched folder, by its stored path; empty while it has told none.
        restarts: how often it was started again without having run steadily between.

    Signals:
        progressed(Progress); committed(Committed); folder_changed(FolderState); noticed(Notice).
        ended(str): it stopped unasked; the text says how, for people.
    """

    progressed = Signal(object)
    committed = Signal(object)
    folder_changed = Signal(object)
    noticed = Signal(object)
    ended = Signal(str)

    def __init__(
        self,
        arguments: Sequence[str] = ("-m", "indexer"),
        parent: QObject | None = None,
        *,
        pauses_s: Sequence[float] = PAUSES_S,
        elsewhere_s: Sequence[float] = ELSEWHERE_S,
        silence_s: float = SILENCE_S,
        program: str = sys.executable,
    ) -> None:
        super().__init__(parent)
        self._program, self._arguments = program, list(arguments)
        self._pauses, self._elsewhere_s = pauses_s, elsewhere_s
        self._elsewhere = 0
        self._silence_s = silence_s
        self._process: QProcess | None = None
        self._buffer = b""
        self._wanted = False
        self._unsent: deque[Command] = deque(maxlen=50)
        self.progress = Progress("off")
        self.folders: dict[str, FolderState] = {}
        self.restarts = 0
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._launch)
        self._steady = QTimer(self, singleShot=True, interval=int(STEADY_S * 1000))
        self._steady.timeout.connect(self._calm_down)
        self._silence = QTimer(self, singleShot=True, interval=int(silence_s * 1000))
        self._silence.timeout.connect(self._hung)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.state() is QProcess.ProcessState.Running

    def start(self) -> None:
        """Have it running from now on."""
        if not self._wanted:
            self._wanted = True
            self._launch()

    def send(self, command: Command) -> None:
        """Send a command now, or as soon as it runs."""
        if self.running and self._process is not None:
            self._process.write((indexer_protocol.encode_message(command) + "\n").encode())
        elif self._wanted:
            self._unsent.append(command)

    def stop(self, wait_ms: int = 3000) -> None:
        """Ask it to end, close its stdin, and see that it does."""
        self._wanted, self._elsewhere = False, 0
        for timer in (self._again, self._steady, self._silence):
            timer.stop()
        process, self._process = self._process, None
        if process is None or process.state() is QProcess.ProcessState.NotRunning:
            return
        process.blockSignals(True)
        process.write((indexer_protocol.encode_message(Quit()) + "\n").encode())
        process.closeWriteChannel()
        if not process.waitForFinished(wait_ms):
            process.terminate()
            if not process.waitForFinished(1000):
                process.kill()
                process.waitForFinished(1000)
        self._say(Progress("off"))

    def _launch(self) -> None:
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUNBUFFERED", "1")
        environment.insert("PYTHONIOENCODING", "utf-8")
        # See app.__main__: the window's products are short, the indexer's are long.
        environment.remove("OPENBLAS_NUM_THREADS")
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._log)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._failed)
        process.started.connect(self._started)
        self._process, self._buffer = process, b""
        self.folders.clear()
        if not self._elsewhere:
            self._say(Progress("starting" if not self.restarts else "restarting"))
        process.start(self._program, self._arguments)

    def _started(self) -> None:
        self._steady.start()
        self._silence.start(int(START_S * 1000))
        while self._unsent:
            self.send(self._unsent.popleft())

    def _read(self) -> None:
        if self._process is None:
            return
        self._buffer += bytes(self._process.readAllStandardOutput().data())
        *lines, self._buffer = self._buffer.split(b"\n")
        if len(self._buffer) > LINE_LIMIT:
            self._buffer = b""
        for line in lines:
            if line.strip():
                self._take(line)

    def _take(self, line: bytes) -> None:
        message = indexer_protocol.decode_message(line.decode("utf-8", "replace"))
        if isinstance(message, Progress):
            self._take_progress(message)
        elif isinstance(message, Committed):
            self.committed.emit(message)
        elif isinstance(message, FolderState):
            self.folders[message.path] = message
            self.folder_changed.emit(message)
        elif isinstance(message, Notice) and not self._elsewhere:  # it would be said at each look
            self.noticed.emit(message)
        elif message is None:
            log.warning("not understood: %.200r", line)
        # A quiet child is normal while idle or paused; only one at work has to be heard of.
        if self.progress.state in ("scanning", "indexing"):
            self._silence.start(int(self._silence_s * 1000))
        elif self.progress.state != "starting":
            self._silence.stop()

    def _take_progress(self, progress: Progress) -> None:
        if progress.state != "starting":
            self._elsewhere = 0
        if not self._elsewhere:
            self._say(progress)

    def _say(self, progress: Progress) -> None:
        self.progress = progress
        self.progressed.emit(progress)

    def _log(self) -> None:
        if self._process is not None:
            for line in bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").splitlines():
                log.info("%s", line)

    def _hung(self) -> None:
        if self._process is not None:
            log.error("nothing heard for %.0f s: killed", self._silence_s)
            self._process.kill()

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._restart(self.tr("The indexer could not be started."))

    def _finished(self, code: int, how: QProcess.ExitStatus) -> None:
        self._read()
        crashed = how is QProcess.ExitStatus.CrashExit
        log.warning("ended (%s, status %d)", "crash" if crashed else "exit", code)
        if code == ALREADY_RUNNING and not crashed:
            self._wait_for_other()
        else:
            self._elsewhere = 0
            self._restart(self.tr("The indexer stopped unexpectedly."))

    def _wait_for_other(self) -> None:
        """Another Semblance is at work on the same index: no fault, and nothing to be restarted in haste."""
        self._let_go()
        if not self._wanted or self._again.isActive():
            return
        pause = self._elsewhere_s[min(self._elsewhere, len(self._elsewhere_s) - 1)]
        self._elsewhere += 1
        self._say(Progress("elsewhere"))
        self._again.start(int(pause * 1000))

    def _let_go(self) -> None:
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
        for timer in (self._steady, self._silence):
            timer.stop()

    def _restart(self, what: str) -> None:
        self._let_go()
        if not self._wanted or self._again.isActive():
            return
        pause = self._pauses[min(self.restarts, len(self._pauses) - 1)]
        self.restarts += 1
        self._say(Progress("restarting"))
        self.ended.emit(what)
        self._again.start(int(pause * 1000))

    def _calm_down(self) -> None:
        self.restarts = 0
