"""The map's picture: one widget, one painter, layers from the ground up.

It knows nothing of mouse and keys (``gestures.py``) nor of what a click means (``pane.py``).
Hidden it does nothing at all; shown it arranges anew only when devices or the view have changed.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from tftmonitor.base.clock import MINUTE_MS, Clock
from tftmonitor.model.geo.label_placement import Box
from tftmonitor.model.geo.view import View
from tftmonitor.ui.map.colours import MapColours, map_colours
from tftmonitor.ui.map.devices.device_layer import DeviceLayer
from tftmonitor.ui.map.furniture import Furniture
from tftmonitor.ui.map.layer import Layer, MapFrame
from tftmonitor.ui.map.name_layer import NameLayer
from tftmonitor.ui.map.text_pictures import TextPictures
from tftmonitor.ui.theme.theme import current_theme
from tftmonitor.ui.widgets.single_shot import single_shot

_REST_MS: Final = 160
"""After so long without a move the view rests: names come, and the ground is drawn anew."""
_NAMES_EVERY_MS: Final = 1_000
_AFTER_READING_MS: Final = 4
_SAME_PLACE: Final = 8.0
"""Pixels that a sign moves before the names are placed anew."""


class MapCanvas(QWidget):
    """Paints a view; ``view_changed`` after each change of it, ``rested`` once it stands still,
    ``resized`` when it has another size.
    """

    view_changed = Signal()
    rested = Signal()
    resized = Signal()

    def __init__(
        self,
        devices: DeviceLayer,
        names: Callable[[TextPictures], NameLayer],
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.devices = devices
        self.view = View(0.53, 0.33, 3.0, 400.0, 300.0)
        self.below: list[Layer] = []
        self.above: list[Layer] = []
        self.overlay: Layer | None = None
        self.furniture = Furniture()
        self.is_shown: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self.covered: list[QRectF] = []
        # What else has no room for names, by the view.
        self.takers: list[Callable[[View], list[Box]]] = []
        self.paints = 0
        self._kept = TextPictures()
        self.names = names(self._kept)
        self._clock = clock
        self._moving = False
        self._is_arranged = False
        self._named_ms = -_NAMES_EVERY_MS
        self._look: object = None
        self._named: object = None
        self._seen: object = None
        self._rest = single_shot(self, self._come_to_rest)
        self._look_due = single_shot(self, self._look_again, _AFTER_READING_MS)
        self._names_due = single_shot(self, self._name_again, _NAMES_EVERY_MS)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)

    @property
    def moving(self) -> bool:
        """True while the user drags or zooms."""
        return self._moving

    def set_view(self, view: View, *, moving: bool = False) -> None:
        """Show another part of the world; ``moving`` when more of it is to be expected."""
        if view == self.view:
            return
        if view.zoom != self.view.zoom:
            self.names.forget_ground()
        self.view = view
        self._moving = moving
        if moving:
            self._rest.start(_REST_MS)
        else:
            self._come_to_rest()
        self.note_change()
        self.view_changed.emit()

    def note_change(self) -> None:
        """Devices moved, or look different: arrange them anew with the next paint."""
        self._is_arranged = False
        if self.isVisible():
            self.update()

    def note_devices(self) -> None:
        """Devices may have moved, or look different: paint, in a turn of its own, if that is seen.

        What is in sight is arranged for the answer, and the paint need not do it again.
        """
        self._is_arranged = False
        if self.isVisible() and not self._look_due.isActive():
            self._look_due.start()

    def _look_again(self) -> None:
        if self.isVisible():
            self.arrange()
            if self._what_is_seen() != self._seen:
                self.update()

    def _what_is_seen(self) -> object:
        now_ms = self._clock.now_ms()
        # Ages beside names are told by the minute.
        return now_ms // MINUTE_MS, self.devices.seen(self.view, now_ms)

    def arrange(self) -> None:
        """Bring what can be clicked in line with the devices, now."""
        if self._is_arranged:
            return
        self._is_arranged = True
        count = self.devices.positions.count
        shown = self.is_shown
        if len(shown) != count:
            shown = np.pad(shown[:count], (0, max(count - len(shown), 0)), constant_values=True)
        self.devices.arrange(self.view, shown)

    def place_names(self) -> None:
        """Find room for the names, now."""
        self._named_ms = self._clock.now_ms()
        self._take_look()
        self.arrange()
        taken = [*self.furniture.boxes(self.view), *map(_box, self.covered)]
        for boxes in self.takers:
            taken += boxes(self.view)
        self.names.place(self.view, taken)
        self.update()

    def _name_again(self) -> None:
        # Where nothing moves on, no paint comes that would do it.
        if self.isVisible() and not self._moving:
            self.arrange()
            self._place_names_anew()

    def _place_names_anew(self) -> None:
        """Place them where what they stand beside is another, or stands elsewhere."""
        self._named_ms = self._clock.now_ms()
        devices = self.devices
        clusters = devices.clusters
        parts = (devices.left, devices.top, clusters.left, clusters.top)
        seen = tuple((part // _SAME_PLACE).astype(np.int32).tobytes() for part in parts)
        # Ages beside names are told by the minute.
        minute = self._named_ms // MINUTE_MS
        named = (self.view, minute, devices.singles.tobytes(), *seen)
        if named != self._named:
            self._named = named
            self.place_names()

    def drop_looks(self) -> None:
        """Fonts or colours have changed: make all pictures anew."""
        self._look = None
        self._kept.clear()
        self._named_ms, self._named = -_NAMES_EVERY_MS, None
        self.note_change()

    def _come_to_rest(self) -> None:
        self._moving = False
        self._named_ms, self._named = -_NAMES_EVERY_MS, None
        if self.isVisible():
            self.update()
        self.rested.emit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_view(self.view.sized(self.width(), self.height()), moving=self.isVisible())
        self.resized.emit()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._named_ms, self._named = -_NAMES_EVERY_MS, None
        self.note_change()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self.paints += 1
        colours = self._take_look()
        self.arrange()
        self._seen = self._what_is_seen()
        if not self._moving and self._clock.now_ms() - self._named_ms >= _NAMES_EVERY_MS:
            self._place_names_anew()
        elif not self._names_due.isActive():
            self._names_due.start()
        painter = QPainter(self)
        try:
            self._paint(painter, colours)
        finally:
            # A painter that an exception leaves open takes the program with it.
            painter.end()

    def _paint(self, painter: QPainter, colours: MapColours) -> None:
        view = self.view
        frame = MapFrame(view, colours, self.devicePixelRatioF(), self._moving)
        painter.fillRect(self.rect(), QColor(colours.ground.water))
        for layer in self.below:
            layer.paint(painter, frame)
        self.names.paint_ground(painter, view)
        for layer in self.above:
            layer.paint(painter, frame)
        self.devices.paint(painter, view, self._clock.now_ms())
        self.names.paint_devices(painter)
        if self.overlay is not None:
            painter.setFont(self.font())
            self.overlay.paint(painter, frame)
        self.furniture.paint(painter, view, colours, self.font())

    def _take_look(self) -> MapColours:
        theme, ratio = current_theme(), self.devicePixelRatioF()
        colours = map_colours(theme)
        look = (theme, ratio, self.font().key())
        if look != self._look:
            self._look = look
            self._kept.clear()
            self.devices.set_look(theme, colours, self.font(), ratio, self._kept)
            self.names.set_look(colours, self.font(), ratio)
            self._named_ms, self._named = -_NAMES_EVERY_MS, None
        return colours


def _box(rect: QRectF) -> Box:
    return Box(rect.left(), rect.top(), rect.right(), rect.bottom())
