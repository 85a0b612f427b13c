"""Distances along clicks, coordinates under the pointer, pictures, the menu of the trail."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from tests.ui.map.rig import BERLIN, HAMBURG, POTSDAM, MapBench
from tftmonitor.ui.map.measuring import Measuring
from tftmonitor.ui.map.picture_export import MapPictureExport

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LEFT = Qt.MouseButton.LeftButton


def measure(bench: MapBench) -> Measuring:
    bench.pane.tools.measure.click()
    mode = bench.canvas.mode
    assert isinstance(mode, Measuring)
    return mode


def test_distance_along_clicks(bench: MapBench) -> None:
    bench.report("a", BERLIN)
    bench.look_at((52.9, 11.7), 6.5)
    mode = measure(bench)
    bench.click(BERLIN)
    bench.click(HAMBURG)
    # Berlin to Hamburg, 255 km, clicked with pixels of 700 m.
    assert mode.metres == pytest.approx(255_000, rel=0.02)
    assert mode.texts()[1].startswith("25")
    assert " km · 29" in mode.texts()[1]
    # Clicks measure, and choose nobody.
    assert bench.chosen == []
    QTest.mouseMove(bench.canvas, bench.point(POTSDAM))
    assert len(mode.texts()) == 3
    bench.key(Qt.Key.Key_Backspace)
    assert len(mode.places) == 1
    bench.picture()
    bench.key(Qt.Key.Key_Escape)
    assert bench.canvas.mode is None
    assert not bench.pane.tools.measure.isChecked()
    bench.click(BERLIN)
    assert bench.chosen == ["a"]


def test_a_double_click_keeps_the_line_and_the_button_takes_it_away(bench: MapBench) -> None:
    bench.report("a", BERLIN)
    bench.look_at((52.9, 11.7), 6.5)
    mode = measure(bench)
    bench.click(BERLIN)
    QTest.mouseDClick(bench.canvas, LEFT, pos=bench.point(HAMBURG))
    QTest.mouseMove(bench.canvas, QPoint(5, 5))
    assert len(mode.texts()) == len(mode.places)
    bench.pane.tools.measure.click()
    assert bench.canvas.mode is None
    assert mode.places == []


def test_keys_alone_measure(bench: MapBench) -> None:
    bench.report("a", BERLIN)
    bench.look_at(BERLIN, 8.0)
    mode = measure(bench)
    bench.key(Qt.Key.Key_Space)
    bench.look_at(HAMBURG, 8.0)
    bench.key(Qt.Key.Key_Space)
    bench.key(Qt.Key.Key_Return)
    assert mode.metres == pytest.approx(255_300, rel=0.005)


def test_units_of_distances_hold_here_too(bench: MapBench) -> None:
    bench.harness.settings.set("distance_unit", "mi")
    mode = Measuring(lambda: None)
    mode.click(*BERLIN)
    mode.click(*HAMBURG)
    assert mode.texts()[1].startswith("158 mi · ") or mode.texts()[1].startswith("159 mi · ")


def test_coordinates_under_the_pointer(bench: MapBench) -> None:
    bench.look_at(BERLIN, 12.0)
    label = bench.pane.pointer
    assert label.isHidden()
    bench.pane._hover(QPointF(bench.point(BERLIN)))
    assert label.text().startswith("52.5")
    assert "52°31'" in label.text()
    assert label.geometry().right() < bench.canvas.width() + 1
    bench.canvas.left.emit()
    assert label.isHidden()


class _Scope:
    """Runs what it is given at once."""

    def start(self, _name: str, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run(work)


def test_a_picture_has_scale_and_credit_and_no_buttons(bench: MapBench, tmp_path: Path) -> None:
    bench.report("a", BERLIN)
    bench.picture()
    told: list[str] = []
    export = MapPictureExport(bench.pane, told.append, _Scope())  # type: ignore[arg-type]
    export.write(tmp_path / "map.png")
    assert told == ["Saved map.png."]
    saved = QImage(str(tmp_path / "map.png"))
    assert saved.width() == bench.canvas.width() * round(bench.canvas.devicePixelRatioF())
    assert not bench.pane.tools.frame.isHidden()
    with_buttons = bench.canvas.grab().toImage()
    corner = bench.pane.tools.frame.geometry().center()
    assert with_buttons.pixelColor(corner) != saved.pixelColor(corner) or (
        with_buttons.pixelColor(corner + QPoint(0, 14)) != saved.pixelColor(corner + QPoint(0, 14))
    )
    export.write(tmp_path / "no" / "map.png")
    assert told[-1] == "The picture could not be written to map.png."


def test_length_and_colours_of_the_trail_are_chosen_on_the_map(bench: MapBench) -> None:
    menu = bench.pane.trail.open_menu(QPoint(5, 5))
    texts = {action.text(): action for action in menu.actions() if action.text()}
    checked = [text for text, action in texts.items() if action.isChecked()]
    assert checked == ["Trail of 15 minutes", "Coloured by speed"]
    texts["Of an hour"].trigger()
    texts["Coloured by ignition"].trigger()
    menu.close()
    assert bench.pane.trail.source.length_s == 3_600.0
    assert bench.pane.trail.layer.by_ignition
    assert bench.harness.settings.values.trail_minutes == 60
