"""Where an alarm is: the place that came with it, and how old that is; none that cannot be."""

from typing import NamedTuple

from tftmonitor.base.clock import MINUTE_MS
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.field_ages import (
    LEAST_LIMIT_MS,
    fix_time_ms,
    is_receiving,
    value_age,
)
from tftmonitor.protocol.messages import AlarmNotice

# Whoever is sent there must know when a vehicle can be somewhere else by now.
_LAST_KNOWN_AFTER_MS = 2 * MINUTE_MS
# About a metre: a message tells the same place with fewer digits.
_SAME_DEGREES = 1e-5

_LATITUDE = STATUS_FIELDS.by_name["lat"]
_LONGITUDE = STATUS_FIELDS.by_name["lng"]


class AlarmPlace(NamedTuple):
    """Degrees, None for no place. ``fix_ms`` is when it was measured, None while nobody knows;
    ``is_last_known`` when the device may be elsewhere.
    """

    lat: float | None = None
    lng: float | None = None
    fix_ms: int | None = None
    is_last_known: bool = False


NO_PLACE = AlarmPlace()


def place_in_snapshot(
    device: object, status: DeviceStatus, at_ms: int, *, late: bool
) -> AlarmPlace:
    """The place in a snapshot's own status; ``at_ms`` is the time of the snapshot."""
    place = _possible(status)
    if place is None:
        return NO_PLACE
    fix_ms = fix_time_ms(status, at_ms)
    if isinstance(device, Device) and device.status is not None and not late:
        # What a frame leaves out, as that there is no fix, is unchanged.
        is_lost = not is_receiving(device.status)
        if is_lost:
            fix_ms = value_age(device, _LATITUDE.name, at_ms).since_ms
    else:
        is_lost = not is_receiving(status)
        if is_lost and fix_ms is not None and at_ms - fix_ms <= LEAST_LIMIT_MS:
            fix_ms = None  # the time of the report, put to the last place
    is_old = fix_ms is not None and at_ms - fix_ms >= _LAST_KNOWN_AFTER_MS
    return AlarmPlace(*place, fix_ms, is_lost or is_old)


def place_in_message(
    device: object, lat: float | None, lng: float | None, at_ms: int
) -> AlarmPlace:
    """The place in a message, which has no time: where it is that of the device, it is as old."""
    place = _possible(DeviceStatus(lat=lat, lng=lng))
    if place is None:
        return NO_PLACE
    if isinstance(device, Device) and device.status is not None:
        known = _possible(device.status)
        if known is not None and _is_same(place, known):
            return place_in_snapshot(device, device.status, at_ms, late=False)
    return AlarmPlace(*place)


def place_told(notice: AlarmNotice) -> tuple[float, float] | None:
    """Latitude and longitude that a message tells, None for none and for what cannot be."""
    return _possible(DeviceStatus(lat=notice.latitude, lng=notice.longitude))


def _possible(status: DeviceStatus) -> tuple[float, float] | None:
    lat, lng = _LATITUDE.read(status, 0), _LONGITUDE.read(status, 0)
    return None if lat is None or lng is None else (float(lat), float(lng))


def _is_same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(abs(a - b) <= _SAME_DEGREES for a, b in zip(one, other, strict=True))
