import msgspec
import pytest

from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.feeds.live import RateFeed, WorldFeed
from tftmonitor.simulator.feeds.snapshot_templates import SnapshotTemplates
from tftmonitor.simulator.fleet.world import World

START_MS = 1_795_000_000_123


def test_world_feed_gives_the_frames_of_the_world() -> None:
    feed, world = WorldFeed(World(5, 1, START_MS)), World(5, 1, START_MS)
    sent = []
    while (due_s := feed.next_s()) is not None and due_s <= 20:
        sent += [outgoing.data for outgoing in feed.drain(due_s + 1e-6)]
    expected = [msgspec.json.encode(frame) for _, frame in world.step(START_MS + 20_000)]
    assert sent == expected


def test_rate_feed_sends_so_many_a_second_without_drift() -> None:
    feed = RateFeed(World(20, 1, START_MS, routine=False), 2_000)
    elapsed_s, count = 0.0, 0
    while (due_s := feed.next_s()) is not None and due_s <= 10:
        elapsed_s = max(elapsed_s + 0.0004, due_s + 0.0007)  # as late as a loop may be
        count += len(feed.drain(elapsed_s))
    assert count == pytest.approx(20_000, abs=50)


def test_slow_rate_spaces_single_frames() -> None:
    feed = RateFeed(World(20, 1, START_MS, routine=False), 2)
    times = []
    while (due_s := feed.next_s()) is not None and due_s <= 4:
        times += [round(due_s, 3)] * len(feed.drain(due_s + 0.001))
    assert times == [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0]


def test_rate_feed_forgets_what_it_could_not_send() -> None:
    feed = RateFeed(World(20, 1, START_MS, routine=False), 1_000)
    first = len(feed.drain(5.0))
    assert first < 50
    assert first + len(feed.drain(5.1)) == pytest.approx(100, abs=2)


def test_rate_must_be_above_zero() -> None:
    with pytest.raises(ValueError, match="above 0"):
        RateFeed(World(1, 1, START_MS), 0)


def test_prepared_snapshots_have_the_keys_and_types_of_whole_ones() -> None:
    world = World(20, 1, START_MS, routine=False)
    whole = {frame["data"]["imei"]: frame for _, frame in world.initial()}
    templates = SnapshotTemplates(world.roster)
    checked = 0
    for second in range(1, 100):
        for outgoing in templates.make(START_MS + second * 1_000, 20):
            assert outgoing.channel is Channel.DEVICES
            frame = msgspec.json.decode(outgoing.data)
            before = whole[frame["data"]["imei"]]
            assert list(frame) == list(before)
            assert list(frame["data"]["status"]) == list(before["data"]["status"])
            msgspec.convert(frame["data"]["status"], DeviceStatus, strict=False)
            checked += 1
    assert checked == 99 * 20


def test_prepared_snapshots_move_and_keep_up_with_the_ignition() -> None:
    world = World(1, 1, START_MS, routine=False)
    templates = SnapshotTemplates(world.roster)
    unit = world.roster.units[0]
    speeds, ignitions = set(), set()
    last_mileage = 0
    for second in range(1, 400):
        now_ms = START_MS + second * 1_000
        [outgoing] = templates.make(now_ms, 1)
        status = msgspec.json.decode(outgoing.data)["data"]["status"]
        assert status["date"] == now_ms
        assert status["acc"] == int(unit.ignition)
        assert status["mileage"] >= last_mileage
        assert status["lat"] == pytest.approx(unit.track.lat, abs=1e-6)
        assert status["lng"] == pytest.approx(unit.track.lng, abs=1e-6)
        assert status["speed"] == pytest.approx(unit.track.speed_kmh, abs=0.06)
        assert status["azimuth"] == int(unit.track.heading)
        last_mileage = status["mileage"]
        speeds.add(status["speed"])
        ignitions.add(status["acc"])
    assert len(speeds) > 50
    assert ignitions == {0, 1}


def test_slow_values_follow_after_a_limited_number_of_uses() -> None:
    world = World(1, 1, START_MS, routine=False)
    templates = SnapshotTemplates(world.roster)
    electrics = world.roster.units[0].electrics
    electrics.cell_v = 3.75
    [first] = templates.make(START_MS, 1)
    electrics.cell_v = 3.95
    frames = [first, *templates.make(START_MS, 49)]
    volts = [msgspec.json.decode(f.data)["data"]["status"]["battery_voltage"] for f in frames]
    assert volts == [3.75] * 25 + [3.95] * 25
