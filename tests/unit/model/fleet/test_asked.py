"""Last reports that the server was asked for, among what it pushes."""

from typing import Any

import msgspec
import pytest

from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, ManualClock
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.clocks import clocks_of
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import AppliedSnapshot, Fleet
from tftmonitor.model.fleet.identity import Identity
from tftmonitor.protocol.messages import SnapshotData

NOW = 1_795_000_000_000


class Source:
    """A fleet that is both pushed to and asked for."""

    def __init__(self) -> None:
        self.clock = ManualClock(NOW)
        self.fleet = Fleet()

    def push(self, age_s: float = 0.0, **status: Any) -> Device:
        status = {"date": self.clock.now_ms() - round(age_s * SECOND_MS)} | status
        converted = msgspec.convert(status, DeviceStatus)
        data = SnapshotData("86", 5, "100", "T1")
        return self.fleet.apply(data, converted, b"{}", self.clock.now_ms()).device

    def ask(self, age_s: float | None = 0.0, **status: Any) -> AppliedSnapshot | None:
        if age_s is not None:
            status["date"] = self.clock.now_ms() - round(age_s * SECOND_MS)
        converted = msgspec.convert(status, DeviceStatus)
        data = SnapshotData("86", None, "100", "T1")
        return self.fleet.apply_asked(data, converted, b"asked", self.clock.now_ms())

    @property
    def device(self) -> Device:
        device = self.fleet.find("100")
        assert device is not None
        return device

    def value(self, name: str) -> Any:
        return getattr(self.device.status, name)


@pytest.fixture
def source() -> Source:
    return Source()


def test_last_report_is_shown_with_its_own_age_and_source(source: Source) -> None:
    applied = source.ask(3 * 3600, speed=7)
    assert applied is not None
    assert applied.live
    assert not applied.late
    assert source.value("speed") == 7
    assert source.device.data_ms == NOW - 3 * HOUR_MS
    assert int(source.fleet.data_ms[0]) == NOW - 3 * HOUR_MS
    source.clock.advance(120)
    assert clocks_of(source.device, source.clock.now_ms()).text() == "asked over HTTP 2 min ago"
    assert source.device.received_ms == 0


def test_push_takes_its_place_and_its_mark(source: Source) -> None:
    source.ask(600, speed=7, battery_voltage=4.1)
    source.push(speed=9)
    assert not source.device.is_asked
    assert "asked" not in clocks_of(source.device, NOW).text()
    assert (source.value("speed"), source.value("battery_voltage")) == (9, 4.1)


def test_newer_push_stays_and_the_older_report_joins_the_series(source: Source) -> None:
    source.push(10, speed=9)
    applied = source.ask(60, speed=7)
    assert applied is not None
    assert (applied.live, applied.late) == (False, True)
    assert source.value("speed") == 9
    assert not source.device.is_asked
    assert [*source.device.series.samples().times * 1_000] == [NOW - 60_000, NOW - 10_000]


def test_report_that_came_by_push_is_known(source: Source) -> None:
    source.push(60, speed=7)
    assert source.ask(60, speed=7) is None
    source.push(10, speed=9)
    assert source.ask(60, speed=7) is None
    assert len(source.device.series) == 2


def test_report_newer_than_the_last_push_is_shown(source: Source) -> None:
    source.push(0, speed=9)
    source.clock.advance(3600)
    assert source.ask(60, speed=7) is not None
    assert source.value("speed") == 7
    assert source.device.is_asked


def test_old_report_teaches_nothing_of_clock_and_pace(source: Source) -> None:
    for _ in range(8):
        source.ask(2 * 3600, speed=0)
        source.clock.advance(30)
    assert source.device.clock is None
    assert not source.device.is_doubtful
    cadence = source.device.cadence.export()
    source.clock.advance(HOUR_MS / 1_000)
    source.ask(10)
    assert source.device.cadence.export() == cadence


def test_time_of_a_wrong_clock_is_corrected(source: Source) -> None:
    for _ in range(3):
        source.push(-2 * 3600, polling=source.clock.now_ms())
        source.clock.advance(60)
    offset_ms = source.device.clock.offset_ms if source.device.clock else 0
    assert offset_ms == 2 * HOUR_MS
    source.clock.advance(600)
    source.ask(-2 * 3600 + 30, speed=7)
    assert source.value("speed") == 7
    assert source.device.data_ms == source.clock.now_ms() - 30 * SECOND_MS


def test_report_without_a_date_is_as_old_as_the_server_says(source: Source) -> None:
    assert source.ask(None, speed=7, heartbeat_time=NOW - HOUR_MS) is not None
    assert source.device.data_ms == NOW - HOUR_MS
    assert source.device.device_ms is None
    assert source.ask(None, speed=8, heartbeat_time=NOW - HOUR_MS) is None
    assert source.value("speed") == 7


@pytest.mark.parametrize("date", [946_684_816_000, NOW + 2 * DAY_MS, None])
def test_report_of_no_time_shows_nothing_but_a_row(source: Source, date: int | None) -> None:
    assert source.ask(None, date=date, speed=7) is None
    assert source.device.status is None
    assert len(source.fleet) == 1


def test_report_without_a_date_replaces_none_that_has_one(source: Source) -> None:
    source.push(3600, speed=9)
    assert source.ask(None, speed=7, heartbeat_time=NOW - MINUTE_MS) is None
    assert source.value("speed") == 9


def test_fix_of_an_old_report_is_no_sample_of_its_time(source: Source) -> None:
    source.ask(60, speed=7, lat=50.0, lng=8.0, latlng_valid=1, location_date=NOW - 2 * HOUR_MS)
    assert len(source.device.series) == 1


def test_device_that_never_reported_has_a_row_and_its_name(source: Source) -> None:
    source.fleet.set_account_names({"200": "Crane"})
    device = source.fleet.list_device(Identity("200", "200", model="T9"), NOW)
    assert (device.label, device.model, device.status) == ("Crane", "T9", None)


def test_users_own_name_goes_before_that_of_the_account(source: Source) -> None:
    fleet, device = source.fleet, source.push()
    fleet.set_default_names({"100": "demo"})
    assert not fleet.is_named_by_account(device)
    fleet.set_account_names({"86": "theirs"})
    assert device.label == "theirs"
    assert fleet.is_named_by_account(device)
    fleet.set_names({"100": "mine"})
    assert device.label == "mine"
    assert not fleet.is_named_by_account(device)
    fleet.set_account_names({})
    fleet.set_names({})
    assert device.label == "demo"


def test_mark_moves_with_the_clock_and_over_a_join(source: Source) -> None:
    source.ask(600)
    source.fleet.note_clock_set(HOUR_MS)
    assert source.device.asked_ms == NOW + HOUR_MS
    other = source.fleet.list_device(Identity("7", device_key="7"), NOW)
    source.fleet.list_device(Identity("100", "100", "86", "7"), NOW)
    assert source.device.is_asked
    assert not other.is_asked
