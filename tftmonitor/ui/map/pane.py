"""The map of all devices: what is chosen there is chosen everywhere, and the other way round."""

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QToolTip, QVBoxLayout
from typing_extensions import override

from tftmonitor.base.clock import MINUTE_MS, Clock
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.places.store import Places
from tftmonitor.monitor.where.places import places
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.map.camera import Camera
from tftmonitor.ui.map.devices.device_layer import DeviceLayer
from tftmonitor.ui.map.devices.device_words import DeviceWords
from tftmonitor.ui.map.devices.position_feed import PositionFeed
from tftmonitor.ui.map.devices.positions import AlarmMark, Positions
from tftmonitor.ui.map.gestures import MapSurface
from tftmonitor.ui.map.ground_parts import BuiltInGround
from tftmonitor.ui.map.measuring import Measuring
from tftmonitor.ui.map.menus import MapMenus
from tftmonitor.ui.map.name_layer import NameLayer
from tftmonitor.ui.map.own_places.tool import OwnPlacesTool
from tftmonitor.ui.map.pointer_label import PointerLabel
from tftmonitor.ui.map.tools import MapTools
from tftmonitor.ui.map.trail.tool import TrailTool
from tftmonitor.ui.widgets.pane import Pane


class MapPane(Pane):
    """``device_selected`` and ``device_opened`` carry the key of a device."""

    device_selected = Signal(str)
    device_opened = Signal(str)
    streets_requested = Signal()

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
        self._minute = 0
        self.own_places: OwnPlacesTool | None = None
        self.feed = PositionFeed(self.positions, clock, self.isVisible, self)
        self.feed.has_read.connect(self._show_read)
        self.canvas = MapSurface(
            self.devices,
            partial(NameLayer, self.devices, lambda row: self.words.label(row, clock.now_ms())),
            clock,
        )
        self.ground = BuiltInGround()
        self.canvas.below.append(self.ground)
        self.canvas.names.ground_names = self.ground.names
        self.words.place_words = places().words
        self.trail = TrailTool(self.canvas, fleet, settings)
        camera = self.camera = Camera(self.canvas, fleet, settings.values.map_view)
        self.tools = MapTools(self.canvas, camera.zoom, camera.show_all, camera.centre)
        self.menus = MapMenus(
            self.canvas,
            self.words,
            clock,
            self._choose,
            self._follow,
            settings,
        )
        self.pointer = PointerLabel(self.canvas)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas)
        self.setFocusProxy(self.canvas)
        self.canvas.setAccessibleName("Map of the devices")
        self._connect()
        settings.on_change(self.canvas.drop_looks, "distance_unit", "speed_unit")

    # what happens

    def refresh(self, rows: set[int], _added: bool = False) -> None:
        """Fleet rows have moved, or came."""
        self.feed.note(rows)

    @override
    def tick(self) -> None:
        now_ms = self._clock.now_ms()
        is_other = self.positions.tick(now_ms)
        # Ages beside names are told by the minute.
        is_other |= now_ms // MINUTE_MS != self._minute
        self._minute = now_ms // MINUTE_MS
        if self.trail.source.update():
            self.canvas.note_change()
        elif is_other:
            self.canvas.note_devices()

    @override
    def apply_theme(self) -> None:
        self.tools.apply_theme()
        self.canvas.drop_looks()

    @override
    def finish(self) -> None:
        self._settings.set("map_view", self.camera.saved())

    def alarms_changed(self, keys: Iterable[str]) -> None:
        """What these devices have open is another."""
        self.positions.set_alarms(keys)
        self.canvas.note_devices()

    def add_places(
        self, places: Places, report: Callable[[str], object], open_page: Callable[[], object]
    ) -> None:
        """Show the user's own places, and let them be drawn."""
        tool = OwnPlacesTool(self.canvas, places, self._settings, report, open_page)
        self.own_places = tool
        self.canvas.names.ground_names = lambda view: [
            *tool.layer.names(view),
            *self.ground.names(view),
        ]
        corner = self.tools.frame.geometry
        self.tools.places.clicked.connect(lambda: tool.open_menu(corner().bottomLeft()))

    def set_link_down(self, down: bool) -> None:
        """Nothing here is of now while our own link is down."""
        self.devices.is_link_down = self.canvas.furniture.is_stale = down
        self.canvas.note_change()

    def set_shown(self, rows: NDArray[np.intp] | None, words: str = "") -> None:
        """Show only these rows, as the list does; None for all. ``words`` say which they are."""
        note = "" if rows is None else f"{len(rows)} shown: {words}"
        shown = np.full(self.positions.count, rows is None)
        if rows is not None:
            shown[rows[rows < len(shown)]] = True
        canvas = self.canvas
        # The list says it with each of its frames, and each change is a picture of its own.
        if note != canvas.furniture.note or not np.array_equal(shown, canvas.is_shown):
            has_other_note = note != canvas.furniture.note
            canvas.is_shown, canvas.furniture.note = shown, note
            if has_other_note:
                canvas.note_change()
            else:
                # In the turn in which the list is painted, too.
                canvas.note_devices()

    # the selection

    def show_device(self, key: str) -> None:
        """Mark this device as the chosen one; none for an empty key."""
        if key != self._selected:
            self.camera.set_following(on=False)
        self._selected = key
        device = self._fleet.find(key) if key else None
        self.devices.selected = None if device is None else device.row
        if device is not self.trail.source.device:
            self.trail.source.show(device)
        self.canvas.note_change()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.feed.catch_up()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        # Its picture is megabytes, and is painted anew in milliseconds.
        self.ground.forget()

    def _show_read(self, has_new: bool) -> None:
        self.tools.set_left_out(len(self.positions.left_out_rows()))
        self.camera.note_devices(has_new=has_new)
        self.canvas.note_devices()

    # the canvas

    def _connect(self) -> None:
        canvas, tools = self.canvas, self.tools
        canvas.device_clicked.connect(self._choose)
        canvas.device_opened.connect(self._open)
        canvas.cluster_clicked.connect(self._open_cluster)
        canvas.hovered.connect(self._hover)
        canvas.left.connect(QToolTip.hideText)
        canvas.left.connect(self.pointer.hide)
        tools.trail.clicked.connect(
            lambda: self.trail.open_menu(tools.frame.geometry().bottomLeft())
        )
        tools.measure.clicked.connect(self._measure)
        canvas.menu_requested.connect(self.menus.open_place)
        canvas.key_chosen.connect(self._press)
        canvas.focus_moved.connect(self.menus.say)
        canvas.view_changed.connect(self._place_tools)
        tools.follow.clicked.connect(lambda on: self.camera.set_following(on=on))
        self.camera.following_changed.connect(tools.follow.setChecked)
        tools.left_out.clicked.connect(self._list_left_out)
        tools.coarse.clicked.connect(self.streets_requested)
        self._settings.on_change(self._place_tools, "streets")

    def _place_tools(self) -> None:
        has_streets = self._settings.values.streets != "none"
        coarse = self.ground.is_coarse(self.canvas.view) and not has_streets
        self.tools.set_coarse(coarse=coarse)
        self.tools.place()
        self.canvas.covered = self.tools.covered()

    def _choose(self, row: int) -> None:
        self.device_selected.emit(self._fleet.devices[row].key)

    def _open(self, row: int) -> None:
        self.device_opened.emit(self._fleet.devices[row].key)

    def _open_cluster(self, cluster: int) -> None:
        """Go nearer until it falls apart; where it cannot, list what is there."""
        rows = self.devices.rows_of(cluster)
        if not self.camera.open_rows(rows):
            clusters = self.devices.clusters
            place = QPoint(round(clusters.left[cluster]), round(clusters.top[cluster]))
            self.menus.list_rows(rows.tolist(), place)

    def _measure(self, on: bool) -> None:
        """Begin to measure, or forget what was measured."""
        mode = Measuring(lambda: self.tools.measure.setChecked(False)) if on else None
        self.canvas.set_mode(mode)
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def grab_picture(self) -> QImage:
        """What is seen, with scale and credit and without buttons."""
        tools = self.tools
        buttons = [tools.frame, tools.left_out, tools.coarse, self.pointer]
        shown = [button for button in buttons if not button.isHidden()]
        for button in shown:
            button.hide()
        picture = self.canvas.grab().toImage()
        for button in shown:
            button.show()
        return picture

    def _hover(self, place: QPointF) -> None:
        self.pointer.show_place(place)
        if self.canvas.mode is not None:
            return
        self.menus.tell(place.toPoint(), self.devices.row_at(place.x(), place.y()))

    def _list_left_out(self) -> None:
        place = self.tools.left_out.geometry().topLeft()
        self.menus.list_left_out(self.positions.left_out_rows().tolist(), place)

    def _follow(self, row: int) -> None:
        self._choose(row)
        self.camera.set_following(on=True)

    def _press(self, event: QKeyEvent) -> None:
        is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_M:
            if is_shifted:
                self.camera.set_following(on=not self.camera.is_following)
            else:
                self.camera.centre()
            return
        event.ignore()
