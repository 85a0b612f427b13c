from collections import Counter
from itertools import pairwise

import msgspec
import pytest

from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.fleet.world import World
from tftmonitor.simulator.outgoing import Push
from tftmonitor.simulator.server.bursts import BURSTS, alarm_pair
from tftmonitor.simulator.server.faults import FaultKind, parse_fault
from tftmonitor.simulator.server.malformed import malformed

START_MS = 1_795_000_000_123
NOW_MS = START_MS + 60_000


def burst(text: str) -> list[Push]:
    world = World(20, 1, START_MS)
    world.step(NOW_MS)
    fault = parse_fault(text)
    return BURSTS[fault.kind](world.roster, NOW_MS, fault)


def test_late_snapshots_are_of_one_device_and_older_than_its_last_report() -> None:
    world = World(20, 1, START_MS)
    world.step(NOW_MS)
    pushes = BURSTS[FaultKind.LATE](world.roster, NOW_MS, parse_fault("late:n=50"))
    statuses = [frame["data"]["status"] for _, frame in pushes]
    assert len(statuses) == 50
    assert {status["imei"] for status in statuses} == {world.roster.units[0].identity.imei}
    dates = [status["date"] for status in statuses]
    assert dates == sorted(set(dates))
    assert dates[-1] < world.roster.units[0].last_report_ms - 5_000
    gone = [after["mileage"] - before["mileage"] for before, after in pairwise(statuses)]
    assert gone == [pytest.approx(150, abs=1)] * 49


def test_alarm_flood_hits_many_devices_with_as_many_messages() -> None:
    pushes = burst("alarms:n=200")
    kinds = Counter(channel for channel, _ in pushes)
    assert kinds == {Channel.DEVICES: 200, Channel.MESSAGES: 200}
    devices = [frame["data"] for channel, frame in pushes if channel is Channel.DEVICES]
    assert len({data["imei"] for data in devices}) == 20
    assert all(data["status"]["cur_event"] for data in devices)


def test_unknown_alarm_has_a_number_that_no_table_has() -> None:
    (_, device), (_, message) = burst("unknown")
    assert device["data"]["status"]["cur_event"] == 105
    assert message["message"] == "Alarm 0x69"


def test_wrong_clocks_lie_in_2000_and_2080() -> None:
    dates = [frame["data"]["status"]["date"] for _, frame in burst("clock")]
    assert dates == [946_684_816_000, 3_471_724_812_000]


def test_alarm_pair_is_the_same_alarm_on_both_channels() -> None:
    (first, device), (second, message) = alarm_pair(World(2, 1, START_MS).roster, NOW_MS)
    assert (first, second) == (Channel.DEVICES, Channel.MESSAGES)
    assert message["alarm_msg"]["date"] == device["data"]["status"]["date"]
    assert message["date"] == NOW_MS
    assert message["alarm_msg"]["cur_event"] == device["data"]["status"]["cur_event"] == 3


@pytest.mark.parametrize("channel", list(Channel))
def test_malformed_frames_cover_each_sort_and_go_to_their_channel(channel: Channel) -> None:
    _, snapshot = next(World(1, 1, START_MS).initial())
    frames = malformed(channel, snapshot)
    sorts = {"text", "binary", "truncated", "deep", "types", "unknown", "huge"}
    if channel is Channel.DEVICES:
        sorts.add("badfield")
    assert {name for name, _ in frames} == sorts
    assert {frame.channel for _, frame in frames} == {channel}
    assert max(len(frame.data) for _, frame in frames) >= 2_000_000
    for name, frame in frames:
        if name in {"truncated", "text"}:
            with pytest.raises(msgspec.DecodeError):
                msgspec.json.decode(frame.data)
