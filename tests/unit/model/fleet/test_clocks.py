"""The four clocks of a device, and what follows from comparing them."""

from typing import Any

from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.clocks import clocks_of
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.identity import Identity
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.messages import SnapshotData

NOW = 1_795_300_000_000


def fleet_with(received_ms: int = NOW, **status: Any) -> Fleet:
    fleet = Fleet()
    fleet.apply(SnapshotData(imei="1"), DeviceStatus(**status), b"", received_ms)
    return fleet


def test_delay_counts_from_the_server_where_it_tells_its_time() -> None:
    fleet = fleet_with(date=NOW - 60_000, polling=NOW - 2_000)
    clocks = clocks_of(fleet.devices[0], NOW)
    assert clocks.delay_ms == 2_000
    assert clocks.skew_ms == -58_000
    assert clocks.text() == "delay 2 s · device clock 58 s behind"


def test_newest_of_polling_and_heartbeat_is_the_server_time() -> None:
    fleet = fleet_with(date=NOW, polling=NOW - 9_000, heartbeat_time=NOW - 1_000)
    assert clocks_of(fleet.devices[0], NOW).server_ms == NOW - 1_000


def test_without_a_server_time_delay_counts_from_the_device_and_skew_is_unknown() -> None:
    clocks = clocks_of(fleet_with(date=NOW - 3_000, location_date=NOW - 4_000).devices[0], NOW)
    assert (clocks.delay_ms, clocks.skew_ms, clocks.fix_ms) == (3_000, None, NOW - 4_000)
    assert clocks.text() == "delay 3 s"


def test_clock_that_was_never_set_gives_neither_delay_nor_skew() -> None:
    clocks = clocks_of(fleet_with(date=946_684_816_000).devices[0], NOW)
    assert (clocks.device_ms, clocks.delay_ms, clocks.skew_ms) == (None, None, None)
    assert clocks.text() == ""


def test_device_ahead_of_the_server_has_no_negative_delay() -> None:
    clocks = clocks_of(fleet_with(date=NOW + 120_000, polling=NOW).devices[0], NOW)
    assert clocks.text() == "delay 0 s · device clock 2 min ahead"


def test_late_frame_does_not_change_the_delay_of_the_live_one() -> None:
    fleet = fleet_with(date=NOW - 1_000)
    fleet.apply(SnapshotData(imei="1"), DeviceStatus(date=NOW - 900_000), b"", NOW + 50_000)
    assert clocks_of(fleet.devices[0], NOW + 50_000).delay_ms == 1_000


def test_loss_of_a_clock_that_was_set_is_said_until_it_is_set_again() -> None:
    fleet = fleet_with(date=NOW - 1_000)
    device = fleet.devices[0]
    assert clocks_of(device, NOW).text() == "delay 1 s"
    fleet.apply(SnapshotData(imei="1"), DeviceStatus(date=0), b"", NOW + 5_000)
    assert clocks_of(device, NOW + 5_000).text() == "delay 1 s · device clock not set"
    fleet.apply(SnapshotData(imei="1"), DeviceStatus(date=NOW + 7_000), b"", NOW + 8_000)
    assert clocks_of(device, NOW + 8_000).text() == "delay 1 s"


def test_device_that_only_sent_other_events_has_no_clocks() -> None:
    fleet = Fleet()
    device = fleet.keep_records(Records("driver", Identity("1", "1")), b"", NOW)
    assert clocks_of(device, NOW).text() == ""
