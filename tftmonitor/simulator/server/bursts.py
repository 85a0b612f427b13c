"""Frames for the faults that come from the fleet itself: late uploads, alarm floods."""

import math
from collections.abc import Callable

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.simulator.fleet import alarms
from tftmonitor.simulator.fleet.formulas import CLOCK_UNSET_MS
from tftmonitor.simulator.fleet.roster import Roster
from tftmonitor.simulator.fleet.units import Unit
from tftmonitor.simulator.outgoing import Push
from tftmonitor.simulator.server.faults import Fault, FaultKind

_DEFAULT_LATE = 50
_DEFAULT_ALARMS = 200
# Between two stored reports, and how fast the unit was then.
_STORED_EVERY_S = 10
_STORED_KMH = 54.0
_METRES_PER_DEGREE = 111_320.0
# As read from a real unit: 2080-01-06.
CLOCK_AHEAD_MS = 3_471_724_812_000
_FLOOD_ALARMS = (alarms.SOS, alarms.POWER_LOST, alarms.OVER_SPEED, alarms.TOWING, alarms.FENCE_OUT)


def _late(roster: Roster, _now_ms: int, fault: Fault) -> list[Push]:
    """Stored snapshots of the first unit, oldest first, all older than its last report."""
    unit = roster.units[0]
    newest_ms = unit.last_report_ms - unit.last_report_ms % SECOND_MS
    count = int(fault.number("n", _DEFAULT_LATE))
    return [_stored(roster, unit, newest_ms, age) for age in range(count, 0, -1)]


def _stored(roster: Roster, unit: Unit, newest_ms: int, age: int) -> Push:
    channel, frame = roster.snapshot(unit, newest_ms)
    status = frame["data"]["status"]
    metres = age * _STORED_EVERY_S * _STORED_KMH / 3.6
    back = math.radians(unit.track.heading)
    width = _METRES_PER_DEGREE * math.cos(math.radians(unit.track.lat))
    date_ms = newest_ms - age * _STORED_EVERY_S * SECOND_MS
    status |= {
        "date": date_ms,
        "location_date": date_ms,
        "speed": _STORED_KMH,
        "lat": round(unit.track.lat - metres * math.cos(back) / _METRES_PER_DEGREE, 6),
        "lng": round(unit.track.lng - metres * math.sin(back) / width, 6),
        "mileage": int(unit.track.mileage_m - metres),
    }
    return channel, frame


def _alarm_flood(roster: Roster, now_ms: int, fault: Fault) -> list[Push]:
    """``n`` alarms of many devices at once, each on both channels."""
    units = roster.units
    pushes: list[Push] = []
    for number in range(int(fault.number("n", _DEFAULT_ALARMS))):
        alarm = _FLOOD_ALARMS[(number + number // len(units)) % len(_FLOOD_ALARMS)]
        pushes += roster.raise_alarm(units[number % len(units)], alarm, now_ms)
    return pushes


def _unknown(roster: Roster, now_ms: int, _fault: Fault) -> list[Push]:
    return roster.raise_alarm(roster.units[0], alarms.UNKNOWN, now_ms)


def _wrong_clocks(roster: Roster, now_ms: int, _fault: Fault) -> list[Push]:
    """The first unit dated 2000-01-01, the second one 2080."""
    pushes = []
    for unit, date_ms in zip(roster.units, (CLOCK_UNSET_MS, CLOCK_AHEAD_MS), strict=False):
        channel, frame = roster.snapshot(unit, now_ms)
        frame["data"]["status"] |= {"date": date_ms, "location_date": date_ms}
        pushes.append((channel, frame))
    return pushes


def alarm_pair(roster: Roster, now_ms: int) -> list[Push]:
    """One alarm as both channels report it: the snapshot and the message."""
    return roster.raise_alarm(roster.units[0], alarms.SOS, now_ms)


BURSTS: dict[FaultKind, Callable[[Roster, int, Fault], list[Push]]] = {
    FaultKind.LATE: _late,
    FaultKind.ALARMS: _alarm_flood,
    FaultKind.UNKNOWN: _unknown,
    FaultKind.CLOCK: _wrong_clocks,
}
