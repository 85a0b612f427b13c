"""Notices of the last minute: closed already, yet the second channel may still tell of them."""

from collections import deque

from tftmonitor.model.alarms.alarm import SAME_EVENT_MS, Alarm
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.correlation import find_match, is_same_report
from tftmonitor.model.alarms.events import Raised

# The second channel tells within seconds. Of a device that floods us with notices the oldest
# stand alone then, and each of its witnesses is one more.
_KEPT = 32
_ORDER_KEPT = 20_000


class RecentNotices:
    """Closed notices by device, forgotten when no second witness can belong to them any more."""

    def __init__(self) -> None:
        self._by_device: dict[str | None, list[Alarm]] = {}
        self._order: deque[tuple[int, str | None]] = deque()

    def __len__(self) -> int:
        return sum(map(len, self._by_device.values()))

    def add(self, notice: Alarm) -> None:
        """Keep a notice, in place of what it was before."""
        self._forget(notice.last_ms - SAME_EVENT_MS)
        held = self._by_device.setdefault(notice.device, [])
        held[:] = [*(other for other in held if other.id != notice.id), notice][-_KEPT:]
        self._order.append((notice.last_ms, notice.device))
        if len(self._order) > _ORDER_KEPT:
            self._forget(self._order[0][0] + 1)

    def find(self, event: Raised) -> Alarm | None:
        """The notice that this event is about.

        The same channel again is a notice of its own, unless it is the same words again. An alarm
        that is sure to need somebody belongs to no notice.
        """
        if event.severity is not Severity.NOTICE and not event.candidates:
            return None
        near = (
            notice
            for notice in self._by_device.get(event.device, ())
            if is_same_report(notice, event)
        )
        return find_match(near, event)

    def _forget(self, before_ms: int) -> None:
        while self._order and self._order[0][0] < before_ms:
            _, device = self._order.popleft()
            held = self._by_device.pop(device, [])
            if kept := [notice for notice in held if notice.last_ms >= before_ms]:
                self._by_device[device] = kept
