"""Which rows the table of alarms has: single alarms, floods, and what unfolds beneath them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import msgspec

from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.flood import Flood, FloodGroup
from tftmonitor.model.alarms.open_alarms import OpenAlarms

RowKey = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One line: an alarm, or the head of several that can be unfolded.

    ``key`` stays the same for as long as the line means the same. ``alarms`` are all that it
    stands for, ``alarm`` the one that it shows: of a head, the first. ``is_over``: all of them
    have ended and only wait to be acknowledged.
    """

    key: RowKey
    alarm: Alarm
    alarms: tuple[Alarm, ...]
    severity: Severity
    depth: int = 0
    head: str = ""
    unfolded: bool = False
    is_over: bool = False


def single(alarm: Alarm, depth: int = 0) -> AlarmRow:
    """The row of one alarm."""
    return AlarmRow(
        ("alarm", alarm.id),
        alarm,
        (alarm,),
        alarm.severity,
        depth,
        is_over=alarm.has_ended,
    )


def left_behind(row: AlarmRow, open_alarms: OpenAlarms, now_ms: int) -> AlarmRow:
    """What a row says that is not listed any more and stays until rows may move."""
    alarms = tuple(alarm for old in row.alarms if (alarm := open_alarms.get(old.id)) is not None)
    if alarms:
        return replace(row, alarm=alarms[0], alarms=alarms)
    if row.alarm.closed_ms is not None:
        return row
    over = msgspec.structs.replace(row.alarm, closed_ms=now_ms)
    return replace(row, alarm=over, alarms=(over,))


class OpenRows:
    """The rows of the open alarms. That of a single alarm is made once for each of its states,
    because hundreds are open while one changes.
    """

    def __init__(self, open_alarms: OpenAlarms) -> None:
        self._open_alarms = open_alarms
        self._singles: dict[int, AlarmRow] = {}

    def rows(self, unfolded: set[RowKey]) -> list[AlarmRow]:
        """As they are now; a flood stands where the worst of it, the newest first, would stand."""
        in_flood = {n: flood for flood in self._open_alarms.floods() for n in flood.ids}
        rows: list[AlarmRow] = []
        begun: set[int] = set()
        before, self._singles = self._singles, {}
        for alarm in self._open_alarms.open():
            flood = in_flood.get(alarm.id)
            if flood is None:
                row = before.get(alarm.id)
                if row is None or row.alarm is not alarm:
                    row = single(alarm)
                self._singles[alarm.id] = row
                rows.append(row)
            elif flood.first.id not in begun:
                begun.add(flood.first.id)
                rows.extend(_flood_rows(flood, unfolded))
        return rows


def flood_keys(open_alarms: OpenAlarms, number: int) -> list[RowKey]:
    """The heads that must be unfolded for this alarm to be seen."""
    for flood in open_alarms.floods():
        for group in flood.groups:
            if any(alarm.id == number for alarm in group.alarms):
                return [_flood_key(flood), _group_key(flood, group)]
    return []


def _flood_key(flood: Flood) -> RowKey:
    return ("flood", flood.first.id)


def _group_key(flood: Flood, group: FloodGroup) -> RowKey:
    return ("group", flood.first.id, group.device)


def _flood_rows(flood: Flood, unfolded: set[RowKey]) -> Iterator[AlarmRow]:
    key = _flood_key(flood)
    is_unfolded = key in unfolded
    count, devices = len(flood.alarms), len(flood.groups)
    noun = "device" if devices == 1 else "devices"
    head = f"{count} alarms at once on {devices} {noun}"
    yield AlarmRow(
        key, flood.first, flood.alarms, flood.worst, 0, head, is_unfolded, _all_over(flood.alarms)
    )
    if is_unfolded:
        for group in flood.groups:
            yield from _group_rows(flood, group, unfolded)


def _group_rows(flood: Flood, group: FloodGroup, unfolded: set[RowKey]) -> Iterator[AlarmRow]:
    if len(group.alarms) == 1:
        yield single(group.alarms[0], 1)
        return
    key = _group_key(flood, group)
    is_unfolded = key in unfolded
    head = f"{len(group.alarms)} alarms"
    yield AlarmRow(
        key,
        group.alarms[0],
        group.alarms,
        group.worst,
        1,
        head,
        is_unfolded,
        _all_over(group.alarms),
    )
    if is_unfolded:
        yield from (single(alarm, 2) for alarm in group.alarms)


def _all_over(alarms: Sequence[Alarm]) -> bool:
    return all(alarm.has_ended for alarm in alarms)
