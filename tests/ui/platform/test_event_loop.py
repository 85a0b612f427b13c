import asyncio
import logging
import os
import signal
import sys
import time

import pytest
from PySide6.QtCore import qWarning
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tftmonitor.ui.platform import event_loop as loop
from tftmonitor.ui.platform.ready_loop import ReadyLoop


@pytest.fixture
def app(qtbot: QtBot) -> QApplication:
    return loop.make_application()


def test_result_of_the_main_coroutine_is_the_exit_code(app: QApplication) -> None:
    async def main() -> int:
        assert isinstance(asyncio.get_running_loop(), ReadyLoop)
        await asyncio.sleep(0)
        return 7

    assert loop.run(app, main) == 7


def test_application_is_the_one_that_exists_and_outlives_its_windows(app: QApplication) -> None:
    assert loop.make_application() is app
    assert app.applicationName() == "tftmonitor"
    assert not app.quitOnLastWindowClosed()


def test_messages_of_qt_are_logged_but_not_its_noise(
    app: QApplication, caplog: pytest.LogCaptureFixture, qtlog: object
) -> None:
    caplog.set_level(logging.DEBUG, "qt")
    with qtlog.disabled():  # type: ignore[attr-defined]
        loop.make_application()
        qWarning("something odd")
        qWarning("This plugin does not support propagateSizeHints()")
    assert [(r.name, r.levelname, r.message) for r in caplog.records] == [
        ("qt", "WARNING", "something odd")
    ]


def test_first_paint_is_waited_for(app: QApplication, qtbot: QtBot) -> None:
    async def main() -> int:
        window = QWidget()
        qtbot.addWidget(window)
        window.show()
        start = time.monotonic()
        await loop.first_paint(window)
        assert time.monotonic() - start < loop._PAINT_LIMIT_S
        return 0

    assert loop.run(app, main) == 0


def test_window_that_is_never_painted_holds_nothing_up(
    app: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "_PAINT_LIMIT_S", 0.05)

    async def main() -> int:
        window = QWidget()
        qtbot.addWidget(window)
        await loop.first_paint(window)
        return 0

    assert loop.run(app, main) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_asks_for_an_orderly_end(app: QApplication, number: signal.Signals) -> None:
    async def main() -> int:
        asked = asyncio.Event()
        loop.request_exit_on_signals(asked.set, app)
        os.kill(os.getpid(), number)
        async with asyncio.timeout(5):
            await asked.wait()
        return 5

    assert loop.run(app, main) == 5
