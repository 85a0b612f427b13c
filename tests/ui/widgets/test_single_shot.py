"""Work that is due a while after its last cause is done once."""

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from tftmonitor.ui.widgets.single_shot import single_shot


def test_it_fires_once_after_each_start(qtbot: QtBot) -> None:
    fired: list[int] = []
    owner = QObject()
    timer = single_shot(owner, lambda: fired.append(1), 5)
    assert timer.parent() is owner
    qtbot.wait(30)
    assert not fired
    timer.start()
    timer.start()
    qtbot.waitUntil(lambda: bool(fired))
    qtbot.wait(30)
    assert fired == [1]
