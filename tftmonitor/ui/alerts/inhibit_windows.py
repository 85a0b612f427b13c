"""Keeps Windows awake by the execution state of the calling thread."""

import sys

from tftmonitor.ui.alerts.sleep_inhibitor import InhibitReport

# ES_CONTINUOUS: until further notice; ES_SYSTEM_REQUIRED, ES_DISPLAY_REQUIRED: what stays on.
_CONTINUOUS, _SYSTEM, _DISPLAY = 0x8000_0000, 0x1, 0x2


class WindowsInhibitor:
    """A request of the calling thread, which must be the one that withdraws it."""

    def inhibit(self, report: InhibitReport) -> None:
        """Keep system and display on."""
        if _set_execution_state(_CONTINUOUS | _SYSTEM | _DISPLAY):
            report(True, "")
        else:
            report(False, "Windows refused it")

    def release(self) -> None:
        """Withdraw the request."""
        _set_execution_state(_CONTINUOUS)


def _set_execution_state(flags: int) -> bool:
    granted = 0
    if sys.platform == "win32":
        import ctypes

        granted = ctypes.windll.kernel32.SetThreadExecutionState(ctypes.c_uint(flags))
    return bool(granted)
