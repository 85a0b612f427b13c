"""The time zone of a device, computed from its place, where the user wants its times in it."""

from datetime import datetime, tzinfo

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.model.fleet.device import Device
from tftmonitor.monitor.where.device_place import place_of
from tftmonitor.monitor.where.places import places
from tftmonitor.settings.schema import Settings


def zones_differ(settings: Settings) -> bool:
    """True when times of devices are each in a zone of its own, so that it has to be said."""
    return settings.zone == "device"


def zone_there(
    settings: Settings, latitude: float | None, longitude: float | None
) -> tzinfo | None:
    """The zone of this place; None where that is not wanted, or not known."""
    return places().zone(latitude, longitude) if zones_differ(settings) else None


def zone_of_device(settings: Settings, device: Device | None) -> tzinfo | None:
    """The zone of the last place of a device; None as above."""
    if device is None or not zones_differ(settings):
        return None
    return zone_there(settings, *place_of(device))


def zone_note(zone: tzinfo | None) -> str:
    """Which zone the times of a device are in: its own, or that of the computer for want of it."""
    if zone is None:
        return "times of this computer"
    return f"times of {getattr(zone, 'key', zone)}"


def short_zone(zone: tzinfo, time_ms: int) -> str:
    """What stands behind a time: "CET", or "UTC+04" for a zone that has no letters."""
    name = datetime.fromtimestamp(time_ms / SECOND_MS, zone).tzname() or ""
    return f"UTC{name}" if name.startswith(("+", "-")) else name
