"""What a former run had last, among what is pushed and asked for."""

from typing import Any

import msgspec
import pytest

from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.activity import Staleness
from tftmonitor.model.fleet.clocks import clocks_of
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.protocol.messages import SnapshotData

NOW = 1_795_000_000_000
DATA = SnapshotData("86", 5, "100", "T1")


def status(**values: Any) -> DeviceStatus:
    return msgspec.convert(values, DeviceStatus)


class Stage:
    def __init__(self) -> None:
        self.fleet = Fleet()

    def restore(self, received_ms: int, **values: Any) -> Device | None:
        return self.fleet.restore_last(DATA, status(**values), b"kept", received_ms)

    def push(self, now_ms: int, **values: Any) -> Device:
        return self.fleet.apply(DATA, status(**values), b"new", now_ms).device


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_restored_state_has_its_true_age_and_says_where_it_is_from(stage: Stage) -> None:
    then = NOW - 14 * HOUR_MS
    device = stage.restore(then, date=then - 5_000, speed=60)
    assert device is not None
    assert device.status is not None
    assert device.status.speed == 60
    assert device.data_ms == then - 5_000
    assert stage.fleet.staleness(NOW)[device.row] >= Staleness.OVERDUE
    assert clocks_of(device, NOW).text() == "from the history, received 14 h 0 min ago"
    assert len(device.series) == 0
    assert device.live_received_ms is None


def test_push_wins_whenever_it_comes_and_takes_over_what_it_leaves_out(stage: Stage) -> None:
    then = NOW - HOUR_MS
    stage.restore(then, date=then, speed=60, engine_rpm=900)
    device = stage.push(NOW, date=NOW, speed=0)
    assert device.restored_ms is None
    assert "history" not in clocks_of(device, NOW).text()
    assert device.status is not None
    assert device.status.speed == 0
    assert stage.restore(NOW + 5, date=NOW + 5, speed=99) is None
    assert device.status.speed == 0


def test_newer_restored_state_stays_over_an_older_one(stage: Stage) -> None:
    assert stage.restore(NOW - 1_000, date=NOW - 1_000, speed=1)
    assert stage.restore(NOW - 9_000, date=NOW - 9_000, speed=2) is None
    device = stage.restore(NOW, date=NOW, speed=3)
    assert device is not None
    assert device.status is not None
    assert device.status.speed == 3


def test_last_report_that_is_asked_for_takes_its_place(stage: Stage) -> None:
    stage.restore(NOW - HOUR_MS, date=NOW - HOUR_MS)
    stage.fleet.apply_asked(DATA, status(date=NOW - MINUTE_MS), b"asked", NOW)
    device = stage.fleet.find("100")
    assert device is not None
    assert clocks_of(device, NOW).text() == "asked over HTTP 0 s ago"


def test_time_in_between_teaches_no_interval(stage: Stage) -> None:
    then = NOW - DAY_MS
    device = stage.restore(then, date=then, acc=1)
    assert device is not None
    before = device.cadence.export()
    stage.push(NOW, date=NOW, acc=1)
    assert device.cadence.export() == before
    stage.push(NOW + 10 * SECOND_MS, date=NOW + 10 * SECOND_MS, acc=1)
    assert device.cadence.export() != before


def test_stored_report_that_is_older_than_what_is_restored_is_late(stage: Stage) -> None:
    then = NOW - HOUR_MS
    stage.restore(then, date=then, speed=3)
    device = stage.push(NOW, date=then - 2 * HOUR_MS, speed=9)
    assert device.status is not None
    assert device.status.speed == 3


@pytest.mark.parametrize(
    ("values", "data_ms"),
    [
        ({}, NOW),
        ({"date": 0}, NOW),
        ({"polling": NOW - 7_000}, NOW - 7_000),
        ({"date": NOW + 50_000}, NOW),
    ],
)
def test_state_without_a_believable_date_is_from_when_it_was_received(
    stage: Stage, values: dict[str, Any], data_ms: int
) -> None:
    device = stage.restore(NOW, **values)
    assert device is not None
    assert device.data_ms == data_ms


def test_known_offset_of_a_clock_is_taken_off(stage: Stage) -> None:
    behind = NOW - 2 * HOUR_MS
    for number in range(6):
        at_ms = 60_000 * number
        stage.push(NOW + at_ms, date=behind + at_ms, polling=NOW + at_ms)
    device = stage.fleet.find("100")
    assert device is not None
    assert device.clock is not None
    assert device.clock.offset_ms == -2 * HOUR_MS
    device.live_received_ms = device.data_ms = None
    stage.restore(NOW + DAY_MS, date=behind + DAY_MS - 7_000)
    assert device.data_ms == NOW + DAY_MS - 7_000
