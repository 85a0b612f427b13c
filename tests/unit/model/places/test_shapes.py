"""Circles and polygons, against values that were worked out in other ways."""

import math

import numpy as np
import pytest

from tftmonitor.model.geo.projection import distance_m, to_degrees, to_world
from tftmonitor.model.places.polygon import Polygon, polygon_of
from tftmonitor.model.places.shapes import Box, Circle, Shape

NAN = float("nan")
TOWN = Circle(52.0, 13.0, 500.0)
# 100 m on the meridian of the mean sphere, in degrees.
STEP = 100.0 / 111_195.08
SQUARE = Polygon(((52.0, 13.0), (52.0, 13.01), (52.01, 13.01), (52.01, 13.0)))
FIJI = Polygon(((-18.0, 179.5), (-18.0, -179.5), (-17.0, -179.5), (-17.0, 179.5)))
BOW = Polygon(((0.0, 0.0), (1.0, 1.0), (0.0, 1.0), (1.0, 0.0)))


def test_a_circle_ends_at_its_radius() -> None:
    assert TOWN.depth_m(52.0 + 4 * STEP, 13.0) == pytest.approx(100.0, abs=0.01)
    assert TOWN.depth_m(52.0 - 6 * STEP, 13.0) == pytest.approx(-100.0, abs=0.01)
    east = 4 * STEP / math.cos(math.radians(52.0))
    assert TOWN.depth_m(52.0, 13.0 + east) == pytest.approx(100.0, abs=0.1)
    edge = TOWN.distance_to_edge_m([52.0 - 6 * STEP, 52.0], [13.0, 13.0])
    assert edge == pytest.approx([100.0, 500.0], abs=0.01)
    assert TOWN.contains([52.0 + 4.99 * STEP, 52.0 + 5.01 * STEP], [13.0, 13.0]).tolist() == [
        True,
        False,
    ]


def test_single_depths_are_those_of_many() -> None:
    rng = np.random.default_rng(5)
    rings = [Polygon(Circle(-17.5, 179.99, 5_000.0).outline(points)) for points in (40, 400)]
    twice = Polygon((*SQUARE.points[:2], *SQUARE.points[1:]))
    for shape in (TOWN, SQUARE, twice, FIJI, BOW, Circle(-17.5, 179.99, 5_000.0), *rings):
        lat = shape.centre[0] + rng.normal(0, 0.05, 200)
        lng = shape.centre[1] + rng.normal(0, 0.05, 200)
        many = shape.depths_m(lat, lng)
        single = [shape.depth_m(*at) for at in zip(lat.tolist(), lng.tolist(), strict=True)]
        assert many == pytest.approx(single, rel=1e-9, abs=1e-6)
        assert (shape.contains(lat, lng) == (many >= 0)).all()


def test_a_polygon_by_hand() -> None:
    lat = [52.005, 52.005, 52.02, 51.999, 52.005, NAN, 52.005]
    lng = [13.005, 13.02, 13.005, 13.005, 12.999, 13.005, NAN]
    assert SQUARE.contains(lat, lng).tolist() == [True, *[False] * 6]
    # From a point on the meridian within, the way to the southern edge is along the meridian.
    assert SQUARE.depth_m(52.0 + STEP, 13.005) == pytest.approx(100.0, abs=0.1)
    assert SQUARE.depth_m(52.0 - STEP, 13.005) == pytest.approx(-100.0, abs=0.1)
    # Off a corner it is the way to the corner.
    away = -SQUARE.depth_m(51.995, 12.99)
    assert away == pytest.approx(float(distance_m(51.995, 12.99, 52.0, 13.0)), rel=1e-3)
    assert math.isnan(SQUARE.depth_m(NAN, 13.0))
    assert SQUARE.depth_m(89.9, 13.0) == pytest.approx(float(SQUARE.depths_m(89.9, 13.0)[0]))


def test_many_points_against_walking_around() -> None:
    """By the sum of angles, which has nothing in common with counting crossings."""
    rng = np.random.default_rng(1)
    turns = np.sort(rng.uniform(0, 2 * np.pi, 40))
    reach = rng.uniform(0.2, 1.0, 40)
    shape = polygon_of(
        list(
            zip(
                (10 + reach * np.sin(turns)).tolist(),
                (20 + reach * np.cos(turns)).tolist(),
                strict=True,
            )
        )
    )
    lat, lng = rng.uniform(9, 11, 2_000), rng.uniform(19, 21, 2_000)
    corner_x, corner_y = to_world(*np.array(shape.points).T)
    x, y = to_world(lat, lng)
    bearing = np.arctan2(corner_y - y[:, None], corner_x - x[:, None])
    angles = (np.roll(bearing, -1, axis=1) - bearing + np.pi) % (2 * np.pi) - np.pi
    around = np.abs(angles.sum(axis=1)) > np.pi
    assert (shape.contains(lat, lng) == around).all()
    assert 0.1 < around.mean() < 0.9


def test_large_numbers_are_worked_off_in_parts() -> None:
    """A ring of 2,000 points around a circle is that circle, for all positions at once."""
    circle = Circle(48.0, 11.0, 20_000.0)
    ring = Polygon(circle.outline(2_000))
    rng = np.random.default_rng(2)
    lat, lng = rng.uniform(47.7, 48.3, 3_000), rng.uniform(10.6, 11.4, 3_000)
    clear = np.abs(circle.depths_m(lat, lng)) > 50.0
    assert (ring.contains(lat, lng) == circle.contains(lat, lng))[clear].all()
    assert ring.depths_m(lat, lng)[clear] == pytest.approx(
        circle.depths_m(lat, lng)[clear], rel=0.01, abs=2.0
    )


