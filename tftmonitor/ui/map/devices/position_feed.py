"""Keeps the positions up to date while somebody looks, in parts that make nobody wait."""

from collections.abc import Callable
from itertools import islice
from typing import Final

from PySide6.QtCore import QObject, Signal

from tftmonitor.base.clock import Clock
from tftmonitor.ui.map.devices.positions import Positions
from tftmonitor.ui.widgets.single_shot import single_shot

# In a turn of its own: the list works in the one that tells what moved.
_AFTER_LIST_MS: Final = 15
# Some 3 ms of reading, and as long for everybody else.
_AT_ONCE, _NEXT_PART_MS = 400, 4


class PositionFeed(QObject):
    """``has_read`` when all that moved is in, with whether rows are new among it.

    Nothing is read while ``is_seen`` says False; what moves meanwhile waits for ``catch_up``.
    """

    has_read = Signal(bool)

    def __init__(
        self, positions: Positions, clock: Clock, is_seen: Callable[[], bool], owner: QObject
    ) -> None:
        super().__init__(owner)
        self._positions, self._clock, self._is_seen = positions, clock, is_seen
        self._missed: set[int] = set()
        self._count = 0
        self._due = single_shot(self, self.catch_up)

    @property
    def is_behind(self) -> bool:
        """True while rows have moved, or came, that are not read yet."""
        return bool(self._missed) or not self._positions.has_all

    def note(self, rows: set[int]) -> None:
        """Rows of the fleet have moved, or came."""
        self._missed |= rows
        if self._is_seen() and not self._due.isActive():
            self._due.start(_AFTER_LIST_MS)

    def catch_up(self) -> None:
        """Read one part now, and the others each in a turn of its own."""
        self._due.stop()
        if not self._is_seen():
            return
        part = set(islice(self._missed, _AT_ONCE))
        self._missed -= part
        now_ms = self._clock.now_ms()
        self._positions.ingest(part, now_ms)
        if self.is_behind:
            self._due.start(_NEXT_PART_MS)
            return
        before, self._count = self._count, self._positions.count
        self._positions.tick(now_ms)
        self.has_read.emit(self._count > before)
