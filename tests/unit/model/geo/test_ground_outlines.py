"""Outlines out of parts: where they stand in the world, and where no coast is drawn."""

import numpy as np

from tftmonitor.model.geo.ground_format import EXTENT, Parts
from tftmonitor.model.geo.ground_outlines import Corner, coast_outline, line_outline

WORLD = Corner(0.0, 0.0, 1.0)


def parts(*each: list[tuple[int, int]]) -> Parts:
    points = np.array([pair for one in each for pair in one], np.int32).reshape(-1, 2)
    return Parts(points, np.array([len(one) for one in each], np.int64))


def segments(found: Parts) -> list[tuple[list[float], list[float]]]:
    """What the pen draws, in steps of the cell."""
    outline = coast_outline(found, WORLD)
    points = (outline.points * EXTENT).tolist()
    return [
        (points[n - 1], points[n]) for n in range(1, len(points)) if not bool(outline.starts[n])
    ]


def test_lines_stand_where_their_cell_is() -> None:
    outline = line_outline(
        parts([(0, 0), (EXTENT, EXTENT)], [(EXTENT // 2, 0), (0, 0), (0, 1)]),
        Corner(0.5, 0.25, 0.25),
    )
    assert outline.starts.tolist() == [True, False, True, False, False]
    assert outline.points[:3].tolist() == [[0.5, 0.25], [0.75, 0.5], [0.625, 0.25]]


def test_neighbours_get_the_same_numbers_for_their_common_edge() -> None:
    for column in range(128):
        left = line_outline(parts([(EXTENT, 7), (5, 5)]), Corner(column / 128, 0, 1 / 128))
        right = line_outline(parts([(0, 7), (5, 5)]), Corner((column + 1) / 128, 0, 1 / 128))
        assert left.points[0].tolist() == right.points[0].tolist()


def test_a_coast_is_closed() -> None:
    drawn = segments(parts([(10, 10), (20, 10), (20, 20)], [(50, 50), (60, 50), (60, 60)]))
    assert drawn == [
        ([10, 10], [20, 10]),
        ([20, 10], [20, 20]),
        ([20, 20], [10, 10]),
        ([50, 50], [60, 50]),
        ([60, 50], [60, 60]),
        ([60, 60], [50, 50]),
    ]


def test_an_edge_of_the_cell_is_no_coast() -> None:
    # From the north edge along the west one to the south, and round the corner.
    ring = [(30, 0), (0, 0), (0, EXTENT), (40, EXTENT), (50, 70)]
    assert segments(parts(ring)) == [([40, EXTENT], [50, 70]), ([50, 70], [30, 0])]


def test_a_coast_that_touches_two_edges_is_drawn() -> None:
    ring = [(0, 30), (30, 0), (EXTENT, 80), (80, EXTENT)]
    assert len(segments(parts(ring))) == 4


def test_nothing_gives_nothing() -> None:
    outline = coast_outline(parts(), WORLD)
    assert outline.points.shape == (0, 2)
    assert outline.starts.shape == (0,)
