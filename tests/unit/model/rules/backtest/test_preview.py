"""What the preview says of what is in memory."""

import time
from typing import Any

import pytest
from msgspec import UNSET

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.identity import Identity
from tftmonitor.model.fleet.records import Record, Records
from tftmonitor.model.rules.backtest.preview import Preview, preview, preview_slices
from tftmonitor.model.rules.condition import Condition
from tftmonitor.model.rules.conditions import FieldAbove, FieldBelow, FlagIs, LinkDown, Overdue
from tftmonitor.model.rules.record_conditions import (
    FuelLevelBelow,
    NewTroubleCode,
    TyrePressureBelow,
)
from tftmonitor.model.rules.rule import Rule

NOW = 1_795_000_000_000
LOW = FieldBelow(field="external_power_voltage", limit=11.7, hysteresis=0.3)


def rule(condition: Condition, **more: Any) -> Rule:
    return Rule(id="a", condition=condition, **more)


def report(fleet: Fleet, key: str, at_ms: int, **values: Any) -> None:
    status = DeviceStatus(date=at_ms, **values)
    fleet.apply(Identity(key, key, model="M"), status, b"", at_ms)


def volts(*values: Any, key: str = "1", fleet: Fleet | None = None, **more: Any) -> Fleet:
    """One report a minute, the last a minute ago."""
    fleet = fleet or Fleet()
    for place, value in enumerate(values):
        at_ms = NOW - (len(values) - place) * MINUTE_MS
        report(fleet, key, at_ms, external_power_voltage=value, **more)
    return fleet


def test_plotted_field_is_played_back_for_each_device() -> None:
    fleet = volts(12.6, 11.6, 11.9, 11.6, 12.0, 11.0)
    volts(12.6, 12.5, key="2", fleet=fleet)
    found = preview(rule(LOW), fleet, NOW)
    assert found == Preview(2, 1, "In memory: the last 6 min of 2 devices.")
    assert found.text == "Would have fired 2 times on 1 device. " + found.span_text


def test_value_at_the_limit_is_not_below_it_in_single_precision() -> None:
    assert preview(rule(LOW), volts(12.6, 11.7), NOW).times == 0
    assert preview(rule(LOW), volts(12.6, 11.69), NOW).times == 1


def test_unknown_values_count_for_nothing() -> None:
    assert preview(rule(LOW), volts(11.0, None, 11.0, UNSET, 11.0), NOW).times == 1
    assert preview(rule(LOW), volts(None, UNSET), NOW).times == 0


def test_hold_time_also_runs_from_the_last_sample_until_now() -> None:
    held = rule(FieldBelow(field="external_power_voltage", limit=11.7, hold_s=90))
    assert preview(held, volts(11.0, 12.0, 11.0, 12.0), NOW).times == 0
    assert preview(held, volts(12.0, 11.0), NOW).times == 0
    assert preview(held, volts(12.0, 11.0), NOW + 30 * SECOND_MS).times == 1


def test_ignition_is_read_from_its_lane() -> None:
    fleet = Fleet()
    for place, (voltage, acc) in enumerate(
        [(11.0, UNSET), (11.0, True), (11.0, False), (11.0, UNSET), (11.0, True), (12.5, True)]
    ):
        at_ms = NOW - (6 - place) * MINUTE_MS
        report(fleet, "1", at_ms, external_power_voltage=voltage, acc=acc)
    assert preview(rule(LOW, while_ignition=True), fleet, NOW).times == 2
    assert preview(rule(LOW, while_ignition=False), fleet, NOW).times == 1
    assert preview(rule(LOW, while_ignition=True), volts(11.0), NOW).times == 0


def test_flag_with_a_lane_is_played_back() -> None:
    fleet = Fleet()
    for place, acc in enumerate([True, False, None, True, False]):
        report(fleet, "1", NOW - (5 - place) * MINUTE_MS, acc=acc)
    found = preview(rule(FlagIs(field="acc")), fleet, NOW)
    assert (found.times, found.devices) == (2, 1)
    assert found.span_text.startswith("In memory: the last 5 min")


def test_field_that_is_not_kept_over_time_has_only_its_latest_value() -> None:
    fleet = Fleet()
    for key, rpm in (("1", 5_000.0), ("2", 900.0), ("3", UNSET)):
        report(fleet, key, NOW - MINUTE_MS, rpm=rpm)
    found = preview(rule(FieldAbove(field="rpm", limit=3_000)), fleet, NOW)
    assert found == Preview(1, 1, "Only the latest values of 3 devices are in memory.")
    assert found.text.startswith("Would have fired once on 1 device.")
    held = FieldAbove(field="rpm", limit=3_000, hold_s=61)
    assert preview(rule(held), fleet, NOW).times == 0
    assert preview(rule(held), fleet, NOW + SECOND_MS).times == 1


