from typing import Any

import msgspec
import pytest

from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, ManualClock
from tftmonitor.model.fields.plot import SERIES
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.model.fleet.activity import Activity
from tftmonitor.model.fleet.cadence import Pace
from tftmonitor.model.fleet.device import NOTHING_INHERITED, Device
from tftmonitor.model.fleet.field_ages import (
    FIX_FIELDS,
    ValueAge,
    fix_time_ms,
    limit_ms,
    value_age,
)
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.protocol.messages import SnapshotData

DRIVING: dict[str, Any] = {
    "speed": 50.0,
    "acc": 1,
    "lat": 50.0,
    "lng": 8.0,
    "latlng_valid": 1,
    "gps": True,
}
PARKED = DRIVING | {"speed": 0.0, "acc": 0}
SPEED_CHANNEL = next(n for n, field in enumerate(SERIES.channels) if field.name == "speed")


class Feed:
    """One device of a fleet, a clock, and a short way to hand it frames."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.fleet = Fleet()

    @property
    def now_ms(self) -> int:
        return self.clock.now_ms()

    @property
    def device(self) -> Device:
        return self.fleet.devices[0]

    def send(self, after_s: float = 0.0, fix_age_s: float | None = None, **status: Any) -> Device:
        """A frame of now, some seconds after the one before."""
        self.clock.advance(after_s)
        status.setdefault("date", self.now_ms)
        if fix_age_s is not None:
            status["location_date"] = self.now_ms - round(fix_age_s * SECOND_MS)
        converted = msgspec.convert(status, DeviceStatus)
        self.fleet.apply(SnapshotData(imei="1"), converted, b"", self.now_ms)
        return self.device

    def age(self, name: str) -> ValueAge:
        return value_age(self.device, name, self.now_ms)

    def age_s(self, name: str) -> float | None:
        since_ms = self.age(name).since_ms
        return None if since_ms is None else (self.now_ms - since_ms) / SECOND_MS

    def activity(self) -> Activity:
        return Activity(int(self.fleet.activities[0]))

    def speeds(self) -> list[float]:
        return [float(v) for v in self.device.series.samples().values[SPEED_CHANNEL]]


@pytest.fixture
def feed() -> Feed:
    return Feed()


# What frames leave out


def test_before_a_status_no_value_has_an_age(feed: Feed) -> None:
    feed.send()
    feed.device.status = None
    assert feed.age("speed") == ValueAge(None, is_old=False, is_own=False)


def test_value_is_as_old_as_the_last_frame_that_carried_it(feed: Feed) -> None:
    feed.send(**DRIVING, battery_voltage=3.6, fuel=8.0)
    feed.send(60, **DRIVING, fuel=7.0)
    feed.send(60, **DRIVING)
    feed.send(30, **DRIVING)
    assert [feed.age_s(name) for name in ("battery_voltage", "fuel", "acc")] == [150, 90, 0]
    feed.send(10, **DRIVING, battery_voltage=3.5)
    assert [feed.age_s(name) for name in ("battery_voltage", "fuel")] == [0, 100]


def test_null_is_carried_and_what_never_came_is_as_old_as_the_report(feed: Feed) -> None:
    feed.send(**DRIVING, fuel=7.0)
    feed.send(60, **DRIVING, fuel=None)
    assert (feed.age_s("fuel"), feed.age_s("rpm")) == (0, 0)


def test_late_frame_makes_no_value_younger(feed: Feed) -> None:
    feed.send(**DRIVING, fuel=7.0)
    feed.send(600, **DRIVING)
    feed.send(1, **DRIVING, fuel=9.0, date=feed.now_ms - 60_000)
    assert feed.age_s("fuel") == 601


def test_frames_that_leave_nothing_out_share_what_they_inherit(feed: Feed) -> None:
    for _ in range(3):
        feed.send(60, **DRIVING)
    assert feed.device.inherited is NOTHING_INHERITED


@pytest.mark.parametrize(("quiet_s", "is_old"), [(29 * 60, False), (31 * 60, True)])
def test_value_is_old_from_the_limit_of_its_device_on(
    feed: Feed, quiet_s: int, is_old: bool
) -> None:
    feed.send(**DRIVING, external_power_voltage=12.4)
    feed.send(quiet_s, **DRIVING)
    assert feed.age("external_power_voltage").is_old is is_old
    assert not feed.age("acc").is_old


def test_value_grows_old_between_frames(feed: Feed) -> None:
    feed.send(**DRIVING, fuel=7.0)
    feed.send(1_700, **DRIVING)
    assert feed.age("fuel").own_text(feed.now_ms) == ""
    feed.clock.advance(200)
    assert feed.age("fuel").own_text(feed.now_ms) == "31 min old"
    # Not older than its report: that one says it for all.
    feed.clock.advance(3_600)
    assert feed.age("acc") == ValueAge(feed.now_ms - 3_800_000, is_old=True, is_own=False)
    assert feed.age("acc").own_text(feed.now_ms) == ""


def test_value_of_a_driving_unit_that_was_old_stays_so_when_it_parks(feed: Feed) -> None:
    for _ in range(6):
        feed.send(10, **DRIVING, battery_voltage=80)
    for _ in range(30):
        feed.send(10, **DRIVING)
    assert feed.age("battery_voltage").is_old
    feed.send(10, **PARKED)
    assert feed.device.interval_ms > HOUR_MS
    assert feed.age("battery_voltage").is_old
    assert feed.age("battery_voltage").own_text(feed.now_ms) == "5 min old"


def test_value_of_the_last_drive_is_as_old_as_its_report_until_then(feed: Feed) -> None:
    for _ in range(6):
        feed.send(10, **DRIVING, battery_voltage=80)
    # The first parked report leaves it out: it is not older than that.
    feed.send(10, **PARKED)
    feed.clock.advance(30 * 60)
    assert not feed.age("battery_voltage").is_old
    feed.send(30 * 60, **PARKED)
    assert feed.age("battery_voltage").is_old


def test_value_of_a_parked_unit_is_old_once_it_drives(feed: Feed) -> None:
    for _ in range(6):
        feed.send(10, **DRIVING)
    feed.send(10, **PARKED, battery_voltage=80)
    feed.send(30 * 60, **PARKED)
    assert not feed.age("battery_voltage").is_old
    feed.send(10, **DRIVING)
    assert feed.age("battery_voltage").is_old


def test_limit_has_a_least_because_clocks_differ() -> None:
    assert (limit_ms(10 * SECOND_MS), limit_ms(HOUR_MS)) == (MINUTE_MS, 3 * HOUR_MS)


# Place and speed


@pytest.mark.parametrize("name", ["speed", "lat", "lng", "azimuth", "altitude"])
def test_what_the_receiver_measures_is_as_old_as_the_fix(feed: Feed, name: str) -> None:
    feed.send(fix_age_s=3 * 3600, **DRIVING, azimuth=1, altitude=5, fuel=7.0)
    feed.clock.advance(5)
    assert feed.age_s(name) == 3 * 3600 + 5
    assert feed.age(name).own_text(feed.now_ms) == "3 h old"
    assert (feed.age_s("fuel"), feed.age("fuel").is_old) == (5, False)


@pytest.mark.parametrize(
    "fix_ms", [None, 0, -999, 946_684_816_000, ManualClock().now_ms() + 40 * DAY_MS]
)
def test_fix_time_that_cannot_be_is_passed_over(feed: Feed, fix_ms: int | None) -> None:
    feed.send(**DRIVING, location_date=fix_ms)
    feed.clock.advance(7)
    assert (feed.age_s("speed"), feed.age("speed").is_old) == (7, False)
    assert feed.activity() is Activity.MOVING


@pytest.mark.parametrize(
    ("date_h", "fix_h", "expected_h"),
    [
        (0, -3, -3),
        # Both of one clock that is behind or ahead; then the fix alone is right.
        (-5.5, -8.5, -3),
        (8, 5, -3),
        (-5.5, 0, 0),
        (8, 0, 0),
        (None, -3, -3),
        (-20 * 365 * 24, -3, -3),
    ],
)
def test_what_is_between_report_and_fix_is_right_by_a_wrong_clock_too(
    date_h: float | None, fix_h: float, expected_h: float
) -> None:
    now_ms = ManualClock().now_ms()
    date_ms = None if date_h is None else now_ms + round(date_h * HOUR_MS)
    status = DeviceStatus(date=date_ms, location_date=now_ms + round(fix_h * HOUR_MS))
    assert fix_time_ms(status, now_ms) == now_ms + expected_h * HOUR_MS


def test_fix_ahead_of_the_report_makes_nothing_younger(feed: Feed) -> None:
    feed.send(fix_age_s=-3600, **DRIVING)
    assert feed.age_s("lat") == 0


def test_fix_time_of_an_earlier_frame_says_nothing_of_a_newer_place(feed: Feed) -> None:
    feed.send(fix_age_s=0, **DRIVING)
    for _ in range(8):
        feed.send(600, **DRIVING)
    assert (feed.age_s("lat"), feed.age("lat").is_old) == (0, False)
    assert feed.activity() is Activity.MOVING


@pytest.mark.parametrize("flag", [{"latlng_valid": 0}, {"gps": False}])
def test_receiver_that_measures_nothing_makes_place_and_speed_old(
    feed: Feed, flag: dict[str, Any]
) -> None:
    feed.send(**PARKED)
    for _ in range(3):
        feed.send(600, **PARKED | flag)
    for name in ("lat", "speed"):
        assert feed.age(name).is_old
        assert feed.age(name).own_text(feed.now_ms) == "30 min old"
    assert not feed.age("acc").is_old
    feed.send(600, **PARKED)
    assert (feed.device.fix_lost_ms, feed.age("lat").is_old) == (None, False)


def test_fix_time_tells_how_old_a_lost_fix_is(feed: Feed) -> None:
    feed.send(**PARKED)
    feed.send(60, fix_age_s=7200, **PARKED | {"latlng_valid": 0})
    assert feed.age("lat").own_text(feed.now_ms) == "2 h old"


def test_nobody_knows_how_old_the_place_of_a_unit_first_seen_without_a_fix_is(feed: Feed) -> None:
    feed.send(**PARKED | {"latlng_valid": 0})
    assert feed.age("lat") == ValueAge(None, is_old=True, is_own=True)
    assert feed.age("lat").own_text(feed.now_ms) == "last known"
    # Nor by the time of now that it puts to it.
    feed.send(60, fix_age_s=0, **PARKED | {"latlng_valid": 0})
    assert feed.age("lat").since_ms is None
    # Nor when it then falls asleep: it had none to lose.
    feed.send(60, **PARKED | {"latlng_valid": 0, "gps": False})
    assert feed.device.fix_lost_ms is None


# Moving


def test_old_fix_is_no_moving_and_its_unit_still_due_as_while_moving(feed: Feed) -> None:
    for _ in range(6):
        feed.send(6, fix_age_s=3 * 3600, **DRIVING)
    assert feed.activity() is Activity.NO_FIX
    assert feed.device.motion.pace == Pace.DRIVING
    assert feed.device.interval_ms <= 10 * SECOND_MS
    feed.send(6, fix_age_s=1, **DRIVING)
    assert feed.activity() is Activity.MOVING


def test_speed_that_is_left_out_for_long_is_no_moving(feed: Feed) -> None:
    feed.send(**DRIVING)
    rest = {name: value for name, value in DRIVING.items() if name != "speed"}
    for minutes, activity in [(25, Activity.MOVING), (10, Activity.NO_FIX)]:
        feed.send(minutes * 60, **rest)
        assert feed.activity() is activity


def test_receiver_that_is_off_measures_no_moving(feed: Feed) -> None:
    feed.send(**DRIVING | {"gps": False})
    assert feed.activity() is Activity.NO_FIX


def test_place_of_a_parked_unit_may_be_old(feed: Feed) -> None:
    feed.send(fix_age_s=9 * 3600, **PARKED)
    assert feed.activity() is Activity.PARKED
    assert feed.age("lat").own_text(feed.now_ms) == "9 h old"


# Plots


def test_line_of_the_speed_breaks_at_an_old_fix(feed: Feed) -> None:
    feed.send(fix_age_s=2, **DRIVING)
    feed.send(60, fix_age_s=3 * 3600, **DRIVING, external_power_voltage=12.0)
    feed.send(60, fix_age_s=50, **DRIVING)
    assert [speed == 50.0 for speed in feed.speeds()] == [True, False, True]
    voltage = next(n for n, f in enumerate(SERIES.channels) if f.name == "external_power_voltage")
    assert float(feed.device.series.samples().values[voltage][1]) == 12.0


def test_line_of_the_speed_breaks_without_a_fix(feed: Feed) -> None:
    feed.send(**DRIVING)
    feed.send(60, **DRIVING | {"latlng_valid": 0})
    assert [speed == 50.0 for speed in feed.speeds()] == [True, False]


def test_line_of_a_parked_unit_holds_as_long_as_it_is_not_overdue(feed: Feed) -> None:
    feed.send(fix_age_s=2 * 3600, **PARKED)
    feed.send(60, fix_age_s=4 * 3600, **PARKED)
    feed.send(60, location_date=-999, **PARKED)
    feed.send(60, location_date=946_684_816_000, **PARKED)
    assert [speed == 0.0 for speed in feed.speeds()] == [True, False, True, True]


def test_stored_fix_of_a_parked_unit_is_judged_by_what_was_usual_then(feed: Feed) -> None:
    for _ in range(6):
        feed.send(10, **DRIVING)
    feed.send(10, **PARKED)
    parked_ms = feed.now_ms + 30 * MINUTE_MS
    feed.clock.advance(60 * 60)
    for _ in range(6):
        feed.send(10, **DRIVING)
    feed.send(0, **PARKED, date=parked_ms, location_date=parked_ms - 20 * MINUTE_MS)
    samples = feed.device.series.samples()
    place = samples.times.tolist().index(parked_ms / SECOND_MS)
    assert samples.values[SPEED_CHANNEL, place] == 0.0


def test_fields_that_follow_the_fix_are_in_the_table() -> None:
    assert STATUS_FIELDS.by_name.keys() >= FIX_FIELDS
