"""The alarm numbers: four numberings in three schemes, one row an alarm.

Sources: the vendor's alarm_code list (open API page "General parameters") for the bits, the
device codec for the bytes of the devices and for its own enumeration, the vendor's lock app for
late bytes of asset trackers. Which of them ``cur_event`` uses is documented nowhere;
``numbering`` decides.
"""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

WORD_MASK: Final = 0xFFFF_FFFF
"""Alarm words and numbers are unsigned 32-bit; the feed may write them as signed."""

NO_EVENT: Final = 1
"""What the codec's enumeration calls "none". Every other numbering says 0."""

Numbers = int | tuple[int, ...]


class Severity(enum.IntEnum):
    """How soon somebody has to look; comparable, the highest is the worst."""

    NOTICE = 1
    WARNING = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """The word for the screen: info, warning, high or critical."""
        return "info" if self is Severity.NOTICE else self.name.lower()


class Numbering(enum.Enum):
    """A way to number alarms; the same number means another alarm in each.

    BITS: one bit an alarm, as in ``alerts``. VEHICLE and ASSET: the byte that the device sends.
    EVENT: the codec's enumeration.
    """

    BITS = "A"
    VEHICLE = "B-vehicle"
    ASSET = "B-asset"
    EVENT = "C"


class Family(enum.Enum):
    """Devices that share a packet format: 0x2323 and 0x2525, 0x2626, 0x2727."""

    VEHICLE = "vehicle"
    OBD = "obd"
    ASSET = "asset"

    @property
    def numbering(self) -> Numbering:
        """The numbering of the alarm byte that devices of this family send."""
        return Numbering.ASSET if self is Family.ASSET else Numbering.VEHICLE


@dataclass(frozen=True, slots=True)
class AlarmKind:
    """One alarm, with its number in each numbering: one, several that mean the same, or none.

    ``name`` is for the screen, ``key`` for files and rules. ``ends`` is the key of the alarm
    whose condition is over when this one comes, empty when it ends none. ``momentary`` is what
    happens in an instant: reported with a newer time it has happened again, and does not stand.
    """

    key: str
    name: str
    severity: Severity
    bit: Numbers = ()
    vehicle: Numbers = ()
    asset: Numbers = ()
    event: Numbers = ()
    ends: str = ""
    momentary: bool = False

    def numbers(self, numbering: Numbering) -> tuple[int, ...]:
        """Every number of this alarm in a numbering; for BITS these are masks."""
        held: Numbers
        match numbering:
            case Numbering.BITS:
                held = self.bit
            case Numbering.VEHICLE:
                held = self.vehicle
            case Numbering.ASSET:
                held = self.asset
            case _:
                held = self.event
        return held if isinstance(held, tuple) else (held,)


_NOTICE = Severity.NOTICE
_WARNING = Severity.WARNING
_CRITICAL = Severity.CRITICAL

