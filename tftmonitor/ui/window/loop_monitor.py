"""Measures the event loop, and notices that the computer slept."""

from PySide6.QtCore import QObject, Qt, QTimer

from tftmonitor.base.clock import SECOND_MS, Clock
from tftmonitor.base.gc_scheduler import GcScheduler
from tftmonitor.monitor.diagnostics import Diagnostics
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.ui.window.diagnostics import DiagnosticsPane

_PROBE_MS = 50
_LINE_MS = 1_000
# By then the plots are there too, which are the last to come.
_SETTLED_AFTER_MS = 5_000
# So few messages a second leave room for a pause that nobody sees.
_IDLE_MESSAGES = 20
# A program that did not run for so long was asleep, with its computer or alone.
_SLEPT_S = 30.0


class LoopMonitor(QObject):
    """A probe twenty times a second while figures are wanted, and a line of them a second."""

    def __init__(self, diagnostics: Diagnostics, monitor: Monitor, clock: Clock) -> None:
        super().__init__()
        self._diagnostics = diagnostics
        self._pane: DiagnosticsPane | None = None
        self._monitor = monitor
        self._clock = clock
        self._due_s = 0.0
        self._last_s = self._passed_s()
        self._probe = QTimer(self)
        self._probe.setTimerType(Qt.TimerType.PreciseTimer)
        self._probe.setInterval(_PROBE_MS)
        self._probe.timeout.connect(self._measure)
        self._second = QTimer(self)
        self._second.setInterval(_LINE_MS)
        self._second.timeout.connect(self._report)
        self._collector = GcScheduler()
        self._messages = 0
        self._settles = QTimer(self)
        self._settles.setSingleShot(True)
        self._settles.setInterval(_SETTLED_AFTER_MS)
        self._settles.timeout.connect(lambda: self._collector.settle(clock.monotonic_s()))

    def show_on(self, pane: DiagnosticsPane) -> None:
        """Show each line on this pane while it is seen."""
        self._pane = pane

    def start(self) -> None:
        """Begin."""
        self._second.start()
        self._settles.start()

    def stop(self) -> None:
        """End."""
        self._settles.stop()
        self._second.stop()
        self._probe.stop()

    def _measure(self) -> None:
        now_s = self._clock.monotonic_s()
        with self._diagnostics.counted():
            if self._due_s:
                self._diagnostics.lateness.note((now_s - self._due_s) * SECOND_MS)
            self._due_s = now_s + _PROBE_MS / SECOND_MS

    def _report(self) -> None:
        self._notice_sleep()
        self._collect()
        pane = self._pane if self._pane is not None and self._pane.isVisible() else None
        if pane is None and not self._diagnostics.to_file:
            self._probe.stop()
            self._due_s = 0.0
            return
        if not self._probe.isActive():
            self._probe.start()
        with self._diagnostics.counted():
            line = self._diagnostics.line()
            self._diagnostics.append(line)
            if pane is not None:
                pane.show_line(line)

    def _collect(self) -> None:
        before, self._messages = self._messages, self._monitor.counters.messages
        idle = self._messages - before < _IDLE_MESSAGES
        self._collector.tick(self._clock.monotonic_s(), idle=idle)

    def _notice_sleep(self) -> None:
        now_s = self._passed_s()
        slept_s, self._last_s = now_s - self._last_s, now_s
        if slept_s > _SLEPT_S:
            now_ms = self._clock.now_ms()
            self._monitor.note_sleep(now_ms - round(slept_s * SECOND_MS), now_ms)

    def _passed_s(self) -> float:
        """What passed in truth, also while the computer slept, whatever the wall clock says."""
        return self._clock.monotonic_s() + self._clock.asleep_s()
