"""The map of all devices: what is chosen there is chosen everywhere, and the other way round."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QToolTip, QVBoxLayout
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.geo.view import MOST_ZOOM
from tftmonitor.monitor.where.places import places
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.map.device_layer import DeviceLayer
from tftmonitor.ui.map.device_words import DeviceWords
from tftmonitor.ui.map.gestures import MapSurface
from tftmonitor.ui.map.ground_parts import BuiltInGround
from tftmonitor.ui.map.menus import MapMenus
from tftmonitor.ui.map.name_layer import NameLayer
from tftmonitor.ui.map.positions import AlarmMark, Positions
from tftmonitor.ui.map.tools import MapTools
from tftmonitor.ui.widgets.pane import Pane

_CENTRE_ZOOM: Final = 11.0
_SPOT_ZOOM: Final = 16.0
_ONE_SPOT: Final = 1e-7
"""In world units: four metres."""


class MapPane(Pane):
    """``device_selected`` and ``device_opened`` carry the key of a device."""

    device_selected = Signal(str)
    device_opened = Signal(str)

    def __init__(
        self,
        fleet: Fleet,
        clock: Clock,
        settings: SettingsStore,
        alarm_of: Callable[[str], AlarmMark],
    ) -> None:
        super().__init__()
        self._fleet, self._clock, self._settings = fleet, clock, settings
        self.positions = Positions(fleet, alarm_of)
        self.devices = DeviceLayer(self.positions)
        self.words = DeviceWords(fleet, self.positions)
        self._selected = ""
        self._follows = False
        # Until the user has moved it, the map shows whatever there is.
        self._shows_all = not settings.values.map_view
        self._missed: set[int] = set()
        self.canvas = MapSurface(
            self.devices,
            partial(NameLayer, self.devices, self.words.name),
            clock,
        )
        self.ground = BuiltInGround()
        self.canvas.below.append(self.ground)
        self.canvas.names.ground_names = self.ground.names
        self.words.place_words = places().words
        self.tools = MapTools(self.canvas, self._zoom, self.show_all, self.centre)
        self.menus = MapMenus(
            self.canvas,
            self.words,
            clock,
            self._choose,
            self._follow,
            lambda: settings.values.map_link,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas)
        self.setFocusProxy(self.canvas)
        self.canvas.setAccessibleName("Map of the devices")
        self._connect()
        self._restore()

    # what happens

    def refresh(self, rows: set[int], _added: bool = False) -> None:
        """Fleet rows have moved, or came."""
        if not self.isVisible():
            self._missed |= rows
            return
        self._ingest(rows)

    @override
    def tick(self) -> None:
        if self.positions.tick(self._clock.now_ms()):
            self.canvas.note_change()

    @override
    def apply_theme(self) -> None:
        self.tools.apply_theme()
        self.canvas.drop_looks()

    @override
    def finish(self) -> None:
        if not self._shows_all:
            latitude, longitude = self.canvas.view.middle
            view = (round(latitude, 5), round(longitude, 5), round(self.canvas.view.zoom, 2))
            self._settings.set("map_view", view)

    def alarms_changed(self, keys: Iterable[str]) -> None:
        """What these devices have open is another."""
        self.positions.set_alarms(keys)
        self.canvas.note_change()

    def set_link_down(self, down: bool) -> None:
        """Nothing here is of now while our own link is down."""
        self.devices.is_link_down = self.canvas.furniture.is_stale = down
        self.canvas.note_change()

    def set_shown(self, rows: NDArray[np.intp] | None, words: str = "") -> None:
        """Show only these rows, as the list does; None for all. ``words`` say which they are."""
        shown = np.ones(self.positions.count, np.bool_)
        if rows is not None:
            shown[:] = False
            shown[rows[rows < len(shown)]] = True
        self.canvas.is_shown = shown
        self.canvas.furniture.note = "" if rows is None else f"{len(rows)} shown: {words}"
        self.canvas.note_change()

    # the selection

    def show_device(self, key: str) -> None:
        """Mark this device as the chosen one; none for an empty key."""
        if key != self._selected:
            self.set_following(on=False)
        self._selected = key
        device = self._fleet.find(key) if key else None
        self.devices.selected = None if device is None else device.row
        self.canvas.note_change()

    def centre(self) -> None:
        """The chosen device in the middle, near enough to see what is around."""
        row = self.devices.selected
        if row is None or row >= self.positions.count or np.isnan(self.positions.x[row]):
            return
        self._shows_all = False
        latitude, longitude = self.positions.latitude[row], self.positions.longitude[row]
        zoom = max(self.canvas.view.zoom, _CENTRE_ZOOM)
        self.canvas.set_view(self.canvas.view.centred(float(latitude), float(longitude), zoom))

    def show_all(self) -> None:
        """All devices in sight, and those that come, until the user moves the map."""
        self._shows_all = True
        self.set_following(on=False)
        self._fit()

    def set_following(self, *, on: bool) -> None:
        """Keep the chosen device in the middle, until the map is dragged."""
        self._follows = on
        self.tools.follow.setChecked(on)
        if on:
            self.centre()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        rows, self._missed = self._missed, set()
        self._ingest(rows)

    def _ingest(self, rows: Iterable[int]) -> None:
        before = self.positions.count
        self.positions.ingest(rows, self._clock.now_ms())
        count = self.positions.count
        if count > before:
            self.canvas.is_shown = np.pad(
                self.canvas.is_shown, (0, count - len(self.canvas.is_shown)), constant_values=True
            )
            if self._shows_all:
                self._fit()
        self.tools.set_left_out(len(self.positions.left_out_rows()))
        if self._follows:
            self.centre()
        self.canvas.note_change()

    def _fit(self) -> None:
        positions = self.positions
        rows = ~np.isnan(positions.x) & ~self._fleet.hidden[: positions.count]
        x, y = positions.x[rows], positions.y[rows]
        self.canvas.set_view(self.canvas.view.fitted(x, y, margin=44.0, most_zoom=_CENTRE_ZOOM))

    # the canvas

    def _connect(self) -> None:
        canvas, tools = self.canvas, self.tools
        canvas.device_clicked.connect(self._choose)
        canvas.device_opened.connect(self._open)
        canvas.cluster_clicked.connect(self._open_cluster)
        canvas.hovered.connect(self._hover)
        canvas.left.connect(QToolTip.hideText)
        canvas.dragged.connect(self._take_over)
        canvas.menu_requested.connect(self.menus.open_place)
        canvas.key_chosen.connect(self._press)
        canvas.focus_moved.connect(self.menus.say)
        canvas.view_changed.connect(self._place_tools)
        canvas.resized.connect(self._follow_size)
        tools.follow.clicked.connect(lambda on: self.set_following(on=on))
        tools.left_out.clicked.connect(self._list_left_out)

    def _restore(self) -> None:
        view = self._settings.values.map_view
        if len(view) == 3:
            self.canvas.set_view(self.canvas.view.centred(*view))

    def _place_tools(self) -> None:
        self.tools.place()
        self.canvas.covered = self.tools.covered()

    def _follow_size(self) -> None:
        if self._shows_all:
            self._fit()
        elif self._follows:
            self.centre()

    def _take_over(self) -> None:
        """The user moves the map: nothing else does from now on."""
        self._shows_all = False
        if self._follows:
            self.set_following(on=False)

    def _choose(self, row: int) -> None:
        self.device_selected.emit(self._fleet.devices[row].key)

    def _open(self, row: int) -> None:
        self.device_opened.emit(self._fleet.devices[row].key)

    def _zoom(self, by: float) -> None:
        view = self.canvas.view
        self._shows_all = False
        self.canvas.set_view(view.zoomed(view.zoom + by, view.width / 2, view.height / 2))

    def _open_cluster(self, cluster: int) -> None:
        """Go nearer until it falls apart; where it cannot, list what is there."""
        rows = self.devices.rows_of(cluster)
        x, y = self.positions.x[rows], self.positions.y[rows]
        is_one_spot = max(float(np.ptp(x)), float(np.ptp(y))) < _ONE_SPOT
        if is_one_spot or self.canvas.view.zoom >= _SPOT_ZOOM:
            clusters = self.devices.clusters
            place = QPoint(round(clusters.left[cluster]), round(clusters.top[cluster]))
            self.menus.list_rows(rows.tolist(), place)
            return
        self._shows_all = False
        near = self.canvas.view.fitted(x, y, margin=70.0, most_zoom=MOST_ZOOM)
        zoom = max(near.zoom, self.canvas.view.zoom + 0.5)
        self.canvas.set_view(near.centred(*near.middle, zoom))

    def _hover(self, place: QPointF) -> None:
        self.menus.tell(place.toPoint(), self.devices.row_at(place.x(), place.y()))

    def _list_left_out(self) -> None:
        place = self.tools.left_out.geometry().topLeft()
        self.menus.list_left_out(self.positions.left_out_rows(), place)

    def _follow(self, row: int) -> None:
        self._choose(row)
        self.set_following(on=True)

    def _press(self, event: QKeyEvent) -> None:
        is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_M:
            if is_shifted:
                self.set_following(on=not self._follows)
            else:
                self.centre()
            return
        event.ignore()
