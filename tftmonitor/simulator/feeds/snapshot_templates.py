"""Cheap snapshots for thousands a second: encoded bytes with slots for what changes.

A template is valid while the unit's mode is the same, for a limited number of uses.
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.fleet.formulas import SERVER_DELAY_MS, device_date
from tftmonitor.simulator.fleet.roster import Roster
from tftmonitor.simulator.fleet.units import Unit
from tftmonitor.simulator.outgoing import Outgoing

# Slots of a unit that is awake and has a fix, in the order of the keys.
_MOVING = {
    "altitude": b"%.1f",
    "azimuth": b"%d",
    "date": b"%d",
    "external_power_voltage": b"%.2f",
    "idle_status": b"%d",
    "lat": b"%.6f",
    "lng": b"%.6f",
    "location_date": b"%d",
    "mileage": b"%d",
    "polling": b"%d",
    "satellite_count": b"%d",
    "speed": b"%.1f",
}
# Slots of any other.
_RESTING = {"date": b"%d", "external_power_voltage": b"%.2f", "polling": b"%d"}
# Uses of a template after which the slow values (engine, battery) are read again.
_MAX_USES = 25

_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class _Template:
    mode: int
    moving: bool
    text: bytes
    uses: int = 0


class SnapshotTemplates:
    """Makes encoded snapshots of the units of a roster, one after the other."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._templates: list[_Template | None] = [None] * len(roster.units)
        self._turn = 0

    def make(self, now_ms: int, count: int) -> list[Outgoing]:
        """``count`` snapshots of the next units in turn, dated now; advances each unit to now."""
        units, turn = self._roster.units, self._turn
        self._turn = (turn + count) % len(units)
        return [self._snapshot(units[(turn + step) % len(units)], now_ms) for step in range(count)]

    def _snapshot(self, unit: Unit, now_ms: int) -> Outgoing:
        unit.advance(now_ms, self._roster.rng)
        unit.last_report_ms = max(unit.last_report_ms, now_ms)
        index = unit.identity.index
        template = self._templates[index]
        if template is None or template.mode != unit.mode or template.uses >= _MAX_USES:
            template = self._make_template(unit, now_ms)
            self._templates[index] = template
        template.uses += 1
        values = _moving(unit, now_ms) if template.moving else _resting(unit, now_ms)
        return Outgoing(Channel.DEVICES, template.text % values)

    def _make_template(self, unit: Unit, now_ms: int) -> _Template:
        frame = self._roster.snapshot(unit, now_ms)[1]
        data: dict[str, Any] = frame["data"]
        moving = unit.has_fix and not unit.asleep
        slots = _MOVING if moving else _RESTING
        status = b",".join(
            b'"%s":' % wire.encode() + (slots.get(wire) or _escaped(value))
            for wire, value in data["status"].items()
        )
        identity = _escaped({key: value for key, value in data.items() if key != "status"})
        text = b'{"event":"snapshot","data":%s,"status":{%s}},"error":0}' % (
            identity[:-1],
            status,
        )
        return _Template(unit.mode, moving, text)


def _escaped(value: object) -> bytes:
    return _encode(value).replace(b"%", b"%%")


def _moving(unit: Unit, now_ms: int) -> tuple[float, ...]:
    track, date_ms = unit.track, device_date(unit, now_ms)
    speed = track.speed_kmh
    return (
        track.altitude_m,
        track.heading,
        date_ms,
        unit.electrics.supply_v,
        unit.ignition and speed < 0.05,
        track.lat,
        track.lng,
        date_ms,
        track.mileage_m,
        now_ms + SERVER_DELAY_MS,
        track.satellites,
        speed,
    )


def _resting(unit: Unit, now_ms: int) -> tuple[float, ...]:
    return device_date(unit, now_ms), unit.electrics.supply_v, now_ms + SERVER_DELAY_MS
