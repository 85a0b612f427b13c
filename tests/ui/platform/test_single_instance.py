import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer
from pytestqt.qtbot import QtBot

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
