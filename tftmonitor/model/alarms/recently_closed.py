"""Alarms that are closed already, yet the other channel may still report them."""

from collections import deque
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from tftmonitor.base.clock import MINUTE_MS
from tftmonitor.model.alarms.alarm import SAME_EVENT_MS, Alarm
from tftmonitor.model.alarms.codes import Severity

# The other channel reports within seconds. Of a device that floods us with notices the oldest
# are forgotten: a second report of such a one counts as a notice of its own.
_KEPT: Final = 32
_ORDER_KEPT: Final = 20_000

# A message that waited at the server still has the device's own time, by which it is found.
_ALARM_MS: Final = 15 * MINUTE_MS


class RecentlyClosed:
    """Closed alarms by device, forgotten when no other source can report them any more."""

    def __init__(self, kept_ms: int = SAME_EVENT_MS) -> None:
        self._kept_ms = kept_ms
        self._by_device: dict[str | None, list[Alarm]] = {}
        self._order: deque[tuple[int, str | None]] = deque()

    def __len__(self) -> int:
        return sum(map(len, self._by_device.values()))

    def of(self, device: str | None) -> Sequence[Alarm]:
        """Those of one device, oldest first; read only."""
        return self._by_device.get(device, ())

    def add(self, alarm: Alarm) -> None:
        """Keep an alarm, in place of what it was before."""
        self._forget(alarm.last_ms - self._kept_ms)
        held = self._by_device.setdefault(alarm.device, [])
        held[:] = [*(other for other in held if other.id != alarm.id), alarm][-_KEPT:]
        self._order.append((alarm.last_ms, alarm.device))
        if len(self._order) > _ORDER_KEPT:
            self._forget(self._order[0][0] + 1)

    def discard(self, alarm: Alarm) -> None:
        """It is open again, or kept elsewhere."""
        if held := self._by_device.get(alarm.device):
            held[:] = [other for other in held if other.id != alarm.id]

    def rename(self, former: str, device: str) -> None:
        """Those of the former key are of this device."""
        held = self._by_device.pop(former, [])
        if not held:
            return
        self._order = deque((at_ms, device if of == former else of) for at_ms, of in self._order)
        moved = [replace(alarm, device=device) for alarm in held]
        both = sorted([*self.of(device), *moved], key=lambda alarm: alarm.last_ms)
        self._by_device[device] = both[-_KEPT:]

    def _forget(self, before_ms: int) -> None:
        while self._order and self._order[0][0] < before_ms:
            _, device = self._order.popleft()
            held = self._by_device.pop(device, [])
            if kept := [alarm for alarm in held if alarm.last_ms >= before_ms]:
                self._by_device[device] = kept


class ClosedAlarms:
    """Notices, which are many and close as they begin, apart from alarms somebody acknowledged."""

    def __init__(self) -> None:
        self.notices = RecentlyClosed()
        self.alarms = RecentlyClosed(_ALARM_MS)

    def of(self, device: str | None) -> Sequence[Alarm]:
        """Those of one device."""
        return (*self.notices.of(device), *self.alarms.of(device))

    def rename(self, former: str, device: str) -> None:
        """Those of the former key are of this device."""
        self.notices.rename(former, device)
        self.alarms.rename(former, device)

    def put(self, alarm: Alarm) -> None:
        """Keep an alarm that is closed, forget one that is not."""
        self.alarms.discard(alarm)
        if not alarm.is_open:
            is_notice = alarm.severity is Severity.NOTICE
            (self.notices if is_notice else self.alarms).add(alarm)
