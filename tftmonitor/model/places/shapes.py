"""The shapes of places: circles and polygons on the globe, and how deep a position lies in them.

Positions are latitude and longitude in degrees. ``depth`` is the way to the edge in metres:
positive within, negative outside. Edges of polygons are straight on the map (Mercator); the way
to them is right to half a percent within 10 km of the edge, which is what a hysteresis needs.
"""

import math
from collections.abc import Callable
from functools import cached_property
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray
from typing_extensions import override

from tftmonitor.model.geo.projection import EARTH_RADIUS_M, Numbers, distance_m, to_world

Point = tuple[float, float]
Flags = NDArray[np.bool_]
Gauge = Callable[[float, float], float]

LEAST_RADIUS_M: Final = 10.0
MOST_RADIUS_M: Final = 500_000.0
FEWEST_POINTS: Final = 3
MOST_POINTS: Final = 2_000
FARTHEST_NORTH: Final = 85.0
"""Degrees: what lies nearer to a pole cannot be drawn on the map."""

_AROUND_M: Final = 2.0 * math.pi * EARTH_RADIUS_M
_M_PER_DEGREE: Final = _AROUND_M / 360.0
_LEAST_AREA_M2: Final = 1.0
# Positions times edges at once, which bounds the memory of a large fleet in a large polygon.
_BLOCK: Final = 400_000


class Box(NamedTuple):
    """Degrees: ``west`` as it comes, and ``width`` to the east, at most 360."""

    south: float
    north: float
    west: float
    width: float

    def padded(self, by_m: float) -> "Box":
        """Larger by so many metres on each side."""
        up = by_m / _M_PER_DEGREE
        north, south = self.north + up, self.south - up
        slant = math.cos(math.radians(min(max(north, -south), 89.9)))
        aside = up / slant
        width = self.width + 2.0 * aside
        return Box(south, north, self.west - aside, min(width, 360.0))

    def holds(self, latitude: ArrayLike, longitude: ArrayLike) -> Flags:
        """Which positions lie in it; NaN lies nowhere."""
        lat = np.asarray(latitude, np.float64)
        east = (np.asarray(longitude, np.float64) - self.west) % 360.0
        return np.asarray((lat >= self.south) & (lat <= self.north) & (east <= self.width))


class Shape(msgspec.Struct, frozen=True, dict=True, tag_field="kind"):
    """What circles and polygons have in common."""

    @property
    def problem(self) -> str:
        """Why it is no shape, as a text; empty when it is one. Nothing else may be asked then."""
        raise NotImplementedError

    @property
    def box(self) -> Box:
        """The box around it."""
        raise NotImplementedError

    @property
    def centre(self) -> Point:
        """Where its name stands."""
        raise NotImplementedError

    @property
    def area_m2(self) -> float:
        """What it covers."""
        raise NotImplementedError

    def depths_m(self, latitude: ArrayLike, longitude: ArrayLike) -> Numbers:
        """How deep each position lies within, shape (n,); NaN stays NaN."""
        raise NotImplementedError

    def outline(self) -> tuple[Point, ...]:
        """Its edge as points, the first one not repeated."""
        raise NotImplementedError

    def depth_m(self, latitude: float, longitude: float) -> float:
        """As ``depths_m``, of one position."""
        return float(self.depths_m([latitude], [longitude])[0])

    def contains(self, latitude: ArrayLike, longitude: ArrayLike) -> Flags:
        """Which positions (n,) lie within or on the edge; NaN lies nowhere."""
        lat = np.asarray(latitude, np.float64).reshape(-1)
        lng = np.asarray(longitude, np.float64).reshape(-1)
        found = self.box.holds(lat, lng)
        near = np.flatnonzero(found)
        if len(near):
            found[near] = self._contains_near(lat[near], lng[near])
        return found

    def distance_to_edge_m(self, latitude: ArrayLike, longitude: ArrayLike) -> Numbers:
        """How far each position (n,) is from the edge, on either side of it."""
        return np.abs(self.depths_m(latitude, longitude))

    def gauge(self, reach_m: float) -> Gauge:
        """A quick ``depth_m`` for many single positions.

        What is farther than ``reach_m`` outside of the box is minus infinity.
        """
        south, north, west, width = self.box.padded(reach_m)
        depth_m = self.depth_m

        def measure(latitude: float, longitude: float) -> float:
            if south <= latitude <= north and (longitude - west) % 360.0 <= width:
                return depth_m(latitude, longitude)
            return -math.inf

        return measure

    def _contains_near(self, latitude: Numbers, longitude: Numbers) -> Flags:
        return self.depths_m(latitude, longitude) >= 0.0


