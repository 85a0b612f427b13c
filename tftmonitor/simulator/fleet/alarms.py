"""The alarms that the fleet raises: the raw byte of the device's family, the server's text.

``bit`` is the alarm's bit in ``alerts``, 0 where the documented list has none.
"""

from typing import NamedTuple

from tftmonitor.simulator.fleet.kinds import Family


class AlarmKind(NamedTuple):
    """One alarm of one family."""

    code: int
    text: str
    bit: int = 0


POWER_LOST = AlarmKind(0x01, "External power disconnected", 0x4)
BATTERY_LOW = AlarmKind(0x02, "Internal battery low", 0x8)
SOS = AlarmKind(0x03, "SOS", 0x10)
OVER_SPEED = AlarmKind(0x04, "Over speed", 0x20)
FENCE_IN = AlarmKind(0x05, "Geofence in", 0x1000)
FENCE_OUT = AlarmKind(0x06, "Geofence out", 0x800)
TOWING = AlarmKind(0x07, "Towing", 0x40)
VIBRATION = AlarmKind(0x08, "Vibration", 0x20_0000)
TANK_FILLED = AlarmKind(0x11, "Tank filled", 0x200)
FUEL_LEAK = AlarmKind(0x12, "Fuel leak", 0x400)
IGNITION_ON = AlarmKind(0x15, "Ignition on", 0x1)
IGNITION_OFF = AlarmKind(0x16, "Ignition off", 0x2)
AC_ON = AlarmKind(0x17, "AC on", 0x2000)
AC_OFF = AlarmKind(0x18, "AC off", 0x4_0000)
JAMMING = AlarmKind(0x21, "Jamming begins", 0x200_0000)
JAMMING_END = AlarmKind(0x22, "Jamming ends", 0x400_0000)
POWER_BACK = AlarmKind(0x23, "External power recovered", 0x800_0000)
POWER_LOW = AlarmKind(0x24, "External power low", 0x1000_0000)
HARSH = AlarmKind(0x25, "Harsh driving", 0x2000_0000)
COLLISION = AlarmKind(0x26, "Collision", 0x4000_0000)

# Asset trackers use the same bytes for other things.
ASSET_REMOVED = AlarmKind(0x01, "Device removed")
ASSET_LIGHT = AlarmKind(0x04, "Light detected")
ASSET_BATTERY_LOW = AlarmKind(0x06, "Battery low", 0x8)
ASSET_TILT = AlarmKind(0x11, "Tilt begins")
ASSET_USB = AlarmKind(0x12, "USB charging start")
ASSET_USB_END = AlarmKind(0x13, "USB charging end")
ASSET_FENCE_IN = AlarmKind(0x14, "Geofence in", 0x1000)
ASSET_FENCE_OUT = AlarmKind(0x15, "Geofence out", 0x800)
ASSET_MOVING = AlarmKind(0x16, "Moving begins", 0x1)
ASSET_STOPS = AlarmKind(0x17, "Moving stops", 0x2)
ASSET_MOUNTED = AlarmKind(0x21, "Device mounted")
ASSET_DARK = AlarmKind(0x23, "Light gone")

# A real unit sent it; it stands in no table.
UNKNOWN = AlarmKind(0x69, "Alarm 0x69")


def switched(family: Family, on: bool) -> AlarmKind:
    """What a unit raises when its ignition (an asset tracker: its movement) changes."""
    if family is Family.ASSET:
        return ASSET_MOVING if on else ASSET_STOPS
    return IGNITION_ON if on else IGNITION_OFF
