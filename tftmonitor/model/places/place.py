"""A place of the user's own: a shape with a name and a colour."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from tftmonitor.model.fields.distance_text import distance_text
from tftmonitor.model.fields.field import Unit
from tftmonitor.model.fields.formatting import format_number
from tftmonitor.model.fields.units import shown_as
from tftmonitor.model.places.polygon import Polygon
from tftmonitor.model.places.shapes import Circle

NAME_LIMIT: Final = 80
MOST_PLACES: Final = 1_000
COLOURS: Final = (
    ("blue", "#2f7fd6"),
    ("green", "#2e9e5b"),
    ("teal", "#1496a0"),
    ("violet", "#8a5fd0"),
    ("pink", "#c8508f"),
    ("red", "#cf4a45"),
    ("orange", "#c97a1b"),
    ("grey", "#78828c"),
)
"""Names with values that are seen on a light and on a dark map."""
DEFAULT_COLOUR: Final = COLOURS[0][1]

_LEAST_LARGE_AREA: Final = 0.1
COLOUR: Final = re.compile("#[0-9a-f]{6}")
_KEY: Final = re.compile("[0-9a-zA-Z_-]{1,64}")

Rows = NDArray[np.intp]


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """``key`` is permanent: rules on disk name it. ``colour`` is as "#2f7fd6"."""

    key: str
    name: str
    colour: str = DEFAULT_COLOUR
    shape: Circle | Polygon

    @property
    def problem(self) -> str:
        """Why it cannot be a place, as a text; empty when it can."""
        if not _KEY.fullmatch(self.key):
            return f"{self.key!r} cannot be the key of a place."
        if not self.name or self.name != one_line(self.name):
            return "The name must be one line of text."
        if len(self.name) > NAME_LIMIT:
            return f"The name must have at most {NAME_LIMIT} characters."
        if not COLOUR.fullmatch(self.colour):
            return f"{self.colour!r} is not a colour."
        return self.shape.problem

    @property
    def kind_text(self) -> str:
        """What shape it is, as a word."""
        return "Circle" if isinstance(self.shape, Circle) else "Polygon"

    @property
    def size_text(self) -> str:
        """The radius of a circle, the area and points of a polygon."""
        if isinstance(self.shape, Circle):
            return f"radius {distance_text(self.shape.radius_m)}"
        count = len(self.shape.points)
        return f"{area_text(self.shape.area_m2)}, {count:,} points"


def one_line(text: str) -> str:
    """A name as it may be: one line, nothing that cannot be seen, no double blanks."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def area_text(square_metres: float) -> str:
    """An area in the square of the unit of distances: "850 m²", "1.2 km²"."""
    large, small = shown_as(Unit.KM), shown_as(Unit.METRE)
    number = square_metres / 1e6 * large.factor**2
    if number >= _LEAST_LARGE_AREA:
        return f"{format_number(number, 2 if number < 10 else 0)} {large.text}²"
    return f"{format_number(square_metres * small.factor**2, 0)} {small.text}²"


def rows_within(places: Sequence[Place], latitude: ArrayLike, longitude: ArrayLike) -> list[Rows]:
    """For each place, which of the positions (n,) lie in it, as ascending row numbers.

    NaN lies nowhere. Positions are sorted by latitude once, so that most are never looked at.
    """
    lat, lng = np.asarray(latitude, np.float64), np.asarray(longitude, np.float64)
    order = np.argsort(lat, kind="stable")
    sorted_lat = lat[order]
    found: list[Rows] = []
    for place in places:
        box = place.shape.box
        first, last = np.searchsorted(sorted_lat, (box.south, np.nextafter(box.north, 91.0)))
        rows = order[first:last]
        found.append(np.sort(rows[place.shape.contains(lat[rows], lng[rows])]))
    return found
