"""A 0 says "no such measurement" only of a device that never measured."""

from typing import Any

import pytest

from tftmonitor.base.clock import ManualClock
from tftmonitor.model.fields.field import Quality
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.identity import Identity
from tftmonitor.model.fleet.measured import (
    EVERYTHING,
    export_measured,
    measured_in,
    restore_measured,
)

SUPPLY = "external_power_voltage"
FULL: dict[str, Any] = {SUPPLY: 12.6, "battery_voltage": 4.0, "battery_voltage_percent": 90.0}


class Unit:
    def __init__(self, fleet: Fleet | None = None) -> None:
        self.fleet = Fleet() if fleet is None else fleet
        self.clock = ManualClock()

    def send(self, late: Any = False, **status: Any) -> Device:
        self.clock.advance(10)
        now_ms = self.clock.now_ms()
        date = now_ms - 3_600_000 if late else now_ms
        data = Identity("1", "1")
        return self.fleet.apply(data, DeviceStatus(date=date, **status), b"", now_ms).device

    def read(self, name: str) -> Any:
        status = self.fleet.devices[0].status
        return STATUS_FIELDS.by_name[name].read(status, self.clock.now_ms())


@pytest.mark.parametrize(
    ("name", "before"),
    [(SUPPLY, 12.6), ("battery_voltage", 3.9), ("remain_fuel_rate", 40.0)],
)
def test_zero_is_a_value_once_another_was_measured(name: str, before: float) -> None:
    unit = Unit()
    unit.send(**{name: 0.0})
    assert unit.read(name) is None
    unit.send(**{name: before})
    unit.send(**{name: 0.0})
    assert unit.read(name) == 0.0
    unit.send(speed=1.0)  # a frame that leaves it out leaves it as it is
    assert unit.read(name) == 0.0
    unit.send(**{name: 0})  # whole numbers are read another way
    assert unit.read(name) == 0.0


def test_battery_that_was_measured_can_be_empty() -> None:
    unit = Unit()
    unit.send(battery_voltage=0.0, battery_voltage_percent=100.0)
    assert unit.read("battery_voltage_percent") is None
    unit.send(battery_voltage=3.9, battery_voltage_percent=80.0)
    unit.send(battery_voltage=0.0, battery_voltage_percent=0.0)
    assert (unit.read("battery_voltage"), unit.read("battery_voltage_percent")) == (0.0, 0.0)


def test_what_cannot_be_proves_no_measurement() -> None:
    unit = Unit()
    for wrong in (65.535, -999.0, 4294967295.0, None, -5.0):
        unit.send(external_power_voltage=wrong)
    unit.send(external_power_voltage=0.0)
    assert unit.read(SUPPLY) is None


def test_stored_history_proves_that_a_device_measures() -> None:
    unit = Unit()
    unit.send(external_power_voltage=0.0)
    unit.send(late=True, external_power_voltage=12.6)
    unit.send(external_power_voltage=0.0)
    assert unit.read(SUPPLY) == 0.0


def test_one_device_proves_nothing_of_another() -> None:
    unit = Unit()
    unit.send(external_power_voltage=12.6)
    status = DeviceStatus(date=unit.clock.now_ms(), external_power_voltage=0.0)
    unit.fleet.apply(Identity("2", "2"), status, b"", unit.clock.now_ms())
    quality = STATUS_FIELDS.by_name[SUPPLY].examine(unit.fleet.devices[1].status, 0).quality
    assert quality is Quality.UNKNOWN


def test_zeros_reach_the_plots() -> None:
    unit = Unit()
    device = unit.send(external_power_voltage=12.0)
    unit.send(external_power_voltage=0.0)
    assert 0.0 in device.series.samples().values[:, -1].tolist()


def test_place_without_a_fix_stays_none() -> None:
    unit = Unit()
    unit.send(lat=50.0, lng=8.0)
    unit.send(lat=0.0, lng=0.0)
    assert unit.read("lat") is None


def test_what_was_learned_outlives_the_run() -> None:
    unit = Unit()
    unit.send(external_power_voltage=12.6)
    known = unit.fleet.devices[0].measured
    kept = export_measured(known)
    assert kept == {f"measures {SUPPLY}": [1]}
    again = Fleet()
    again.cadences = {"1": kept | {"driving": [10_000], "of another version": [1]}}
    unit = Unit(again)
    unit.send(external_power_voltage=0.0)
    assert unit.read(SUPPLY) == 0.0
    assert restore_measured(export_measured(EVERYTHING)) == EVERYTHING


def test_device_that_measures_all_is_asked_no_more() -> None:
    full = DeviceStatus(**FULL, remain_fuel_rate=40.0)
    assert measured_in(full, 0) == EVERYTHING
    assert measured_in(DeviceStatus(), 5) == 5


def test_device_that_has_shown_all_it_can_measure_is_not_looked_at_again() -> None:
    fleet, data = Fleet(), Identity("1", "1")
    full = DeviceStatus(
        external_power_voltage=12.6,
        battery_voltage=4.0,
        battery_voltage_percent=90.0,
        remain_fuel_rate=40.0,
    )
    for number in range(2):
        device = fleet.apply(data, full, b"{}", 1_795_000_000_000 + number).device
    assert device.measured == EVERYTHING
