"""Places in words and their time zones, from the shipped towns: read when first needed.

Like the units that are in force, the towns are one thing for the whole process. Without their
table, places stay numbers, and the log says why, once.
"""

import logging
from collections.abc import Callable, Sequence
from functools import cache, cached_property, lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Final

import numpy as np

from tftmonitor.base.paths import resource
from tftmonitor.model.fields.bulk_reading import FloatArray
from tftmonitor.model.fields.field import Unit
from tftmonitor.model.fields.formatting import format_number
from tftmonitor.model.fields.units import shown_as
from tftmonitor.model.geo.place_words import place_words
from tftmonitor.model.geo.town_search import NONE
from tftmonitor.model.geo.town_table import TownTable, TownTableError
from tftmonitor.model.geo.towns import Near, Towns
from tftmonitor.model.geo.view import View

COMPUTED: Final = "the nearest town, computed here"
"""What tells people that no device and no server said so."""

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_log = logging.getLogger(__name__)
_KEPT: Final = 4096
# To 110 m: a device at rest, whose receiver wanders, is looked for once.
_DECIMALS: Final = 3
_SQUARES_A_DEGREE: Final = 500.0
_MOST_SQUARES: Final = 30_000
_M_PER_KM: Final = 1000.0


class Places:
    """Answers are kept by rounded position. Latitude and longitude are in degrees."""

    def __init__(self, read: Callable[[], bytes]) -> None:
        self._read = read
        self._town_names: dict[tuple[float, float], str | None] = {}
        self._near = lru_cache(_KEPT)(self._find)
        self._zone = lru_cache(_KEPT)(self._find_zone)

    @cached_property
    def towns(self) -> Towns | None:
        """All towns; None without a table that can be read."""
        try:
            return Towns(TownTable(self._read()))
        except (OSError, TownTableError) as error:
            _log.warning("places are not put into words, the table of towns is missing: %s", error)
            return None

    def load(self) -> None:
        """Read the towns before they are needed; may be called on another thread."""
        if self.towns is not None:
            self.towns.in_view(View(0.5, 0.5, 1.0, 1.0, 1.0), 1)

    @property
    def loaded(self) -> Towns | None:
        """The towns if they have been read already: for what can do without them for a while."""
        found: Towns | None = self.__dict__.get("towns")
        return found

    def words(self, latitude: float | None, longitude: float | None) -> str:
        """Where that is: "in Potsdam", "4 km NE of Potsdam"; empty for what is no place."""
        if latitude is None or longitude is None or not (latitude or longitude):
            return ""
        if self.towns is None:
            return ""
        return place_words(
            self._near(round(latitude, _DECIMALS), round(longitude, _DECIMALS)), _whole_distance
        )

    def words_of(self, where: Sequence[tuple[float | None, float | None]]) -> list[str]:
        """The same of many places, each in a fraction of the time."""
        towns = self.towns
        if towns is None:
            return [""] * len(where)
        degrees = np.array(where, dtype=np.float64).reshape(-1, 2)
        degrees[(degrees == 0.0).all(axis=1)] = np.nan
        found = towns.nearest_of(degrees[:, 0], degrees[:, 1])
        return [
            place_words(towns.near(found, place), _whole_distance) if whole else ""
            for place, whole in enumerate(map(np.all, np.isfinite(degrees)))
        ]

    def zone(self, latitude: float | None, longitude: float | None) -> "ZoneInfo | None":
        """The time zone there; None for no place, far from all towns, and without its rules."""
        if latitude is None or longitude is None or not (latitude or longitude):
            return None
        return self._zone(round(latitude, _DECIMALS), round(longitude, _DECIMALS))

    def town_names(self, latitudes: FloatArray, longitudes: FloatArray) -> list[str | None]:
        """The town of each place, for an order by names; NaN and what is far from all has none.

        Places are taken as the middle of a square of 200 m, and squares are kept: of a fleet that
        moves, few devices are in another one a second later.
        """
        towns = self.towns
        if towns is None:
            return [None] * len(latitudes)
        squares = np.round(np.stack([latitudes, longitudes], axis=1) * _SQUARES_A_DEGREE)
        keys = [
            (north, east) if isfinite(north + east) else None for north, east in squares.tolist()
        ]
        new = [key for key in set(keys) if key is not None and key not in self._town_names]
        if len(self._town_names) + len(new) > _MOST_SQUARES:
            self._town_names.clear()
            new = [key for key in set(keys) if key is not None]
        if new:
            degrees = np.array(new) / _SQUARES_A_DEGREE
            found = towns.nearest_of(degrees[:, 0], degrees[:, 1]).towns.tolist()
            names = [None if town == NONE else towns.table.name(town) for town in found]
            self._town_names.update(zip(new, names, strict=True))
        return [None if key is None else self._town_names[key] for key in keys]

    def _find(self, latitude: float, longitude: float) -> Near | None:
        return None if self.towns is None else self.towns.nearest(latitude, longitude)

    def _find_zone(self, latitude: float, longitude: float) -> "ZoneInfo | None":
        name = None if self.towns is None else self.towns.time_zone(latitude, longitude)
        return None if name is None else _zone_named(name)


@cache
def places() -> Places:
    """Those of this process."""
    return Places(lambda: resource("map", "towns.bin").read_bytes())


@cache
def _zone_named(name: str) -> "ZoneInfo | None":
    # Loaded when a zone is wanted first: few choose that.
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:
        _log.warning("the time zone %s has no rules on this computer: %s", name, error)
        return None


def _whole_distance(metres: float) -> str:
    """Whole units of those in force for distances: a town is no point."""
    shown = shown_as(Unit.KM)
    return f"{format_number(max(shown.of(metres / _M_PER_KM), 1.0), 0)} {shown.text}"
