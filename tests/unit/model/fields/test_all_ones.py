"""Registers with all bits set are no readings, in any row of the table and with any decimals."""

import math
import struct
from typing import Any

import msgspec
import numpy as np
import pytest

from tftmonitor.model.fields.all_ones import all_ones
from tftmonitor.model.fields.field import Field, FieldKind, Quality, Unit
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus

NOW_MS = 1_795_000_000_000
_NUMERIC = {FieldKind.NUMBER, FieldKind.COUNT}
NUMERIC = [f for f in STATUS_FIELDS if f.spec.kind in _NUMERIC]
# What counts up comes by 65535 on its way.
COUNTERS = {"mileage", "engine_time", "accumulating_fuel_consumption"}
IN_ALL = [
    *(65.535, 655.35, 6553.5, 65.534, 32.767, 327.67, 3276.7, -3276.8),
    *(4294967295, 4294967294, 429496729.5, 4294967.295, 2147483647, -2147483648),
    *(42949672950, 42949672960, 4294967295000, 2**63 - 1, 2**64 - 1),
    struct.unpack("<f", struct.pack("<f", 65.535))[0],
]
IN_READINGS = [65535, 65534, 32767, -32768]


def examined(field: Field, raw: float) -> Quality:
    status = DeviceStatus(**{field.name: raw})  # type: ignore[arg-type]
    found = field.examine(status, NOW_MS)
    assert field.read(status, NOW_MS) == found.value
    (known,) = field.rule.mask(np.array([float(raw)]), [status], NOW_MS)
    assert known == (found.quality is Quality.KNOWN)
    return found.quality


@pytest.mark.parametrize("field", NUMERIC, ids=lambda field: field.name)
def test_register_with_all_bits_set_is_no_reading_in_any_row(field: Field) -> None:
    assert math.isfinite(field.spec.low)
    assert math.isfinite(field.spec.high)
    wrong = IN_ALL if field.name in COUNTERS else [*IN_ALL, *IN_READINGS]
    for raw in wrong:
        whole = field.spec.kind is FieldKind.COUNT
        if whole and raw != int(raw):
            continue
        expected = Quality.UNKNOWN if raw in field.spec.unknown else Quality.INVALID
        assert examined(field, int(raw) if whole else raw) is expected, raw
        if not whole:
            assert examined(field, float(raw)) is expected, raw


@pytest.mark.parametrize(
    "field",
    [f for f in NUMERIC if f.spec.unit in {Unit.PERCENT, Unit.RELATIVE_HUMIDITY}],
    ids=lambda field: field.name,
)
def test_share_of_255_is_none(field: Field) -> None:
    assert examined(field, 255.0) is Quality.INVALID


@pytest.mark.parametrize(
    ("wire", "raw"),
    [
        ("satellite_count", 255),
        ("battery_voltage", 25.5),
        ("hdop", 25.5),
        ("external_temp", -127.0),
        ("external_temp", 255.0),
        ("device_temp", 127.0),
        ("cooling_fluid_temp", 215.0),
        ("rpm", 16_383.75),
        ("rpm", 8_191.875),
        ("throttle_position", 102.0),
        ("air_pressure", 510.0),
    ],
)
def test_byte_with_all_bits_set_is_none_where_the_unit_cannot_mean_it(wire: str, raw: Any) -> None:
    assert examined(STATUS_FIELDS.by_wire[wire], raw) is Quality.INVALID


@pytest.mark.parametrize(
    ("wire", "raw"),
    [
        ("mileage", 65_535.0),
        ("mileage", 16_777_215.0),
        ("engine_time", 65_535.0),
        ("external_power_voltage", 25.5),
        ("external_power_voltage", 65.5),
        ("speed", 255.0),
        ("azimuth", 255.0),
        ("cooling_fluid_temp", 127.0),
        ("cooling_fluid_temp", -40.0),
        ("device_temp", -18.0),
        ("air_pressure", 255.0),
        ("remain_fuel_rate", 254.0),
    ],
)
def test_what_the_unit_can_mean_is_a_reading(wire: str, raw: float) -> None:
    assert examined(STATUS_FIELDS.by_wire[wire], raw) is Quality.KNOWN


def test_problem_says_what_came() -> None:
    field = STATUS_FIELDS.by_wire["mileage"]
    problem = field.examine(DeviceStatus(mileage=4_294_967_295.0), NOW_MS).problem
    assert problem == "mileage: 4294967295 is no reading, but a register with all bits set"


@pytest.mark.parametrize("wire", ["iop", "relay", "relay_status", "lock_type"])
def test_word_with_all_bits_set_says_nothing(wire: str) -> None:
    assert examined(STATUS_FIELDS.by_wire[wire], 0xFFFF_FFFF) is Quality.UNKNOWN


def test_ports_with_all_bits_set_say_nothing_of_the_ignition() -> None:
    assert examined(STATUS_FIELDS.by_wire["iop"], 0xFFFF) is Quality.UNKNOWN
    assert examined(STATUS_FIELDS.by_wire["iop"], 0xC000) is Quality.KNOWN


def test_registers_are_of_their_width() -> None:
    assert all_ones(8) == {255, 254, 127, -128}
    assert {6553.5, 6553.4, 3276.7, -3276.8} <= all_ones(16, (1,))


def test_what_the_device_is_known_to_measure_is_no_field_of_the_feed() -> None:
    assert "measured" not in STATUS_FIELDS.by_name
    assert msgspec.json.decode(b'{"measured": 7}', type=DeviceStatus).measured == 0
