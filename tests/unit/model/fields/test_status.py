"""The meaning of the table's lines, against the vendor's words and real packets."""

import math
from typing import Any, get_args

import msgspec
import pytest
from msgspec import UNSET

from tftmonitor.model.fields.field import Confidence, FieldKind, Group, Quality, Unit
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus

NOW_MS = 1_795_000_000_000
# Every key of the documented sample and of the real packets.
_WORDS = (
    "date location_date acc_switch_time last_reg_date polling heartbeat_time online link_type "
    "network_signal version obd_version comment address lat lng latlng_valid gps gpsWorking "
    "satellite_count altitude azimuth speed mileage engine_time idle_status acc drag_threshold "
    "dragThreshold battery_voltage battery_voltage_percent bat external_power_voltage pwr "
    "solar_voltage is_solar_charging is_usb_charging is_inner_battery_lower "
    "is_external_battery_lower analog1 analog2 analog3 analog4 analog5 input output iop "
    "relay_status relay antithefted_status antithefted ac rs232_device_valid rpm engine_load "
    "throttle_position cooling_fluid_temp air_inflow_temp air_input air_pressure "
    "remain_fuel_rate accumulating_fuel_consumption instant_fuel_consumption fuel cur_event "
    "event alerts alerts1 alert_sum imei device_temp light_sensor external_temp "
    "external_humidity axis_x axis_y axis_z hdop lock_type heartbeat_interval "
    "is_wireless_charging"
)
DOCUMENTED = _WORDS.split()


def value(wire: str, **status: Any) -> Any:
    return STATUS_FIELDS.by_wire[wire].read(msgspec.convert(status, DeviceStatus), NOW_MS)


def quality(wire: str, **status: Any) -> Quality:
    return STATUS_FIELDS.by_wire[wire].examine(msgspec.convert(status, DeviceStatus), 0).quality


def test_every_documented_key_has_a_line_and_no_line_is_made_up() -> None:
    assert sorted(STATUS_FIELDS.by_wire) == sorted(DOCUMENTED)


@pytest.mark.parametrize("field", list(STATUS_FIELDS), ids=lambda field: field.name)
def test_field_is_optional_and_its_limits_make_sense(field: Any) -> None:
    spec = field.spec
    assert field.raw(DeviceStatus()) is UNSET
    assert type(None) in get_args(field.wire_type)
    assert spec.low < spec.high
    assert spec.label
    if spec.nominal is not None:
        assert max(spec.low, -math.inf) <= spec.nominal[0] < spec.nominal[1] <= spec.high
    if spec.plot is not None:
        # A ring holds 32-bit floats, which anything unbounded would burst.
        assert spec.kind is FieldKind.NUMBER
        assert math.isfinite(spec.low)
        assert math.isfinite(spec.high)


@pytest.mark.parametrize(
    "field",
    [f for f in STATUS_FIELDS if f.spec.kind not in {FieldKind.TEXT, FieldKind.PINS}],
    ids=lambda field: field.name,
)
def test_codec_sentinel_is_unknown_in_every_numeric_field(field: Any) -> None:
    status = msgspec.convert({field.wire: -999}, DeviceStatus, strict=False)
    assert field.examine(status, NOW_MS).quality is Quality.UNKNOWN
    assert field.read(status, NOW_MS) is None


@pytest.mark.parametrize(
    "wire",
    [f.wire for f in STATUS_FIELDS if f.spec.kind is FieldKind.FLAG]
    + ["speed", "iop", "relay", "relay_status", "lock_type"],
)
def test_minus_one_is_unknown(wire: str) -> None:
    assert quality(wire, **{wire: -1}) is Quality.UNKNOWN


@pytest.mark.parametrize("wire", ["cur_event", "alerts", "alerts1", "event"])
def test_alarm_words_are_unsigned(wire: str) -> None:
    assert value(wire, **{wire: -2147483648}) == 2147483648
    assert value(wire, **{wire: -972}) == 0xFFFFFC34


