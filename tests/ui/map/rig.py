"""A map on the shared harness: devices at places, and what the painted map shows."""

from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from tests.ui.harness import Harness
from tftmonitor.base.clock import SECOND_MS
from tftmonitor.model.geo.projection import to_world
from tftmonitor.ui.map.devices.positions import AlarmMark
from tftmonitor.ui.map.pane import MapPane

BERLIN = (52.52, 13.405)
POTSDAM = (52.39, 13.065)
HAMBURG = (53.55, 9.993)
SUVA = (-17.0, 179.5)


class MapBench:
    """The pane, 600 by 400, fed as by frames of the list."""

    def __init__(self, harness: Harness) -> None:
        self.harness = harness
        self.clock = harness.clock
        self.alarms: dict[str, AlarmMark] = {}
        self.pane = MapPane(
            harness.fleet,
            harness.clock,
            harness.settings,
            lambda key: self.alarms.get(key, AlarmMark(0, False)),
        )
        self.chosen: list[str] = []
        self.pane.device_selected.connect(self.chosen.append)
        self.canvas = self.pane.canvas
        harness.show(self.pane, 600, 400)
        harness.qtbot.waitExposed(self.pane)

    def report(self, key: str, place: tuple[float, float] | None, **status: Any) -> int:
        """A snapshot from a place; its row."""
        now_ms = self.clock.now_ms()
        where = {} if place is None else {"lat": place[0], "lng": place[1], "latlng_valid": True}
        full = {"date": now_ms, "location_date": now_ms, "acc": True, "speed": 50.0, **where}
        device = self.harness.send("snapshot", key, status={**full, **status})
        self.pane.refresh(*self.harness.fleet.changes.drain())
        # What comes a few milliseconds later.
        self.pane.feed.catch_up()
        return device.row

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.pane.tick()

    def look_at(self, place: tuple[float, float], zoom: float) -> None:
        self.pane.camera.shows_all = False
        self.canvas.set_view(self.canvas.view.centred(*place, zoom))

    def point(self, place: tuple[float, float]) -> QPoint:
        """Where on the canvas a place is."""
        left, top = self.canvas.view.to_screen(*to_world(*place))
        return QPoint(round(float(left)), round(float(top)))

    def click(self, place: tuple[float, float]) -> None:
        QTest.mouseClick(self.canvas, Qt.MouseButton.LeftButton, pos=self.point(place))

    def picture(self) -> QImage:
        """What is painted now, with its names placed."""
        self.canvas.place_names()
        return self.canvas.grab().toImage()

    def color_at(self, place: tuple[float, float], offset: tuple[int, int] = (0, 0)) -> QColor:
        point = self.point(place) + QPoint(*offset)
        return self.picture().pixelColor(point)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        QTest.keyClick(self.canvas, key, modifier or Qt.KeyboardModifier.NoModifier)

    @property
    def now_s(self) -> float:
        return self.clock.now_ms() / SECOND_MS
