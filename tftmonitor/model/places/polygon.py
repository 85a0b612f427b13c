"""Polygons on the globe, and how deep a position lies in them.

Their edges are straight on the map (Mercator); the way to them is right to half a percent within
10 km of the edge, which is what a hysteresis needs.
"""

import math
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike
from typing_extensions import override

from tftmonitor.model.geo.projection import EARTH_RADIUS_M, Numbers, to_world
from tftmonitor.model.places.shapes import (
    AROUND_M,
    FARTHEST_NORTH,
    Box,
    Flags,
    Point,
    Shape,
    point_problem,
)

FEWEST_POINTS: Final = 3
MOST_POINTS: Final = 2_000
_LEAST_AREA_M2: Final = 1.0
# Positions times edges at once, which bounds the memory of a large fleet in a large polygon.
_BLOCK: Final = 400_000
# From so many on, numpy is faster for a single position, too.
_MANY_POINTS: Final = 250


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
        depths = edge * AROUND_M * np.cos(np.radians(lat))
        return np.where(self._encloses(x, y), depths, -depths)

    @override
    def depth_m(self, latitude: float, longitude: float) -> float:
        # The same again, because numpy takes a hundred microseconds for a single one: every report
        # of a device near a place comes this way.
        if len(self.points) > _MANY_POINTS or not abs(latitude) <= FARTHEST_NORTH:
            return super().depth_m(latitude, longitude)
        y = 0.5 - math.atanh(math.sin(math.radians(latitude))) / (2.0 * math.pi)
        x = longitude / 360.0 + 0.5
        x += round(self._middle - x)
        encloses, nearest = False, math.inf
        for from_x, from_y, to_y, east, south, long in self._single_edges:
            off_x, off_y = x - from_x, y - from_y
            along = (off_x * east + off_y * south) / long
            along = 0.0 if along < 0.0 else min(along, 1.0)
            aside_x, aside_y = off_x - along * east, off_y - along * south
            square = aside_x * aside_x + aside_y * aside_y
            if square < nearest:
                nearest = square
            if (from_y > y) != (to_y > y) and off_x < off_y / south * east:
                encloses = not encloses
        depth = math.sqrt(nearest) * AROUND_M * math.cos(math.radians(latitude))
        return depth if encloses else -depth

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

    @cached_property
    def _single_edges(self) -> list[tuple[float, float, float, float, float, float]]:
        """X and y of the beginning, y of the end, to the east, to the south, squared length."""
        x, y, east, south = self._edges
        long = east * east + south * south
        long[long == 0.0] = 1.0
        columns = (x, y, np.roll(y, -1), east, south, long)
        return list(zip(*(column.tolist() for column in columns), strict=True))

    @cached_property
    def _middle(self) -> float:
        """World units to the east of 180 degrees west."""
        return (self.box.west + self.box.width / 2.0) / 360.0 + 0.5

    def _near(self, latitude: Numbers, longitude: Numbers) -> tuple[Numbers, Numbers]:
        """World units, in that copy of the world which is nearest to the middle of the polygon."""
        x, y = to_world(latitude, longitude)
        return x + np.round(self._middle - x), y

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


def polygon_of(points: list[Point]) -> Polygon:
    """A polygon without the repeated last point, and without points that are there twice in turn.

    It may have a ``problem``.
    """
    kept = [point for at, point in enumerate(points) if not at or point != points[at - 1]]
    if len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return Polygon(tuple(kept))
