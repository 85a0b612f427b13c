"""The projection against values of others: the tile numbers of OpenStreetMap, geodesic tables."""

import numpy as np
import pytest

from tftmonitor.model.geo.projection import (
    MAX_LATITUDE,
    bearing_degrees,
    distance_m,
    metres_per_pixel,
    to_degrees,
    to_world,
)

# Metres of EPSG:3857 as published by epsg.io, over the 40,075,016.6856 m of the equator.
AROUND = 40_075_016.685578488
KNOWN = [
    (52.52, 13.405, 1_492_237.77, 6_894_699.80),
    (-33.8688, 151.2093, 16_832_542.31, -4_011_200.57),
    (0.0, 0.0, 0.0, 0.0),
    (MAX_LATITUDE, 180.0, AROUND / 2, AROUND / 2),
]


@pytest.mark.parametrize(("latitude", "longitude", "east", "north"), KNOWN)
def test_known_places_stand_where_others_put_them(
    latitude: float, longitude: float, east: float, north: float
) -> None:
    x, y = to_world(latitude, longitude)
    assert float((x - 0.5) * AROUND) == pytest.approx(east, abs=120)
    assert float((0.5 - y) * AROUND) == pytest.approx(north, abs=120)


def test_tile_of_a_place_is_the_one_that_osm_numbers() -> None:
    # Berlin at zoom 10 is tile 550/335 in the slippy map's naming.
    x, y = to_world(52.52, 13.405)
    assert (int(x * 1024), int(y * 1024)) == (550, 335)


def test_degrees_come_back_and_poles_are_the_edge() -> None:
    latitudes = np.linspace(-85, 85, 35)
    longitudes = np.linspace(-180, 179.9, 35)
    back = to_degrees(*to_world(latitudes, longitudes))
    np.testing.assert_allclose(back[0], latitudes, atol=1e-9)
    np.testing.assert_allclose(back[1], longitudes, atol=1e-9)
    assert float(to_world(90.0, 0.0)[1]) == pytest.approx(0.0, abs=1e-12)
    assert float(to_world(-90.0, 0.0)[1]) == pytest.approx(1.0, abs=1e-12)
    assert np.isnan(to_world(np.nan, np.nan)).all()
    assert float(to_degrees(1.25, 0.5)[1]) == pytest.approx(-90.0)


@pytest.mark.parametrize(
    ("here", "there", "metres"),
    [
        # Great circles of a sphere of 6,371.0088 km.
        ((50.0664, -5.7147), (58.6440, -3.0701), 968_900),
        ((0.0, 179.5), (0.0, -179.5), 111_195),
        ((90.0, 0.0), (-90.0, 0.0), 20_015_115),
        ((52.5, 13.4), (52.5, 13.4), 0),
    ],
)
def test_distances(here: tuple[float, float], there: tuple[float, float], metres: float) -> None:
    assert float(distance_m(*here, *there)) == pytest.approx(metres, rel=1e-3, abs=1e-3)


def test_bearings() -> None:
    assert float(bearing_degrees(0, 0, 1, 0)) == pytest.approx(0)
    assert float(bearing_degrees(0, 0, 0, 1)) == pytest.approx(90)
    assert float(bearing_degrees(0, 179, 0, -179)) == pytest.approx(90)
    assert float(bearing_degrees(50.0664, -5.7147, 58.6440, -3.0701)) == pytest.approx(
        9.12, abs=0.1
    )


def test_a_pixel_of_zoom_0_is_156_km_at_the_equator() -> None:
    assert metres_per_pixel(0.0, 0.0) == pytest.approx(156_368, rel=1e-3)
    assert metres_per_pixel(60.0, 0.0) == pytest.approx(156_368 / 2, rel=1e-3)
