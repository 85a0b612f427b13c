"""What goes wrong in the fleet: one row an incident, and the schedule of incidents."""

import random
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.simulator.fleet import alarms
from tftmonitor.simulator.fleet.alarms import AlarmKind
from tftmonitor.simulator.fleet.itinerary import Leg, Phase
from tftmonitor.simulator.fleet.kinds import Family
from tftmonitor.simulator.fleet.roster import Roster
from tftmonitor.simulator.fleet.units import Unit
from tftmonitor.simulator.outgoing import Push

# In a demo the first alarms come by the clock, so that everybody sees one at once. Those after
# them come as seldom as an operator bears them (ISA-18.2: about six an hour).
_SCRIPT_S = (5, 11, 17, 24, 32)
_DEMO_EVERY_S = (420.0, 900.0)
# A large fleet has one incident in so many seconds for each device.
_DEVICE_EVERY_S = 1_200.0
_FASTEST_S = 0.5


class Incident(NamedTuple):
    """One row: whom it can hit, what it does, and whether and how it ends."""

    alarm: AlarmKind | None
    fits: Callable[[Unit], bool]
    weight: int = 1
    begin: Callable[[Unit], None] | None = None
    lasts_s: tuple[int, int] | None = None
    end: Callable[[Unit], None] | None = None
    end_alarm: AlarmKind | None = None


def _driving(unit: Unit) -> bool:
    return _vehicle(unit) and unit.itinerary.leg.phase is Phase.DRIVING


def _fast(unit: Unit) -> bool:
    return _driving(unit) and unit.track.speed_kmh > 25


def _parked(unit: Unit) -> bool:
    return _vehicle(unit) and unit.itinerary.leg.phase is Phase.PARKED


def _running(unit: Unit) -> bool:
    return _vehicle(unit) and unit.ignition


def _vehicle(unit: Unit) -> bool:
    return unit.profile.kind.family is Family.VEHICLE and not unit.electrics.is_cut


def _truck(unit: Unit) -> bool:
    return _vehicle(unit) and "rs232Fuel" in unit.profile.kind.accessories


def _asset(unit: Unit) -> bool:
    return unit.profile.kind.family is Family.ASSET


def _own_battery(unit: Unit) -> bool:
    return _vehicle(unit) and unit.profile.kind.has_battery


def _cut_supply(unit: Unit) -> None:
    unit.electrics.is_cut = True
    unit.alarm.lasting |= alarms.POWER_LOST.bit


def _restore_supply(unit: Unit) -> None:
    unit.electrics.is_cut = False
    unit.alarm.lasting &= ~alarms.POWER_LOST.bit


def _speed_up(unit: Unit) -> None:
    unit.itinerary.insert(Leg(Phase.DRIVING, 35, unit.profile.kind.top_kmh + 16))


def _tow(unit: Unit) -> None:
    unit.itinerary.insert(Leg(Phase.TOWED, 45, 14.0), Leg(Phase.TOWED, 10))


def _weaken(unit: Unit) -> None:
    unit.electrics.surface = -2.2


def _empty(unit: Unit) -> None:
    unit.electrics.cell_v = 3.46


def _jam(unit: Unit) -> None:
    unit.alarm.lasting |= alarms.JAMMING.bit


def _unjam(unit: Unit) -> None:
    unit.alarm.lasting &= ~alarms.JAMMING.bit


def _ac_on(unit: Unit) -> None:
    unit.ac_on = True


def _ac_off(unit: Unit) -> None:
    unit.ac_on = False


def _plug(unit: Unit) -> None:
    unit.usb_charging = True


def _unplug(unit: Unit) -> None:
    unit.usb_charging = False


def _open(unit: Unit) -> None:
    unit.is_open = True


def _close(unit: Unit) -> None:
    unit.is_open = False


