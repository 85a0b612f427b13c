"""How many frames nobody here could use, in the top bar, and the list of them behind it."""

from datetime import UTC, tzinfo
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from tftmonitor.model.fields.formatting import format_time
from tftmonitor.monitor.counters import Counters, NotUnderstood
from tftmonitor.ui.widgets.tooltip import plain_tip

_MOST_ROWS: Final = 40
_MOST_CHARACTERS: Final = 40
_COPIES: Final = "Click to copy it."
_TIP: Final = (
    "Frames of kinds that are not documented, and frames that could not be used. "
    "What looked like an alarm in them is an alarm in the list. Click for all of them."
)


class NotUnderstoodButton(QToolButton):
    """Hidden while there is nothing to tell; a click opens the list, the most frequent first."""

    def __init__(self, counters: Counters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counters = counters
        self._zone: tzinfo = UTC
        self.setAutoRaise(True)
        self.setToolTip(_TIP)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.list = QMenu(self)
        self.list.setToolTipsVisible(True)
        self.list.aboutToShow.connect(self._fill)
        self.setMenu(self.list)
        self.hide()

    def show_count(self, zone: tzinfo) -> None:
        """The number as it is now; times in the list are in this zone."""
        self._zone = zone
        count = self._counters.not_understood_count
        self.setText(f"{count} not understood")
        self.setVisible(count > 0)

    def _fill(self) -> None:
        self.list.clear()
        found = sorted(self._counters.not_understood.values(), key=lambda row: -row.count)
        for row in found[:_MOST_ROWS]:
            self._add(row)
        if len(found) > _MOST_ROWS:
            self.list.addAction(f"and {len(found) - _MOST_ROWS} others").setEnabled(False)

    def _add(self, row: NotUnderstood) -> None:
        last = f"last {format_time(row.last_ms, self._zone)}"
        times = "once" if row.count == 1 else f"{row.count} times"
        said = f"{row.what}, {row.channel}, {times}, {last}"
        # An ampersand would be taken for a key.
        action = QAction(f"{said}: {_shortened(row.example)}".replace("&", "&&"), self.list)
        action.setToolTip(plain_tip(f"{row.example}\n{_COPIES}"))
        action.triggered.connect(lambda: QGuiApplication.clipboard().setText(row.example))
        self.list.addAction(action)


def _shortened(example: str) -> str:
    """The beginning of a frame: a menu wider than the window could not be read."""
    if len(example) <= _MOST_CHARACTERS:
        return example
    return f"{example[:_MOST_CHARACTERS]}…"