@pytest.mark.parametrize("shape", [FIJI, Circle(-17.5, 180.0, 50_000.0)])
def test_it_is_one_place_on_both_sides_of_180_degrees(shape: Shape) -> None:
    lat = [-17.5] * 6
    lng = [179.9, -179.9, 180.0, -180.0, 178.0, -178.0]
    assert shape.contains(lat, lng).tolist() == [True] * 4 + [False] * 2
    east, west = shape.depth_m(-17.5, 179.9), shape.depth_m(-17.5, -179.9)
    assert east == pytest.approx(west, rel=1e-6)
    assert abs(abs(shape.centre[1]) - 180.0) < 1e-9
    assert shape.gauge(1_000.0)(-17.5, -179.9) == pytest.approx(west)


def test_a_gauge_looks_no_farther_than_it_should() -> None:
    for shape in (TOWN, SQUARE):
        measure = shape.gauge(1_000.0)
        assert measure(52.0, 13.001) == shape.depth_m(52.0, 13.001)
        south = shape.box.south
        assert measure(south - 9 * STEP, 13.005) == shape.depth_m(south - 9 * STEP, 13.005)
        assert measure(south - 11 * STEP, 13.005) == -math.inf
        assert measure(52.0, -13.0) == -math.inf
        assert measure(NAN, 13.0) == -math.inf


def test_where_it_crosses_itself_it_is_outside_of_nothing() -> None:
    assert BOW.problem == ""
    assert BOW.contains([0.2, 0.8, 0.5, 0.5], [0.5, 0.5, 0.9, 0.1]).tolist() == [
        False,
        False,
        True,
        True,
    ]


def test_the_box_of_a_circle_holds_all_of_it() -> None:
    for circle in (TOWN, Circle(70.0, -179.9, 300_000.0), Circle(84.0, 0.0, 400_000.0)):
        lat, lng = np.array(circle.outline()).T
        assert circle.box.padded(1.0).holds(lat, lng).all()
        assert np.abs(circle.depths_m(lat, lng)).max() < 1e-3
        assert circle.contains(*circle.centre).all()
    # It is widest north of its centre.
    assert Circle(70.0, 0.0, 300_000.0).box.width / 2 > 300_000 / 111_195 / math.cos(
        math.radians(70.0)
    )


def test_areas_are_those_of_geometry() -> None:
    assert TOWN.area_m2 == pytest.approx(math.pi * 500.0**2, rel=1e-6)
    high = float(distance_m(52.0, 13.0, 52.01, 13.0))
    wide = float(distance_m(52.005, 13.0, 52.005, 13.01))
    assert SQUARE.area_m2 == pytest.approx(high * wide, rel=1e-4)
    assert FIJI.area_m2 == pytest.approx(111_195.0**2 * math.cos(math.radians(17.5)), rel=1e-3)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (Circle(52.0, 13.0, 9.9), "10 m to 500 km"),
        (Circle(52.0, 13.0, 500_001.0), "10 m to 500 km"),
        (Circle(52.0, 13.0, NAN), "10 m to 500 km"),
        (Circle(NAN, 13.0, 50.0), "not a number"),
        (Circle(52.0, math.inf, 50.0), "not a number"),
        (Circle(52.0, 180.1, 50.0), "longitude 180.1 is not on the globe"),
        (Circle(100.0, 13.0, 50.0), "swapped"),
        (Circle(200.0, 13.0, 50.0), "latitude 200 is not on the globe."),
        (Circle(86.0, 13.0, 50.0), "too near to a pole"),
        (Polygon(((0.0, 0.0), (1.0, 1.0))), "3 to 2,000 points"),
        (Polygon(tuple((0.0, n / 100) for n in range(2_001))), "3 to 2,000 points"),
        (Polygon(((0.0, 0.0), (1.0, 1.0), (2.0, NAN))), "not a number"),
        (Polygon(((0.0, 0.0), (1.0, 0.0), (2.0, 0.0))), "on one line"),
        (Polygon(((80.0, 0.0), (80.0, 120.0), (80.0, -120.0))), "around a pole"),
    ],
)
def test_what_is_no_shape_says_why(shape: Shape, words: str) -> None:
    assert words in shape.problem


@pytest.mark.parametrize("shape", [Circle(0.0, 180.0, 10.0), Circle(-85.0, 0.0, 5e5), FIJI, SQUARE])
def test_what_is_a_shape_has_no_problem(shape: Shape) -> None:
    assert shape.problem == ""


def test_repeated_points_are_left_out() -> None:
    ring = [(0.0, 0.0), (0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.0, 0.0)]
    assert polygon_of(ring) == Polygon(((0.0, 0.0), (0.0, 1.0), (1.0, 1.0)))
    assert polygon_of([]) == Polygon(())
    assert polygon_of(ring).outline() == polygon_of(ring).points


def test_a_padded_box_is_never_wider_than_the_world() -> None:
    assert Box(80.0, 84.0, -170.0, 350.0).padded(100_000.0).width == 360.0


def test_what_all_shapes_must_say() -> None:
    shape = Shape()
    for ask in ("problem", "box", "centre", "area_m2"):
        with pytest.raises(NotImplementedError):
            getattr(shape, ask)
    with pytest.raises(NotImplementedError):
        shape.depths_m(0.0, 0.0)
    with pytest.raises(NotImplementedError):
        shape.outline()


def test_the_middle_of_a_polygon_is_within_its_box() -> None:
    x, y = to_world(*SQUARE.centre)
    lat, lng = to_degrees(x, y)
    assert (float(lat), float(lng)) == pytest.approx((52.005, 13.005))
