"""The names of countries, where each stands, and which of them a view has room for."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor

from tftmonitor.model.geo.projection import to_world
from tftmonitor.model.geo.view import View

MOST_NAMES = 60
_EARLY = 0.7
"""Zooms by which a name comes before the data asks for it: that counts in larger tiles."""
_MOST_LETTERS = 60


@dataclass(frozen=True, slots=True)
class CountryName:
    """A name at ``x``, ``y`` (world units) for zooms between two; rank 2 is the most important."""

    name: str
    x: float
    y: float
    least_zoom: float
    most_zoom: float
    rank: int


def read_names(lines: Iterable[str]) -> tuple[CountryName, ...]:
    """Lines of name, latitude, longitude, least and most zoom, rank, parted by tabs.

    Raises ValueError for a line of another form.
    """
    found = []
    for line in lines:
        name, north, east, least, most, rank = line.rstrip("\n").split("\t")
        x, y = to_world(float(north), float(east))
        place = (float(x), float(y), float(least), float(most))
        found.append(CountryName(name[:_MOST_LETTERS], *place, int(rank)))
    return tuple(found)


def names_in(names: Iterable[CountryName], view: View) -> list[CountryName]:
    """Those in sight at this zoom, the important first, ``MOST_NAMES`` at most.

    ``x`` is that of the copy of the world that is in sight, so it may be below 0 or above 1.
    Where the same place is in sight twice, so is its name.
    """
    west, north, east, south = view.edges
    found = []
    for name in names:
        if not name.least_zoom - _EARLY <= view.zoom <= name.most_zoom + _EARLY:
            continue
        if north <= name.y <= south:
            x = name.x + floor(west - name.x) + 1
            while x < east:
                found.append(_moved(name, x))
                x += 1.0
    return sorted(found, key=lambda name: (name.rank, name.least_zoom))[:MOST_NAMES]


def _moved(name: CountryName, x: float) -> CountryName:
    return CountryName(name.name, x, name.y, name.least_zoom, name.most_zoom, name.rank)
