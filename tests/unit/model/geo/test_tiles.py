from dataclasses import replace

import pytest

from tftmonitor.model.geo.projection import to_world
from tftmonitor.model.geo.tiles import (
    DEEPEST,
    Cell,
    Tile,
    cells_in,
    edge_pixel,
    grid_level,
    part_of,
)
from tftmonitor.model.geo.view import View


def view_at(latitude: float, longitude: float, zoom: float, width: float = 512) -> View:
    x, y = to_world(latitude, longitude)
    return View(float(x), float(y), zoom, width, 512.0).bounded()


def test_tile_of_a_place_is_the_one_that_everybody_numbers_so() -> None:
    # The Brandenburg Gate, as worked out by hand with the published formula.
    middle = cells_in(view_at(52.516275, 13.377704, 15), 15)[0].tile
    assert middle == Tile(15, 17601, 10746)


def test_ancestors_and_children_are_each_others() -> None:
    tile = Tile(5, 17, 11)
    assert tile.ancestor(5) == tile == tile.ancestor(9)
    assert tile.ancestor(3) == Tile(3, 4, 2)
    assert tile.ancestor(0) == Tile(0, 0, 0)
    assert tile.children == (Tile(6, 34, 22), Tile(6, 35, 22), Tile(6, 34, 23), Tile(6, 35, 23))
    assert {child.ancestor(5) for child in tile.children} == {tile}


def test_part_of_an_ancestor() -> None:
    assert part_of(Tile(3, 4, 2), Tile(5, 17, 11)) == (0.25, 0.75, 0.25)
    assert part_of(Tile(3, 4, 2), Tile(3, 4, 2)) == (0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("zoom", "level"), [(1.0, 1), (4.49, 4), (4.5, 5), (19.0, 19), (-3.0, 0), (40.0, DEEPEST)]
)
def test_nearest_level_is_drawn(zoom: float, level: int) -> None:
    assert grid_level(zoom) == level


def test_cells_fill_the_view_from_the_middle_outward_and_no_more() -> None:
    view = view_at(48.0, 11.0, 8.3, 1000)
    cells = cells_in(view, 8)
    assert len(cells) == len(set(cells))
    west, north, east, south = (edge * 256 for edge in view.edges)
    assert {(cell.column, cell.tile.y) for cell in cells} == {
        (x, y)
        for x in range(256)
        for y in range(256)
        if west - 1 < x < east and north - 1 < y < south
    }
    first, last = cells[0], cells[-1]
    assert abs(first.column + 0.5 - view.x * 256) <= 0.5
    assert abs(last.column + 0.5 - view.x * 256) > abs(first.column + 0.5 - view.x * 256)


def test_world_goes_on_beyond_180_degrees() -> None:
    cells = cells_in(view_at(0.0, 180.0, 3), 3)
    by_column = {cell.column: cell.tile.x for cell in cells}
    # The middle of this view was wrapped to 180 west.
    assert by_column == {-1: 7, 0: 0}
    assert Cell(Tile(3, 7, 3), -1) in cells


def test_no_rows_beyond_the_poles() -> None:
    tall = replace(view_at(0.0, 0.0, 1), height=5000.0)
    assert {cell.tile.y for cell in cells_in(tall, 1)} == {0, 1}


def test_whole_pixels_without_gaps_wherever_the_view_is() -> None:
    scale = 256 * 2**5.37
    for place in range(-3, 40):
        side = edge_pixel(place + 1, 5, scale) - edge_pixel(place, 5, scale)
        assert abs(side - scale / 32) <= 1
    assert edge_pixel(32, 5, scale) == round(scale)
