"""Which of many towns is the nearest, bigger ones reaching farther, of thousands of places at once.

How far a town reaches follows from its people. It is as wide as a disc in which they live at the
density of a city (``DENSITY``), 1 km at least and 20 km at most: in that disc one is in it. Of the
towns that one is in, the one counts whose middle is nearest in its own widths, so that a village
beside a city stays a village. Outside of all, a distance is divided by the town's weight, its
people in thousands to the power of 0.15: 1.4 for 10,000 people, 2 for 100,000, 3.4 for 3.5
millions. So a city is named before a village that is nearly as near, but not before one that is a
third as far.

Towns within 25 km are weighed so; only where there is none those within 60 km, then within 150 km.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tftmonitor.model.geo.projection import EARTH_RADIUS_M, Numbers
from tftmonitor.model.geo.town_table import Integers, TownTable

FARTHEST_M: Final = 150_000.0
"""No town is named over a greater distance."""
NONE: Final = -1
"""In place of a town's number where there is none."""
DENSITY: Final = 5000.0
"""People per square kilometre of a city as a whole."""

_STEPS_M: Final = (25_000.0, 60_000.0, FARTHEST_M)
_LEAST_WIDTH_M: Final = 1000.0
_MOST_WIDTH_M: Final = 20_000.0
_POWER: Final = 0.15
_PEOPLE_OF_WEIGHT_1: Final = 1000.0
_ROW_DEGREES: Final = 0.25
# More than the degrees of a row: keys of one row are all below those of the next.
_ROW_KEYS: Final = 1000.0
# So many places at once keep the work in the processor's cache.
_BATCH: Final = 256

Small = NDArray[np.float32]


class TownSearch:
    """Finds towns of a table by place; made once for the table."""

    def __init__(self, table: TownTable) -> None:
        self._keys = _rows(table.latitudes) * _ROW_KEYS + table.longitudes
        self._points = _points(table.latitudes, table.longitudes)
        people = np.maximum(table.populations, 1).astype(np.float32)
        disc = np.sqrt(people / np.float32(np.pi * DENSITY)) * np.float32(1000)
        self._widths = np.clip(disc, _LEAST_WIDTH_M, _MOST_WIDTH_M)
        # The weight of 1 is one per kilometre, so that what is far counts more than what is in.
        thousands = people / np.float32(_PEOPLE_OF_WEIGHT_1)
        self._weights_m = np.exp(np.log(thousands) * np.float32(_POWER)) * np.float32(1000)

    def widths_m(self, towns: Integers) -> Numbers:
        """How far from their middles one is still in these towns, in metres."""
        return np.asarray(self._widths[towns], dtype=np.float64)

    def find(self, latitude: ArrayLike, longitude: ArrayLike, *, weighed: bool) -> Integers:
        """Of each place the number of its town in the table, ``NONE`` beyond ``FARTHEST_M``.

        ``weighed`` lets bigger towns reach farther, else the nearest is found. Degrees as numbers
        or arrays of one dimension; what is no place on the globe has no town.
        """
        north = np.atleast_1d(np.asarray(latitude, dtype=np.float64))
        east = np.atleast_1d(np.asarray(longitude, dtype=np.float64))
        found = np.full(north.shape, NONE, dtype=np.int64)
        left = np.flatnonzero(np.isfinite(east) & (np.abs(north) <= 90.0))
        for radius in _STEPS_M:
            for begin in range(0, left.size, _BATCH):
                some = left[begin : begin + _BATCH]
                wrapped = (east[some] + 180.0) % 360.0 - 180.0
                found[some] = self._within(north[some], wrapped, radius, weighed)
            left = left[found[left] == NONE]
        return found

    def _within(self, north: Numbers, east: Numbers, radius: float, weighed: bool) -> Integers:
        starts, ends = self._ranges(north, east, radius)
        lengths = ends - starts
        counts = lengths.sum(axis=1)
        found = np.full(north.shape, NONE, dtype=np.int64)
        # Numbers of all towns in the ranges of the first place, then of the second, and so on.
        shift = starts.ravel() - (np.cumsum(lengths) - lengths.ravel())
        towns = np.repeat(shift, lengths.ravel()) + np.arange(int(counts.sum()))
        gaps = self._points[towns] - np.repeat(_points(north, east), counts, axis=0)
        metres = np.sqrt(np.einsum("ij,ij->i", gaps, gaps)) * np.float32(EARTH_RADIUS_M)
        scores = self._scores(towns, metres) if weighed else metres
        scores[metres > radius] = np.inf
        some = np.flatnonzero(counts)
        if not some.size:
            return found
        begins = (np.cumsum(counts) - counts)[some]
        least = np.minimum.reduceat(scores, begins)
        hits = np.flatnonzero((scores == np.repeat(least, counts[some])) & (scores < np.inf))
        # Backwards: of towns that are equally good the first one stays.
        found[np.repeat(some, counts[some])[hits[::-1]]] = towns[hits[::-1]]
        return found

    def _scores(self, towns: Integers, metres: Small) -> Small:
        widths: Small = metres / self._widths[towns]
        far = metres / self._weights_m[towns] + np.float32(1)
        scores: Small = np.where(widths <= 1, widths, far)
        return scores

    def _ranges(self, north: Numbers, east: Numbers, radius: float) -> tuple[Integers, Integers]:
        """Which numbers the towns around each place have: starts and ends, places by ranges."""
        angle = radius / EARTH_RADIUS_M
        reach = int(np.ceil(np.degrees(angle) / _ROW_DEGREES))
        rows = (_rows(north)[:, None] + np.arange(-reach, reach + 1)) * _ROW_KEYS
        is_polar = np.abs(north) + np.degrees(angle) >= 90.0
        sine = np.sin(angle) / np.where(is_polar, 1.0, np.cos(np.radians(north)))
        across = np.where(is_polar, 180.0, np.degrees(np.arcsin(sine)))
        first, last = (east - across)[:, None], (east + across)[:, None]
        starts = np.searchsorted(self._keys, rows + np.maximum(first, -180.0), "left")
        ends = np.searchsorted(self._keys, rows + np.minimum(last, 180.0), "right")
        if (first >= -180.0).all() and (last <= 180.0).all():
            return starts, ends
        # What lies beyond 180 degrees stands at the other end of its row.
        begin = np.where(first < -180.0, first + 360.0, -180.0)
        end = np.where(first < -180.0, 180.0, last - 360.0)
        more = np.searchsorted(self._keys, rows + begin, "left")
        end_of_more = np.searchsorted(self._keys, rows + np.maximum(begin, end), "right")
        end_of_more = np.where(end > begin, end_of_more, more)
        return np.concatenate([starts, more], axis=1), np.concatenate([ends, end_of_more], axis=1)


def _rows(latitudes: Numbers) -> Numbers:
    return np.floor((latitudes + 90.0) / _ROW_DEGREES)


def _points(latitudes: Numbers, longitudes: Numbers) -> Small:
    """Points on a globe of radius 1, places by three: chords between them order as distances do.

    Good to a few metres, which is better than anybody knows where the middle of a town is.
    """
    north = np.radians(latitudes).astype(np.float32)
    east = np.radians(longitudes).astype(np.float32)
    points = np.empty((north.size, 3), dtype=np.float32)
    level = np.cos(north)
    points[:, 0], points[:, 1] = level * np.cos(east), level * np.sin(east)
    points[:, 2] = np.sin(north)
    return points
