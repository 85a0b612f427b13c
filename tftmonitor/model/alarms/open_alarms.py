"""The open alarms and their counts, for whoever shows them. Changed only by ``apply``."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import Final

from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.model.alarms.flood import Flood, floods

_Key = tuple[int, int, int, int, int]
_SEVERITIES: Final = tuple(sorted(Severity, reverse=True))


class AlarmCounts:
    """How many open alarms there are, by severity; suppressed ones do not count."""

    __slots__ = ("acknowledged", "over", "unacknowledged")

    def __init__(self) -> None:
        self.unacknowledged = dict.fromkeys(_SEVERITIES, 0)
        self.acknowledged = dict.fromkeys(_SEVERITIES, 0)
        # Of the unacknowledged ones those whose condition has ended.
        self.over = dict.fromkeys(_SEVERITIES, 0)

    @property
    def count(self) -> int:
        """All of them."""
        return sum(self.unacknowledged.values()) + sum(self.acknowledged.values())

    @property
    def waiting(self) -> int:
        """How many nobody has acknowledged."""
        return sum(self.unacknowledged.values())

    @property
    def worst(self) -> Severity | None:
        """The highest severity of all of them, None when there are none."""
        for severity in _SEVERITIES:
            if self.unacknowledged[severity] or self.acknowledged[severity]:
                return severity
        return None

    @property
    def worst_is_over(self) -> bool:
        """True when all of the highest severity have ended and only wait to be acknowledged."""
        worst = self.worst
        if worst is None or self.acknowledged[worst]:
            return False
        return self.unacknowledged[worst] == self.over[worst]

    @property
    def worst_waiting(self) -> Severity | None:
        """The highest severity that nobody has acknowledged."""
        return next((s for s in _SEVERITIES if self.unacknowledged[s]), None)

    def count_in(self, alarm: Alarm, step: int) -> None:
        """Add (1) or remove (-1) an open alarm."""
        if alarm.needs_ack:
            self.unacknowledged[alarm.severity] += step
            self.over[alarm.severity] += step * alarm.has_ended
        elif not alarm.suppressed:
            self.acknowledged[alarm.severity] += step


_NONE: Final = AlarmCounts()


class _Ordered:
    """Alarms in the reverse of ``_order``, with their keys beside them for the search.

    What is new and grave stands at the end, where a list takes it in without moving the others.
    """

    __slots__ = ("_alarms", "_keys")

    def __init__(self) -> None:
        self._alarms: list[Alarm] = []
        self._keys: list[_Key] = []

    def in_order(self) -> list[Alarm]:
        """A new list, in the order of ``_order``."""
        return self._alarms[::-1]

    def add(self, alarm: Alarm) -> None:
        key = _reverse_order(alarm)
        place = bisect_left(self._keys, key)
        self._keys.insert(place, key)
        self._alarms.insert(place, alarm)

    def remove(self, alarm: Alarm) -> None:
        place = bisect_left(self._keys, _reverse_order(alarm))
        del self._keys[place], self._alarms[place]


class OpenAlarms:
    """Open alarms by number and by device. ``version`` moves with every change.

    Lists are in the order in which they are to be shown: unacknowledged before acknowledged, then
    by severity, active before over, then newest first. The order is kept with each change, not
    sorted anew.
    """

    def __init__(self) -> None:
        self.version = 0
        self.total = AlarmCounts()
        self._alarms: dict[int, Alarm] = {}
        self._by_device: dict[str | None, dict[int, Alarm]] = {}
        self._counts: dict[str | None, AlarmCounts] = {}
        self._unacknowledged = _Ordered()
        self._acknowledged = _Ordered()
        self._suppressed = _Ordered()
        self._floods: list[Flood] | None = None

    def __len__(self) -> int:
        return len(self._alarms)

    def __contains__(self, number: int) -> bool:
        return number in self._alarms

    def apply(self, changes: Iterable[AlarmChange]) -> None:
        """Apply what became of alarms; the closed ones are open no more."""
        for change in changes:
            self.put(change.alarm)

    def put(self, alarm: Alarm) -> None:
        """Add, replace or, when it is closed, remove one alarm."""
        before = self._alarms.get(alarm.id)
        if before is not None:
            self._remove(before)
        if alarm.is_open:
            self._alarms[alarm.id] = alarm
            self._by_device.setdefault(alarm.device, {})[alarm.id] = alarm
            self._counts.setdefault(alarm.device, AlarmCounts()).count_in(alarm, 1)
            self.total.count_in(alarm, 1)
            self._place(alarm).add(alarm)
        elif before is not None:
            del self._alarms[alarm.id]
        self.version += 1
        self._floods = None

    def get(self, number: int) -> Alarm | None:
        """The open alarm of this number."""
        return self._alarms.get(number)

    def all(self) -> list[Alarm]:
        """Every open alarm, also suppressed ones, oldest first."""
        return list(self._alarms.values())

    def open(self) -> list[Alarm]:
        """Open alarms that are not suppressed."""
        return self._unacknowledged.in_order() + self._acknowledged.in_order()

    def unacknowledged(self) -> list[Alarm]:
        """Alarms that somebody has to look at: active, and returned but unacknowledged."""
        return self._unacknowledged.in_order()

    def acknowledged(self) -> list[Alarm]:
        """Acknowledged, and still active."""
        return self._acknowledged.in_order()

    def shelved(self) -> list[Alarm]:
        """Suppressed: shelved, or of a device that is out of service."""
        return self._suppressed.in_order()

    def by_device(self, device: str | None) -> list[Alarm]:
        """Open alarms of one device, also suppressed ones; None stands for our own link."""
        return sorted(self._by_device.get(device, {}).values(), key=_order)

    def count_of(self, device: str | None) -> int:
        """How many open alarms a device has, suppressed ones too."""
        return len(self._by_device.get(device, ()))

    def counts_of(self, device: str | None) -> AlarmCounts:
        """The counts of one device; read only."""
        return self._counts.get(device, _NONE)

    def devices(self) -> list[str]:
        """The devices that have open alarms."""
        return [device for device in self._by_device if device is not None]

    def floods(self) -> list[Flood]:
        """Alarms that are to be shown as one line, newest flood first."""
        if self._floods is None:
            self._floods = floods(self._unacknowledged.in_order())
        return self._floods

    def _place(self, alarm: Alarm) -> "_Ordered":
        if alarm.needs_ack:
            return self._unacknowledged
        return self._suppressed if alarm.suppressed else self._acknowledged

    def _remove(self, alarm: Alarm) -> None:
        self._place(alarm).remove(alarm)
        self.total.count_in(alarm, -1)
        held = self._by_device[alarm.device]
        del held[alarm.id]
        if held:
            self._counts[alarm.device].count_in(alarm, -1)
        else:
            del self._by_device[alarm.device], self._counts[alarm.device]


def _order(alarm: Alarm) -> _Key:
    return (
        not alarm.needs_ack,
        -alarm.severity,
        alarm.has_ended,
        -alarm.first_ms,
        -alarm.id,
    )


def _reverse_order(alarm: Alarm) -> _Key:
    return (alarm.needs_ack, alarm.severity, not alarm.has_ended, alarm.first_ms, alarm.id)
