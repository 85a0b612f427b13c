"""Notices of the last minute: closed already, yet the other channel may still report them."""

from collections import deque
from collections.abc import Sequence
from typing import Final

from tftmonitor.model.alarms.alarm import SAME_EVENT_MS, Alarm

# The other channel reports within seconds. Of a device that floods us with notices the oldest
# are forgotten: a second report of such a one counts as a notice of its own.
_KEPT: Final = 32
_ORDER_KEPT: Final = 20_000


class RecentNotices:
    """Closed notices by device, forgotten when no other source can report them any more."""

    def __init__(self) -> None:
        self._by_device: dict[str | None, list[Alarm]] = {}
        self._order: deque[tuple[int, str | None]] = deque()

    def __len__(self) -> int:
        return sum(map(len, self._by_device.values()))

    def of(self, device: str | None) -> Sequence[Alarm]:
        """Those of one device, oldest first; read only."""
        return self._by_device.get(device, ())

    def add(self, notice: Alarm) -> None:
        """Keep a notice, in place of what it was before."""
        self._forget(notice.last_ms - SAME_EVENT_MS)
        held = self._by_device.setdefault(notice.device, [])
        held[:] = [*(other for other in held if other.id != notice.id), notice][-_KEPT:]
        self._order.append((notice.last_ms, notice.device))
        if len(self._order) > _ORDER_KEPT:
            self._forget(self._order[0][0] + 1)

    def _forget(self, before_ms: int) -> None:
        while self._order and self._order[0][0] < before_ms:
            _, device = self._order.popleft()
            held = self._by_device.pop(device, [])
            if kept := [notice for notice in held if notice.last_ms >= before_ms]:
                self._by_device[device] = kept
