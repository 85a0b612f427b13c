"""Keeps the computer awake while somebody relies on its alarms; the settings decide whether."""

import sys

from PySide6.QtCore import QObject, Signal

from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.fields.formatting import clip
from tftmonitor.ui.alerts.sleep_inhibitor import SleepInhibitor

_REASON_LIMIT = 160


class KeepAwake(QObject):
    """One switch. ``state`` is the outcome as a text for the settings, "" while it is off.

    ``state_changed`` carries the same text. Call ``set`` on the running loop.
    """

    state_changed = Signal(str)

    def __init__(
        self,
        scope: TaskScope,
        inhibitor: SleepInhibitor | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._scope = scope
        # Made when it is needed first: the desktop's is slow to import.
        self._inhibitor = inhibitor
        self._wanted = False
        self.state = ""

    def set(self, wanted: bool) -> None:
        """Keep awake, or let sleep again; the same as before changes nothing."""
        if wanted == self._wanted:
            return
        self._wanted = wanted
        if self._inhibitor is None:
            self._inhibitor = _platform_inhibitor(self._scope, self)
        if wanted:
            self._set_state("Asking the desktop…")
            self._inhibitor.inhibit(self._on_report)
        else:
            self._inhibitor.release()
            self._set_state("")

    def _on_report(self, inhibited: bool, reason: str) -> None:
        # An answer to a former wish may arrive after it was taken back.
        if not self._wanted:
            return
        if inhibited:
            self._set_state(f"Kept awake; {reason}" if reason else "Kept awake")
        else:
            self._set_state(f"Not possible on this desktop: {clip(reason, _REASON_LIMIT)}")

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


def _platform_inhibitor(scope: TaskScope, parent: QObject) -> SleepInhibitor:
    inhibitor: SleepInhibitor
    if sys.platform == "win32":
        from tftmonitor.ui.alerts.inhibit_windows import WindowsInhibitor

        inhibitor = WindowsInhibitor()
    elif sys.platform == "darwin":
        from tftmonitor.ui.alerts.inhibit_process import ProcessInhibitor

        inhibitor = ProcessInhibitor(parent=parent)
    else:
        from tftmonitor.ui.alerts.inhibit_dbus import DBusInhibitor

        inhibitor = DBusInhibitor(scope)
    return inhibitor
