"""What an installer has to see of a unit, and whether it was seen since the check began. No Qt."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from tftmonitor.base.clock import MINUTE_MS, SECOND_MS
from tftmonitor.model.fields.field import Unit
from tftmonitor.model.fields.formatting import format_age, format_number
from tftmonitor.model.fields.plot import SERIES, Lane
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fields.units import shown_as
from tftmonitor.model.fleet.activity import has_fix
from tftmonitor.model.fleet.clocks import clock_note
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.series import Samples

_FRESH_MS: Final = 2 * MINUTE_MS
_REPORTS: Final = 3
_LEAST_SUPPLY_V: Final = 9.0
_LEAST_SATELLITES: Final = 4
_LEAST_SIGNAL: Final = 20
_MOVES_KMH: Final = 5.0
_IGNITION: Final = "acc"


class CheckState(enum.Enum):
    """Seen and right, seen and wrong, or not seen yet."""

    OK = "ok"
    WRONG = "wrong"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list; ``words`` say what was seen, or what to do for it."""

    title: str
    state: CheckState
    words: str


def checks_of(device: Device, samples: Samples, begun_s: float, now_ms: int) -> list[Check]:
    """All checks of a device, by what came since the check began, in seconds since 1970 UTC."""
    seen = samples.pick(slice(int(np.searchsorted(samples.times, begun_s)), None))
    return [
        _reports(device, len(seen.times), now_ms),
        _clock(device, now_ms),
        _fix(device, now_ms),
        _signal(device, now_ms),
        _supply(device, now_ms),
        *_switches(seen),
        _moves(seen),
    ]


def report_text(device: Device, checks: list[Check], when: str) -> str:
    """The list as plain text, for a job sheet."""
    marks = {CheckState.OK: "[x]", CheckState.WRONG: "[!]", CheckState.WAITING: "[ ]"}
    head = f"{device.label}  {device.model or ''}  IMEI {device.imei or 'unknown'}  {when}"
    lines = [f"{marks[check.state]} {check.title}: {check.words}" for check in checks]
    return "\n".join([head, *lines])


def _reports(device: Device, count: int, now_ms: int) -> Check:
    title = "Reports arrive"
    age_ms = now_ms - device.received_ms
    words = f"{count} since the check began, the last {format_age(age_ms)} ago"
    if age_ms > _FRESH_MS:
        return Check(title, CheckState.WRONG, words)
    return Check(title, CheckState.OK if count >= _REPORTS else CheckState.WAITING, words)


def _clock(device: Device, now_ms: int) -> Check:
    title = "Clock is set"
    note = clock_note(device)
    if note:
        return Check(title, CheckState.WRONG, note)
    is_known = device.device_ms is not None and device.device_ms <= now_ms + MINUTE_MS
    state = CheckState.OK if is_known else CheckState.WAITING
    return Check(title, state, "right" if is_known else "no date of the device yet")


def _fix(device: Device, now_ms: int) -> Check:
    title = "Position"
    count = _read(device, "satellite_count", now_ms)
    words = "" if count is None else f"{count:.0f} satellites"
    if not has_fix(device.status):
        need = "no fix yet: bring it under open sky"
        return Check(title, CheckState.WAITING, ", ".join(filter(None, (need, words))))
    if count is not None and count < _LEAST_SATELLITES:
        return Check(title, CheckState.WRONG, f"{words}: the antenna sees little sky")
    return Check(title, CheckState.OK, f"fix, {words}" if words else "fix")


def _signal(device: Device, now_ms: int) -> Check:
    value = _read(device, "network_signal", now_ms)
    if value is None:
        return Check("Mobile network", CheckState.WAITING, "no signal strength yet")
    state = CheckState.OK if value >= _LEAST_SIGNAL else CheckState.WRONG
    return Check("Mobile network", state, f"signal {value:.0f} %")


def _supply(device: Device, now_ms: int) -> Check:
    title = "Vehicle supply"
    volts = _read(device, "external_power_voltage", now_ms)
    if volts is None:
        return Check(title, CheckState.WAITING, "no voltage yet, or a unit without a supply")
    text = f"{format_number(volts, 2)} V"
    if volts < _LEAST_SUPPLY_V:
        return Check(title, CheckState.WRONG, f"{text}: check plus, ground and fuse")
    return Check(title, CheckState.OK, text)


def _switches(seen: Samples) -> Iterator[Check]:
    """Ignition always; of the inputs those that were on at all."""
    for lane in SERIES.lanes:
        is_ignition = lane.key == _IGNITION
        on, off = _was(seen, lane, on=True), _was(seen, lane, on=False)
        if not is_ignition and not (lane.pin is not None and on):
            continue
        if on and off:
            yield Check(lane.title, CheckState.OK, "seen on and off")
        elif on or off:
            now = "on" if on else "off"
            yield Check(lane.title, CheckState.WAITING, f"only {now} so far: switch it once")
        else:
            yield Check(lane.title, CheckState.WAITING, "not reported yet")


def _moves(seen: Samples) -> Check:
    speeds = [
        seen.values[number] for number, field in enumerate(SERIES.channels) if field.name == "speed"
    ]
    fastest = max((float(np.nanmax(row)) for row in speeds if np.isfinite(row).any()), default=0.0)
    if fastest >= _MOVES_KMH:
        speed = shown_as(Unit.KMH)
        return Check("Moves", CheckState.OK, f"up to {speed.of(fastest):.0f} {speed.text}")
    return Check("Moves", CheckState.WAITING, "drive a few metres")


def _was(seen: Samples, lane: Lane, *, on: bool) -> bool:
    bit = 1 << lane.bit
    known = (seen.known & bit) != 0
    state = (seen.states & bit) != 0
    return bool(np.any(known & (state if on else ~state)))


def _read(device: Device, name: str, now_ms: int) -> float | None:
    field = STATUS_FIELDS.by_name[name]
    value = None if device.status is None else field.read(device.status, now_ms)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) * field.spec.scale


def begun_s(now_ms: int) -> float:
    """The moment of a beginning, on the scale of samples."""
    return now_ms / SECOND_MS
