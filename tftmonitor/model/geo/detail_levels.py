"""Which level of detail a zoom needs, and which of its cells a view shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor

COARSE_ZOOM = 10.0
"""Beyond it, lines of the built-in ground may be off by more than a few pixels."""
MOST_RIVER_ZOOM = 9.0
"""Beyond it, rivers would be off by more than a town: their data is simpler than the rest."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Column and row of a level, and how many worlds to the east it is drawn (wrap at 180)."""

    column: int
    row: int
    worlds: int


def level_for(most_zooms: Sequence[float], zoom: float) -> int:
    """The coarsest level that is fine enough, else the last; ``most_zooms`` grow."""
    for number, most in enumerate(most_zooms):
        if zoom <= most:
            return number
    return len(most_zooms) - 1


def cells_in(edges: tuple[float, float, float, float], side: int) -> Iterator[Cell]:
    """The cells between ``edges`` (west, north, east, south in world units), row by row.

    ``west`` below 0 and ``east`` above 1 give cells of other copies of the world; north and south
    of the square there are none.
    """
    west, north, east, south = edges
    first, last = floor(west * side), ceil(east * side)
    for row in range(max(floor(north * side), 0), min(ceil(south * side), side)):
        for column in range(first, last):
            yield Cell(column % side, row, column // side)
