"""What units do in the field now and then, so that people learn in a demo what it looks like.

A stored upload with an alarm in it, and an alarm that no table knows, in turn. Units with a wrong
clock and with values that went quiet are quirks of their profiles.
"""

from functools import partial

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.simulator.fleet import frames
from tftmonitor.simulator.fleet.alarms import FENCE_OUT
from tftmonitor.simulator.fleet.kinds import Family
from tftmonitor.simulator.fleet.roster import Roster
from tftmonitor.simulator.fleet.units import Unit
from tftmonitor.simulator.outgoing import Push

_FIRST_S = 45
# One of each soon, and then seldom: each ends in an alarm.
_SOON_S, _EVERY_S = 150, 1_500
# An hour without network: a report each ten seconds was stored, and the last of them are shown.
_STORED = 24
_STORED_BEFORE_MS = 3_600 * SECOND_MS
_STORED_EVERY_MS = 10 * SECOND_MS
_SENT_EVERY_MS = 50
_STORED_KMH = 45.0
_ALARM_AT = 12


class Oddities:
    """Puts odd frames on the agenda of a roster, without end."""

    def __init__(self, roster: Roster, opens_after_s: float = 0.0) -> None:
        self._roster = roster
        self._turn = 0
        first_ms = roster.start_ms + round((opens_after_s + _FIRST_S) * SECOND_MS)
        roster.agenda.add(first_ms, self._next)

    def _next(self, time_ms: int) -> list[Push]:
        self._turn += 1
        wait_s = _SOON_S if self._turn == 1 else _EVERY_S
        self._roster.agenda.add(time_ms + wait_s * SECOND_MS, self._next)
        unit = self._unit()
        if self._turn % 2:
            return self._unreadable(unit, time_ms)
        for number in range(_STORED):
            send = partial(self._stored, unit, time_ms, number)
            self._roster.agenda.add(time_ms + number * _SENT_EVERY_MS, send)
        return []

    def _unit(self) -> Unit:
        """Another one each time, a vehicle without quirks where there is one."""
        units = self._roster.units
        plain = [
            unit
            for unit in units
            if unit.profile.quirk is None and unit.profile.kind.family is Family.VEHICLE
        ]
        chosen = plain or units
        return chosen[self._turn % len(chosen)]

    def _stored(self, unit: Unit, began_ms: int, number: int, _time_ms: int) -> list[Push]:
        """A report of the hour before, which comes only now."""
        then_ms = began_ms - _STORED_BEFORE_MS + number * _STORED_EVERY_MS
        then_ms -= then_ms % SECOND_MS
        channel, frame = self._roster.snapshot(unit, then_ms)
        alarm = FENCE_OUT if number == _ALARM_AT else None
        frame["data"]["status"] |= {
            "date": then_ms,
            "location_date": then_ms,
            "speed": _STORED_KMH,
            "cur_event": alarm.code if alarm else 0,
            "alerts": alarm.bit if alarm else 0,
        }
        return [(channel, frame)]

    def _unreadable(self, unit: Unit, time_ms: int) -> list[Push]:
        """An event that is documented nowhere, with an alarm in words of its own."""
        date_ms = time_ms - time_ms % SECOND_MS
        details = {"cur_event": "DOOR_FORCED", "date": date_ms}
        return [frames.device_event("doorSensor", unit, details)]
