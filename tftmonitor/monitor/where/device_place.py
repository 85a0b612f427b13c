"""Where a device is, as it was last reported, and how that is said of it."""

from typing import Final

from tftmonitor.model.fields.formatting import format_old
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.field_ages import value_age
from tftmonitor.monitor.where.places import places

PLACE: Final = ("lat", "lng")
"""The fields that say where a device is."""

_LATITUDE, _LONGITUDE = (STATUS_FIELDS.by_name[name] for name in PLACE)


def place_of(device: Device) -> tuple[float, float] | tuple[None, None]:
    """Latitude and longitude of its last fix in degrees; None twice for none."""
    if device.status is None:
        return None, None
    latitude, longitude = _LATITUDE.read(device.status, 0), _LONGITUDE.read(device.status, 0)
    if latitude is None or longitude is None:
        return None, None
    return float(latitude), float(longitude)


def device_place_text(device: Device, now_ms: int) -> str:
    """In words, and how old that is where it is not of now; empty for none."""
    words = places().words(*place_of(device))
    age = value_age(device, PLACE[0], now_ms)
    if not words or not (age.is_old and age.is_own):
        return words
    old = "" if age.since_ms is None else f", {format_old(now_ms - age.since_ms)}"
    return f"last known {words}{old}"
