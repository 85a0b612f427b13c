"""Times of a device in its own zone, only where that is wanted and known."""

from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from tests.unit.monitor.where.test_device_place import PLACE, device
from tftmonitor.monitor.where.zones import (
    ShownZone,
    short_zone,
    shown_zone,
    shown_zone_at,
    zone_note,
    zone_of_device,
    zone_there,
    zones_differ,
)
from tftmonitor.settings.schema import Settings

OWN, LOCAL, IN_UTC = Settings(zone="device"), Settings(zone="local"), Settings(zone="utc")
WINTER_MS, SUMMER_MS = 1_795_694_400_000, 1_792_584_000_000


def test_zone_is_that_of_the_place_where_that_is_wanted() -> None:
    assert zone_there(OWN, 40.71, -74.0) == ZoneInfo("America/New_York")
    assert zone_there(OWN, 0.0, 0.0) is None
    assert zone_there(OWN, None, None) is None
    assert zone_there(OWN, 0.5, -30.0) is None
    assert [zone_there(values, 40.71, -74.0) for values in (LOCAL, IN_UTC)] == [None, None]
    assert [zones_differ(values) for values in (OWN, LOCAL, IN_UTC)] == [True, False, False]


def test_zone_of_a_device_is_that_of_its_last_place() -> None:
    here = device((0, PLACE))
    assert zone_of_device(OWN, here) == ZoneInfo("Europe/Berlin")
    assert zone_of_device(LOCAL, here) is None
    assert zone_of_device(OWN, device((0, {"speed": 1.0}))) is None
    assert zone_of_device(OWN, None) is None


def test_it_is_said_which_zone_that_is() -> None:
    assert zone_note(ZoneInfo("Asia/Dubai")) == "times of Asia/Dubai"
    assert zone_note(None) == "times of this computer"


@pytest.mark.parametrize(
    ("zone", "time_ms", "text"),
    [
        (ZoneInfo("Europe/Berlin"), WINTER_MS, "CET"),
        (ZoneInfo("Europe/Berlin"), SUMMER_MS, "CEST"),
        (ZoneInfo("Asia/Dubai"), WINTER_MS, "UTC+04"),
        (UTC, WINTER_MS, "UTC"),
        (timezone(timedelta(hours=-3)), WINTER_MS, "UTC-03:00"),
    ],
)
def test_zone_behind_a_time(zone: ZoneInfo, time_ms: int, text: str) -> None:
    assert short_zone(zone, time_ms) == text


def test_a_time_says_its_zone_where_each_device_has_one_of_its_own() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    here = shown_zone(OWN, device((0, PLACE)))
    assert here == shown_zone_at(OWN, 52.5, 13.4) == ShownZone(berlin, named=True, is_own=True)
    assert here.said("12:00", SUMMER_MS) == "12:00 CEST"
    assert here.note == "times of Europe/Berlin"


def test_a_device_of_unknown_place_has_the_zone_of_the_computer_and_says_so() -> None:
    nowhere = shown_zone(OWN, None)
    assert nowhere == shown_zone_at(OWN, None, None)
    assert (nowhere.named, nowhere.note) == (True, "times of this computer")


def test_nothing_is_said_where_all_times_are_in_one_zone() -> None:
    here = shown_zone(IN_UTC, device((0, PLACE)))
    assert here == ShownZone(UTC)
    assert (here.said("12:00", WINTER_MS), here.note) == ("12:00", "")
