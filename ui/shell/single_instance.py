"""One Semblance per user: a lock file decides who is first, a local socket carries what a later start wanted.

The lock survives a kill cleanly; a socket left behind by one does not count for anything and is replaced. The socket
lies in a folder that nobody else may write to, and both ends ask the system which user the other end belongs to.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import stat
import struct
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

SIZE_LIMIT = 1 << 16
IDLE_MS = 5000
"""A connection that has not said all it wants by then is closed."""
MOST_CONNECTIONS = 8
_PATH_LIMIT = 100  # the system refuses longer paths of sockets: 108 bytes on Linux, 104 on macOS
_FIELDS: Mapping[str, type] = {"query": str, "quick": bool, "background": bool}


def is_private(folder: Path) -> bool:
    """Whether a folder is ours and nobody else may write to it."""
    try:
        known = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(known.st_mode) and known.st_uid == os.getuid() and not known.st_mode & 0o022


def socket_name(folder: Path) -> str:
    """The address of the socket for this state folder: a path on POSIX, a name of a pipe on Windows."""
    digest = hashlib.blake2b(os.fsencode(folder.absolute()), digest_size=8).hexdigest()
    if sys.platform == "win32":
        return f"semblance-{digest}"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and is_private(Path(runtime)):
        return str(Path(runtime) / f"semblance-{digest}")
    own = folder.absolute() / "window.socket"
    if is_private(folder) and len(os.fsencode(own)) <= _PATH_LIMIT:
        return str(own)
    private = Path(tempfile.gettempdir()) / f"semblance-{os.getuid()}"
    private.mkdir(mode=0o700, exist_ok=True)
    if not is_private(private):
        # Somebody else made it first: a folder that cannot be guessed, which later starts then do not find.
        private = Path(tempfile.mkdtemp(prefix="semblance-"))
    return str(private / digest)


def peer_uid(connection: QLocalSocket) -> int | None:
    """The user at the other end; None where the system does not tell, as on Windows, whose pipes have owners."""
    descriptor = int(connection.socketDescriptor())
    if sys.platform == "win32" or descriptor < 0:
        return None
    with socket.socket(fileno=os.dup(descriptor)) as plain:
        if hasattr(socket, "SO_PEERCRED"):
            credentials = plain.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
            return int(struct.unpack("3i", credentials)[1])
        # macOS: struct xucred begins with its version and the user.
        return int(struct.unpack("2I", plain.getsockopt(0, 1, 8))[1])


def is_own(connection: QLocalSocket) -> bool:
    """Whether the other end belongs to this user."""
    uid = peer_uid(connection)
    return uid is None or uid == os.getuid()


def parse_message(data: bytes) -> dict[str, object] | None:
    """What a later start asks for; None for anything that a start of ours would not have sent."""
    if len(data) > SIZE_LIMIT:
        return None
    try:
        message = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict) or any(type(value) is not _FIELDS.get(key) for key, value in message.items()):
        return None
    return message


class SingleInstance(QObject):
    """Finds out whether this is the first start.

    Attributes:
        first: whether this process holds the lock.

    Signals:
        called(dict): a later start hands over what it was asked for.
    """

    called = Signal(dict)

    def __init__(self, folder: Path, parent: QObject | None = None, *, idle_ms: int = IDLE_MS) -> None:
        super().__init__(parent)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._name = socket_name(folder)
        self._look = QTimer(self, interval=idle_ms // 2)
        self._look.timeout.connect(self._close_idle)
        self._seen: list[QLocalSocket] = []
        self._lock = QLockFile(str(folder / "window.lock"))
        self._lock.setStaleLockTime(0)
        # Any other trouble with the lock (a read-only folder, say) must not keep the window from opening.
        self.first = self._lock.tryLock(100) or self._lock.error() is not QLockFile.LockError.LockFailedError
        self._server: QLocalServer | None = None
        self._connections: list[QLocalSocket] = []
        if self.first:
            self._listen()

    def _listen(self) -> None:
        QLocalServer.removeServer(self._name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.setMaxPendingConnections(MOST_CONNECTIONS)
        self._server.newConnection.connect(self._connected)
        self._server.listen(self._name)

    def _connected(self) -> None:
        assert self._server is not None
        while (connection := self._server.nextPendingConnection()) is not None:
            if len(self._connections) >= MOST_CONNECTIONS or not is_own(connection):
                connection.abort()
                connection.deleteLater()
                continue
            # Held here until it is read: Python must not let go of it inside one of its own signals.
            self._connections.append(connection)
            connection.setReadBufferSize(SIZE_LIMIT + 1)
            connection.disconnected.connect(self._read)
            if not self._look.isActive():
                self._look.start()
            if connection.state() is QLocalSocket.LocalSocketState.UnconnectedState:
                self._read()

    def _close_idle(self) -> None:
        """Whoever connects says at once what it wants, and goes: who was there at the last look is sent away."""
        for connection in self._seen:
            if connection in self._connections:
                self._connections.remove(connection)
                connection.blockSignals(True)
                connection.abort()
                connection.deleteLater()
        self._seen = list(self._connections)
        if not self._seen:
            self._look.stop()

    def _read(self) -> None:
        """Take the messages of those who are done talking."""
        over = QLocalSocket.LocalSocketState.UnconnectedState
        done = [connection for connection in self._connections if connection.state() is over]
        self._connections = [connection for connection in self._connections if connection not in done]
        for connection in done:
            message = parse_message(bytes(connection.read(SIZE_LIMIT + 1).data()))
            connection.deleteLater()
            if message is not None:
                self.called.emit(message)

    def send(self, message: Mapping[str, object], wait_ms: int = 2000) -> bool:
        """Hand a message to the first start; False when it does not answer, or is not one of ours."""
        connection = QLocalSocket()
        connection.connectToServer(self._name)
        if not connection.waitForConnected(wait_ms):
            return False
        if not is_own(connection):
            connection.abort()
            return False
        connection.write(json.dumps(message).encode())
        sent = connection.waitForBytesWritten(wait_ms)
        connection.disconnectFromServer()
        if connection.state() is not QLocalSocket.LocalSocketState.UnconnectedState:
            connection.waitForDisconnected(wait_ms)
        return sent

    def close(self) -> None:
        """Let the next start be the first."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self.first:
            self._lock.unlock()
            self.first = False
