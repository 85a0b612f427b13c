"""Qt and asyncio on one loop: the application object, and how it runs and ends."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any

os.environ.setdefault("QT_API", "pyside6")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

from PySide6.QtCore import (
    QEvent,
    QMessageLogContext,
    QObject,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from tftmonitor.ui.platform.qt_libraries import EXIT_NO_QT, explain

_log = logging.getLogger("qt")

# WORKAROUND qasync 0.28: an idle program on Windows does not see Ctrl-C, because no Python code
# runs meanwhile; a slow timer lets it. Remove when qasync handles SIGINT itself.
_CTRL_C_TICK_MS = 500
# A minimised window is never painted.
_PAINT_LIMIT_S = 1.0

# The offscreen platform logs it for every window, and it is of no use to anybody.
_NOISE = "This plugin does not support propagateSizeHints()"
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
}


def make_application() -> QApplication:
    """The one QApplication; it does not end with its last window, and Qt logs to our log."""
    qInstallMessageHandler(_log_qt)
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("tftmonitor")
    # By it the desktop finds the icon, and Wayland the entry that belongs to the window.
    app.setDesktopFileName("tftmonitor")
    # The end of the program is the exit request's business, or the loop stops half way.
    app.setQuitOnLastWindowClosed(False)
    return app


def _log_qt(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    if text != _NOISE:
        _log.log(_LEVELS.get(kind, logging.ERROR), text)
    if kind is QtMsgType.QtFatalMsg and "platform plugin" in text:
        # None can be loaded, as a rule for want of a system library; Qt aborts when this returns.
        sys.stderr.write(f"{explain(text.splitlines()[0])}\n")
        sys.stderr.flush()
        os._exit(EXIT_NO_QT)


def run(app: QApplication, main: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Run ``main`` on the Qt loop until it returns; its result is the exit code."""
    # Not at the top: qasync chooses its binding when it is imported.
    from tftmonitor.ui.platform.ready_loop import ReadyLoop

    with asyncio.Runner(loop_factory=lambda: ReadyLoop(app)) as runner:
        return runner.run(main())


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
    """Ctrl-C and SIGTERM ask for the same orderly end as closing the window."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
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
