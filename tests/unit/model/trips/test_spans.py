"""The parts of the bar of a day: without a hole, as long as the sums of its sheet, cut by hand."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.unit.model.trips.drive import Drive, parked
from tftmonitor.model.trips.day_sheet import day_edges, day_sheet
from tftmonitor.model.trips.points import gaps
from tftmonitor.model.trips.rules import TripRules
from tftmonitor.model.trips.spans import (
    Doing,
    Quality,
    QualitySpan,
    Span,
    held_ms,
    quality_of,
    spans_of,
)
from tftmonitor.model.trips.trips import find_trips

HOUR_MS = 3_600_000
DAY = date(2026, 11, 18)
LATER_MS = 1 << 50


def starting(moment: datetime) -> Drive:
    drive = Drive(at_s=moment.timestamp())
    drive.report()
    return drive


def lengths(spans: tuple[Span, ...]) -> dict[Doing, int]:
    sums = dict.fromkeys(Doing, 0)
    for span in spans:
        sums[span.doing] += span.end_ms - span.start_ms
    return sums


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 11, 18), 24),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
    ],
)
def test_parts_make_the_day_and_the_sums_of_its_sheet(zone: str, day: date, hours: float) -> None:
    drive = starting(datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=14))
    while drive.at_s < datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() + 172_800:
        drive.go(1_800, 50)
        drive.park(900, 30, ignition=1)
        drive.park(1_900)
        drive.wait(2_000)
    found = find_trips(drive.points)
    sheet = day_sheet(found, day, ZoneInfo(zone))
    spans = spans_of(found, sheet.start_ms, sheet.end_ms, LATER_MS)
    sums = lengths(spans)
    assert sum(sums.values()) == hours * HOUR_MS
    assert (spans[0].start_ms, spans[-1].end_ms) == (sheet.start_ms, sheet.end_ms)
    assert all(one.end_ms == after.start_ms for one, after in pairwise(spans))
    assert all(one.doing is not after.doing for one, after in pairwise(spans))
    assert sums == {
        Doing.MOVING: sheet.moving_ms,
        Doing.IDLING: sheet.idle_ms,
        Doing.STOPPED: sheet.stopped_ms,
        Doing.NO_DATA: sheet.no_data_ms,
        Doing.TO_COME: 0,
    }


def test_parts_are_where_they_were_driven() -> None:
    drive = starting(datetime(2026, 11, 18, 8, tzinfo=UTC))
    drive.park(3_600)
    drive.go(1_800)
    drive.park(600, 10, ignition=1)
    drive.park(3_600)
    begin, end = day_edges(DAY, UTC)
    eight = begin + 8 * HOUR_MS
    spans = spans_of(find_trips(drive.points), begin, end, LATER_MS)
    assert [span.doing for span in spans] == [
        Doing.NO_DATA,
        Doing.STOPPED,
        Doing.MOVING,
        Doing.IDLING,
        Doing.STOPPED,
        Doing.NO_DATA,
    ]
    starts = [(span.start_ms - eight) / 1_000 for span in spans[1:]]
    assert starts == [0, 3_600, 5_410, 6_000, 9_600]


def test_what_of_the_day_has_not_been_is_not_unknown() -> None:
    drive = starting(datetime(2026, 11, 18, 8, tzinfo=UTC))
    drive.park(3_600)
    begin, end = day_edges(DAY, UTC)
    found = find_trips(drive.points)
    last = begin + 9 * HOUR_MS
    spans = spans_of(found, begin, end, last + 60_000)
    assert [span.doing for span in spans] == [
        Doing.NO_DATA,
        Doing.STOPPED,
        Doing.NO_DATA,
        Doing.TO_COME,
    ]
    assert spans[-2].end_ms == spans[-1].start_ms == last + 60_000
    # By a clock of ours that is behind, what was reported has been all the same.
    behind = spans_of(found, begin, end, last - HOUR_MS)
    assert [span.doing for span in behind] == [Doing.NO_DATA, Doing.STOPPED, Doing.TO_COME]
    assert behind[-1].start_ms == last
    # A day that is still to come is that as a whole.
    begin, end = day_edges(DAY + timedelta(days=1), UTC)
    assert spans_of(found, begin, end, last) == (Span(Doing.TO_COME, begin, end),)


def test_a_day_without_a_report_is_unknown() -> None:
    nobody = find_trips(parked().points.take(np.arange(0)))
    begin, end = day_edges(DAY, UTC)
    assert spans_of(nobody, begin, end, LATER_MS) == (Span(Doing.NO_DATA, begin, end),)


def test_hole_between_the_points_of_two_trips_is_no_data() -> None:
    drive = parked()
    drive.wait(5 * 3_600)
    drive.park(600)
    points = drive.points
    begin, end = int(points.times_ms[0]), int(points.times_ms[-1])
    spans = spans_of(find_trips(points), begin, end, LATER_MS)
    assert [(span.doing, (span.end_ms - span.start_ms) / 1_000) for span in spans] == [
        (Doing.STOPPED, 600),
        (Doing.NO_DATA, 5 * 3_600 + 60),
        (Doing.STOPPED, 540),
    ]


def test_quality_holds_until_the_next_report_and_ends_at_gaps() -> None:
    times = np.array([0, 60, 120, 180, 5_000, 5_060, 5_120], np.int64) * 1_000
    fixed = np.array([1, 1, 0, 1, 1, 1, 1], np.bool_)
    stored = np.array([0, 0, 0, 0, 1, 1, 0], np.bool_)
    silent = np.array([0, 0, 0, 1, 0, 0], np.bool_)
    assert quality_of(times, fixed, stored, silent, 30_000, 5_100_000) == (
        QualitySpan(Quality.GPS, 30_000, 120_000),
        QualitySpan(Quality.NONE, 120_000, 180_000),
        QualitySpan(Quality.STORED, 5_000_000, 5_100_000),
    )
    assert quality_of(times[:0], fixed[:0], stored[:0], silent[:0], 0, 1) == ()
    assert quality_of(times[:1], fixed[:1], stored[:1], silent[:0], 0, 1) == ()


def test_ignition_counts_as_long_as_it_is_known_to_be_on() -> None:
    drive = parked()
    drive.go(600)
    drive.wait(2 * 3_600)
    drive.go(300)
    drive.park(600)
    points = drive.points
    silent = gaps(points, TripRules())
    on = points.ignition == 1
    begin, end = int(points.times_ms[0]), int(points.times_ms[-1])
    # 590 s before the silence, 290 s after it, and 60 s until it was told to be off.
    assert held_ms(points.times_ms, on, silent, begin, end) == 940_000
    assert held_ms(points.times_ms, on, silent, begin + 700_000, begin + 800_000) == 100_000
    assert held_ms(points.times_ms[:0], on[:0], silent[:0], begin, end) == 0
