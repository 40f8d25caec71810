"""One first start; later ones hand over what they wanted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from ui.shell.single_instance import MOST_CONNECTIONS, SingleInstance, is_private, peer_uid, socket_name

KILLED = """
import os, signal, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from ui.shell.single_instance import SingleInstance
app = QCoreApplication([])
assert SingleInstance(Path(sys.argv[1])).first
print("first", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""

CALLER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from ui.shell.single_instance import SingleInstance
app = QCoreApplication([])
one = SingleInstance(Path(sys.argv[1]))
sys.exit(0 if not one.first and one.send({"query": "dog"}) else 1)
"""


def test_a_second_start_hands_over_its_query(tmp_path, qtbot):
    first = SingleInstance(tmp_path)
    assert first.first
    with qtbot.waitSignal(first.called, timeout=20_000) as called:
        process = subprocess.Popen([sys.executable, "-c", CALLER, str(tmp_path)])
    assert called.args == [{"query": "dog"}]
    assert process.wait(10) == 0
    first.close()
    again = SingleInstance(tmp_path)
    assert again.first
    again.close()


def test_a_killed_first_start_blocks_nobody(tmp_path):
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], capture_output=True, check=False)
    assert killed.stdout.strip() == b"first"
    after = SingleInstance(tmp_path)
    assert after.first
    assert after._server.isListening()
    after.close()


def connect(first) -> QLocalSocket:
    client = QLocalSocket()
    client.connectToServer(first._name)
    assert client.waitForConnected(2000)
    return client


@pytest.mark.parametrize(
    "data",
    [
        b"\xff{not json",
        b"[" * 60_000,
        b'{"query": ' + b"[" * 60_000,
        b'{"query": "' + b"x" * (1 << 17) + b'"}',
        b'{"query": 1}',
        b'{"quick": "yes"}',
        b'{"command": "rm"}',
        b'["query"]',
        b"",
    ],
    ids=["no JSON", "deep", "deep inside", "long", "number", "word", "unknown", "list", "nothing"],
)
def test_rubbish_on_the_socket_is_ignored(tmp_path, qtbot, data):
    first = SingleInstance(tmp_path)
    client = connect(first)
    client.write(data)
    client.flush()
    with qtbot.assertNotEmitted(first.called, wait=100):
        client.disconnectFromServer()
    client.abort()
    first.close()


def test_a_connection_that_says_nothing_is_closed(tmp_path, qtbot):
    first = SingleInstance(tmp_path, idle_ms=50)
    client = connect(first)
    with qtbot.waitSignal(client.disconnected, timeout=10_000):
        pass
    qtbot.waitUntil(lambda: first._connections == [])
    first.close()


def test_connections_are_bounded(tmp_path, qtbot):
    first = SingleInstance(tmp_path)
    clients = [connect(first) for _ in range(MOST_CONNECTIONS + 4)]
    qtbot.waitUntil(
        lambda: sum(c.state() is QLocalSocket.LocalSocketState.UnconnectedState for c in clients) >= 4, timeout=10_000
    )
    assert len(first._connections) <= MOST_CONNECTIONS
    for client in clients:
        client.abort()
    first.close()


posix = pytest.mark.skipif(sys.platform == "win32", reason="users of sockets")


@posix
def test_the_other_end_is_this_user(tmp_path, qtbot):
    first = SingleInstance(tmp_path)
    client = connect(first)
    assert peer_uid(client) == os.getuid()
    client.abort()
    qtbot.waitUntil(lambda: first._connections == [])
    first.close()


@posix
def test_another_user_is_not_listened_to(tmp_path, qtbot, monkeypatch):
    first = SingleInstance(tmp_path)
    monkeypatch.setattr("ui.shell.single_instance.peer_uid", lambda _connection: os.getuid() + 1)
    client = connect(first)
    client.write(b'{"query": "dog"}')
    client.flush()
    with qtbot.assertNotEmitted(first.called, wait=100):
        client.disconnectFromServer()
    assert first._connections == []
    first.close()


@posix
def test_nothing_is_told_to_a_socket_of_another_user(tmp_path, monkeypatch):
    first = SingleInstance(tmp_path)
    second = SingleInstance(tmp_path)
    monkeypatch.setattr("ui.shell.single_instance.peer_uid", lambda _connection: os.getuid() + 1)
    assert second.send({"query": "secret"}, wait_ms=200) is False
    first.close()


@posix
def test_the_socket_lies_where_nobody_else_may_write(tmp_path, monkeypatch):
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    assert Path(socket_name(state)).parent == runtime
    runtime.chmod(0o777)
    assert Path(socket_name(state)) == state / "window.socket"
    state.chmod(0o777)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    last = Path(socket_name(state)).parent
    assert last == tmp_path / f"semblance-{os.getuid()}"
    assert is_private(last)
    last.rmdir()
    last.symlink_to(runtime)
    assert Path(socket_name(state)).parent != last, "a link that somebody laid there"


def test_homes_do_not_meet(tmp_path):
    one, other = SingleInstance(tmp_path / "a"), SingleInstance(tmp_path / "b")
    assert one.first
    assert other.first
    one.close()
    other.close()
    QLocalServer.removeServer(one._name)
