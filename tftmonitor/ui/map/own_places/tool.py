"""Places of one's own on one map: its layer, its button, and how a drawn shape becomes a place."""

import secrets
from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from tftmonitor.model.places.place import Place
from tftmonitor.model.places.polygon import Polygon
from tftmonitor.model.places.shapes import Circle
from tftmonitor.model.places.store import Places
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.map.gestures import MapSurface
from tftmonitor.ui.map.own_places.drawing import CircleDrawing, PolygonDrawing
from tftmonitor.ui.map.own_places.layer import OwnPlacesLayer
from tftmonitor.ui.map.own_places.name_bar import NameBar


class OwnPlacesTool:
    """``report`` says in words what could not be saved, ``open_page`` shows the table of places."""

    def __init__(
        self,
        canvas: MapSurface,
        places: Places,
        settings: SettingsStore,
        report: Callable[[str], object],
        open_page: Callable[[], object],
    ) -> None:
        self._canvas, self._places, self._settings = canvas, places, settings
        self._report, self._open_page = report, open_page
        self.layer = OwnPlacesLayer(places)
        self.bar = NameBar(canvas, self._save)
        canvas.below.append(self.layer)
        places.on_change.add(canvas.drop_looks)
        settings.on_change(self._follow, "map_places")
        self._follow()

    def draw_circle(self) -> None:
        """Begin to draw a circle."""
        self._begin(CircleDrawing(self.bar.ask, self._end))

    def draw_polygon(self) -> None:
        """Begin to draw a polygon."""
        self._begin(PolygonDrawing(self.bar.ask, self._end))

    def open_menu(self, place: QPoint) -> QMenu:
        """What can be done with places."""
        menu = QMenu(self._canvas)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Draw a circle…", self.draw_circle)
        menu.addAction("Draw a polygon…", self.draw_polygon)
        menu.addSeparator()
        shown = menu.addAction("Show places")
        shown.setCheckable(True)
        shown.setChecked(self.layer.shown)
        shown.triggered.connect(lambda on: self._settings.set("map_places", on))
        menu.addAction("All places…", self._open_page)
        menu.popup(self._canvas.mapToGlobal(place))
        return menu

    def _begin(self, drawing: CircleDrawing | PolygonDrawing) -> None:
        self.bar.close_bar()
        self._canvas.set_mode(drawing)
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end(self) -> None:
        if self._canvas.mode is not None:
            self._canvas.mode = self._canvas.overlay = None
            self._canvas.unsetCursor()
            self._canvas.update()

    def _save(self, name: str, colour: str, shape: Circle | Polygon) -> None:
        place = Place(key=secrets.token_hex(6), name=name, colour=colour, shape=shape)
        try:
            self._places.add(place)
        except ValueError as error:
            self._report(str(error))

    def _follow(self) -> None:
        self.layer.shown = self._settings.values.map_places
        self._canvas.drop_looks()