def test_records_count_by_part() -> None:
    fleet = Fleet()
    who = Identity("1", "1", model="M")
    tyres: list[Record] = [
        {"sensor": s, "pressure_kpa": p} for s, p in (("a", 500), ("b", 510), ("c", 700))
    ]
    fleet.keep_records(Records("bleTire", who, records=tyres), b"", NOW)
    fleet.keep_records(Records("obdErrorInfo", who, records=[{"codes": ["P1"]}]), b"", NOW)
    assert preview(rule(TyrePressureBelow(600)), fleet, NOW).times == 2
    assert preview(rule(NewTroubleCode()), fleet, NOW).times == 1
    assert preview(rule(TyrePressureBelow(600), while_ignition=True), fleet, NOW).times == 0
    report(fleet, "1", NOW, remain_fuel_rate=0.0)
    assert preview(rule(FuelLevelBelow(15)), fleet, NOW).times == 0
    report(fleet, "1", NOW, remain_fuel_rate=5.0)
    assert preview(rule(FuelLevelBelow(15)), fleet, NOW).times == 1


def test_overdue_counts_gaps_and_the_present_silence() -> None:
    fleet = Fleet()
    for minutes, acc in ((60, True), (59, False), (30, True), (11, True)):
        report(fleet, "1", NOW - minutes * MINUTE_MS, acc=acc)
    late = Overdue(minutes=10)
    assert preview(rule(late), fleet, NOW).times == 3
    assert preview(rule(late), fleet, NOW - 2 * MINUTE_MS).times == 2
    assert preview(rule(late, while_ignition=False), fleet, NOW).times == 1
    assert preview(rule(Overdue()), fleet, NOW).times == 0


def test_overdue_is_counted_by_the_interval_of_then() -> None:
    fleet = Fleet()
    start_ms = NOW - 5 * HOUR_MS
    driving = {"speed": 50.0, "acc": True, "lat": 50.0, "lng": 8.0}
    drive_s = [*range(0, 100, 10), *range(1_300, 1_400, 10)]
    for second in drive_s:
        report(fleet, "1", start_ms + second * 1_000, **driving)
    assert preview(rule(Overdue()), fleet, start_ms + 1_400_000).times == 1
    for hour in (1, 2, 3, 4):
        report(fleet, "1", start_ms + hour * HOUR_MS, **driving | {"speed": 0.0, "acc": False})
    # That it reports hourly since changes nothing of the gap of 20 minutes, nor of the hour
    # before the first such report.
    assert preview(rule(Overdue()), fleet, start_ms + 4 * HOUR_MS).times == 2
    report(fleet, "1", NOW - 60_000, **driving)
    assert preview(rule(Overdue()), fleet, NOW).times == 3


def test_scope_and_silent_devices_are_left_out() -> None:
    fleet = volts(11.0)
    volts(11.0, key="2", fleet=fleet)
    found = preview(rule(LOW, only_devices=("2",)), fleet, NOW)
    assert (found.times, found.span_text) == (1, "In memory: the last 1 min of 1 device.")
    nothing = preview(rule(LOW, only_models=("N",)), fleet, NOW)
    assert nothing.text == "No device that it holds for has reported yet."
    assert preview(rule(LOW), volts(12.6), NOW).text.startswith("Would not have fired. In memory")


def test_rule_without_a_preview_says_why() -> None:
    assert preview(rule(LinkDown()), Fleet(), NOW).text.startswith("Losses of our own link")
    gone = preview(rule(FlagIs(field="gone")), volts(11.0), NOW)
    assert "'gone'" in gone.span_text


def test_more_than_one_device_reads_naturally() -> None:
    assert Preview(5, 3, "x").text == "Would have fired 5 times on 3 devices. x"


def test_device_known_by_records_alone_does_not_stop_the_playback() -> None:
    fleet = volts(11.0)
    fleet.keep_records(Records("driver", Identity("2", "2")), b"", NOW)
    assert preview(rule(LOW), fleet, NOW).times == 1
    assert preview(rule(LOW, while_ignition=True), fleet, NOW).times == 0


@pytest.mark.parametrize("condition", [LOW, Overdue(minutes=0.01)])
def test_no_slice_is_longer_than_the_window_can_bear(condition: Condition) -> None:
    fleet = Fleet()
    for place in range(20_000):
        voltage = 12.6 if place % 2 else 11.0
        report(fleet, "1", NOW - (20_000 - place) * SECOND_MS, external_power_voltage=voltage)
    longest_s, begun_s = 0.0, time.thread_time()
    for _ in preview_slices(rule(condition), fleet, NOW):
        longest_s = max(longest_s, time.thread_time() - begun_s)
        begun_s = time.thread_time()
    # Of its own time, whatever else runs: 4 ms; the promise is 50.
    assert longest_s < 0.5
