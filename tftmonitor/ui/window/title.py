"""What the window is called and which icon it has: both say how many alarms wait."""

from PySide6.QtWidgets import QWidget

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.ui.theme.icons import tray_icon

_NAME = "tftmonitor"
# The icon has room for one digit, and a plus.
_MOST_COUNTED = 10


class WindowTitle:
    """Follows the open alarms in ``show_alarms``."""

    def __init__(self, window: QWidget, alarms: OpenAlarms) -> None:
        self._window = window
        self._alarms = alarms
        self._name, self._lead = _NAME, ""
        self._icon: tuple[Severity | None, int, bool] | None = None

    def set_mark(self, mark: str) -> None:
        """A word that stands behind the program's name from now on, as DEMO."""
        self._name = f"{_NAME} - {mark}"
        self.show_alarms()

    def set_lead(self, words: str) -> None:
        """What stands in front of all else from now on, as the moment of a replay."""
        if words != self._lead:
            self._lead = words
            self.show_alarms()

    def show_alarms(self) -> None:
        """The open alarms are others now."""
        total = self._alarms.total
        icon = (total.worst, min(total.count, _MOST_COUNTED), total.worst_is_over)
        if icon != self._icon:
            self._icon = icon
            # All widgets of the window are told of it, so only when it is another.
            worst, count, is_over = icon
            self._window.setWindowIcon(tray_icon(worst, count, True, is_over))
        waiting = f"({total.waiting}) " if total.waiting else ""
        lead = f"{self._lead} – " if self._lead else ""
        self._window.setWindowTitle(f"{lead}{waiting}{self._name}")