_SOS = Incident(alarms.SOS, _running, 3)
_POWER = Incident(
    alarms.POWER_LOST, _running, 4, _cut_supply, (15, 40), _restore_supply, alarms.POWER_BACK
)
_SPEEDING = Incident(None, _fast, 4, _speed_up)
_TOW = Incident(alarms.TOWING, _parked, 2, _tow)
_FENCE = Incident(
    alarms.FENCE_OUT, _driving, 4, lasts_s=(20, 60), end_alarm=alarms.FENCE_IN
)  # fmt: skip
_INCIDENTS = (
    _SOS,
    _POWER,
    _SPEEDING,
    _TOW,
    _FENCE,
    Incident(alarms.VIBRATION, _parked, 2),
    Incident(alarms.HARSH, _fast, 3),
    Incident(alarms.AC_ON, _running, 2, _ac_on, (20, 90), _ac_off, alarms.AC_OFF),
    Incident(alarms.JAMMING, _running, 1, _jam, (10, 30), _unjam, alarms.JAMMING_END),
    Incident(alarms.POWER_LOW, _parked, 1, _weaken),
    Incident(alarms.BATTERY_LOW, _own_battery, 1, _empty),
    Incident(alarms.FUEL_LEAK, _truck),
    Incident(alarms.TANK_FILLED, _truck),
    Incident(alarms.COLLISION, _driving),
    Incident(alarms.ASSET_LIGHT, _asset, 2, _open, (10, 40), _close, alarms.ASSET_DARK),
    Incident(alarms.ASSET_USB, _asset, 1, _plug, (30, 90), _unplug, alarms.ASSET_USB_END),
    Incident(
        alarms.ASSET_FENCE_OUT, _asset, 1, lasts_s=(30, 90), end_alarm=alarms.ASSET_FENCE_IN
    ),
    Incident(
        alarms.ASSET_REMOVED, _asset, 1, lasts_s=(20, 60), end_alarm=alarms.ASSET_MOUNTED
    ),
    Incident(alarms.ASSET_TILT, _asset),
    Incident(alarms.ASSET_BATTERY_LOW, _asset, 1, _empty),
)  # fmt: skip
_SCRIPT = (_SOS, _POWER, _SPEEDING, _FENCE, _TOW)


class Incidents:
    """Puts incidents on the agenda of a roster, without end."""

    def __init__(self, roster: Roster, opens_after_s: float = 0.0) -> None:
        """A demo's first alarms come so long after the start: when somebody begins to look."""
        self._roster = roster
        if roster.demo:
            for seconds, incident in zip(_SCRIPT_S, _SCRIPT, strict=True):
                self._at(opens_after_s + seconds, partial(self._schedule, incident))
        first_s = _SCRIPT_S[-1] if roster.demo else 0
        self._at(first_s + self._pause_s(), self._next)

    def _at(self, seconds: float, action: Callable[[int], list[Push]]) -> None:
        self._roster.agenda.add(self._roster.start_ms + round(seconds * SECOND_MS), action)

    def _pause_s(self) -> float:
        rng = self._roster.rng
        if self._roster.demo:
            return rng.uniform(*_DEMO_EVERY_S)
        return max(_FASTEST_S, rng.expovariate(len(self._roster.units) / _DEVICE_EVERY_S))

    def _next(self, time_ms: int) -> list[Push]:
        rng = self._roster.rng
        incident = rng.choices(_INCIDENTS, [row.weight for row in _INCIDENTS])[0]
        self._roster.agenda.add(time_ms + round(self._pause_s() * SECOND_MS), self._next)
        return self._schedule(incident, time_ms)

    def _schedule(self, incident: Incident, time_ms: int) -> list[Push]:
        unit = _choose_unit(incident, self._roster.units, self._roster.rng)
        if unit is not None:
            begin = partial(self._begin, incident, unit)
            self._roster.agenda.add(self._roster.aligned(unit, time_ms), begin)
        return []

    def _begin(self, incident: Incident, unit: Unit, time_ms: int) -> list[Push]:
        roster = self._roster
        unit.advance(time_ms, roster.rng)
        if incident.begin is not None:
            incident.begin(unit)
        if incident.lasts_s is not None:
            wait_ms = roster.rng.randint(*incident.lasts_s) * SECOND_MS
            roster.agenda.add(time_ms + wait_ms, partial(self._end, incident, unit))
        if incident.alarm is None:
            return []
        unit.settle(roster.rng)
        return roster.raise_alarm(unit, incident.alarm, time_ms)

    def _end(self, incident: Incident, unit: Unit, time_ms: int) -> list[Push]:
        unit.advance(time_ms, self._roster.rng)
        if incident.end is not None:
            incident.end(unit)
        if incident.end_alarm is None:
            return []
        unit.settle(self._roster.rng)
        return self._roster.raise_alarm(unit, incident.end_alarm, time_ms)


def _choose_unit(incident: Incident, units: list[Unit], rng: random.Random) -> Unit | None:
    """A unit that the incident fits, likelier one that reports often; of large fleets a sample."""
    sample = units if len(units) <= 100 else rng.sample(units, 100)
    fitting = [unit for unit in sample if incident.fits(unit)]
    if not fitting:
        return None
    weights = [1 / unit.profile.moving_s for unit in fitting]
    return rng.choices(fitting, weights)[0]
