"""A day of a device: what it did from midnight to midnight, in sums that make the whole day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

import numpy as np

from tftmonitor.model.trips.rules import TripRules
from tftmonitor.model.trips.trips import Kind, Segment, Totals, Trips


@dataclass(frozen=True, slots=True)
class DayRow:
    """What of a segment lies in the day, from ``start_ms`` to ``end_ms``.

    ``before`` and ``after`` say that it began before the day and goes on after it.
    """

    segment: Segment
    start_ms: int
    end_ms: int
    before: bool
    after: bool
    totals: Totals


@dataclass(frozen=True, slots=True)
class DaySheet:
    """A day of 23, 24 or 25 hours, from ``start_ms`` to before ``end_ms``.

    ``moving_ms``, ``idle_ms``, ``stopped_ms`` and ``no_data_ms`` make its length. ``odometer_m``
    are the first and the last count of the day in metres, None where there is none.
    """

    day: date
    rules: TripRules
    start_ms: int
    end_ms: int
    moving_ms: int
    idle_ms: int
    stopped_ms: int
    no_data_ms: int
    totals: Totals
    odometer_m: tuple[float, float] | None
    rows: tuple[DayRow, ...]

    @property
    def trip_count(self) -> int:
        """How many trips have a part in the day."""
        return sum(row.segment.kind is Kind.TRIP for row in self.rows)


def day_edges(day: date, zone: tzinfo) -> tuple[int, int]:
    """The midnights at both ends of a day by the rules of a zone, in ms since 1970."""
    return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)


def day_sheet(found: Trips, day: date, zone: tzinfo) -> DaySheet:
    """The sheet of a day; segments are cut at midnight, and what is summed up is cut by points."""
    return stretch_sheet(found, day, *day_edges(day, zone))


def stretch_sheet(found: Trips, day: date, start_ms: int, end_ms: int) -> DaySheet:
    """The sheet of a stretch that begins on a day, of several days for example."""
    rows = tuple(
        _row(found, each, start_ms, end_ms)
        for each in found.segments
        if each.start_ms < end_ms and each.end_ms > start_ms
    )
    whole = found.totals(start_ms, end_ms)
    in_trips, in_stops, silent = (
        sum(row.end_ms - row.start_ms for row in rows if row.segment.kind is kind)
        for kind in (Kind.TRIP, Kind.STOP, Kind.NO_DATA)
    )
    return DaySheet(
        day,
        found.rules,
        start_ms,
        end_ms,
        in_trips - whole.idle_in_trips_ms,
        whole.idle_ms,
        in_stops - (whole.idle_ms - whole.idle_in_trips_ms),
        silent + _outside(found, start_ms, end_ms),
        whole,
        _odometer(found, start_ms, end_ms),
        rows,
    )


def _row(found: Trips, segment: Segment, start_ms: int, end_ms: int) -> DayRow:
    begin_ms, stop_ms = max(segment.start_ms, start_ms), min(segment.end_ms, end_ms)
    return DayRow(
        segment,
        begin_ms,
        stop_ms,
        segment.start_ms < start_ms,
        segment.end_ms > end_ms,
        found.totals(begin_ms, stop_ms),
    )


def _outside(found: Trips, start_ms: int, end_ms: int) -> int:
    """How much of the day is before the first point and after the last one."""
    if not len(found.points):
        return end_ms - start_ms
    first_ms, last_ms = int(found.points.times_ms[0]), int(found.points.times_ms[-1])
    before_ms = min(max(first_ms, start_ms), end_ms) - start_ms
    return before_ms + end_ms - max(min(last_ms, end_ms), start_ms)


def _odometer(found: Trips, start_ms: int, end_ms: int) -> tuple[float, float] | None:
    points = found.points
    within = (points.times_ms >= start_ms) & (points.times_ms < end_ms)
    counts = points.odometer_m[within & np.isfinite(points.odometer_m)]
    return (float(counts[0]), float(counts[-1])) if len(counts) else None


def _midnight(day: date, zone: tzinfo) -> int:
    # Where the clock was set at midnight the first moment of the day is meant, which is what the
    # rules make of a time that does not exist, and of the first of two that read the same.
    return round(datetime.combine(day, time(), zone).timestamp() * 1_000)
