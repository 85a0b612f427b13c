"""The sums of a device over a day or some days, as a row of a table has them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tftmonitor.history.export.ways import Reports
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.model.geo.projection import Numbers
from tftmonitor.model.trips.day_sheet import DaySheet
from tftmonitor.model.trips.points import Flags, Times
from tftmonitor.model.trips.spans import Doing, Span, held_ms
from tftmonitor.model.trips.trips import Totals
from tftmonitor.protocol.channels import Channel


@dataclass(frozen=True, slots=True)
class Extreme:
    """A reading and when it was, ms since 1970."""

    value: float
    at_ms: int


@dataclass(frozen=True, slots=True)
class DaySums:
    """From the beginning of ``first_day`` to the end of ``last_day``, in ms since 1970.

    ``moving_ms``, ``idle_ms``, ``stopped_ms``, ``unknown_ms`` and ``to_come_ms`` make its length;
    ``not_recorded_ms`` is the part of ``unknown_ms`` in which we could not have known, the rest of
    it is silence of the device. ``reports`` are those of the stretch, ``placed`` those with a
    place. ``odometer_m`` are its first and last counts.
    """

    device: str
    first_day: date
    last_day: date
    start_ms: int
    end_ms: int
    moving_ms: int
    idle_ms: int
    stopped_ms: int
    unknown_ms: int
    to_come_ms: int
    not_recorded_ms: int
    ignition_ms: int
    totals: Totals
    odometer_m: tuple[float, float] | None
    lowest: Extreme | None
    highest: Extreme | None
    trips: int
    reports: int
    placed: int


def sums_of(
    device: str,
    last_day: date,
    sheet: DaySheet,
    spans: Sequence[Span],
    reports: Reports,
    silent: Flags,
    blind: Iterable[tuple[int, int]],
) -> DaySums:
    """The sums of a sheet and of the reports that it was made of, which are in order of time.

    ``blind`` are the times in which nothing could be recorded.
    """
    start_ms, end_ms, points = sheet.start_ms, sheet.end_ms, reports.points
    lengths = dict.fromkeys(Doing, 0)
    for span in spans:
        lengths[span.doing] += span.end_ms - span.start_ms
    unknown = [(s.start_ms, s.end_ms) for s in spans if s.doing is Doing.NO_DATA]
    within = (points.times_ms >= start_ms) & (points.times_ms < end_ms)
    lowest, highest = _extremes(points.times_ms[within], reports.supply[within])
    return DaySums(
        device,
        sheet.day,
        last_day,
        start_ms,
        end_ms,
        lengths[Doing.MOVING],
        lengths[Doing.IDLING],
        lengths[Doing.STOPPED],
        lengths[Doing.NO_DATA],
        lengths[Doing.TO_COME],
        overlap_ms(unknown, blind),
        held_ms(points.times_ms, points.ignition == 1, silent, start_ms, end_ms),
        sheet.totals,
        sheet.odometer_m,
        lowest,
        highest,
        sheet.trip_count,
        int(np.count_nonzero(within)),
        int(np.count_nonzero(within & np.isfinite(points.latitude))),
    )


def own_blindness(
    intervals: Iterable[BlindInterval], recorded_from_ms: int | None, start_ms: int, end_ms: int
) -> list[tuple[int, int]]:
    """When within a stretch nothing of devices could be recorded, whatever they did.

    ``recorded_from_ms`` is when the first push was kept, None while there is none.
    """
    found = [(start_ms, end_ms if recorded_from_ms is None else min(recorded_from_ms, end_ms))]
    for each in intervals:
        if each.cause is not Blindness.DEVICE and each.scope != Channel.MESSAGES.value:
            end = end_ms if each.end_ms is None else min(each.end_ms, end_ms)
            found.append((max(each.start_ms, start_ms), end))
    return [(begin, end) for begin, end in found if begin < end]


def overlap_ms(some: Iterable[tuple[int, int]], others: Iterable[tuple[int, int]]) -> int:
    """How much of ``some``, which do not overlap each other, lies in any of the others."""
    union: list[tuple[int, int]] = []
    for begin, end in sorted(others):
        if union and begin <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], end))
        else:
            union.append((begin, end))
    return sum(
        max(0, min(end, their_end) - max(begin, their_begin))
        for begin, end in some
        for their_begin, their_end in union
    )


def _extremes(times_ms: Times, volts: Numbers) -> tuple[Extreme | None, Extreme | None]:
    """The lowest and the highest reading; a 0 is one once the unit has shown another."""
    shown = np.isfinite(volts)
    if not np.any(volts[shown] > 0):
        return None, None
    times_ms, volts = times_ms[shown], volts[shown]
    low, high = int(np.argmin(volts)), int(np.argmax(volts))
    return (
        Extreme(float(volts[low]), int(times_ms[low])),
        Extreme(float(volts[high]), int(times_ms[high])),
    )
