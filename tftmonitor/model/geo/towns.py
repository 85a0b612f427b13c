"""The nearest town of any place, the towns on a piece of the map, the time zone of a place."""

from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tftmonitor.model.geo.projection import (
    TILE_PIXELS,
    Numbers,
    bearing_degrees,
    distance_m,
    to_world,
)
from tftmonitor.model.geo.town_search import NONE, TownSearch
from tftmonitor.model.geo.town_table import Integers, Town, TownTable
from tftmonitor.model.geo.view import View

# Logical pixels between names on a map, at a whole zoom: one name stands in each such box.
_BOX_WIDTH: Final = 100.0
_BOX_HEIGHT: Final = 40.0
# Only so many of the biggest in sight are looked at: beside them no village is missed.
_ENOUGH: Final = 6000

Small = NDArray[np.float32]


class Near(NamedTuple):
    """A town beside a place: how far, in which course from the town to the place, and if in it."""

    town: Town
    distance_m: float
    bearing: float
    is_inside: bool


class Nears(NamedTuple):
    """The same of many places, an item a place: the towns' numbers, ``NONE`` where there is none.

    Metres and degrees are NaN then.
    """

    towns: Integers
    distance_m: Numbers
    bearing: Numbers
    is_inside: NDArray[np.bool_]


class TownsInView(NamedTuple):
    """Towns on a map, the biggest first: names, world units (``projection.py``), people."""

    names: list[str]
    x: Numbers
    y: Numbers
    populations: Integers


class Towns:
    """A table of towns and what finds them by place."""

    def __init__(self, table: TownTable) -> None:
        self.table: Final = table
        self._search = TownSearch(table)

    def nearest_of(self, latitude: ArrayLike, longitude: ArrayLike) -> Nears:
        """The town of each place by the rule of ``town_search.py``; arrays of one dimension."""
        north = np.atleast_1d(np.asarray(latitude, dtype=np.float64))
        east = np.atleast_1d(np.asarray(longitude, dtype=np.float64))
        towns = self._search.find(north, east, weighed=True)
        is_far = towns == NONE
        known = np.where(is_far, 0, towns)
        from_there = self.table.latitudes[known], self.table.longitudes[known]
        # NaN stays NaN, and a place off the globe is none.
        here = np.where(is_far, np.nan, north), np.where(is_far, np.nan, east)
        metres = distance_m(*from_there, *here)
        inside = metres <= self._search.widths_m(known)
        return Nears(towns, metres, bearing_degrees(*from_there, *here), inside)

    def nearest(self, latitude: float, longitude: float) -> Near | None:
        """The town of one place; None far from all towns, and for what is no place."""
        town = int(self._search.find(latitude, longitude, weighed=True)[0])
        if town == NONE:
            return None
        found = self.table.town(town)
        way = (found.latitude, found.longitude, latitude, longitude)
        metres = float(distance_m(*way))
        width = float(self._search.widths_m(np.array([town]))[0])
        return Near(found, metres, float(bearing_degrees(*way)), metres <= width)

    def near(self, found: Nears, place: int) -> Near | None:
        """One of many places that were found at once."""
        town = int(found.towns[place])
        if town == NONE:
            return None
        metres, course = float(found.distance_m[place]), float(found.bearing[place])
        return Near(self.table.town(town), metres, course, bool(found.is_inside[place]))

    def time_zone(self, latitude: float, longitude: float) -> str | None:
        """The time zone of the nearest town of any size; None where none is near."""
        town = int(self._search.find(latitude, longitude, weighed=False)[0])
        return None if town == NONE else self.table.zone(town)

    def in_view(self, view: View, most: int) -> TownsInView:
        """So many towns in sight at most, the biggest first, of which none crowds another much.

        Boxes of the world as large as a name keep one each, the biggest town in them: which one
        that is does not change while the map is moved.
        """
        x, y = self._ranked_world
        half_width, half_height = view.width / view.scale / 2, view.height / view.scale / 2
        across: Small = x - np.float32(view.x)
        across -= np.rint(across)
        seen = np.abs(across) <= np.float32(half_width)
        seen &= np.abs(y - np.float32(view.y)) <= np.float32(half_height)
        ranks = np.flatnonzero(seen)
        kept = self._one_a_box(ranks[:_ENOUGH], across, y, view)
        towns: Integers = self._ranked[kept[:most]]
        names = [self.table.name(int(town)) for town in towns]
        world = to_world(self.table.latitudes[towns], self.table.longitudes[towns])
        return TownsInView(names, *world, self.table.populations[towns])

    def _one_a_box(self, ranks: Integers, across: Small, y: Small, view: View) -> Integers:
        """Of these ranks the first in each box, in their order."""
        scale = TILE_PIXELS * 2.0 ** round(view.zoom)
        west, north, _, _ = view.edges
        columns = _boxes(across[ranks].astype(np.float64) + view.x, west, scale / _BOX_WIDTH)
        lines = _boxes(y[ranks].astype(np.float64), north, scale / _BOX_HEIGHT)
        wide = int(columns.max(initial=0)) + 1
        best = np.full(wide * (int(lines.max(initial=0)) + 1), ranks.size, dtype=np.int64)
        # Backwards: the biggest town of a box comes last and stays.
        best[(lines * wide + columns)[::-1]] = np.arange(ranks.size)[::-1]
        return np.asarray(ranks[np.sort(best[best < ranks.size])], dtype=np.int64)

    @cached_property
    def _ranked(self) -> Integers:
        """Towns by their people, the biggest first."""
        return np.argsort(-self.table.populations, kind="stable").astype(np.int64)

    @cached_property
    def _ranked_world(self) -> tuple[Small, Small]:
        x, y = to_world(self.table.latitudes[self._ranked], self.table.longitudes[self._ranked])
        return x.astype(np.float32), y.astype(np.float32)


def _boxes(world: Numbers, edge: float, boxes: float) -> Integers:
    """Which box of so many in the world's side each lies in, counted from the one at the edge."""
    numbers = np.floor(world * boxes) - np.floor(edge * boxes)
    return np.asarray(np.maximum(numbers, 0.0), dtype=np.int64)
