from typing import Any

import pytest

from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.fleet.kinds import Quirk
from tftmonitor.simulator.fleet.statuses import QUIET
from tftmonitor.simulator.fleet.world import World

START_MS = 1_795_000_000_123
HOUR_MS = 3_600_000
Reports = list[tuple[int, dict[str, Any]]]


def play(devices: int, seconds: int = 3_600, *, odd: bool = True) -> tuple[World, Reports]:
    """The frames of the devices channel, each with the time at which it was sent."""
    world, found = World(devices, 1, START_MS, odd=odd), Reports()
    for now_ms in range(START_MS, START_MS + seconds * 1_000, 500):
        for channel, frame in world.step(now_ms):
            if channel is Channel.DEVICES:
                found.append((now_ms, frame))
    return world, found


@pytest.fixture(scope="module")
def demo() -> tuple[World, Reports]:
    return play(20)


def snapshots(reports: Reports) -> list[tuple[int, dict[str, Any]]]:
    return [(at_ms, f["data"]["status"]) for at_ms, f in reports if f["event"] == "snapshot"]


def of_quirk(demo: tuple[World, Reports], quirk: Quirk) -> list[tuple[int, dict[str, Any]]]:
    world, reports = demo
    (imei,) = (u.identity.imei for u in world.roster.units if u.profile.quirk is quirk)
    return snapshots([(at_ms, frame) for at_ms, frame in reports if frame["data"]["imei"] == imei])


def test_demo_shows_a_clock_of_another_zone(demo: tuple[World, Reports]) -> None:
    found = of_quirk(demo, Quirk.CLOCK_BEHIND)
    assert found
    for at_ms, status in found:
        assert abs(at_ms - status["date"] - 5.5 * HOUR_MS) < 5_000
        assert abs(at_ms - status["polling"]) < 5_000


def test_demo_shows_values_that_go_quiet(demo: tuple[World, Reports]) -> None:
    told = [set(status) & QUIET for _at_ms, status in of_quirk(demo, Quirk.GONE_QUIET)]
    assert set() in told
    assert set(QUIET) in told
    assert all(not each or each == QUIET for each in told)


def test_demo_shows_stored_uploads_with_an_alarm(demo: tuple[World, Reports]) -> None:
    behind = {status["imei"] for _at_ms, status in of_quirk(demo, Quirk.CLOCK_BEHIND)}
    stored = [
        status
        for at_ms, status in snapshots(demo[1])
        if status["imei"] not in behind and HOUR_MS / 2 < at_ms - status["date"] < 2 * HOUR_MS
    ]
    assert len(stored) >= 2 * 24
    assert {status["cur_event"] for status in stored} == {0, 6}
    first = [status["date"] for status in stored[:24]]
    assert first == sorted(first)


def test_demo_shows_an_alarm_that_no_table_knows(demo: tuple[World, Reports]) -> None:
    found = [frame["data"] for _at_ms, frame in demo[1] if frame["event"] == "doorSensor"]
    assert len(found) >= 2
    assert {data["cur_event"] for data in found} == {"DOOR_FORCED"}


def test_test_fleet_shows_only_the_quirks_that_it_always_had() -> None:
    world, reports = play(400, 200, odd=False)
    assert {u.profile.quirk for u in world.roster.units[20:]} == {
        None,
        Quirk.NO_FIX,
        Quirk.CLOCK_UNSET,
    }
    assert not [frame for _at_ms, frame in reports if frame["event"] == "doorSensor"]


def test_fleet_of_one_has_its_odd_frames_too() -> None:
    _world, reports = play(1, 300)
    assert [frame for _at_ms, frame in reports if frame["event"] == "doorSensor"]
    assert any(at_ms - status["date"] > HOUR_MS / 2 for at_ms, status in snapshots(reports))
