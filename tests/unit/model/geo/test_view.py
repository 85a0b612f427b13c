"""What a map shows: pixels and places, wrap at 180 degrees, poles, all in sight."""

import numpy as np
import pytest

from tftmonitor.model.geo.projection import to_world
from tftmonitor.model.geo.view import LEAST_ZOOM, MOST_ZOOM, View

VIEW = View(0.5, 0.5, 3.0, 1000.0, 700.0)


def test_the_middle_is_in_the_middle_and_pixels_come_back() -> None:
    view = VIEW.centred(52.5, 13.4, 8.0)
    assert view.middle == pytest.approx((52.5, 13.4))
    left, top = view.to_screen(*to_world([52.5, 52.6], [13.4, 13.5]))
    assert (left[0], top[0]) == pytest.approx((500, 350))
    assert left[1] > 500
    assert top[1] < 350
    x, y = to_world(52.6, 13.5)
    assert view.point(float(x), float(y)) == pytest.approx((left[1], top[1]))
    np.testing.assert_allclose(view.to_map(left, top), to_world([52.5, 52.6], [13.4, 13.5]))


def test_a_place_beyond_180_degrees_is_drawn_beside_it() -> None:
    view = VIEW.centred(0.0, 179.9, 6.0)
    left, _ = view.to_screen(*to_world([0.0, 0.0], [179.8, -179.8]))
    assert left[0] < 500 < left[1]
    assert left[1] - left[0] == pytest.approx(0.4 / 360 * view.scale)
    west, _, east, _ = view.edges
    assert east > 1 > west


def test_a_drag_moves_the_picture_and_stops_at_the_poles() -> None:
    view = VIEW.centred(10.0, 10.0, 5.0)
    moved = view.panned(100, 50)
    left, top = moved.to_screen(view.x, view.y)
    assert (float(left), float(top)) == pytest.approx((600, 400))
    top_edge = view.panned(0, 1e7)
    assert top_edge.edges[1] == pytest.approx(0)
    assert view.panned(0, -1e7).edges[3] == pytest.approx(1)
    assert 0 <= view.panned(1e7, 0).x < 1


def test_a_zoom_keeps_what_is_under_the_pointer() -> None:
    view = VIEW.centred(48.0, 11.0, 6.0)
    under = view.to_map(123, 456)
    near = view.zoomed(9.5, 123, 456)
    np.testing.assert_allclose(near.to_map(123, 456), under)
    assert view.zoomed(99, 0, 0).zoom == MOST_ZOOM
    assert view.zoomed(-9, 0, 0).zoom == LEAST_ZOOM


def test_a_window_higher_than_the_world_shows_it_in_the_middle() -> None:
    small = View(0.2, 0.1, 1.0, 800.0, 900.0).bounded()
    assert small.y == 0.5
    assert VIEW.sized(0, 0).width == 1


def test_all_points_are_in_sight() -> None:
    x, y = to_world([52.5, 48.1, 50.0], [13.4, 11.6, 8.0])
    view = VIEW.fitted(x, y)
    left, top = view.to_screen(x, y)
    assert left.min() >= 59
    assert left.max() <= 941
    assert top.min() >= 59
    assert top.max() <= 641
    assert min(left.min() - 60, top.min() - 60) == pytest.approx(0, abs=1)


def test_points_on_both_sides_of_180_degrees_are_near_each_other() -> None:
    x, y = to_world([-17.0, -18.0], [178.0, -178.0])
    view = VIEW.fitted(x, y)
    assert view.zoom > 6
    assert np.ptp(view.to_screen(x, y)[0]) < 1000


def test_one_point_is_not_looked_at_too_near_and_none_moves_nothing() -> None:
    one = VIEW.fitted(*to_world([1.0], [2.0]))
    assert one.zoom == 14
    assert one.middle == pytest.approx((1.0, 2.0))
    assert VIEW.fitted([], []) == VIEW