class Circle(Shape, frozen=True, tag="circle"):
    """All within ``radius_m`` of a point, along the globe."""

    latitude: float
    longitude: float
    radius_m: float

    @property
    @override
    def problem(self) -> str:
        wrong = point_problem((self.latitude, self.longitude))
        if wrong:
            return wrong
        if not LEAST_RADIUS_M <= self.radius_m <= MOST_RADIUS_M:
            return "The radius must be from 10 m to 500 km."
        return ""

    @cached_property
    @override
    def box(self) -> Box:
        up = self.radius_m / _M_PER_DEGREE
        # Its centre and its radius are too small for a pole to be in it.
        reach = math.sin(self.radius_m / EARTH_RADIUS_M) / math.cos(math.radians(self.latitude))
        aside = math.degrees(math.asin(reach))
        north, south = self.latitude + up, self.latitude - up
        return Box(south, north, self.longitude - aside, 2.0 * aside)

    @property
    @override
    def centre(self) -> Point:
        return self.latitude, self.longitude

    @property
    @override
    def area_m2(self) -> float:
        half = self.radius_m / EARTH_RADIUS_M / 2.0
        return 4.0 * math.pi * (EARTH_RADIUS_M * math.sin(half)) ** 2

    @override
    def depths_m(self, latitude: ArrayLike, longitude: ArrayLike) -> Numbers:
        return self.radius_m - distance_m(self.latitude, self.longitude, latitude, longitude)

    @override
    def depth_m(self, latitude: float, longitude: float) -> float:
        # The haversine formula again, because numpy takes ten times as long for a single one.
        here, there = math.radians(self.latitude), math.radians(latitude)
        north = math.sin((there - here) / 2.0)
        east = math.sin(math.radians(longitude - self.longitude) / 2.0)
        chord = north * north + math.cos(here) * math.cos(there) * east * east
        return self.radius_m - 2.0 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))

    @override
    def outline(self, points: int = 72) -> tuple[Point, ...]:
        """Points on the circle, clockwise from north."""
        lat, far = math.radians(self.latitude), self.radius_m / EARTH_RADIUS_M
        course = np.linspace(0.0, 2.0 * np.pi, points, endpoint=False)
        sine = math.sin(lat) * math.cos(far) + math.cos(lat) * math.sin(far) * np.cos(course)
        aside = np.arctan2(
            np.sin(course) * math.sin(far) * math.cos(lat), math.cos(far) - math.sin(lat) * sine
        )
        east = (self.longitude + np.degrees(aside) + 180.0) % 360.0 - 180.0
        north = np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0)))
        return tuple(zip(north.tolist(), east.tolist(), strict=True))


