"""The kinds of device in the simulated fleet, and the profile of each device by its index.

Models, key sets and sentinels follow real packets of the same families.
"""

import enum
from dataclasses import dataclass

from tftmonitor.model.fields.field import Group


class Family(enum.Enum):
    """What numbers a device's alarms and decides its keys."""

    VEHICLE = "vehicle"
    ASSET = "asset"


class Quirk(enum.Enum):
    """What is wrong with a unit from the start."""

    NO_FIX = "never got a fix"
    CLOCK_UNSET = "clock was never set"
    CLOCK_BEHIND = "clock is set to another time zone"
    GONE_QUIET = "reports its battery once in a quarter of an hour"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of device; volts are the nominal supply, 0 without one."""

    prefix: str
    model: str
    family: Family
    volts: int
    groups: frozenset[Group]
    extras: frozenset[str] = frozenset()
    has_battery: bool = True
    has_engine: bool = False
    has_solar: bool = False
    top_kmh: float = 130.0
    accessories: tuple[str, ...] = ()

    @property
    def limit_kmh(self) -> float:
        """Above this speed the unit raises an alarm; its driver seldom goes there."""
        return self.top_kmh + 5


@dataclass(frozen=True, slots=True)
class Profile:
    """One device's kind, reporting interval while moving, and what is special about it."""

    kind: Kind
    moving_s: int = 10
    quirk: Quirk | None = None
    starts_in_s: int | None = None


_COMMON = frozenset(
    {Group.MOTION, Group.POSITION, Group.POWER, Group.ALARM, Group.TIME, Group.LINK}
)
_WIRED = _COMMON | {Group.INPUTS, Group.SECURITY}
_HEARTBEAT = frozenset({"heartbeat_interval", "heartbeat_time"})

VAN = Kind(
    "VAN", "TLW2-12B", Family.VEHICLE, 12, _WIRED | {Group.SENSORS},
    _HEARTBEAT | {"device_temp", "hdop"}, accessories=("driver",),
)  # fmt: skip
BASIC = Kind("VAN", "T8803 Pro", Family.VEHICLE, 12, _WIRED, _HEARTBEAT, has_battery=False)
TRUCK = Kind(
    "TRK", "TLW2-12BL", Family.VEHICLE, 24, _WIRED | {Group.SENSORS},
    _HEARTBEAT | {"device_temp", "hdop"}, top_kmh=89.0, accessories=("bleTire", "rs232Fuel"),
)  # fmt: skip
CAR = Kind(
    "CAR", "TLD1-A", Family.VEHICLE, 12, _WIRED | {Group.ENGINE, Group.FUEL}, _HEARTBEAT,
    has_battery=False, has_engine=True, top_kmh=140.0, accessories=("obdErrorInfo", "driver"),
)  # fmt: skip
OBD_TRUCK = Kind(
    "TRK", "TorchX 110", Family.VEHICLE, 24, _WIRED | {Group.ENGINE, Group.FUEL}, _HEARTBEAT,
    has_battery=False, has_engine=True, top_kmh=89.0,
    accessories=("obdErrorInfo", "rs232Tire", "rs232Fuel"),
)  # fmt: skip
TRAILER = Kind(
    "TRL", "TLP1-SF", Family.ASSET, 0, _COMMON | {Group.SOLAR, Group.SENSORS},
    _HEARTBEAT | {"device_temp", "light_sensor", "lock_type", "axis_x", "axis_y", "axis_z"},
    has_solar=True, top_kmh=89.0, accessories=("bleTire",),
)  # fmt: skip
BOX = Kind(
    "BOX", "KnightX 100", Family.ASSET, 0, _COMMON | {Group.SENSORS},
    _HEARTBEAT | {"device_temp", "light_sensor", "is_wireless_charging"}, top_kmh=89.0,
)  # fmt: skip

# The first profiles show every kind and several lively ones, so that a small fleet is a demo.
PROFILES = (
    Profile(VAN, moving_s=1),
    Profile(TRUCK, moving_s=2),
    Profile(CAR, moving_s=1),
    Profile(VAN, moving_s=2, starts_in_s=6),
    Profile(TRAILER),
    Profile(OBD_TRUCK, moving_s=3),
    Profile(BASIC, moving_s=5),
    Profile(BASIC, quirk=Quirk.NO_FIX),
    Profile(BOX),
    Profile(VAN, quirk=Quirk.CLOCK_UNSET),
    Profile(VAN, quirk=Quirk.CLOCK_BEHIND),
    Profile(TRUCK),
    Profile(CAR),
    Profile(TRAILER, moving_s=15, starts_in_s=9),
    Profile(VAN),
    Profile(OBD_TRUCK),
    Profile(BASIC),
    Profile(BOX),
    Profile(VAN, moving_s=3, quirk=Quirk.GONE_QUIET),
    Profile(TRUCK),
)
# Beyond the first profiles: one odd unit in so many, of these kinds.
_QUIRK_EVERY = 200
_QUIRKS = frozenset({Quirk.NO_FIX, Quirk.CLOCK_UNSET})


def profile_of(index: int) -> Profile:
    """The profile of the device with this index; large fleets repeat the first ones calmly."""
    profile = PROFILES[index % len(PROFILES)]
    if index < len(PROFILES):
        return profile
    is_odd = index % _QUIRK_EVERY < len(PROFILES) and profile.quirk in _QUIRKS
    quirk = profile.quirk if is_odd else None
    return Profile(profile.kind, moving_s=max(10, profile.moving_s), quirk=quirk)
