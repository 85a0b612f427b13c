"""A place in words, computed here: "in Potsdam", "4 km NE of Potsdam"."""

from collections.abc import Callable
from typing import Final

from tftmonitor.model.geo.town_search import FARTHEST_M
from tftmonitor.model.geo.towns import Near

_DIRECTIONS: Final = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")

Distance = Callable[[float], str]
"""Metres as a rounded distance with its unit."""


def kilometres(metres: float) -> str:
    """In whole kilometres; what is less than one is one."""
    return f"{max(round(metres / 1000), 1):,} km"


def direction(bearing: float) -> str:
    """The one of eight directions that is nearest to a course in degrees."""
    return _DIRECTIONS[round(bearing / 45) % len(_DIRECTIONS)]


def place_words(near: Near | None, distance: Distance = kilometres) -> str:
    """Where a place is, as the town beside it tells; None is a place without one."""
    if near is None:
        return f"no town within {distance(FARTHEST_M)}"
    if near.is_inside:
        return f"in {near.town.name}"
    return f"{distance(near.distance_m)} {direction(near.bearing)} of {near.town.name}"
