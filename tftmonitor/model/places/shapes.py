"""What the shapes of places have in common, and circles; ``polygon.py`` has the polygons.

Positions are latitude and longitude in degrees. ``depth`` is the way to the edge in metres:
positive within, negative outside.
"""

import math
from collections.abc import Callable
from functools import cached_property
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray
from typing_extensions import override

from tftmonitor.model.geo.projection import EARTH_RADIUS_M, Numbers, distance_m

Point = tuple[float, float]
Flags = NDArray[np.bool_]
Gauge = Callable[[float, float], float]

LEAST_RADIUS_M: Final = 10.0
MOST_RADIUS_M: Final = 500_000.0
FARTHEST_NORTH: Final = 85.0
"""Degrees: what lies nearer to a pole cannot be drawn on the map."""

AROUND_M: Final = 2.0 * math.pi * EARTH_RADIUS_M
"""Metres around the globe."""

_M_PER_DEGREE: Final = AROUND_M / 360.0


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
