"""Trips, stops and gaps of one device: one algorithm, whatever the period."""

from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tftmonitor.model.trips.finding import middle, stops_of
from tftmonitor.model.trips.points import Flags, Points, gaps, usable
from tftmonitor.model.trips.rules import TripRules
from tftmonitor.model.trips.steps import MOVING, STANDING, UNKNOWN, Steps, steps_of


class Kind(Enum):
    """What a stretch is. A gap is never a stop: of what was not heard nobody says that it stood."""

    TRIP = "trip"
    STOP = "stop"
    NO_DATA = "no data"


_CODES: Final = {Kind.TRIP: MOVING, Kind.STOP: STANDING, Kind.NO_DATA: UNKNOWN}


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch from point ``first`` to ``last``, in ms since 1970.

    ``is_open`` is true of what lasts where the points end. ``place`` is the median of a stop, and
    of any other where it begins; ``to_place`` where it ends; latitude and longitude in degrees.
    """

    kind: Kind
    first: int
    last: int
    start_ms: int
    end_ms: int
    place: tuple[float, float]
    to_place: tuple[float, float]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over a stretch; lengths in metres, times in ms, speeds in km/h.

    ``odometer_m`` is None where the odometer said nothing, ``refused`` counts its steps that could
    not be and were measured by the track. ``unseen_m`` is what it counted while nothing was heard,
    ``idle_in_trips_ms`` the part of ``idle_ms`` in trips.
    """

    track_m: float = 0.0
    odometer_m: float | None = None
    refused: int = 0
    unseen_m: float = 0.0
    top_kmh: float | None = None
    idle_ms: int = 0
    idle_in_trips_ms: int = 0


@dataclass(frozen=True, slots=True)
class Trips:
    """What was found, with the rules it was found by; ``segments`` touch each other in order."""

    rules: TripRules
    points: Points
    steps: Steps
    segments: tuple[Segment, ...]

    def totals(self, start_ms: int, end_ms: int) -> Totals:
        """The sums of a stretch; a step that crosses its edge counts by its share of time.

        So the parts of a trip that is cut make its whole.
        """
        times = self.points.times_ms
        first = max(int(np.searchsorted(times, start_ms, "right")) - 1, 0)
        last = min(int(np.searchsorted(times, end_ms, "left")), len(times) - 1)
        if last <= first:
            return Totals()
        part, steps = slice(first, last), self.steps
        edges = np.clip(times[first : last + 1], start_ms, end_ms)
        lasts = np.diff(edges)
        share = lasts / np.diff(times[first : last + 1])
        kinds, odometer = steps.kinds[part], steps.odometer_m[part]
        moving = kinds == MOVING
        counted = np.nan_to_num(odometer) * share
        idle = np.where(steps.idle[part], lasts, 0)
        return Totals(
            float(np.sum(steps.track_m[part] * share)),
            float(np.sum(counted[moving])) if np.any(moving & np.isfinite(odometer)) else None,
            int(np.count_nonzero(steps.refused[part])),
            float(np.sum(counted[kinds == UNKNOWN])),
            self._top(np.flatnonzero(moving) + first, start_ms, end_ms),
            int(np.sum(idle)),
            int(np.sum(idle[moving])),
        )

    def _top(self, moving: NDArray[np.intp], start_ms: int, end_ms: int) -> float | None:
        """The highest speed at either end of these steps, within the stretch."""
        at = np.union1d(moving, moving + 1)
        times = self.points.times_ms[at]
        speeds = self.points.speed[at[(times >= start_ms) & (times <= end_ms)]]
        speeds = speeds[np.isfinite(speeds)]
        return float(speeds.max()) if len(speeds) else None


def find_trips(points: Points, fixed: Flags | None = None, rules: TripRules | None = None) -> Trips:
    """The trips among the reports of a device, in any order.

    ``fixed`` (n,) says which had a fix, all by default; see ``points.usable`` for the others. For
    a period read ``TripRules.lead_s`` more on both sides, and keep the segments that touch it.
    """
    rules = rules or TripRules()
    points = usable(points, np.ones(len(points), np.bool_) if fixed is None else fixed, rules)
    silent = gaps(points, rules)
    cuts = (np.flatnonzero(silent) + 1).tolist()
    edges = [0, *cuts, len(points)]
    segments: list[Segment] = []
    for first, after in pairwise(edges):
        if first:
            segments.append(_segment(points, Kind.NO_DATA, first - 1, first))
        segments += _pieces(points, first, after, rules)
    kinds = np.full(max(len(points) - 1, 0), UNKNOWN, np.int8)
    for each in segments:
        kinds[each.first : each.last] = _CODES[each.kind]
    return Trips(rules, points, steps_of(points, kinds, rules), tuple(segments))


def _pieces(points: Points, first: int, after: int, rules: TripRules) -> list[Segment]:
    """Stops and what is driven between them, of points without a gap."""
    found: list[Segment] = []
    at, end = first, after - 1
    is_last = after == len(points)
    for stood, left in stops_of(points.take(np.arange(first, after)), rules):
        if first + stood > at:
            found.append(_segment(points, Kind.TRIP, at, first + stood))
        at = first + left
        if left > stood:
            found.append(
                _segment(points, Kind.STOP, first + stood, at, is_open=is_last and at == end)
            )
    if at < end:
        found.append(_segment(points, Kind.TRIP, at, end, is_open=is_last))
    return found


def _segment(
    points: Points, kind: Kind, first: int, last: int, *, is_open: bool = False
) -> Segment:
    begin = (float(points.latitude[first]), float(points.longitude[first]))
    end = (float(points.latitude[last]), float(points.longitude[last]))
    if kind is Kind.STOP:
        begin = end = middle(points, first, last)
    start_ms, end_ms = int(points.times_ms[first]), int(points.times_ms[last])
    return Segment(kind, first, last, start_ms, end_ms, begin, end, is_open)
