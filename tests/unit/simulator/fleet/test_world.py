from itertools import pairwise
from typing import Any

import msgspec
import pytest

from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.fleet.world import World
from tftmonitor.simulator.outgoing import Push

START_MS = 1_795_000_000_123


def frames(world: World, seconds: int, step_ms: int = 60_000) -> list[Push]:
    pushes: list[Push] = []
    for now_ms in range(START_MS, START_MS + seconds * 1_000 + 1, step_ms):
        pushes += world.step(now_ms)
    return pushes


def as_bytes(pushes: list[Push]) -> list[bytes]:
    return [channel.value.encode() + msgspec.json.encode(frame) for channel, frame in pushes]


def statuses(pushes: list[Push]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for _, frame in pushes:
        if frame.get("event") == "snapshot":
            found.setdefault(frame["data"]["imei"], []).append(frame["data"]["status"])
    return found


def test_equal_seed_and_start_give_equal_bytes_however_time_is_cut() -> None:
    first = as_bytes(frames(World(20, 5, START_MS), 240))
    second = as_bytes(frames(World(20, 5, START_MS), 240, step_ms=700))
    shortest = min(len(first), len(second))
    assert shortest > 500
    assert first[:shortest] == second[:shortest]


def test_another_seed_gives_another_fleet() -> None:
    assert as_bytes(frames(World(20, 5, START_MS), 60)) != as_bytes(
        frames(World(20, 6, START_MS), 60)
    )


def test_limit_leaves_the_rest_for_the_next_step() -> None:
    whole = as_bytes(World(20, 5, START_MS).step(START_MS + 30_000))
    world, parts = World(20, 5, START_MS), []
    while part := world.step(START_MS + 30_000, limit=3):
        assert len(part) < 6
        parts += as_bytes(part)
    assert parts == whole


@pytest.mark.parametrize("seed", range(5))
def test_small_fleet_shows_an_alarm_on_both_channels_within_fifteen_seconds(seed: int) -> None:
    pushes = frames(World(20, seed, START_MS), 15, step_ms=1_000)
    raised = [
        frame["data"]["status"]["cur_event"]
        for channel, frame in pushes
        if channel is Channel.DEVICES and frame["event"] == "snapshot"
    ]
    senders = [frame["from_id"] for channel, frame in pushes if channel is Channel.MESSAGES]
    assert any(code not in {0, 21, 22} for code in raised)
    assert 1 in senders


def test_volts_and_speed_of_several_vehicles_change_within_seconds() -> None:
    lively = 0
    for reports in statuses(frames(World(20, 1, START_MS), 15, step_ms=1_000)).values():
        volts = {status["external_power_voltage"] for status in reports}
        speeds = {status["speed"] for status in reports}
        lively += len(volts) >= 4 and len(speeds) >= 4
    assert lively >= 4


def test_alarm_message_follows_its_snapshot_with_the_same_date_and_number() -> None:
    pushes = frames(World(20, 2, START_MS), 300)
    messages = 0
    for (_, before), (channel, frame) in pairwise(pushes):
        if channel is Channel.MESSAGES and frame.get("from_id") == 1:
            details = frame["alarm_msg"]
            if isinstance(details, str):
                details = msgspec.json.decode(details)
            status = before["data"]["status"]
            assert (details["imei"], details["cur_event"]) == (status["imei"], status["cur_event"])
            assert details["date"] == status["date"]
            assert frame["date"] >= status["date"]
            messages += 1
    assert messages > 10


def test_all_documented_kinds_of_push_occur() -> None:
    pushes = frames(World(20, 1, START_MS), 900)
    events = {frame.get("event") or frame["type"] for _, frame in pushes}
    devices = {"snapshot", "bleTire", "rs232Tire", "driver", "obdErrorInfo", "rs232Fuel"}
    messages = {"messagePass", "getFileShake", "downloadAllow"}
    assert events == devices | messages
    senders = {frame["from_id"] for _, frame in pushes if frame.get("type") == "messagePass"}
    assert {0, 1} < senders
    double_encoded = [f for _, f in pushes if isinstance(f.get("alarm_msg"), str)]
    assert double_encoded


def test_names_label_every_device_of_the_feed_and_are_not_in_it() -> None:
    world = World(20, 1, START_MS)
    names = world.names()
    seen = {frame["data"]["imei"] for _, frame in world.initial()}
    assert seen == set(names)
    assert len(set(names.values())) == 20
    assert "VAN-01" in names.values()
    assert b"VAN-01" not in b"".join(as_bytes(list(world.initial())))


def test_initial_snapshots_are_never_newer_than_the_frames_that_follow() -> None:
    world = World(20, 1, START_MS)
    frames(world, 100)
    last = {f["data"]["imei"]: f["data"]["status"]["date"] for _, f in world.initial()}
    assert max(last.values()) > START_MS + 50_000
    later = statuses(world.step(START_MS + 200_000))
    assert len(later) > 10
    for imei, reports in later.items():
        assert all(status["date"] >= last[imei] for status in reports)


def test_world_without_routine_reports_alarms_only() -> None:
    pushes = World(20, 1, START_MS, routine=False).step(START_MS + 60_000)
    snapshots = [f for _, f in pushes if f.get("event") == "snapshot"]
    assert snapshots
    assert all(frame["data"]["status"]["cur_event"] for frame in snapshots)


def test_world_needs_a_device() -> None:
    with pytest.raises(ValueError, match="at least one device"):
        World(0, 1, START_MS)
