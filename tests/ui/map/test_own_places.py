"""Places of one's own: drawn by clicks or keys, named, shown with their names, hidden on demand."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from tests.ui.map.rig import BERLIN, POTSDAM, MapBench
from tftmonitor.model.geo.projection import distance_m
from tftmonitor.model.places.place import COLOURS, MOST_PLACES, Place
from tftmonitor.model.places.polygon import Polygon
from tftmonitor.model.places.shapes import Circle
from tftmonitor.model.places.store import Places
from tftmonitor.ui.map.own_places.drawing import CircleDrawing, PolygonDrawing
from tftmonitor.ui.map.own_places.tool import OwnPlacesTool

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

DEPOT = Place(key="depot", name="Depot", colour="#cf4a45", shape=Circle(*BERLIN, 3_000.0))


class Stage:
    """The map with a store of places."""

    def __init__(self, bench: MapBench, *items: Place) -> None:
        self.bench = bench
        self.places = Places(items)
        self.told: list[str] = []
        self.pages: list[str] = []
        bench.pane.add_places(self.places, self.told.append, lambda: self.pages.append("places"))
        tool = bench.pane.own_places
        assert tool is not None
        self.tool: OwnPlacesTool = tool
        bench.look_at(BERLIN, 10.0)


@pytest.fixture
def stage(bench: MapBench) -> Stage:
    return Stage(bench)


def test_a_circle_by_two_clicks_and_a_name(stage: Stage) -> None:
    bench = stage.bench
    stage.tool.draw_circle()
    drawing = bench.canvas.mode
    assert isinstance(drawing, CircleDrawing)
    bench.click(BERLIN)
    QTest.mouseMove(bench.canvas, bench.point(POTSDAM))
    assert drawing.text().startswith("radius 2")
    bench.picture()
    bench.click(POTSDAM)
    assert bench.canvas.mode is None
    assert stage.tool.bar.isVisible()
    assert not stage.tool.bar.save_button.isEnabled()
    QTest.keyClicks(stage.tool.bar.name, "  Yard <b>1</b> ")
    stage.tool.bar.colour.setCurrentIndex(2)
    QTest.keyClick(stage.tool.bar.name, Qt.Key.Key_Return)
    (place,) = stage.places.items
    assert (place.name, place.colour) == ("Yard <b>1</b>", COLOURS[2][1])
    assert isinstance(place.shape, Circle)
    wanted = float(distance_m(*BERLIN, *POTSDAM))
    assert place.shape.radius_m == pytest.approx(wanted, rel=0.02)
    assert not stage.tool.bar.isVisible()
    assert bench.chosen == []


def test_a_name_ended_by_enter_leaves_the_shown_device_alone(stage: Stage) -> None:
    bench = stage.bench
    bench.report("1", BERLIN)
    stage.tool.draw_circle()
    bench.click(BERLIN)
    bench.click(POTSDAM)
    QTest.keyClicks(stage.tool.bar.name, "Yard")
    QTest.keyClick(stage.tool.bar.name, Qt.Key.Key_Return)
    assert len(stage.places.items) == 1
    assert bench.canvas.hasFocus()
    assert bench.canvas.focused is None
    assert bench.chosen == []


def test_a_polygon_by_keys_alone(stage: Stage) -> None:
    bench = stage.bench
    stage.tool.draw_polygon()
    corners = [(52.5, 13.3), (52.5, 13.5), (52.6, 13.4), (52.9, 13.4)]
    for corner in corners:
        bench.look_at(corner, 10.0)
        bench.key(Qt.Key.Key_Space)
    bench.key(Qt.Key.Key_Backspace)
    assert isinstance(bench.canvas.mode, PolygonDrawing)
    bench.picture()
    bench.key(Qt.Key.Key_Return)
    QTest.keyClicks(stage.tool.bar.name, "Triangle")
    stage.tool.bar.save_button.click()
    (place,) = stage.places.items
    assert isinstance(place.shape, Polygon)
    assert [pytest.approx(point, abs=1e-6) for point in place.shape.points] == corners[:3]


def test_two_corners_are_no_polygon_and_esc_leaves_nothing(stage: Stage) -> None:
    bench = stage.bench
    stage.tool.draw_polygon()
    bench.click(BERLIN)
    bench.click(POTSDAM)
    bench.key(Qt.Key.Key_Return)
    modes = [bench.canvas.mode]
    bench.key(Qt.Key.Key_Escape)
    modes.append(bench.canvas.mode)
    assert isinstance(modes[0], PolygonDrawing)
    assert modes[1] is None
    assert not stage.tool.bar.isVisible()
    # One click twice on one spot is no circle, and the bar can be left as well.
    stage.tool.draw_circle()
    bench.click(BERLIN)
    bench.click(BERLIN)
    assert isinstance(bench.canvas.mode, CircleDrawing)
    bench.click(POTSDAM)
    QTest.keyClick(stage.tool.bar.name, Qt.Key.Key_Escape)
    assert not stage.tool.bar.isVisible()
    assert stage.places.items == ()


def test_places_are_painted_with_their_names_and_follow_the_store(bench: MapBench) -> None:
    stage = Stage(bench, DEPOT)
    inside = bench.color_at((52.52, 13.38))
    names = [name.text for name in bench.canvas.names.ground_names(bench.canvas.view)]
    assert names[0] == "Depot"
    assert stage.tool.layer.at(*BERLIN) == [DEPOT]
    assert stage.tool.layer.at(*POTSDAM) == []
    bench.harness.settings.set("map_places", False)
    assert bench.color_at((52.52, 13.38)) != inside
    assert "Depot" not in [n.text for n in bench.canvas.names.ground_names(bench.canvas.view)]
    bench.harness.settings.set("map_places", True)
    assert bench.color_at((52.52, 13.38)) == inside
    stage.places.remove("depot")
    assert bench.color_at((52.52, 13.38)) != inside


def test_a_place_across_180_degrees_is_one_piece(bench: MapBench) -> None:
    Stage(bench, Place(key="fiji", name="Fiji", shape=Circle(-17.0, 179.99, 20_000.0)))
    bench.look_at((-17.0, 180.0), 8.0)
    plain = QColor(bench.color_at((-17.0, 179.0)))
    assert bench.color_at((-17.0, 179.9)) != plain
    assert bench.color_at((-17.0, -179.9)) != plain
    assert bench.color_at((-17.0, -179.0)) == plain


def test_what_cannot_be_saved_is_said(bench: MapBench) -> None:
    many = [
        Place(key=f"p{number}", name="P", shape=Circle(10.0, 10.0, 50.0))
        for number in range(MOST_PLACES)
    ]
    stage = Stage(bench, *many)
    stage.tool.bar.ask(Circle(*BERLIN, 100.0))
    stage.tool.bar.name.setText("One more")
    stage.tool.bar.save_button.click()
    assert stage.told == ["There can be at most 1,000 places."]


def test_the_menu_draws_shows_and_leads_to_the_page(stage: Stage) -> None:
    menu = stage.tool.open_menu(QPoint(5, 5))
    actions = {action.text(): action for action in menu.actions() if action.text()}
    assert list(actions) == ["Draw a circle…", "Draw a polygon…", "Show places", "All places…"]
    actions["All places…"].trigger()
    assert stage.pages == ["places"]
    actions["Draw a circle…"].trigger()
    assert isinstance(stage.bench.canvas.mode, CircleDrawing)
    actions["Show places"].trigger()
    assert not stage.bench.harness.settings.values.map_places
    menu.close()