@pytest.mark.parametrize("voltage", [0, 0.0, None, -999, UNSET])
def test_battery_that_is_not_measured_is_neither_empty_nor_full(voltage: Any) -> None:
    status = {"battery_voltage_percent": 100}
    if voltage is not UNSET:
        status["battery_voltage"] = voltage
    assert value("battery_voltage", **status) is None
    assert value("battery_voltage_percent", **status) is None


def test_measured_battery_is_known() -> None:
    assert value("battery_voltage", battery_voltage=3.12, battery_voltage_percent=1) == 3.12
    assert value("battery_voltage_percent", battery_voltage=3.12, battery_voltage_percent=1) == 1
    assert value("battery_voltage_percent", battery_voltage=4.1, battery_voltage_percent=100) == 100
    assert value("battery_voltage_percent", battery_voltage_percent=57) == 57
    assert value("battery_voltage_percent", battery_voltage=0, battery_voltage_percent=57) == 57
    assert value("battery_voltage_percent", battery_voltage=0, battery_voltage_percent=0) is None
    assert value("battery_voltage_percent", battery_voltage_percent=0) == 0


def test_supply_of_zero_is_no_measurement_and_a_real_loss_is_one() -> None:
    assert value("external_power_voltage", external_power_voltage=0) is None
    assert value("external_power_voltage", external_power_voltage=2.63) == 2.63


def test_place_of_units_without_fix_is_unknown() -> None:
    for place in ({"lat": 0, "lng": 0}, {"lat": 0.0, "lng": None}, {"lat": 0.0}):
        assert value("lat", **place) is None
        assert value("lng", **place) is None


def test_equator_and_meridian_are_places() -> None:
    assert value("lat", lat=0, lng=9.5) == 0
    assert value("lng", lat=51.5, lng=0) == 0


@pytest.mark.parametrize(("wire", "other"), [("lat", "lng"), ("lng", "lat")])
def test_place_off_the_globe_is_invalid(wire: str, other: str) -> None:
    assert quality(wire, **{wire: 180.5, other: 5}) is Quality.INVALID


@pytest.mark.parametrize(
    "wire", ["acc_switch_time", "location_date", "last_reg_date", "polling", "heartbeat_time"]
)
def test_time_that_was_never_written_is_unknown(wire: str) -> None:
    for never in (0, -1, -999):
        assert quality(wire, **{wire: never}) is Quality.UNKNOWN
    assert quality(wire, **{wire: 946_684_816_000}) is Quality.INVALID


def test_hdop_of_all_ones_is_unknown() -> None:
    assert value("hdop", hdop=65535) is None
    assert value("hdop", hdop=3) == 3


def test_units_are_those_of_the_documents() -> None:
    def shown(wire: str, wire_value: float) -> tuple[float, Unit]:
        spec = STATUS_FIELDS.by_wire[wire].spec
        return round(wire_value * spec.scale, 6), spec.unit

    assert shown("mileage", 145_278_000) == (145_278.0, Unit.KM)
    assert shown("engine_time", 13_057_200) == (3_627.0, Unit.HOUR)
    assert shown("accumulating_fuel_consumption", 46_007) == (46.007, Unit.LITRE)
    assert shown("instant_fuel_consumption", 7_700) == (7.7, Unit.LITRE_PER_H)
    assert shown("speed", 12.5) == (12.5, Unit.KMH)
    assert shown("external_power_voltage", 28.09) == (28.09, Unit.VOLT)


def test_relay_word_never_speaks_of_a_cut_engine() -> None:
    spec = STATUS_FIELDS.by_wire["relay_status"].spec
    assert spec.kind is FieldKind.WORD
    assert "cut" not in spec.label.lower()
    assert value("relay_status", relay_status=17) == 17


def test_guesses_are_marked() -> None:
    for wire in ("acc", "pwr", "relay", "bat", "fuel", "online"):
        assert STATUS_FIELDS.by_wire[wire].spec.confidence is Confidence.GUESS


def test_every_group_has_a_field() -> None:
    assert all(STATUS_FIELDS.in_group(group) for group in Group)
