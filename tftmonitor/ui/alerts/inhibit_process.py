"""Keeps the computer awake as long as a helper program runs, as on the Mac."""

import os

from PySide6.QtCore import QObject, QProcess

from tftmonitor.ui.alerts.sleep_inhibitor import InhibitReport
from tftmonitor.ui.platform.child_process import make_process

_KILL_WAIT_MS = 300


class ProcessInhibitor(QObject):
    """Runs the Mac's ``caffeinate``, which also ends with us."""

    def __init__(self, program: str = "caffeinate", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = program
        self._process: QProcess | None = None
        self._report: InhibitReport | None = None

    def inhibit(self, report: InhibitReport) -> None:
        """Start the program."""
        self.release()
        self._report = report
        self._process = process = make_process(self)
        process.started.connect(self._on_started)
        process.errorOccurred.connect(self._on_error)
        process.finished.connect(self._on_finished)
        # -i: no idle sleep; -w: it ends with this process, even if that is killed.
        process.start(self._program, ["-i", "-w", str(os.getpid())])

    def release(self) -> None:
        """End the program."""
        process, self._process, self._report = self._process, None, None
        if process is not None:
            process.blockSignals(True)
            process.kill()
            # Qt complains of a process that outlives its object; a killed one is gone at once.
            process.waitForFinished(_KILL_WAIT_MS)
            process.deleteLater()

    def _on_started(self) -> None:
        if self._report is not None:
            self._report(True, "")

    def _on_error(self, error: QProcess.ProcessError) -> None:
        # A crash is followed by ``finished``, a failed start is not.
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            self._give_up(self._process.errorString())

    def _on_finished(self, code: int) -> None:
        self._give_up(f"{self._program} stopped with code {code}")

    def _give_up(self, reason: str) -> None:
        report = self._report
        self.release()
        if report is not None:
            report(False, reason)
