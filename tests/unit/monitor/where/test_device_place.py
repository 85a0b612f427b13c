"""The last place of a device in words, with its age where it is not of now."""

from typing import Any

import msgspec
import pytest

from tftmonitor.base.clock import HOUR_MS, ManualClock
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.monitor.where.device_place import device_place_text, place_of
from tftmonitor.protocol.messages import SnapshotData

NOW = ManualClock().now_ms()
PLACE = {"lat": 52.43, "lng": 13.11, "latlng_valid": True}


def device(*frames: tuple[int, dict[str, Any]]) -> Device:
    """One that has sent these so long ago."""
    fleet = Fleet()
    for ago_ms, values in frames:
        at_ms = NOW - ago_ms
        status = msgspec.convert({"date": at_ms, **values}, DeviceStatus)
        fleet.apply(SnapshotData(imei="1"), status, b"", at_ms)
    return fleet.devices[0]


def test_a_device_with_a_fix_is_where_it_says() -> None:
    here = device((0, PLACE))
    assert place_of(here) == (52.43, 13.11)
    assert device_place_text(here, NOW) == "5 km NE of Potsdam"


@pytest.mark.parametrize(
    "values", [{"speed": 1.0}, PLACE | {"lat": 0, "lng": 0}, PLACE | {"lat": 91}, {"lat": 52.0}]
)
def test_without_a_place_there_are_no_words(values: dict[str, Any]) -> None:
    there = device((0, values))
    assert place_of(there) == (None, None)
    assert device_place_text(there, NOW) == ""


def test_a_device_without_a_status_has_no_place() -> None:
    there = device((0, PLACE))
    there.status = None
    assert place_of(there) == (None, None)


def test_a_last_fix_says_how_old_it_is() -> None:
    fix_ms = NOW - 3 * HOUR_MS
    lost = {**PLACE, "latlng_valid": False, "location_date": fix_ms}
    there = device((3 * HOUR_MS, {**PLACE, "location_date": fix_ms}), (0, lost))
    assert device_place_text(there, NOW) == "last known 5 km NE of Potsdam, 3 h old"
    unknown = device((0, {**PLACE, "latlng_valid": False}))
    assert device_place_text(unknown, NOW) == "last known 5 km NE of Potsdam"