# The status codes of padlocks (SolarGuardX) are not here: they say what a lock did, in a field of
# their own with values that overlap these numbers, and are no alarm number.
#
# Bits and bytes are in hex, as the vendor writes them, numbers of the enumeration in decimal.
# Names are what the vendor's lists say; where two sources contradict, the name gives both.
# The formatter is off because it would spread a row over ten lines: one row, two lines at most.
# fmt: off
ALARMS: Final[tuple[AlarmKind, ...]] = (
    # Ignition, supply, battery.
    AlarmKind("ignition_on", "Ignition on", _NOTICE, bit=0x1, vehicle=0x15, event=2),
    AlarmKind("ignition_off", "Ignition off", _NOTICE,
              bit=0x2, vehicle=0x16, event=3, ends="ignition_on"),
    AlarmKind("external_power_lost", "External power disconnected", _CRITICAL,
              bit=0x4, vehicle=0x01, event=4),
    AlarmKind("external_power_recovered", "External power recovered", _NOTICE,
              bit=0x800_0000, vehicle=0x23, event=22, ends="external_power_lost"),
    AlarmKind("external_power_low", "External power below threshold", _WARNING,
              bit=0x1000_0000, vehicle=0x24, event=23),
    AlarmKind("battery_low", "Internal battery low", _WARNING,
              bit=0x8, vehicle=0x02, asset=0x06, event=5),
    AlarmKind("battery_recovered", "Internal battery recovered", _NOTICE,
              asset=0x07, event=34, ends="battery_low"),
    AlarmKind("usb_charging_start", "USB charging start", _NOTICE, asset=0x12, event=38),
    AlarmKind("usb_charging_end", "USB charging end", _NOTICE,
              asset=0x13, event=39, ends="usb_charging_start"),
    # Bytes 0x20 and 0x29 of asset trackers: the codec says the first, the lock app the second.
    AlarmKind("address_or_power_on", "Address requested or power on", _NOTICE, asset=0x20),
    AlarmKind("power_on_or_off", "Power on or power off", _NOTICE, asset=0x29),
    # Security.
    AlarmKind("sos", "SOS", _CRITICAL, bit=0x10, vehicle=0x03, asset=0x03, event=6, momentary=True),
    AlarmKind("towing", "Towing", _CRITICAL,
              bit=0x40, vehicle=0x07, asset=0x72, event=8, momentary=True),
    AlarmKind("towing_stopped", "Towing stopped", _NOTICE, asset=0x77, ends="towing"),
    AlarmKind("anti_theft", "Anti-theft", _CRITICAL,
              bit=0x100, vehicle=0x10, event=10, momentary=True),
    AlarmKind("vibration", "Vibration", _WARNING,
              bit=0x20_0000, vehicle=0x08, event=19, momentary=True),
    AlarmKind("jammer_start", "Jamming start", _CRITICAL,
              bit=0x200_0000, vehicle=0x21, asset=0x66, event=20),
    AlarmKind("jammer_end", "Jamming end", _NOTICE,
              bit=0x400_0000, vehicle=0x22, asset=0x67, event=21, ends="jammer_start"),
    AlarmKind("device_removed", "Device removed", _CRITICAL, asset=0x01, event=30, momentary=True),
    AlarmKind("device_mounted", "Device mounted", _NOTICE,
              asset=0x21, event=40, ends="device_removed"),
    AlarmKind("case_opened", "Rear cover opened", _CRITICAL, asset=0x02, event=31, momentary=True),
    AlarmKind("case_closed", "Rear cover closed", _NOTICE,
              asset=0x22, event=41, ends="case_opened"),
    AlarmKind("box_opened", "Front light detected", _WARNING, asset=0x04, event=32, momentary=True),
    AlarmKind("box_closed", "Front light gone", _NOTICE, asset=0x23, event=42, ends="box_opened"),
    # Places and requests.
    AlarmKind("geofence_in", "Geofence entered", _WARNING,
              bit=0x1000, vehicle=0x05, asset=0x14, event=14),
    AlarmKind("geofence_out", "Geofence left", _WARNING,
              bit=0x800, vehicle=0x06, asset=0x15, event=13),
    # The server makes it of the vehicles' own byte 0x06.
    AlarmKind("invalid_move", "Invalid move", _WARNING, bit=0x40_0000, momentary=True),
    AlarmKind("poi_left", "POI left", _NOTICE, bit=0x80_0000),
    AlarmKind("poi_reached", "POI reached", _NOTICE, bit=0x100_0000),
    AlarmKind("address_request", "Address request", _NOTICE,
              bit=0x80, vehicle=0x09, asset=0x74, event=9),
    # Driving.
    AlarmKind("over_speed", "Over speed", _WARNING, bit=0x20, vehicle=0x04, asset=0x70, event=7),
    AlarmKind("over_speed_end", "Over speed end", _NOTICE, asset=0x71, ends="over_speed"),
    AlarmKind("rude_driver", "Harsh driving", _WARNING,
              bit=0x2000_0000, vehicle=0x25, event=24, momentary=True),
    AlarmKind("collision", "Collision", _CRITICAL,
              bit=0x4000_0000, vehicle=0x26, asset=0x10, event=25, momentary=True),
    AlarmKind("collision_ended", "Collision over", _NOTICE, asset=0x27, event=46, ends="collision"),
    AlarmKind("turn_over", "Turn-over", _CRITICAL, vehicle=0x27, event=26, momentary=True),
    AlarmKind("idle_start", "Idle start", _NOTICE,
              bit=0x8_0000, vehicle=0x19, asset=0x18, event=17),
    AlarmKind("idle_end", "Idle end", _NOTICE,
              bit=0x10_0000, vehicle=0x20, asset=0x19, event=18, ends="idle_start"),
    AlarmKind("moving_begins", "Moving begins", _NOTICE, asset=0x16),
    AlarmKind("moving_stops", "Moving stops", _NOTICE, asset=0x17, ends="moving_begins"),
    AlarmKind("short_stop", "Short stop", _NOTICE, asset=0x32),
    # Fuel, air conditioning.
    AlarmKind("tank_filled", "Tank filled", _NOTICE, bit=0x200, vehicle=(0x11, 0x13), event=11),
    AlarmKind("fuel_leak", "Fuel leak", _CRITICAL, bit=0x400, vehicle=(0x12, 0x14), event=12),
    AlarmKind("ac_on", "AC on", _NOTICE, bit=0x2000, vehicle=0x17, event=15),
    AlarmKind("ac_off", "AC off", _NOTICE, bit=0x4_0000, vehicle=0x18, event=16, ends="ac_on"),
    # What an asset tracker feels.
    AlarmKind("fall", "Falling begins", _WARNING, asset=0x05, event=33, momentary=True),
    AlarmKind("fall_ended", "Falling stopped", _NOTICE, asset=0x24, event=43, ends="fall"),
    AlarmKind("move", "Vibration begins", _WARNING, asset=0x09, event=36),
    AlarmKind("move_ended", "Vibration stopped", _NOTICE, asset=0x26, event=45, ends="move"),
    AlarmKind("incline", "Tilt begins", _WARNING, asset=0x11, event=37),
    AlarmKind("incline_ended", "Tilt recovered", _NOTICE, asset=0x28, event=47, ends="incline"),
    AlarmKind("device_hot", "Device too hot", _WARNING, asset=0x08, event=35),
    AlarmKind("device_hot_ended", "Device no longer too hot", _NOTICE,
              asset=0x25, event=44, ends="device_hot"),
    AlarmKind("device_cold", "Device too cold", _WARNING, asset=0x30, event=49),
    AlarmKind("device_cold_ended", "Device no longer too cold", _NOTICE,
              asset=0x31, event=50, ends="device_cold"),
    # Only the enumeration has these. No source grades them: a leak as a fuel leak, a low battery
    # as the internal battery, power on as the asset trackers' own byte for it.
    AlarmKind("tyre_leak", "Tyre leak", _CRITICAL, event=27),
    AlarmKind("tyre_sensor_battery_low", "Tyre sensor battery low", _WARNING, event=28),
    AlarmKind("tracker_power_low", "Tracker power low", _WARNING, event=29),
    AlarmKind("power_on", "Power on", _NOTICE, event=48),
)
# fmt: on

