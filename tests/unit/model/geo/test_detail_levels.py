"""Which level and which cells: at the limits of zooms, at 180 degrees, beyond the poles."""

import pytest

from tftmonitor.model.geo.detail_levels import Cell, cells_in, level_for


@pytest.mark.parametrize(("zoom", "level"), [(1.0, 0), (2.0, 0), (2.01, 1), (7.0, 2), (19.0, 2)])
def test_the_coarsest_level_that_is_fine_enough(zoom: float, level: int) -> None:
    assert level_for([2.0, 4.0, 6.0], zoom) == level


def test_the_cells_of_a_view_row_by_row() -> None:
    found = list(cells_in((0.3, 0.1, 0.6, 0.4), 4))
    assert found == [Cell(c, r, 0) for r in (0, 1) for c in (1, 2)]


def test_a_view_that_ends_on_an_edge_does_not_read_beyond_it() -> None:
    assert list(cells_in((0.25, 0.5, 0.5, 0.75), 4)) == [Cell(1, 2, 0)]


def test_both_sides_of_180_degrees_are_in_one_view() -> None:
    assert list(cells_in((-0.1, 0.5, 0.1, 0.6), 4)) == [Cell(3, 2, -1), Cell(0, 2, 0)]
    assert list(cells_in((0.9, 0.5, 1.1, 0.6), 4)) == [Cell(3, 2, 0), Cell(0, 2, 1)]


def test_a_narrow_world_is_there_more_than_once() -> None:
    found = list(cells_in((-0.6, 0.0, 1.6, 1.0), 1))
    assert found == [Cell(0, 0, -1), Cell(0, 0, 0), Cell(0, 0, 1)]


def test_nothing_is_north_or_south_of_the_square() -> None:
    assert {cell.row for cell in cells_in((0.0, -0.5, 1.0, 1.5), 2)} == {0, 1}
    assert not list(cells_in((0.0, -0.5, 1.0, -0.1), 2))
    assert not list(cells_in((0.0, 1.1, 1.0, 1.5), 2))
