import pytest

from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.fleet.world import World

START_MS = 1_795_000_000_123


@pytest.fixture(scope="module")
def history() -> dict[str, list[dict[str, float]]]:
    tracks: dict[str, list[dict[str, float]]] = {}
    for channel, frame in World(20, 1, START_MS).step(START_MS + 2_400_000):
        if channel is Channel.DEVICES and frame["event"] == "snapshot":
            tracks.setdefault(frame["data"]["model"] + frame["data"]["imei"], []).append(
                frame["data"]["status"]
            )
    return tracks


def vehicle_reports(
    history: dict[str, list[dict[str, float]]], code: int
) -> list[dict[str, float]]:
    return [
        status
        for name, reports in history.items()
        if not name.startswith(("TLP1", "Knight"))
        for status in reports
        if status["cur_event"] == code
    ]


def test_lost_supply_reads_near_zero_volts_with_its_bits_until_it_recovers(
    history: dict[str, list[dict[str, float]]],
) -> None:
    lost = vehicle_reports(history, 0x01)
    assert lost
    for status in lost:
        assert 0 < status["external_power_voltage"] < 3
        assert int(status["iop"]) & 0x8000
        assert int(status["alerts"]) & 0x4
    back = vehicle_reports(history, 0x23)
    assert back
    for status in back:
        assert status["external_power_voltage"] > 9
        assert not int(status["iop"]) & 0x8000
        assert not int(status["alerts"]) & 0x4


def test_over_speed_alarm_comes_with_the_speed(
    history: dict[str, list[dict[str, float]]],
) -> None:
    fast = vehicle_reports(history, 0x04)
    assert fast
    assert all(status["speed"] > 90 for status in fast)


def test_towed_vehicle_moves_with_the_ignition_off(
    history: dict[str, list[dict[str, float]]],
) -> None:
    assert vehicle_reports(history, 0x07)
    towed = [
        status
        for reports in history.values()
        for status in reports
        if not status["acc"] and status["speed"] > 5
    ]
    assert towed


def test_ignition_alarms_agree_with_the_ignition(
    history: dict[str, list[dict[str, float]]],
) -> None:
    on, off = vehicle_reports(history, 0x15), vehicle_reports(history, 0x16)
    assert min(len(on), len(off)) > 5
    assert {status["acc"] for status in on} == {1}
    assert {status["acc"] for status in off} == {0}


def test_asset_trackers_use_their_own_numbers(
    history: dict[str, list[dict[str, float]]],
) -> None:
    codes = {
        int(status["cur_event"])
        for name, reports in history.items()
        if name.startswith(("TLP1", "Knight"))
        for status in reports
    }
    assert {0x16, 0x17} <= codes
    assert not codes & {0x02, 0x03, 0x05, 0x07, 0x08, 0x22, 0x24, 0x25}


def test_alarm_number_is_gone_in_the_next_report(
    history: dict[str, list[dict[str, float]]],
) -> None:
    quiet = sum(status["cur_event"] == 0 for reports in history.values() for status in reports)
    assert quiet > 1_000


def test_over_speed_begins_once_and_never_without_a_fix() -> None:
    units = World(20, 1, START_MS).roster.units
    van, never_fixed = units[0], units[7]
    assert (van.has_fix, never_fixed.has_fix) == (True, False)
    for unit in (van, never_fixed):
        unit.track.speed_kmh = 200.0
    assert [van.begins_to_speed() for _ in range(2)] == [True, False]
    assert not never_fixed.begins_to_speed()
    van.track.speed_kmh = 50.0
    assert not van.begins_to_speed()
    van.track.speed_kmh = 200.0
    assert van.begins_to_speed()


def test_demo_begins_with_alarms_when_it_is_opened_and_then_has_few() -> None:
    opened_s = 2 * 3_600
    world = World(24, 7, START_MS, opens_after_s=opened_s)
    # Ignition and movement are events that ask nobody.
    asks_nobody = {0, 0x15, 0x16, 0x17, 0x18}
    times = []
    for now_ms in range(START_MS, START_MS + (opened_s + 3_600) * 1_000, 1_000):
        for _channel, frame in world.step(now_ms):
            status = frame.get("data", {}).get("status")
            if isinstance(status, dict) and status.get("cur_event", 0) not in asks_nobody:
                times.append((now_ms - START_MS) // 1_000 - opened_s)
    assert sum(0 <= at_s <= 90 for at_s in times) >= 3
    assert 2 <= sum(at_s > 90 for at_s in times) <= 25
