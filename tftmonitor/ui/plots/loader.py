"""Builds the plots once the list stands: their library is the slowest import."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from tftmonitor.ui.plots.follower import PlotFollower

# When nothing has been listed by then, and how soon after the first list, which is painted before.
_AFTER_MS = 1_000
_AFTER_LIST_MS = 30


class PlotLoader(QObject):
    """``place`` gets the plots as soon as they are there."""

    def __init__(self, follower: PlotFollower, place: Callable[[QWidget], None]) -> None:
        super().__init__()
        self._follower = follower
        self._place = place
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self.load)

    def start(self) -> None:
        """Load them within a second; while that lasts nothing else moves."""
        self._due.start(_AFTER_MS)

    def note_list(self) -> None:
        """A list was shown: it is painted before the plots are loaded."""
        if self._due.isActive():
            self._due.start(_AFTER_LIST_MS)

    def load(self) -> None:
        """Load them now, once."""
        self._due.stop()
        if self._follower.stack is None:
            self._place(self._follower.load())
