"""Web Mercator, as every tiled map draws it (EPSG:3857): the world as a square of side 1.

``x`` grows eastward from 0 at 180 degrees west to 1 at 180 east, ``y`` southward from 0 at
``MAX_LATITUDE``. All functions take numbers or arrays of any one shape and give arrays of it.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

MAX_LATITUDE: Final = 85.0511287798066
"""In degrees: where the square ends; what lies nearer to a pole is drawn at its edge."""
TILE_PIXELS: Final = 256
"""Logical pixels of the world's side at zoom 0; each zoom doubles them."""
EARTH_RADIUS_M: Final = 6_371_008.8
"""The mean radius of IUGG, for distances."""

Numbers = NDArray[np.float64]


def to_world(latitude: ArrayLike, longitude: ArrayLike) -> tuple[Numbers, Numbers]:
    """Degrees to ``x`` and ``y``; NaN stays NaN, and ``x`` is not wrapped."""
    lat = np.clip(np.asarray(latitude, dtype=np.float64), -MAX_LATITUDE, MAX_LATITUDE)
    x = np.asarray(longitude, dtype=np.float64) / 360.0 + 0.5
    y = 0.5 - np.arctanh(np.sin(np.radians(lat))) / (2.0 * np.pi)
    return x, y


def to_degrees(x: ArrayLike, y: ArrayLike) -> tuple[Numbers, Numbers]:
    """``x`` and ``y`` to latitude and longitude in degrees, the longitude from -180 on."""
    north = np.degrees(np.arctan(np.sinh(np.pi * (1.0 - 2.0 * np.asarray(y, dtype=np.float64)))))
    east = (np.asarray(x, dtype=np.float64) % 1.0) * 360.0 - 180.0
    return north, east


def distance_m(
    latitude: ArrayLike, longitude: ArrayLike, to_latitude: ArrayLike, to_longitude: ArrayLike
) -> Numbers:
    """Great-circle distance in metres (haversine on a sphere: within 0.6 % of the ellipsoid)."""
    here, there = np.radians(latitude), np.radians(to_latitude)
    north = np.sin((there - here) / 2.0)
    east = np.sin((np.radians(to_longitude) - np.radians(longitude)) / 2.0)
    chord = north * north + np.cos(here) * np.cos(there) * east * east
    return np.asarray(2.0 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0))))


def bearing_degrees(
    latitude: ArrayLike, longitude: ArrayLike, to_latitude: ArrayLike, to_longitude: ArrayLike
) -> Numbers:
    """The course at the first point towards the second, clockwise from north, 0 to below 360."""
    here, there = np.radians(latitude), np.radians(to_latitude)
    east = np.radians(to_longitude) - np.radians(longitude)
    across = np.sin(east) * np.cos(there)
    along = np.cos(here) * np.sin(there) - np.sin(here) * np.cos(there) * np.cos(east)
    return np.asarray(np.degrees(np.arctan2(across, along)) % 360.0)


def metres_per_pixel(latitude: float, zoom: float) -> float:
    """Metres on the ground of one logical pixel at this latitude."""
    around = 2.0 * np.pi * EARTH_RADIUS_M
    return float(around * np.cos(np.radians(latitude)) / (TILE_PIXELS * 2.0**zoom))
