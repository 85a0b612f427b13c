"""The time zone of a device, computed from its place, where the user wants its times in it."""

from datetime import datetime, tzinfo
from typing import NamedTuple

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.model.fleet.device import Device
from tftmonitor.monitor.where.device_place import place_of
from tftmonitor.monitor.where.places import places
from tftmonitor.settings.schema import Settings
from tftmonitor.settings.zone import zone_of


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


class ShownZone(NamedTuple):
    """The zone in which the times of one device are shown, and whether that has to be said.

    ``named`` where each device has a zone of its own; ``is_own`` where the one of this is known.
    """

    zone: tzinfo
    named: bool = False
    is_own: bool = False

    @property
    def note(self) -> str:
        """Which zone that is; empty where it need not be said."""
        return zone_note(self.zone if self.is_own else None) if self.named else ""

    def said(self, text: str, time_ms: int) -> str:
        """A text of this time, with the zone behind it where that has to be said."""
        return f"{text} {short_zone(self.zone, time_ms)}" if self.named else text


def shown_zone(settings: Settings, device: Device | None) -> ShownZone:
    """Where the times of a device are shown; of no device, those of this computer."""
    return _shown(settings, zone_of_device(settings, device))


def shown_zone_at(settings: Settings, latitude: float | None, longitude: float | None) -> ShownZone:
    """The same of what was reported from this place, in degrees."""
    return _shown(settings, zone_there(settings, latitude, longitude))


def _shown(settings: Settings, own: tzinfo | None) -> ShownZone:
    if own is not None:
        return ShownZone(own, named=True, is_own=True)
    return ShownZone(zone_of(settings), named=zones_differ(settings))
