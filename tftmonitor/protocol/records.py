"""The device events without a documented payload: found by searching for known keys.

A table an event, a row a column: the spellings to accept, the unit, and how to read it. Whoever
decodes or shows such events loops over ``RECORD_TABLES`` and knows no kind by name.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tftmonitor.model.fields.all_ones import IN_READINGS, IN_VOLTS
from tftmonitor.model.fields.field import Unit
from tftmonitor.model.fleet.record_words import DRIVER_ALERT, FUEL_ALARM, TYRE_STATUS
from tftmonitor.model.fleet.records import Record, RecordValue
from tftmonitor.protocol import lenient


@dataclass(frozen=True, slots=True)
class RecordColumn:
    """One column of a record table; ``keys`` are folded spellings, first found wins."""

    name: str
    label: str
    keys: tuple[str, ...]
    read: Callable[[Any], RecordValue] = lenient.text
    unit: Unit = Unit.NONE
    digits: int = 0
    # Whether one of these keys alone shows that an object is such a record.
    identifies: bool = True


@dataclass(frozen=True, slots=True)
class RecordTable:
    """The records of one event kind; adding a kind is one of these in ``RECORD_TABLES``.

    ``kind`` is the name of the event in the feed, ``title`` what the records of this kind are
    called, ``group`` the tab that shows them beside other kinds of the same matter. ``derive``
    fills in what follows from the rest of a record. ``identifying_keys`` are those of the columns
    that identify.
    """

    kind: str
    title: str
    group: str
    columns: tuple[RecordColumn, ...]
    derive: Callable[[Record], None] | None = None
    identifying_keys: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Asked for with every object of a push.
        keys = (key for column in self.columns if column.identifies for key in column.keys)
        object.__setattr__(self, "identifying_keys", frozenset(keys))


_LIQUID = {1: "diesel", 2: "petrol", 3: "water"}
_SPLIT_CODES = re.compile(r"[;,\s]+")
# One code of J1939, which must not be split between its two numbers.
_SPN_AND_FMI = re.compile(r"\bspn\W{0,3}(\d{1,6})\W{0,3}fmi\W{0,3}(\d{1,2})\b", re.IGNORECASE)


def _named_code(names: dict[int, str], what: str) -> Callable[[Any], RecordValue]:
    def read(value: Any) -> RecordValue:
        code = lenient.whole(value)
        if code is None:
            return lenient.text(value)
        return names.get(code, f"{what} {code}")

    return read


def _codes(value: Any) -> RecordValue:
    if isinstance(value, list):
        return [code for item in value if (code := lenient.text(item))]
    joined = _SPN_AND_FMI.sub(r"SPN\1-FMI\2", lenient.text(value) or "")
    return [code for code in _SPLIT_CODES.split(joined) if code]


def _within(
    low: float, high: float, none: frozenset[float] = IN_READINGS
) -> Callable[[Any], RecordValue]:
    """Reads the numbers that can be; what cannot is left as it came, and is no reading."""

    def read(value: Any) -> RecordValue:
        number = lenient.number(value)
        return None if number is None or number in none or not low <= number <= high else number

    return read


_KPA, _CELSIUS, _SHARE = _within(0, 3_000), _within(-100, 200), _within(0, 100)
_CELL, _HEIGHT = _within(0, 60, IN_VOLTS), _within(0, 1e6)
_SENSOR = ("mac", "sensorid", "sensor", "id")
_TEMPERATURE = ("airtemp", "temperature", "temp")
_TYRES = (
    RecordColumn("sensor", "Sensor", _SENSOR, identifies=False),
    RecordColumn(
        "pressure_kpa",
        "Pressure",
        ("airpressure", "pressure"),
        _KPA,
        Unit.KPA,
        digits=0,
    ),
    RecordColumn("temperature_c", "Temperature", _TEMPERATURE, _CELSIUS, Unit.CELSIUS),
    RecordColumn("battery_v", "Sensor battery", ("voltage", "battery"), _CELL, Unit.VOLT, digits=2),
    RecordColumn(
        "status",
        "Status",
        ("status", "alarm"),
        _named_code(TYRE_STATUS, "status"),
        identifies=False,
    ),
    RecordColumn("position", "Position", ("position", "tire", "index"), identifies=False),
)
_DRIVER = (
    RecordColumn(
        "driver_id",
        "Driver id",
        ("driverid", "mac", "rfid", "card", "code", "fingerprintid", "id"),
    ),
    RecordColumn("name", "Name", ("drivername", "name")),
    RecordColumn("battery_v", "Tag battery", ("voltage",), _CELL, Unit.VOLT, 2, identifies=False),
    RecordColumn(
        "alert",
        "Alert",
        ("alert",),
        _named_code(DRIVER_ALERT, "alert"),
        identifies=False,
    ),
)
_TROUBLE = (
    RecordColumn("standard", "Standard", ("errorcode", "protocol")),
    RecordColumn("codes", "Codes", ("errordata", "codes", "dtc"), _codes),
    RecordColumn("vin", "VIN", ("vin",)),
    RecordColumn("cleared", "Cleared", ("clearerrorcodesuccess",), lenient.flag),
    RecordColumn(
        "content",
        "Content",
        ("messagetype",),
        _named_code({0: "trouble codes", 1: "vehicle number", 2: "clear result"}, "type"),
        identifies=False,
    ),
)
_FUEL = (
    RecordColumn("sensor", "Probe", _SENSOR, identifies=False),
    RecordColumn("level_percent", "Level", ("fuelpercent", "percent"), _SHARE, Unit.PERCENT),
    RecordColumn("temperature_c", "Temperature", _TEMPERATURE, _CELSIUS, Unit.CELSIUS),
    RecordColumn("alarm", "Alarm", ("alarm",), _named_code(FUEL_ALARM, "alarm"), identifies=False),
    RecordColumn("height", "Height", ("curliquidheight",), _HEIGHT, digits=1),
    RecordColumn("full_height", "Full height", ("fullliquidheight",), _HEIGHT, digits=1),
    RecordColumn(
        "liquid", "Liquid", ("liquidtype",), _named_code(_LIQUID, "liquid"), identifies=False
    ),
    RecordColumn("raw_value", "Raw value", ("value",), lenient.number, digits=1),
    RecordColumn("battery_v", "Probe battery", ("voltage",), _CELL, Unit.VOLT, 2, identifies=False),
    RecordColumn("connected", "Connected", ("online",), lenient.flag, identifies=False),
)


def _derive_level(record: Record) -> None:
    """An ultrasonic probe reports heights; its level is their ratio."""
    height, full = record["height"], record["full_height"]
    if (
        record["level_percent"] is None
        and isinstance(height, float)
        and isinstance(full, float)
        and height > 0
        and full > 0
    ):
        record["level_percent"] = round(100 * height / full, 1)


def _derive_no_codes(record: Record) -> None:
    """A report without codes is a report of none."""
    if record["codes"] is None:
        record["codes"] = []


RECORD_TABLES = {
    table.kind: table
    for table in (
        RecordTable("bleTire", "Tyres (Bluetooth)", "Tyres", _TYRES),
        RecordTable("rs232Tire", "Tyres (RS-232)", "Tyres", _TYRES),
        RecordTable("driver", "Driver", "Driver", _DRIVER),
        RecordTable("obdErrorInfo", "Trouble codes", "Codes", _TROUBLE, _derive_no_codes),
        RecordTable("rs232Fuel", "Fuel probes", "Fuel", _FUEL, _derive_level),
    )
}


def record_groups() -> dict[str, tuple[RecordTable, ...]]:
    """The tables by group, both in the order of ``RECORD_TABLES``: a tab a group."""
    groups: dict[str, tuple[RecordTable, ...]] = {}
    for table in RECORD_TABLES.values():
        groups[table.group] = (*groups.get(table.group, ()), table)
    return groups
