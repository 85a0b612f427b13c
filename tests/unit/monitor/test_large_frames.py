"""Large frames of many devices: those that came longest ago are given up, alarms never are."""

import json
from typing import Any

import pytest

from tests.unit.monitor.test_monitor import JAMMER, NOW, Rig
from tftmonitor.model.fleet.device import Device
from tftmonitor.monitor.large_frames import USUAL_SIZE, LargeFrames

LONG = "x" * 20_000
ROOM = 100_000


@pytest.fixture
def rig() -> Rig:
    rig = Rig()
    rig.monitor.receiver.large_frames = LargeFrames(rig.fleet.changes, ROOM)
    return rig


def device(rig: Rig, imei: str) -> Device:
    found = rig.fleet.find(imei)
    assert found is not None
    return found


def tyres(rig: Rig, imei: str, text: str) -> None:
    data = {"imei": imei, "date": NOW, "data": [{"sensor_id": text, "pressure": 8}]}
    rig.receive({"event": "bleTire", "data": data, "error": 0})


def is_given_up(device: Device, kind: str = "snapshot") -> bool:
    return b"Not kept" in device.frames[kind]


def test_snapshots_beyond_the_budget_keep_their_numbers(rig: Rig) -> None:
    for imei in "12345":
        rig.snapshot(imei, speed=7, address=LONG, alerts=JAMMER, driver_id=["a"] * 500)
    assert [is_given_up(device(rig, imei)) for imei in "12345"] == [True] + 4 * [False]
    one = device(rig, "1")
    assert one.status is not None
    assert (one.status.speed, one.status.alerts) == (7, JAMMER)
    assert len(str(one.status)) < 5_000
    assert rig.monitor.receiver.large_frames.given_up == 1
    assert len(rig.alarms()) == 5
    assert one.row in rig.fleet.changes.drain()[0]


def test_one_that_sends_again_is_the_last_to_give_up(rig: Rig) -> None:
    for imei in "12341":
        rig.snapshot(imei, address=LONG)
    rig.snapshot("5", address=LONG)
    assert [is_given_up(device(rig, imei)) for imei in "123"] == [False, True, False]
    rig.snapshot("2", speed=3)
    assert not is_given_up(device(rig, "2"))


def test_one_that_sends_less_since_keeps_its_frame(rig: Rig) -> None:
    rig.snapshot("1", address=LONG)
    rig.snapshot("1", speed=3)
    for imei in "2345":
        rig.snapshot(imei, address=LONG)
    assert not is_given_up(device(rig, "1"))
    assert len(str(device(rig, "1").status)) < 5_000


def test_records_beyond_the_budget_are_given_up_whole(rig: Rig) -> None:
    for imei in "12345":
        tyres(rig, imei, LONG)
    assert is_given_up(device(rig, "1"), "bleTire")
    assert not device(rig, "1").records
    assert device(rig, "5").records["bleTire"].event.records
    tyres(rig, "1", "")
    assert device(rig, "1").records


def test_snapshot_without_a_set_clock_is_counted_as_well(rig: Rig) -> None:
    rig.snapshot("1", speed=1)
    rig.snapshot("1", date=0, address=LONG)
    for imei in "2345":
        rig.snapshot(imei, address=LONG)
    assert is_given_up(device(rig, "1"), "snapshot (clock not set)")
    assert not is_given_up(device(rig, "1"))


def test_frames_of_usual_size_and_late_ones_cost_nothing(rig: Rig) -> None:
    for number in range(100):
        rig.snapshot(str(number), speed=number)
    rig.snapshot("1", date=NOW - 60_000, address=LONG)
    kept: dict[Any, int] = dict(rig.monitor.receiver.large_frames._sizes)
    assert not kept
    assert len(json.dumps({"speed": 1})) < USUAL_SIZE


def test_device_without_a_snapshot_gives_up_nothing_else(rig: Rig) -> None:
    rig.snapshot("1", address=LONG)
    device(rig, "1").status = None
    for imei in "2345":
        rig.snapshot(imei, address=LONG)
    assert is_given_up(device(rig, "1"))


def test_one_frame_that_is_too_large_alone_costs_the_others_nothing(rig: Rig) -> None:
    rig.snapshot("1", address=LONG)
    data = {"imei": "2", "date": NOW, "data": [], "more": [{"a": n} for n in range(500)]}
    rig.receive({"event": "bleTire", "data": data, "error": 0})
    assert is_given_up(device(rig, "2"), "bleTire")
    assert not is_given_up(device(rig, "1"))
