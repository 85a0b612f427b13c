import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from pytestqt.qtbot import QtBot

from tftmonitor.base.local_socket import socket_names
from tftmonitor.ui.platform.single_instance import SingleInstance

ROOT = Path(__file__).resolve().parents[3]
CHILD = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from tftmonitor.ui.platform.single_instance import SingleInstance
app = QCoreApplication([])
instance = SingleInstance(Path(sys.argv[1]))
instance.listen()
print(instance._server.isListening(), flush=True)
app.exec()
"""


def test_second_start_raises_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    first, second = SingleInstance(tmp_path), SingleInstance(tmp_path)
    assert not first.raise_other()
    first.listen()
    with qtbot.waitSignal(first.raised, timeout=5_000):
        assert second.raise_other()
    first.close()
    assert not second.raise_other()


def test_profiles_do_not_know_each_other(qtbot: QtBot, tmp_path: Path) -> None:
    first, other = SingleInstance(tmp_path / "a"), SingleInstance(tmp_path / "b")
    first.listen()
    with qtbot.assertNotEmitted(first.raised, wait=50):
        assert not other.raise_other()
    first.close()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of Windows end with their process")
@pytest.mark.parametrize("option", ["UserAccessOption", "NoOptions"])
def test_socket_of_a_killed_program_is_taken_over(
    qtbot: QtBot, tmp_path: Path, option: str
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "True"
    child.kill()
    child.communicate()
    heir = SingleInstance(tmp_path)
    heir._server.setSocketOptions(QLocalServer.SocketOption[option])
    assert not heir.raise_other()
    heir.listen()
    with qtbot.waitSignal(heir.raised, timeout=5_000):
        assert SingleInstance(tmp_path).raise_other()
    heir.close()


def test_connection_that_is_gone_already_raises_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    instance = SingleInstance(tmp_path)
    with qtbot.assertNotEmitted(instance.raised):
        instance._server.newConnection.emit()


def asked(qtbot: QtBot, instance: SingleInstance, line: bytes, *more: bytes) -> bytes:
    """What a client gets that sends these pieces, one after the other."""
    client = QLocalSocket()
    client.connectToServer(instance._server.fullServerName())
    assert client.waitForConnected(1_000)
    for piece in (line, *more):
        client.write(piece)
        client.flush()
        qtbot.wait(20)
    qtbot.waitUntil(client.canReadLine, timeout=5_000)
    return bytes(client.readLine().data())


def test_line_of_a_command_is_handed_on_and_answered(qtbot: QtBot, tmp_path: Path) -> None:
    instance = SingleInstance(tmp_path)
    instance.listen()
    instance.asked.connect(lambda line, reply: reply(line.upper()))
    with qtbot.assertNotEmitted(instance.raised):
        assert asked(qtbot, instance, b"hello\n") == b"HELLO\n"
        assert asked(qtbot, instance, b"in ", b"pieces\n") == b"IN PIECES\n"
    instance.close()


def test_answer_for_somebody_who_left_is_dropped(qtbot: QtBot, tmp_path: Path) -> None:
    instance = SingleInstance(tmp_path)
    instance.listen()
    replies: list[Callable[[bytes], None]] = []
    instance.asked.connect(lambda _line, reply: replies.append(reply))
    client = QLocalSocket()
    client.connectToServer(instance._server.fullServerName())
    assert client.waitForConnected(1_000)
    client.write(b"hello\n")
    client.flush()
    qtbot.waitUntil(lambda: bool(replies), timeout=5_000)
    client.abort()
    qtbot.wait(50)
    replies[0](b"too late")
    instance.close()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes have no path")
def test_socket_is_where_commands_look_for_it(qtbot: QtBot, tmp_path: Path) -> None:
    instance = SingleInstance(tmp_path)
    instance.listen()
    assert instance._server.fullServerName() in socket_names(tmp_path)
    instance.close()
    elsewhere = SingleInstance(tmp_path / ("long" * 30))
    elsewhere.listen()
    assert elsewhere._server.isListening()
    elsewhere.close()