class Polygon(Shape, frozen=True, tag="polygon"):
    """A ring of points (latitude, longitude), the last one joined to the first.

    Between two points it takes the short way around the globe. Where it crosses itself, what is
    enclosed twice is outside.
    """

    points: tuple[Point, ...]

    @property
    @override
    def problem(self) -> str:
        if not FEWEST_POINTS <= len(self.points) <= MOST_POINTS:
            return f"A polygon has from {FEWEST_POINTS} to {MOST_POINTS:,} points."
        wrong = next(filter(None, map(point_problem, self.points)), "")
        if wrong:
            return wrong
        longitudes = self._longitudes
        if abs(longitudes[-1] - longitudes[0]) > 180.0:
            return "It goes around a pole."
        # Of triangles without their signs, as halves of one that crosses itself may cancel out.
        least = np.abs(self._twice_areas).sum() / 2.0
        return "" if least >= _LEAST_AREA_M2 else "Its points lie on one line."

    @cached_property
    @override
    def box(self) -> Box:
        latitudes = [latitude for latitude, _longitude in self.points]
        west, east = self._longitudes.min(), self._longitudes.max()
        return Box(min(latitudes), max(latitudes), float(west), float(east - west))

    @property
    @override
    def centre(self) -> Point:
        south, north, west, width = self.box
        return (south + north) / 2.0, (west + width / 2.0 + 180.0) % 360.0 - 180.0

    @property
    @override
    def area_m2(self) -> float:
        return float(abs(self._twice_areas.sum()) / 2.0)

    @override
    def outline(self) -> tuple[Point, ...]:
        return self.points

    @override
    def depths_m(self, latitude: ArrayLike, longitude: ArrayLike) -> Numbers:
        lat = np.asarray(latitude, np.float64).reshape(-1)
        x, y = self._near(lat, np.asarray(longitude, np.float64).reshape(-1))
        edge = np.empty(len(x))
        for part in self._parts(len(x)):
            edge[part] = self._to_edge(x[part, None], y[part, None])
        depths = edge * _AROUND_M * np.cos(np.radians(lat))
        return np.where(self._encloses(x, y), depths, -depths)

    @override
    def _contains_near(self, latitude: Numbers, longitude: Numbers) -> Flags:
        return self._encloses(*self._near(latitude, longitude))

    @cached_property
    def _longitudes(self) -> Numbers:
        """The longitudes without jumps, which may leave -180 to 180."""
        return np.unwrap([longitude for _latitude, longitude in self.points], period=360.0)

    @cached_property
    def _twice_areas(self) -> Numbers:
        """Twice the areas, with signs, of the triangles from the first point to each edge."""
        # Equal areas (Lambert's cylinder); bends of the edges between far points are left out.
        sine = np.sin(np.radians([latitude for latitude, _longitude in self.points]))
        north = (sine - sine[0]) * EARTH_RADIUS_M
        east = np.radians(self._longitudes - self._longitudes[0]) * EARTH_RADIUS_M
        return np.asarray(east * np.roll(north, -1) - np.roll(east, -1) * north)

    @cached_property
    def _edges(self) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Where the edges begin and how far they go: x, y, to the east, to the south."""
        x, y = to_world([latitude for latitude, _longitude in self.points], self._longitudes)
        return x, y, np.roll(x, -1) - x, np.roll(y, -1) - y

    def _near(self, latitude: Numbers, longitude: Numbers) -> tuple[Numbers, Numbers]:
        """World units, in that copy of the world which is nearest to the middle of the polygon."""
        x, y = to_world(latitude, longitude)
        box = self.box
        middle = (box.west + box.width / 2.0) / 360.0 + 0.5
        return x + np.round(middle - x), y

    def _parts(self, count: int) -> list[slice]:
        size = max(1, _BLOCK // len(self.points))
        return [slice(at, at + size) for at in range(0, count, size)]

    def _encloses(self, x: Numbers, y: Numbers) -> Flags:
        """By how many edges are crossed on the way to the east."""
        found = np.empty(len(x), np.bool_)
        from_x, from_y, east, south = self._edges
        to_y = np.roll(from_y, -1)
        steep = np.where(south == 0.0, np.inf, south)
        for part in self._parts(len(x)):
            at_x, at_y = x[part, None], y[part, None]
            crosses = (from_y > at_y) != (to_y > at_y)
            crosses &= at_x < from_x + (at_y - from_y) / steep * east
            found[part] = np.count_nonzero(crosses, axis=1) % 2 == 1
        return found

    def _to_edge(self, x: Numbers, y: Numbers) -> Numbers:
        """World units from positions (n, 1) to the nearest point of the ring, shape (n,)."""
        from_x, from_y, east, south = self._edges
        long = east * east + south * south
        along = (x - from_x) * east + (y - from_y) * south
        along = np.clip(along / np.where(long == 0.0, 1.0, long), 0.0, 1.0)
        aside_x, aside_y = x - from_x - along * east, y - from_y - along * south
        nearest: Any = np.min(aside_x * aside_x + aside_y * aside_y, axis=1)
        return np.asarray(np.sqrt(nearest))


def point_problem(point: Point) -> str:
    """Why this is no point of a shape, as a text; empty when it is one."""
    latitude, longitude = point
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return "A coordinate is not a number."
    if not -180.0 <= longitude <= 180.0:
        return f"The longitude {longitude:.6g} is not on the globe."
    if abs(latitude) > 90.0:
        swapped = " Were latitude and longitude swapped?" if abs(latitude) <= 180.0 else ""
        return f"The latitude {latitude:.6g} is not on the globe.{swapped}"
    if abs(latitude) > FARTHEST_NORTH:
        return f"The latitude {latitude:.6g} is too near to a pole for the map."
    return ""


def polygon_of(points: list[Point]) -> Polygon:
    """A polygon without the repeated last point, and without points that are there twice in turn.

    It may have a ``problem``.
    """
    kept = [point for at, point in enumerate(points) if not at or point != points[at - 1]]
    if len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return Polygon(tuple(kept))