BY_KEY: Final[Mapping[str, AlarmKind]] = {kind.key: kind for kind in ALARMS}

MOMENTARY: Final = frozenset(kind.key for kind in ALARMS if kind.momentary)
"""Keys of what does not stand: each report with a newer time is one that happened now."""

_BY_NUMBER: Final[Mapping[tuple[Numbering, int], AlarmKind]] = {
    (numbering, number): kind
    for kind in ALARMS
    for numbering in Numbering
    for number in kind.numbers(numbering)
}

# Models as the vendor's manual and the devices' packets name them, without blanks and dashes.
# A product name must end there or go on with its number: "HeroXpress" would be somebody else's.
_FAMILY_PATTERNS: Final[Mapping[Family, re.Pattern[str]]] = {
    Family.VEHICLE: re.compile(r"t88\d\d.*|tlw\d.*|tld2l.*|(pioneer|hero)x(\d.*)?"),
    Family.OBD: re.compile(r"tld1.*|tld2d.*|torchx(\d.*)?"),
    Family.ASSET: re.compile(
        r"tlp\d.*|(knight|warrior|solar|solarguard|cyberlabel)x(\d.*)?",
    ),
}


def lookup(numbering: Numbering, code: int) -> AlarmKind | None:
    """The alarm of this number, None when the numbering has no such; a BITS code is one mask."""
    return _BY_NUMBER.get((numbering, code))


def severity_of_number(code: int) -> Severity:
    """The worst that this number means in a numbering other than BITS; NOTICE for nothing."""
    kinds = (lookup(numbering, code) for numbering in Numbering if numbering is not Numbering.BITS)
    return max((kind.severity for kind in kinds if kind is not None), default=Severity.NOTICE)


def alarms_in_bits(word: int) -> list[tuple[int, AlarmKind | None]]:
    """Every set bit of an alarm word as its mask, lowest first, with its alarm.

    A bit that the vendor's list leaves undefined comes with None, so that nothing is lost.
    """
    word &= WORD_MASK
    masks = [1 << index for index in range(word.bit_length()) if word >> index & 1]
    return [(mask, lookup(Numbering.BITS, mask)) for mask in masks]


def family_of(model: str | None) -> Family | None:
    """The family of a model, whatever its case, blanks and dashes.

    None for no name and for the many white-label names that say nothing about the device.
    """
    plain = re.sub(r"[\s_-]+", "", (model or "").casefold())
    for family, pattern in _FAMILY_PATTERNS.items():
        if pattern.fullmatch(plain):
            return family
    return None
