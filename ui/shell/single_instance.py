"""One Semblance per person: a lock file decides who is first, a local socket carries what a later start wanted.

The lock survives a kill cleanly; a socket left behind by one does not count for anything and is replaced.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

LIMIT = 1 << 16


class SingleInstance(QObject):
    """Finds out whether this is the first start.

    Attributes:
        first: whether this process holds the lock.

    Signals:
        called(dict): a later start hands over what it was asked for.
    """

    called = Signal(dict)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        folder.mkdir(parents=True, exist_ok=True)
        # The name has to be short: a socket path longer than about 100 bytes is refused by the system.
        digest = hashlib.blake2b(os.fsencode(folder.absolute()), digest_size=8)
        self._name = f"semblance-{digest.hexdigest()}"
        self._lock = QLockFile(str(folder / "window.lock"))
        self._lock.setStaleLockTime(0)
        # Any other trouble with the lock (a read-only folder, say) must not keep the window from opening.
        self.first = self._lock.tryLock(100) or self._lock.error() is not QLockFile.LockError.LockFailedError
        self._server: QLocalServer | None = None
        self._sockets: list[QLocalSocket] = []
        if self.first:
            self._listen()

    def _listen(self) -> None:
        QLocalServer.removeServer(self._name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._connected)
        self._server.listen(self._name)

    def _connected(self) -> None:
        assert self._server is not None
        while (socket := self._server.nextPendingConnection()) is not None:
            # Held here until it is read: Python must not let go of it inside one of its own signals.
            self._sockets.append(socket)
            socket.disconnected.connect(self._read)
            if socket.state() is QLocalSocket.LocalSocketState.UnconnectedState:
                self._read()

    def _read(self) -> None:
        """Take the messages of those who are done talking."""
        over = QLocalSocket.LocalSocketState.UnconnectedState
        done = [socket for socket in self._sockets if socket.state() is over]
        self._sockets = [socket for socket in self._sockets if socket not in done]
        for socket in done:
            data = bytes(socket.readAll().data())[:LIMIT]
            socket.deleteLater()
            self._take(data)

    def _take(self, data: bytes) -> None:
        try:
            message = json.loads(data)
        except ValueError:
            return
        if isinstance(message, dict):
            self.called.emit(message)

    def send(self, message: Mapping[str, object], wait_ms: int = 2000) -> bool:
        """Hand a message to the first start; False when it does not answer."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(wait_ms):
            return False
        socket.write(json.dumps(message).encode())
        sent = socket.waitForBytesWritten(wait_ms)
        socket.disconnectFromServer()
        if socket.state() is not QLocalSocket.LocalSocketState.UnconnectedState:
            socket.waitForDisconnected(wait_ms)
        return sent

    def close(self) -> None:
        """Let the next start be the first."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self.first:
            self._lock.unlock()
            self.first = False
