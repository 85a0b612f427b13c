"""Many alarms at once, drawn together into one line so that no single one is buried."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tftmonitor.base.clock import MINUTE_MS
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.codes import Severity

FLOOD_COUNT: Final = 10
FLOOD_MS: Final = 10 * MINUTE_MS
"""More than one a minute for ten minutes is what one person cannot work off (EEMUA 191)."""


@dataclass(frozen=True, slots=True)
class FloodGroup:
    """The alarms of one device within a flood, oldest first."""

    device: str | None
    device_name: str
    alarms: tuple[Alarm, ...]
    worst: Severity


@dataclass(frozen=True, slots=True)
class Flood:
    """Ten or more alarms that came within ten minutes, oldest first, and by device."""

    alarms: tuple[Alarm, ...]
    groups: tuple[FloodGroup, ...]

    @property
    def first(self) -> Alarm:
        """The one that it began with, perhaps the cause of the rest."""
        return self.alarms[0]

    @property
    def worst(self) -> Severity:
        """The highest severity among them."""
        return max(group.worst for group in self.groups)

    @property
    def ids(self) -> frozenset[int]:
        """The alarms that the flood line stands for."""
        return frozenset(alarm.id for alarm in self.alarms)


def floods(alarms: Iterable[Alarm]) -> list[Flood]:
    """The floods among these alarms, newest first; those in none stand singly.

    Only alarms that need somebody count, critical ones and drills never do. A flood stays one
    as long as its alarms are unacknowledged: it does not fall apart as time goes on.
    """
    waiting = [a for a in alarms if a.needs_ack and a.severity < Severity.CRITICAL and not a.drill]
    waiting.sort(key=lambda alarm: (alarm.first_ms, alarm.id))
    found: list[list[Alarm]] = []
    done = 0  # how many of ``waiting`` are in a flood or too old for the next one
    for end in range(FLOOD_COUNT, len(waiting) + 1):
        start = end - FLOOD_COUNT
        if waiting[end - 1].first_ms - waiting[start].first_ms >= FLOOD_MS:
            continue
        if start >= done:
            found.append([])
            done = start
        found[-1].extend(waiting[done:end])
        done = end
    return [Flood(tuple(members), _groups(members)) for members in reversed(found)]


def _groups(alarms: list[Alarm]) -> tuple[FloodGroup, ...]:
    by_device: dict[str | None, list[Alarm]] = {}
    for alarm in alarms:
        by_device.setdefault(alarm.device, []).append(alarm)
    return tuple(
        FloodGroup(device, held[-1].device_name, tuple(held), max(a.severity for a in held))
        for device, held in by_device.items()
    )
