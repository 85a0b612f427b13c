"""Who is asked when the desktop ends the session, where one window follows another."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tftmonitor.ui.platform import session_end
from tftmonitor.ui.platform.event_loop import Application
from tftmonitor.ui.platform.session_end import SessionEnd


def test_window_that_ends_leaves_the_end_to_the_one_that_follows(
    qtbot: QtBot, qapp: QApplication, monkeypatch: Any
) -> None:
    del qtbot
    # The tests have an application of Qt's own class, which asks nobody.
    monkeypatch.setattr(session_end, "Application", QApplication)
    ended: list[str] = []

    def make(name: str) -> SessionEnd:
        end: Callable[[], object] = lambda: ended.append(name)  # noqa: E731
        return SessionEnd(qapp, lambda: None, end, lambda: None)

    first, second = make("first"), make("second")
    first.stop()
    qapp.quit_asked()  # type: ignore[attr-defined]
    assert ended == ["second"]
    second.stop()
    assert qapp.quit_asked is None  # type: ignore[attr-defined]
    assert Application is not QApplication
