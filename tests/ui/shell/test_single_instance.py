"""One first start; later ones hand over what they wanted."""

from __future__ import annotations

import subprocess
import sys

from PySide6.QtNetwork import QLocalServer

from ui.shell.single_instance import SingleInstance

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


def test_rubbish_on_the_socket_is_ignored(tmp_path, qtbot):
    from PySide6.QtNetwork import QLocalSocket

    first = SingleInstance(tmp_path)
    socket = QLocalSocket()
    socket.connectToServer(first._name)
    assert socket.waitForConnected(2000)
    socket.write(b"\xff{not json")
    socket.flush()
    with qtbot.assertNotEmitted(first.called, wait=100):
        socket.disconnectFromServer()
    first.close()


def test_homes_do_not_meet(tmp_path):
    one, other = SingleInstance(tmp_path / "a"), SingleInstance(tmp_path / "b")
    assert one.first
    assert other.first
    one.close()
    other.close()
    QLocalServer.removeServer(one._name)
