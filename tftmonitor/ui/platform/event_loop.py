"""Qt and asyncio on one loop: the application object, and how it runs and ends."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("QT_API", "pyside6")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

from PySide6.QtCore import (
    QAbstractEventDispatcher,
    QEvent,
    QMessageLogContext,
    QObject,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from tftmonitor.base.listeners import Listeners
from tftmonitor.ui.platform.qt_libraries import EXIT_NO_QT, explain

_log = logging.getLogger("qt")

# WORKAROUND qasync 0.28: an idle program on Windows does not see Ctrl-C, because no Python code
# runs meanwhile; a slow timer lets it. Remove when qasync handles SIGINT itself.
_CTRL_C_TICK_MS = 500
# Called when the screen is gone; Qt stops the loop then, which ``run`` goes on with to the end.
DISPLAY_LOST: Listeners[[]] = Listeners()
# X11's and Wayland's words for it; no signal and no return value say so.
_DISPLAY_LOST_WORDS = ("X11 connection broke", "Wayland connection broke")
# The rest of a program without a screen, its files above all, ends within this.
_END_LIMIT_S = 10.0
# A minimised window is never painted.
_PAINT_LIMIT_S = 1.0

# The offscreen platform logs it for every window, and it is of no use to anybody.
_NOISE = "This plugin does not support propagateSizeHints()"
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
}


@dataclass
class _Screen:
    """``lost_s`` is when it went away, by the monotonic clock; None while it is there."""

    lost_s: float | None = None

    @property
    def may_still_end(self) -> bool:
        return self.lost_s is not None and time.monotonic() - self.lost_s < _END_LIMIT_S


_screen = _Screen()


class Application(QApplication):
    """Asks ``quit_asked`` where Qt would close the windows, which may hide in a tray instead.

    An event filter would see that as well, and with it every event of the program.
    """

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.quit_asked: Callable[[], object] | None = None

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Quit and self.quit_asked is not None:
            event.accept()
            self.quit_asked()
            return True
        return super().event(event)


def make_application() -> QApplication:
    """The one QApplication; it does not end with its last window, and Qt logs to our log."""
    qInstallMessageHandler(_log_qt)
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        # Its own name, however it was started: of it X11 makes the class of the windows.
        app = Application(["tftmonitor"])
    app.setApplicationName("tftmonitor")
    # By it the desktop finds the icon, and Wayland the entry that belongs to the window.
    app.setDesktopFileName("tftmonitor")
    # The end of the program is the exit request's business, or the loop stops half way.
    app.setQuitOnLastWindowClosed(False)
    return app


def _log_qt(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    if text != _NOISE:
        _log.log(_LEVELS.get(kind, logging.ERROR), text)
    if _screen.lost_s is None and any(words in text for words in _DISPLAY_LOST_WORDS):
        _screen.lost_s = time.monotonic()
        DISPLAY_LOST()
    if kind is QtMsgType.QtFatalMsg and "platform plugin" in text:
        # None can be loaded, as a rule for want of a system library; Qt aborts when this returns.
        sys.stderr.write(f"{explain(text.splitlines()[0])}\n")
        sys.stderr.flush()
        os._exit(EXIT_NO_QT)


def run(app: QApplication, main: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Run ``main`` on the Qt loop until it returns; its result is the exit code."""
    # Not at the top: qasync chooses its binding when it is imported.
    from tftmonitor.ui.platform.ready_loop import ReadyLoop

    with asyncio.Runner(loop_factory=lambda: ReadyLoop(_Application(app))) as runner:
        return runner.run(main())


class _Application:
    """What qasync needs of the application; ``exec`` ends when the loop was stopped by itself.

    Without a screen Qt stops it at each look at the connection, and the end takes many turns.
    """

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._is_stopped = False

    def exec(self) -> int:
        self._is_stopped = False
        while True:
            code = self._app.exec()
            if self._is_stopped or not _screen.may_still_end:
                return code

    def exit(self) -> None:
        self._is_stopped = True
        self._app.exit()

    def eventDispatcher(self) -> QAbstractEventDispatcher:  # noqa: N802 - as Qt names it
        return self._app.eventDispatcher()


async def first_paint(window: QWidget) -> None:
    """Return once the window was painted, or soon if nothing paints it."""
    watch = _PaintWatch(window)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PAINT_LIMIT_S):
            await watch.painted.wait()
    window.removeEventFilter(watch)


class _PaintWatch(QObject):
    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.painted = asyncio.Event()
        window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Seen before the window paints, so who waits runs after it: in the next batch.
        if event.type() is QEvent.Type.Paint:
            self.painted.set()
        return False


def request_exit_on_signals(request: Callable[[], None], owner: QApplication) -> None:
    """Ctrl-C, SIGTERM and a terminal that goes away ask for the same orderly end as closing."""
    loop = asyncio.get_running_loop()
    hang_up = getattr(signal, "SIGHUP", signal.SIGTERM)
    for number in (signal.SIGINT, signal.SIGTERM, hang_up):
        # Windows has none of it, and another thread than the main one may not.
        with contextlib.suppress(NotImplementedError, ValueError):
            loop.add_signal_handler(number, request)
    if sys.platform == "win32":
        signal.signal(signal.SIGINT, lambda *_: request())
        timer = QTimer(owner)
        timer.timeout.connect(_run_python)
        timer.start(_CTRL_C_TICK_MS)


def _run_python() -> None:
    """Give the interpreter a turn."""
