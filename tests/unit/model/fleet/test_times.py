"""A frame without a set clock may be stored history: it replaces no value that has a time."""

from typing import Any

import pytest

from tftmonitor.base.clock import DAY_MS, MINUTE_MS, SECOND_MS
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.cadence import DRIVING_MS, PARKED_MS
from tftmonitor.model.fleet.device import HELD_SNAPSHOT, SNAPSHOT
from tftmonitor.model.fleet.fleet import AppliedSnapshot, Fleet
from tftmonitor.model.fleet.identity import Identity

NOW = 1_795_000_000_000
MISSING = object()
UNSET_CLOCKS = [MISSING, None, 0, 86_400_000, 946_684_816_000, 3_471_724_812_000, -5, 10**18]
DRIVING: dict[str, Any] = {"acc": 1, "lat": 50.0, "lng": 8.0}


class Unit:
    """One device and the time; ``send`` tells what became of a frame of it."""

    def __init__(self) -> None:
        self.fleet = Fleet()
        self.now_ms = NOW

    def send(self, after_s: float, date: Any = None, **status: Any) -> AppliedSnapshot:
        self.now_ms += round(after_s * SECOND_MS)
        if date is not MISSING:
            status["date"] = date
        frame = str(self.now_ms).encode()
        return self.fleet.apply(Identity("1", "1"), DeviceStatus(**status), frame, self.now_ms)

    def send_dated(self, after_s: float, **status: Any) -> AppliedSnapshot:
        return self.send(after_s, self.now_ms + round(after_s * SECOND_MS), **status)

    def learn(self, interval_s: float) -> None:
        """Drive for a while, so that the usual interval is known."""
        for _ in range(6):
            self.send_dated(interval_s, speed=50.0, **DRIVING)
        assert self.fleet.devices[0].interval_ms == interval_s * SECOND_MS

    @property
    def speed(self) -> Any:
        status = self.fleet.devices[0].status
        return status and status.speed


@pytest.fixture
def unit() -> Unit:
    return Unit()


@pytest.mark.parametrize("date", UNSET_CLOCKS)
def test_first_sight_of_an_unset_clock_replaces_no_live_value(unit: Unit, date: Any) -> None:
    dated = unit.send_dated(0, speed=50.0, **DRIVING)
    device, samples = dated.device, len(dated.device.series)
    before = (device.status, device.data_ms, device.device_ms, device.motion, device.snapshots)
    unit.fleet.changes.drain()
    applied = unit.send(30, date, speed=5.0, external_power_voltage=2.6)
    assert (applied.live, applied.late, applied.device_ms) == (False, False, None)
    after = (device.status, device.data_ms, device.device_ms, device.motion, device.snapshots)
    assert after == before
    assert len(device.series) == samples
    assert device.unset_clock_count == 1
    assert unit.fleet.data_ms.tolist() == [NOW]
    assert device.received_ms == NOW + 30_000
    assert device.live_received_ms == NOW
    assert device.frames == {SNAPSHOT: str(NOW).encode(), HELD_SNAPSHOT: str(NOW + 30_000).encode()}
    assert unit.fleet.changes.drain() == ({0}, False)


@pytest.mark.parametrize("date", UNSET_CLOCKS)
def test_device_without_any_time_shows_its_newest_frame_as_of_now(unit: Unit, date: Any) -> None:
    for speed in (5.0, 6.0):
        applied = unit.send(1, date, speed=speed)
        assert applied.live
        assert (unit.speed, applied.device.data_ms) == (speed, unit.now_ms)
    assert applied.device.unset_clock_count == 0
    assert len(applied.device.series) == 2


def test_unit_whose_clock_dies_while_it_drives_is_live_again_with_the_third_frame(
    unit: Unit,
) -> None:
    unit.learn(30)
    assert [unit.send(30, 0, speed=speed).live for speed in (1.0, 2.0, 3.0, 4.0)] == [
        False, False, True, True,
    ]  # fmt: skip
    device = unit.fleet.devices[0]
    assert (unit.speed, device.data_ms, device.unset_clock_count) == (4.0, unit.now_ms, 2)


def test_burst_of_stored_frames_without_a_clock_stays_history(unit: Unit) -> None:
    unit.learn(30)
    assert not any(unit.send(0.1, 0, speed=200.0).live for _ in range(100))
    device = unit.fleet.devices[0]
    assert (unit.speed, device.unset_clock_count) == (50.0, 100)
    assert unit.send_dated(20, speed=51.0).live
    assert unit.speed == 51.0


def test_two_frames_are_too_few_however_far_apart(unit: Unit) -> None:
    unit.learn(30)
    assert not unit.send(30, 0).live
    assert not unit.send(3_600, 0).live
    assert unit.send(1, 0).live


def test_dated_live_frame_ends_the_doubt_and_a_late_one_does_not(unit: Unit) -> None:
    unit.learn(30)
    assert not any(unit.send(15, 0).live for _ in range(2))
    assert unit.send_dated(1).live
    assert not any(unit.send(15, 0).live for _ in range(2))
    assert unit.send(1, unit.now_ms - 10 * MINUTE_MS).late
    assert unit.send(15, 0).live


def test_parked_unit_is_not_doubted_for_as_long_as_it_is_usually_silent(unit: Unit) -> None:
    unit.send_dated(0, speed=0.0)
    assert unit.fleet.devices[0].interval_ms == PARKED_MS
    found = [unit.send(DRIVING_MS / SECOND_MS / 3, 0).live for _ in range(4)]
    assert found == [False, False, False, True]


def test_fix_that_is_newer_than_the_live_values_proves_that_a_frame_is_of_now(unit: Unit) -> None:
    unit.send_dated(0, speed=50.0)
    assert unit.send(30, 946_684_816_000, speed=5.0, location_date=NOW + 29_000).live
    assert unit.speed == 5.0
    assert not unit.send(1, 946_684_816_000, speed=7.0, location_date=NOW - 1).live
    assert unit.send(1, 946_684_816_000, speed=8.0, location_date=NOW).live
    assert not unit.send(1, 0, location_date=NOW + 9 * DAY_MS).live
    assert not unit.send(1, 0, location_date=None).live


def test_clock_that_is_set_again_is_believed_at_once(unit: Unit) -> None:
    unit.learn(30)
    for _ in range(5):
        unit.send(30, 0, speed=1.0)
    assert unit.send_dated(30, speed=2.0).live
    assert unit.speed == 2.0
    assert not unit.send(30, 0, speed=3.0).live
