"""The squares into which a map of tiles is cut: which are in sight, and where they stand.

At zoom ``z`` the world is cut into 2^z columns from 180 degrees west and 2^z rows from the north.
A cell is a tile at its place in the view; beyond 180 degrees it is another copy of the same tile.
"""

from typing import Final, NamedTuple

from tftmonitor.model.geo.view import View

DEEPEST: Final = 22
"""No tile is cut smaller: on the ground it would be ten metres."""


class Tile(NamedTuple):
    """A square of the world; ``x`` and ``y`` count from the north west corner."""

    zoom: int
    x: int
    y: int

    def ancestor(self, zoom: int) -> "Tile":
        """The tile of this zoom that it lies in; itself at its own zoom or a deeper one."""
        up = max(self.zoom - zoom, 0)
        return Tile(self.zoom - up, self.x >> up, self.y >> up)

    @property
    def children(self) -> tuple["Tile", ...]:
        """The four of the next zoom that fill it: north west, north east, then the south."""
        zoom, x, y = self.zoom + 1, 2 * self.x, 2 * self.y
        return tuple(Tile(zoom, x + east, y + south) for south in (0, 1) for east in (0, 1))


class Cell(NamedTuple):
    """``tile`` stands in this column of the unwrapped world: 2^zoom is the one east of 180."""

    tile: Tile
    column: int


def grid_level(zoom: float) -> int:
    """The zoom whose tiles are drawn nearest to their own size at this zoom of the view."""
    return int(min(max(zoom + 0.5, 0.0), float(DEEPEST)))


def cells_in(view: View, level: int) -> list[Cell]:
    """The cells of this level that are in sight, those nearest to the middle first."""
    count = 1 << level
    west, north, east, south = (edge * count for edge in view.edges)
    rows = range(max(int(north // 1), 0), min(int(-(-south // 1)), count))
    columns = range(int(west // 1), int(-(-east // 1)))
    middle_x, middle_y = view.x * count - 0.5, view.y * count - 0.5
    cells = [Cell(Tile(level, x % count, y), x) for y in rows for x in columns]
    cells.sort(key=lambda cell: (cell.column - middle_x) ** 2 + (cell.tile.y - middle_y) ** 2)
    return cells


def edge_pixel(place: int, level: int, scale: float) -> int:
    """The pixel at which the column or row of this number begins.

    ``scale`` is the world's side in pixels. Neighbours share their edges, and the size of a tile
    does not depend on where the view is.
    """
    return round(place * scale / (1 << level))


def part_of(ancestor: Tile, tile: Tile) -> tuple[float, float, float]:
    """Left, top and side of a tile within its ancestor, in parts of the ancestor's side."""
    pieces = 1 << (tile.zoom - ancestor.zoom)
    return (tile.x % pieces) / pieces, (tile.y % pieces) / pieces, 1.0 / pieces
