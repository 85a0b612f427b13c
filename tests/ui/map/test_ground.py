"""What is land and what is water in the painted ground, near and far, light and dark."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.map.ground_pictures import Place, colour_at, share_that_differs, shown, view_of
from tftmonitor.base.paths import resource
from tftmonitor.model.geo.view import View
from tftmonitor.ui.map.ground.colours import DARK_GROUND, LIGHT_GROUND, GroundColours
from tftmonitor.ui.map.ground.layer import GroundLayer
from tftmonitor.ui.theme.theme import DARK, LIGHT, Theme, contrast

LAND: dict[str, Place] = {
    "Berlin": (52.50, 13.30),
    "Kansas": (38.5, -98.5),
    "Alice Springs": (-23.7, 133.6),
    "Sahara": (24.0, 5.0),
    "Antarctica": (-80.0, 40.0),
}
WATER: dict[str, Place] = {
    "Atlantic": (35.0, -40.0),
    "Arctic": (85.0, 0.0),
    "Lake Victoria": (-1.6, 33.1),
    "Caspian Sea": (41.5, 51.0),
    "Lake Superior": (47.7, -87.5),
}
THEMES = [(LIGHT, LIGHT_GROUND), (DARK, DARK_GROUND)]


@pytest.fixture
def layer(qtbot: QtBot) -> Iterator[GroundLayer]:
    found = GroundLayer(resource("map"))
    yield found
    found.close()


@pytest.mark.parametrize("colours", [LIGHT_GROUND, DARK_GROUND])
@pytest.mark.parametrize("zoom", [2.2, 3.0, 4.5, 6.0, 8.0, 12.0])
def test_land_is_land_and_water_is_water(
    layer: GroundLayer, zoom: float, colours: GroundColours
) -> None:
    for places, colour in ((LAND, colours.land), (WATER, colours.water)):
        for name, place in places.items():
            view = view_of(place, zoom, 120, 80)
            assert colour_at(shown(layer, view, colours), view, place) == colour, name


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_places_stand_where_they_are_at_any_pixel_ratio(layer: GroundLayer, ratio: float) -> None:
    view = view_of((54.0, 9.0), 5.0, 600, 400)
    image = shown(layer, view, ratio=ratio)
    land, sea = (
        [(52.5, 13.0), (57.0, 15.0), (52.5, -1.0)],
        [(55.5, 4.5), (55.2, 17.5), (50.2, -1.0)],
    )
    assert {colour_at(image, view, place) for place in sea} == {LIGHT_GROUND.water}
    assert {colour_at(image, view, place) for place in land} == {LIGHT_GROUND.land}


@pytest.mark.parametrize("zoom", [7.0, 8.0, 10.0])
def test_lake_constance_is_water(layer: GroundLayer, zoom: float) -> None:
    # North of the border in it.
    place = (47.64, 9.35)
    view = view_of(place, zoom)
    assert colour_at(shown(layer, view), view, place) == LIGHT_GROUND.water


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_every_pixel_is_painted(layer: GroundLayer, ratio: float) -> None:
    for zoom in (1.0, 3.3, 7.0, 19.0):
        image = shown(layer, view_of((50, 10), zoom, 501, 333), ratio=ratio)
        last = image.pixelColor(image.width() - 1, image.height() - 1).name()
        assert "#ff0000" not in (image.pixelColor(0, 0).name(), last)


@pytest.mark.parametrize("middle", [179.9, -179.9])
def test_both_sides_of_180_degrees_are_there(layer: GroundLayer, middle: float) -> None:
    chukotka, cape = (67.0, 177.0), (66.5, -178.0)
    view = view_of((66.0, middle), 3.5)
    image = shown(layer, view)
    assert colour_at(image, view, chukotka) == LIGHT_GROUND.land
    assert colour_at(image, view, cape) == LIGHT_GROUND.land
    view = view_of((-17.0, middle), 6.0)
    image = shown(layer, view)
    assert colour_at(image, view, (-17.6, 178.2)) == LIGHT_GROUND.land
    assert colour_at(image, view, (-17.8, -178.0)) == LIGHT_GROUND.water


def test_no_seam_stands_at_180_degrees(layer: GroundLayer) -> None:
    view = view_of((67.5, 180.0), 6.0)
    image = shown(layer, view)
    row = {image.pixelColor(left, 150).name() for left in range(150, 250)}
    assert row == {LIGHT_GROUND.land}


def test_a_narrow_world_is_repeated_and_goes_on_at_the_poles(layer: GroundLayer) -> None:
    view = View(0.5, 0.5, 1.0, 1200, 700)
    image = shown(layer, view)
    west, south = view.to_screen(0.5 - 0.25, 0.99)
    for left in (int(west) - 512, int(west), int(west) + 512):
        if 0 <= left < 1200:
            assert image.pixelColor(left, int(south)).name() == LIGHT_GROUND.land
    assert image.pixelColor(600, 5).name() == LIGHT_GROUND.water
    assert image.pixelColor(600, 695).name() == LIGHT_GROUND.land


@pytest.mark.parametrize(("theme", "colours"), THEMES)
def test_signs_stand_out_on_land_and_water(theme: Theme, colours: GroundColours) -> None:
    inks = (theme.text, theme.muted_text, theme.accent, theme.error, theme.link_ok, *theme.curves)
    for ground in (colours.land, colours.water):
        for ink in inks:
            assert contrast(ink, ground) >= 3, (ink, ground)
        assert contrast(colours.name, ground) >= 4


@pytest.mark.parametrize(("theme", "colours"), THEMES)
def test_land_water_and_lines_are_told_apart(theme: Theme, colours: GroundColours) -> None:
    assert contrast(colours.land, colours.water) > 1.15
    lines = (colours.province, colours.river, colours.coast, colours.border)
    seen = [contrast(line, colours.land) for line in lines]
    assert min(seen) > 1.2
    assert max(seen) == seen[-1] < 3


def test_names_of_countries_are_offered(layer: GroundLayer) -> None:
    names = [name.name for name in layer.country_labels(view_of((50, 10), 4.0, 1000, 700))]
    assert {"Germany", "France", "Poland"} <= set(names)
    assert len(names) <= 60
    assert "Brazil" not in names


def test_it_says_from_which_zoom_on_it_is_coarse(layer: GroundLayer) -> None:
    assert not layer.is_coarse(view_of((50, 10), 10.0))
    assert layer.is_coarse(view_of((50, 10), 10.1))


@pytest.mark.parametrize(("zoom", "drawn"), [(6.0, True), (8.9, True), (9.1, False)])
def test_rivers_end_where_their_data_is_too_simple(
    layer: GroundLayer, zoom: float, drawn: bool
) -> None:
    # The Danube between Ulm and Regensburg.
    view = view_of((48.75, 11.4), zoom, 700, 500)
    without = shown(layer, view, replace(LIGHT_GROUND, river=LIGHT_GROUND.land))
    assert bool(share_that_differs(shown(layer, view), without)) == drawn


def test_no_line_stands_where_cells_meet(layer: GroundLayer) -> None:
    # Inner land of the Sahara, across the edges of four cells, without lines of any kind.
    for zoom in (3.0, 3.5, 7.0):
        colours = replace(LIGHT_GROUND, province=LIGHT_GROUND.land, border=LIGHT_GROUND.land)
        view = view_of((21.9, 11.25), zoom, 60, 60)
        image = shown(layer, view, colours)
        seen = {image.pixelColor(x, y).name() for x in range(60) for y in range(60)}
        assert seen == {LIGHT_GROUND.land}, zoom
