"""Keeps the computer awake while somebody relies on its alarms; the screen's owner decides when."""

import os
import sys
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QProcess, Signal

from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.fields.formatting import clip

_KILL_WAIT_MS = 300
# SetThreadExecutionState: until further notice, the system, the display.
_CONTINUOUS, _SYSTEM, _DISPLAY = 0x8000_0000, 0x1, 0x2

Told = Callable[[bool, str], None]
"""Takes whether the computer is kept awake, and a remark or the reason why not."""


class SleepInhibitor(Protocol):
    """A platform's way; neither method blocks or raises, what becomes of it is told."""

    def hold(self, told: Told) -> None:
        """Keep awake from now on; ``told`` may be called at once, later, and again."""
        ...

    def release(self) -> None:
        """Let the computer sleep again."""
        ...


class KeepAwake(QObject):
    """One switch. ``state`` says in words what came of it, "" while it is off.

    ``state_changed`` carries the same words. Call ``set`` on the running loop.
    """

    state_changed = Signal(str)

    def __init__(
        self, scope: TaskScope, way: SleepInhibitor | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._scope = scope
        # Made when it is needed first: the desktop's is slow to import.
        self._way = way
        self._wanted = False
        self.state = ""

    def set(self, wanted: bool) -> None:
        """Keep awake, or let sleep again; the same as before changes nothing."""
        if wanted == self._wanted:
            return
        self._wanted = wanted
        if self._way is None:
            self._way = _way_of_platform(self._scope, self)
        if wanted:
            self._tell("Asking the desktop…")
            self._way.hold(self._hear)
        else:
            self._way.release()
            self._tell("")

    def _hear(self, held: bool, words: str) -> None:
        if not self._wanted:
            return
        if held:
            self._tell(f"Kept awake; {words}" if words else "Kept awake")
        else:
            self._tell(f"Not possible on this desktop: {clip(words, 160)}")

    def _tell(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


class ProcessInhibitor(QObject):
    """Awake as long as a program runs: the Mac's ``caffeinate``, which also ends with us."""

    def __init__(self, program: str = "caffeinate", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = program
        self._process: QProcess | None = None
        self._told: Told | None = None

    def hold(self, told: Told) -> None:
        """Start the program."""
        self.release()
        self._told = told
        self._process = process = QProcess(self)
        for null in (process.setStandardInputFile, process.setStandardOutputFile):
            null(QProcess.nullDevice())
        process.started.connect(self._started)
        process.errorOccurred.connect(self._failed)
        process.finished.connect(self._ended)
        process.start(self._program, ["-i", "-w", str(os.getpid())])

    def release(self) -> None:
        """End the program."""
        process, self._process, self._told = self._process, None, None
        if process is not None:
            process.blockSignals(True)
            process.kill()
            # Qt complains of a process that outlives its object; a killed one is gone at once.
            process.waitForFinished(_KILL_WAIT_MS)
            process.deleteLater()

    def _started(self) -> None:
        if self._told is not None:
            self._told(True, "")

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            self._give_up(self._process.errorString())

    def _ended(self, code: int) -> None:
        self._give_up(f"{self._program} ended with {code}")

    def _give_up(self, words: str) -> None:
        told = self._told
        self.release()
        if told is not None:
            told(False, words)


class _WindowsInhibitor:
    """A wish of the calling thread, which must be the one that takes it back."""

    def hold(self, told: Told) -> None:
        if _ask_windows(_CONTINUOUS | _SYSTEM | _DISPLAY):
            told(True, "")
        else:
            told(False, "Windows refused it")

    def release(self) -> None:
        _ask_windows(_CONTINUOUS)


def _ask_windows(flags: int) -> bool:
    granted = 0
    if sys.platform == "win32":
        import ctypes

        granted = ctypes.windll.kernel32.SetThreadExecutionState(ctypes.c_uint(flags))
    return bool(granted)


def _way_of_platform(scope: TaskScope, parent: QObject) -> SleepInhibitor:
    way: SleepInhibitor
    if sys.platform == "win32":
        way = _WindowsInhibitor()
    elif sys.platform == "darwin":
        way = ProcessInhibitor(parent=parent)
    else:
        from tftmonitor.ui.alerts.awake_dbus import DBusInhibitor

        way = DBusInhibitor(scope)
    return way
