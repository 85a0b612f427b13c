"""What the readers of files have in common: shapes that were found, and what was left out, why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tftmonitor.model.fields.formatting import clip
from tftmonitor.model.geo.projection import distance_m
from tftmonitor.model.places.place import COLOUR, DEFAULT_COLOUR, NAME_LIMIT, one_line
from tftmonitor.model.places.polygon import FEWEST_POINTS, Polygon, polygon_of
from tftmonitor.model.places.shapes import Circle, Point

SIZE_LIMIT: Final = 20_000_000
"""Bytes: a thousand places of 2,000 points each need less."""
RADIUS_NAMES: Final = ("radius_m", "radius", "proximity")
"""What programs call the radius (m) of a point, without regard to case."""
_NAMED: Final = 5
_CLOSED_M: Final = 25.0
_NO_NAME: Final = "Place"


class PlacesFileError(ValueError):
    """The file as a whole cannot be read; the text says why, for the user."""


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place as a file has it, without a key."""

    name: str
    colour: str
    shape: Circle | Polygon


@dataclass(slots=True)
class Found:
    """What a file has. ``left_out`` says in words what could not be taken, ``notes`` what else."""

    places: list[FoundPlace] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What was left out as one text, "" for nothing."""
        count = len(self.left_out)
        words = []
        if count:
            verb = "was" if count == 1 else "were"
            whole = count + len(self.places)
            words.append(f"{count} of {whole} {verb} left out: {_listed(self.left_out)}.")
        if self.notes:
            words.append(f"{_listed(self.notes)}.")
        return " ".join(words)

    def leave_out(self, name: str, why: str) -> None:
        """Something of this name is not taken."""
        self.left_out.append(f"{clip(one_line(name), 40) or 'one without a name'}: {_bare(why)}")

    def add(self, name: str, colour: str, shape: Circle | Polygon) -> None:
        """Take it where it can be a place, else say why it is left out."""
        if shape.problem:
            self.leave_out(name, shape.problem)
            return
        known = one_line(name)[:NAME_LIMIT].rstrip() or f"{_NO_NAME} {len(self.places) + 1}"
        right = colour.lower() if COLOUR.fullmatch(colour.lower()) else DEFAULT_COLOUR
        self.places.append(FoundPlace(known, right, shape))

    def add_rings(
        self, name: str, colour: str, rings: Sequence[Sequence[Point]], *, of_more: str = ""
    ) -> None:
        """A polygon by its outer ring and the holes in it, which no place has."""
        if not rings:
            self.leave_out(name, "it has no ring of points")
            return
        name = f"{name} {of_more}".strip()
        before = len(self.places)
        self.add(name, colour, polygon_of(list(rings[0])))
        if len(rings) > 1 and len(self.places) > before:
            holes = "1 hole in it is" if len(rings) == 2 else f"{len(rings) - 1} holes in it are"
            self.notes.append(f"{self.places[-1].name}: {holes} filled")

    def add_line(self, name: str, colour: str, points: Sequence[Point], what: str) -> None:
        """A line is a polygon where it ends where it began, as near as a receiver tells."""
        if len(points) > FEWEST_POINTS and distance_m(*points[0], *points[-1]) <= _CLOSED_M:
            self.add(name, colour, polygon_of(list(points)))
        else:
            self.leave_out(name, f"{what} that does not end where it began is no place")

    def add_point(self, name: str, colour: str, point: Point, radius: object) -> None:
        """A point is a circle where the file says how large."""
        if radius is None:
            self.leave_out(name, "a point without a radius is no place")
            return
        radius_m = number(radius)
        self.add(name, colour, Circle(*point, radius_m))


def number(value: object) -> float:
    """A number as a file has it; raises ValueError with words for what is none.

    No comma is taken for a point: nobody could tell 1,234 apart.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"{clip(repr(value), 24)} is not a number")  # noqa: TRY004
    try:
        # Python alone takes 1_000 for a number.
        return float(value) if not isinstance(value, str) or "_" not in value else float("_")
    except (ValueError, OverflowError):
        raise ValueError(f"{clip(repr(value), 24)} is not a number") from None


def radius_in(values: Iterable[tuple[str, Any]]) -> object:
    """The radius among named values, None where there is none."""
    named = {str(name).casefold(): value for name, value in values}
    return next((named[name] for name in RADIUS_NAMES if named.get(name) is not None), None)


def guarded(found: Found, name: str, read: Callable[[], None]) -> None:
    """Read one of many; what is wrong with it costs itself."""
    try:
        read()
    except ValueError as error:
        found.leave_out(name, str(error))


def _bare(why: str) -> str:
    text = why.rstrip(".")
    return text[:1].lower() + text[1:]


def _listed(words: list[str]) -> str:
    more = len(words) - _NAMED
    listed = "; ".join(words[:_NAMED])
    return f"{listed}; and {more} more" if more > 0 else listed
