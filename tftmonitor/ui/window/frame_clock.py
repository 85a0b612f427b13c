"""The pace of the window: changes reach the panes at most so many times a second."""

from collections.abc import Iterator

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer

from tftmonitor.base.listeners import Listeners
from tftmonitor.model.fleet.changes import Changes
from tftmonitor.ui.widgets.single_shot import single_shot

# Plots and numbers of one device: as much as an eye follows.
FRAME_MS = 100
# A table of hundreds of rows: as much as an eye reads.
LIST_EVERY_FRAMES = 3
# What comes after a rest is shown at once, with what comes along with it.
_AFTER_REST_MS = 10
# A timer may fire early by a hair, and a list after a rest need not wait at all.
_LIST_AFTER_MS = LIST_EVERY_FRAMES * FRAME_MS - FRAME_MS // 2
SECOND_INTERVAL_MS = 1_000
# What a second asks of all panes together is more than others should wait for at once.
_TURN_MS, _NEXT_TURN_MS = 2, 1


class FrameClock(QObject):
    """Turns changes of the fleet into frames, and tells of each second: the one ticker.

    The first change after a frame arms a single-shot timer, so that idle costs nothing, and a
    change after a rest does not wait for long. ``on_frame(rows)`` is called at most ten times a
    second, ``on_list(rows, added)`` with all rows since the last time at most some three times,
    ``on_second()`` once a second, in several turns of the loop if its listeners take long.
    """

    def __init__(self, changes: Changes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frames = 0
        self.on_frame: Listeners[[set[int]]] = Listeners()
        self.on_list: Listeners[[set[int], bool]] = Listeners()
        self.on_second: Listeners[[]] = Listeners()
        self._changes = changes
        self._list_rows: set[int] = set()
        self._list_added = False
        self._since_list = QElapsedTimer()
        self._since_frame = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._frame)
        self._second = QTimer(self)
        self._second.setInterval(SECOND_INTERVAL_MS)
        self._second.setTimerType(Qt.TimerType.CoarseTimer)
        self._second.timeout.connect(self._begin_second)
        self._telling: Iterator[object] = iter(())
        self._rest_of_second = single_shot(self, self._tell_second, _NEXT_TURN_MS)

    def start(self) -> None:
        """Begin with what has gathered so far."""
        self._changes.woken.add(self._arm)
        self._second.start()
        self._timer.start(_AFTER_REST_MS)

    def stop(self) -> None:
        """No frame after this."""
        if self._second.isActive():
            self._changes.woken.remove(self._arm)
        self._timer.stop()
        self._second.stop()
        self._rest_of_second.stop()

    def tick(self) -> None:
        """Tell that a second has gone by, all at once."""
        self.on_second()

    def _begin_second(self) -> None:
        # Who is still to be told of the last one hears of this one instead.
        if not self._rest_of_second.isActive():
            self._telling = self.on_second.each()
            self._tell_second()

    def _tell_second(self) -> None:
        begun = QElapsedTimer()
        begun.start()
        for _told in self._telling:
            if begun.hasExpired(_TURN_MS):
                self._rest_of_second.start()
                return

    def _arm(self) -> None:
        if not self._timer.isActive():
            rest_ms = self._since_frame.elapsed() if self._since_frame.isValid() else FRAME_MS
            self._timer.start(max(_AFTER_REST_MS, FRAME_MS - rest_ms))

    def _frame(self) -> None:
        self.frames += 1
        self._since_frame.start()
        rows, added = self._changes.drain()
        self._list_rows |= rows
        self._list_added |= added
        if rows:
            self.on_frame(rows)
        if not self._list_rows:
            return
        if self._since_list.isValid() and not self._since_list.hasExpired(_LIST_AFTER_MS):
            self._timer.start(FRAME_MS)
            return
        self._since_list.start()
        rows, self._list_rows = self._list_rows, set()
        added, self._list_added = self._list_added, False
        self.on_list(rows, added)
