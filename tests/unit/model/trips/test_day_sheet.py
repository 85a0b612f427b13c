"""Days of 23, 24 and 25 hours, and what is cut at midnight."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.unit.model.trips.drive import Drive, parked
from tftmonitor.model.trips.day_sheet import DaySheet, day_edges, day_sheet
from tftmonitor.model.trips.trips import Kind, find_trips

HOUR_MS = 3_600_000
BERLIN = ZoneInfo("Europe/Berlin")


def starting(moment: datetime) -> Drive:
    drive = Drive(at_s=moment.timestamp())
    drive.report()
    return drive


def whole(sheet: DaySheet) -> int:
    return sheet.moving_ms + sheet.idle_ms + sheet.stopped_ms + sheet.no_data_ms


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", date(2026, 11, 18), 24),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Asia/Kathmandu", date(2026, 11, 18), 24),
        # The clock is set at midnight itself.
        ("America/Havana", date(2026, 3, 8), 23),
        ("America/Havana", date(2026, 11, 1), 25),
        ("Asia/Beirut", date(2026, 3, 29), 23),
    ],
)
def test_sums_make_the_day_whatever_its_length(zone: str, day: date, hours: float) -> None:
    drive = starting(datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=14))
    while drive.at_s < datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() + 172_800:
        drive.go(1_800, 50)
        drive.park(900, 30, ignition=1)
        drive.park(1_900)
        drive.wait(2_000)
    sheet = day_sheet(find_trips(drive.points), day, ZoneInfo(zone))
    assert sheet.end_ms - sheet.start_ms == hours * HOUR_MS
    assert whole(sheet) == hours * HOUR_MS
    assert min(sheet.moving_ms, sheet.idle_ms, sheet.stopped_ms, sheet.no_data_ms) > HOUR_MS
    assert sum(row.end_ms - row.start_ms for row in sheet.rows) == hours * HOUR_MS


def test_days_follow_each_other() -> None:
    days = [date(2026, 1, 1) + timedelta(days=count) for count in range(365)]
    edges = [day_edges(day, BERLIN) for day in days]
    assert all(one[1] == next_[0] for one, next_ in itertools.pairwise(edges))


def test_sums_are_those_of_the_track() -> None:
    drive = starting(datetime(2026, 11, 18, 8, tzinfo=UTC))
    drive.park(3_600)
    drive.go(1_800)
    drive.park(600, 10, ignition=1)
    drive.park(3_600)
    sheet = day_sheet(find_trips(drive.points), date(2026, 11, 18), UTC)
    idle_ms, moving_ms = 590_000, 1_810_000
    assert (sheet.idle_ms, sheet.moving_ms) == (idle_ms, moving_ms)
    assert sheet.stopped_ms == (3_600 + 1_800 + 600 + 3_600) * 1_000 - idle_ms - moving_ms
    assert sheet.no_data_ms == 24 * HOUR_MS - (3_600 + 1_800 + 600 + 3_600) * 1_000
    assert sheet.totals.track_m == pytest.approx(18_000)
    assert sheet.trip_count == 1
    assert list(sheet.odometer_m or ()) == [50_000, 68_000]
    assert [row.segment.kind for row in sheet.rows] == [Kind.STOP, Kind.TRIP, Kind.STOP]


def test_a_trip_over_midnight_is_cut_by_its_points() -> None:
    drive = starting(datetime(2026, 11, 18, 22, tzinfo=UTC))
    drive.park(3_605, 5)
    drive.go(3_000, 36)
    drive.go(3_000, 72)
    drive.park(600)
    found = find_trips(drive.points)
    days = [day_sheet(found, date(2026, 11, day), UTC) for day in (18, 19)]
    cut = [next(row for row in day.rows if row.segment.kind is Kind.TRIP) for day in days]
    assert cut[0].segment == cut[1].segment
    assert [(row.before, row.after) for row in cut] == [(False, True), (True, False)]
    assert cut[0].end_ms == cut[1].start_ms == days[1].start_ms
    # 3,595 s at most before midnight: 3,000 s at 10 m/s, the rest at 20.
    assert cut[0].totals.track_m == pytest.approx(30_000 + 595 * 20, abs=0.1)
    assert cut[0].totals.track_m + cut[1].totals.track_m == pytest.approx(90_000)
    assert [row.totals.top_kmh for row in cut] == [72, 72]


def test_a_day_without_a_point_is_unknown() -> None:
    found = find_trips(parked().points.take(np.arange(0)))
    sheet = day_sheet(found, date(2026, 11, 18), BERLIN)
    assert (sheet.no_data_ms, sheet.rows, sheet.odometer_m) == (24 * HOUR_MS, (), None)
    before = day_sheet(find_trips(parked().points), date(2026, 11, 17), UTC)
    after = day_sheet(find_trips(parked().points), date(2026, 11, 19), UTC)
    assert before.no_data_ms == after.no_data_ms == 24 * HOUR_MS


def test_a_silent_day_between_two_is_unknown() -> None:
    drive = parked()
    drive.wait(3 * 86_400)
    drive.park(600)
    sheet = day_sheet(find_trips(drive.points), date(2026, 11, 20), UTC)
    assert sheet.no_data_ms == 24 * HOUR_MS
    assert [row.segment.kind for row in sheet.rows] == [Kind.NO_DATA]
