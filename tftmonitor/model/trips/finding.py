"""Where a device stood, within a stretch without gaps: a state machine from place to place."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from tftmonitor.model.geo.projection import EARTH_RADIUS_M, distance_m
from tftmonitor.model.trips.points import Points
from tftmonitor.model.trips.rules import TripRules

Stop = tuple[int, int]
"""First and last point of a stop."""

_DEGREE_M: Final = math.radians(EARTH_RADIUS_M)
# A single place far off is a stray, two are a departure.
_FAR_ENOUGH: Final = 2


def stops_of(points: Points, rules: TripRules) -> list[Stop]:
    """The stops among points without a gap between them; all between is driven.

    A trip at the end is one that was not seen to end.
    """
    if not len(points):
        return []
    found = _merged(_Finder(points, rules).run(), points, rules)
    return _reopened(found, points, rules)


@dataclass(slots=True)
class _Anchor:
    """Where a device stands: the mean of its places so far, in degrees."""

    latitude: float
    longitude: float
    count: int = 1

    def add(self, latitude: float, longitude: float) -> None:
        self.count += 1
        self.latitude += (latitude - self.latitude) / self.count
        self.longitude += _turned(longitude - self.longitude) / self.count


class _Finder:
    """One pass over the points, as lists: numbers of numpy take several times as long."""

    def __init__(self, points: Points, rules: TripRules) -> None:
        self._rules = rules
        self._times = (points.times_ms / 1_000.0).tolist()
        self._north: list[float] = points.latitude.tolist()
        self._east: list[float] = points.longitude.tolist()
        self._fast: list[bool] = (points.speed > rules.moving_kmh).tolist()
        self._ignition: list[int] = points.ignition.tolist()
        self._count = len(points)

    def run(self) -> list[Stop]:
        stops: list[Stop] = []
        stood, known = 0, 0
        if self._fast[0]:
            stood, known = self._drive(0)
        while stood < self._count:
            left = self._stand(stood, known)
            stops.append((stood, left))
            stood, known = self._drive(left + 1)
        return stops

    def _stand(self, first: int, known: int) -> int:
        """The last point at the stop; ``known`` is the one up to which it is known to stand."""
        rules = self._rules
        anchor = _Anchor(self._north[first], self._east[first])
        for place in range(first + 1, known + 1):
            anchor.add(self._north[place], self._east[place])
        last, far, since, elsewhere = known, 0, -1, -1
        for place in range(known + 1, self._count):
            away = self._apart(anchor.latitude, anchor.longitude, place)
            is_fast, is_on = self._fast[place], self._ignition[place] == 1
            far = far + 1 if away > rules.start_m else 0
            since = (place if since < 0 else since) if is_fast else -1
            if (
                (far and (is_fast or is_on or far >= _FAR_ENOUGH))
                or (is_on and is_fast and away > rules.creep_m)
                or (since >= 0 and self._times[place] - self._times[since] >= rules.moving_s)
            ):
                return last
            # With the ignition off a place drifts, and nobody drives.
            near_m = rules.start_m if self._ignition[place] == 0 else rules.stop_m
            if away <= near_m and not is_fast:
                last, elsewhere = place, -1
                if away <= rules.stop_m:
                    anchor.add(self._north[place], self._east[place])
                continue
            elsewhere = place if elsewhere < 0 else elsewhere
            if self._times[place] - self._times[elsewhere] >= rules.stop_s:
                return last
        return self._count - 1

    def _drive(self, start: int) -> tuple[int, int]:
        """The first point of the next stop, and the one by which the stop is sure."""
        rules = self._rules
        halt, off = start, -1
        for place in range(start, self._count):
            while self._apart(self._north[halt], self._east[halt], place) > rules.stop_m:
                halt += 1
            is_off = self._ignition[place] == 0 and not self._fast[place]
            off = (place if off < 0 else off) if is_off else -1
            if off >= 0 and self._times[place] - self._times[off] >= rules.off_s:
                return off, place
            if self._times[place] - self._times[halt] >= rules.stop_s:
                while halt < place and self._fast[halt]:
                    halt += 1
                return halt, place
        return self._count, self._count

    def _apart(self, latitude: float, longitude: float, place: int) -> float:
        """Metres to a point, as on a plane: within a permille over a kilometre."""
        north = self._north[place]
        east = _turned(self._east[place] - longitude) * math.cos(math.radians(north))
        return math.hypot(north - latitude, east) * _DEGREE_M


def _merged(stops: list[Stop], points: Points, rules: TripRules) -> list[Stop]:
    """Neighbours as one where what lies between was no more than jitter or a move in the yard."""
    found: list[Stop] = []
    for first, last in stops:
        if found:
            before = found[-1]
            here = middle(points, *before)
            way = slice(before[1], first + 1)
            reach = distance_m(*here, points.latitude[way], points.longitude[way]).max()
            apart = float(distance_m(*here, *middle(points, first, last)))
            if reach <= rules.start_m and apart <= rules.merge_m:
                found[-1] = (before[0], last)
                continue
        found.append((first, last))
    return found


def _reopened(stops: list[Stop], points: Points, rules: TripRules) -> list[Stop]:
    """Without the halts that are part of a trip, and the rest of one where the points begin."""
    end = len(points) - 1
    found = []
    for first, last in stops:
        lasted_s = (points.times_ms[last] - points.times_ms[first]) / 1_000.0
        least_s = rules.reopen_s if first else rules.stop_s
        if last == end or lasted_s >= least_s:
            found.append((first, last))
    return found


def middle(points: Points, first: int, last: int) -> tuple[float, float]:
    """Latitude and longitude of a stop: the median of its places, also across 180 degrees."""
    at = slice(first, last + 1)
    base = float(points.longitude[first])
    east = (points.longitude[at] - base + 180.0) % 360.0 - 180.0
    longitude = _turned(base + float(np.median(east)))
    return float(np.median(points.latitude[at])), longitude


def _turned(degrees: float) -> float:
    """The same direction within -180 and 180."""
    return (degrees + 180.0) % 360.0 - 180.0
