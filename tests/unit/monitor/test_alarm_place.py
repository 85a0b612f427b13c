"""Where an alarm is, how old that is, and that a place that cannot be is none."""

from typing import Any

import msgspec
import pytest

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, ManualClock
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.monitor.alarm_place import (
    NO_PLACE,
    AlarmPlace,
    place_in_message,
    place_in_snapshot,
)
from tftmonitor.protocol.messages import SnapshotData

NOW = ManualClock().now_ms()
PLACE = {"lat": 52.1, "lng": 5.2}


def status(**values: Any) -> DeviceStatus:
    return msgspec.convert(values, DeviceStatus)


def device(*frames: dict[str, Any]) -> Device:
    """One that has sent these, the last of them now, a minute apart."""
    fleet = Fleet()
    for number, values in enumerate(frames, 1 - len(frames)):
        at_ms = NOW + number * MINUTE_MS
        fleet.apply(SnapshotData(imei="1"), status(date=at_ms, **values), b"", at_ms)
    return fleet.devices[0]


def in_snapshot(**values: Any) -> AlarmPlace:
    return place_in_snapshot(object(), status(**values), NOW, late=False)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (PLACE, AlarmPlace(52.1, 5.2)),
        (PLACE | {"location_date": NOW - 9_000}, AlarmPlace(52.1, 5.2, NOW - 9_000)),
        (
            PLACE | {"location_date": NOW - HOUR_MS},
            AlarmPlace(52.1, 5.2, NOW - HOUR_MS, is_last_known=True),
        ),
        (PLACE | {"location_date": 946_684_816_000}, AlarmPlace(52.1, 5.2)),
        (PLACE | {"latlng_valid": 0}, AlarmPlace(52.1, 5.2, None, is_last_known=True)),
        (
            PLACE | {"latlng_valid": 0, "location_date": NOW},
            AlarmPlace(52.1, 5.2, None, is_last_known=True),
        ),
        (
            PLACE | {"latlng_valid": 0, "location_date": NOW - HOUR_MS},
            AlarmPlace(52.1, 5.2, NOW - HOUR_MS, is_last_known=True),
        ),
        (PLACE | {"gps": False}, AlarmPlace(52.1, 5.2, None, is_last_known=True)),
        ({"lat": 95.0, "lng": 5.2}, NO_PLACE),
        ({"lat": 52.1, "lng": -200.0}, NO_PLACE),
        ({"lat": 0.0, "lng": 0.0}, NO_PLACE),
        ({"lat": -999.0, "lng": -999.0}, NO_PLACE),
        ({"lat": 52.1}, NO_PLACE),
        ({}, NO_PLACE),
    ],
)
def test_place_in_a_snapshot(values: dict[str, Any], expected: AlarmPlace) -> None:
    assert in_snapshot(**values) == expected


def test_lost_fix_is_as_old_as_the_last_frame_with_one() -> None:
    lost = PLACE | {"latlng_valid": 0}
    van = device(PLACE, lost, lost, lost)
    expected = AlarmPlace(52.1, 5.2, NOW - 3 * MINUTE_MS, is_last_known=True)
    # Also when the frame of the alarm leaves out that there is no fix.
    for values in (lost, PLACE):
        assert place_in_snapshot(van, status(**values), NOW, late=False) == expected


def test_late_snapshot_is_judged_by_itself() -> None:
    van = device(PLACE, PLACE | {"latlng_valid": 0})
    assert place_in_snapshot(van, status(**PLACE), NOW - HOUR_MS, late=True) == (
        52.1,
        5.2,
        None,
        False,
    )


def test_message_at_the_place_of_its_device_is_as_old_as_that() -> None:
    van = device(PLACE | {"location_date": NOW - 3 * HOUR_MS})
    found = place_in_message(van, 52.1, 5.200001, NOW)
    assert found == AlarmPlace(52.1, 5.2, NOW - 3 * HOUR_MS, is_last_known=True)


@pytest.mark.parametrize("lat", [52.2, 52])
def test_message_from_another_place_is_taken_as_it_is(lat: float) -> None:
    van = device(PLACE | {"latlng_valid": 0})
    for known in (van, device({}), None):
        assert place_in_message(known, lat, 5.2, NOW) == AlarmPlace(lat, 5.2)


@pytest.mark.parametrize("place", [(None, None), (91.0, 5.2), (52.1, 181.0)])
def test_message_without_a_possible_place_has_none(
    place: tuple[float | None, float | None],
) -> None:
    assert place_in_message(None, *place, NOW) == NO_PLACE
