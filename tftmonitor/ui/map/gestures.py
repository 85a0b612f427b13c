"""Mouse and keys on the map: what is dragged, turned, clicked and pressed, as signals and views.

Arrows pan, plus and minus zoom, Tab goes through the devices in sight and Enter chooses one.
"""

from typing import Final

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from tftmonitor.model.geo.clustering import ALONE
from tftmonitor.model.geo.projection import to_degrees
from tftmonitor.ui.map.canvas import MapCanvas
from tftmonitor.ui.map.modes import MapMode

_NOTCH: Final = 120.0
_ZOOM_A_NOTCH: Final = 0.5
_PAN: Final = 80.0
_PANS: Final = {
    Qt.Key.Key_Left: (_PAN, 0.0),
    Qt.Key.Key_Right: (-_PAN, 0.0),
    Qt.Key.Key_Up: (0.0, _PAN),
    Qt.Key.Key_Down: (0.0, -_PAN),
}
_ZOOMS: Final = {
    Qt.Key.Key_Plus: 1.0,
    Qt.Key.Key_Equal: 1.0,
    Qt.Key.Key_Minus: -1.0,
    Qt.Key.Key_Underscore: -1.0,
}


class MapSurface(MapCanvas):
    """``device_clicked`` a row of the fleet, ``cluster_clicked`` a place in ``devices.clusters``.

    ``ground_clicked`` and ``hovered`` are pixels, ``dragged`` when the user has moved the map by
    hand, ``menu_requested`` a pixel and the row there or -1, ``key_chosen`` another key.
    ``focused`` is the row that the keyboard is on, None for none.
    """

    device_clicked = Signal(int)
    device_opened = Signal(int)
    cluster_clicked = Signal(int)
    ground_clicked = Signal(QPointF)
    hovered = Signal(QPointF)
    left = Signal()
    dragged = Signal()
    menu_requested = Signal(QPoint, int)
    key_chosen = Signal(QKeyEvent)
    focus_moved = Signal(int)

    _pressed: QPointF | None = None
    _last: QPointF | None = None
    _is_drag = False
    focused: int | None = None
    mode: MapMode | None = None

    def set_mode(self, mode: MapMode | None) -> None:
        """Let clicks mean something else from now on, or devices again."""
        former, self.mode = self.mode, mode
        if former is not None and former is not mode:
            former.cancel()
        self.overlay = mode
        self.update()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = self._last = event.position()
            self._is_drag = False
        event.accept()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        if self._pressed is None or self._last is None:
            if self.mode is not None:
                self.mode.hover(*self._degrees(place))
                self.setCursor(Qt.CursorShape.CrossCursor)
                self.hovered.emit(place)
                self.update()
                return
            self.arrange()
            is_over = self.devices.row_at(place.x(), place.y()) is not None
            is_over |= self.devices.clusters.at(place.x(), place.y()) != ALONE
            self.setCursor(
                Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.ArrowCursor
            )
            self.hovered.emit(place)
            return
        if not self._is_drag:
            way = (place - self._pressed).manhattanLength()
            if way < QApplication.startDragDistance():
                return
            self._is_drag = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit()
        step = place - self._last
        self._last = place
        self.set_view(self.view.panned(step.x(), step.y()), moving=True)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed is None:
            return
        was_drag, self._is_drag = self._is_drag, False
        self._pressed = self._last = None
        self.unsetCursor()
        if was_drag:
            self.set_view(self.view)
            return
        self._click(event.position())

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        self._pressed = None
        if self.mode is not None:
            self.mode.finish()
            self.update()
            return
        self.arrange()
        row = self.devices.row_at(place.x(), place.y())
        if row is not None:
            self.device_opened.emit(row)
        else:
            self._zoom(1.0, place)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() / _NOTCH
        if turned:
            self._zoom(turned * _ZOOM_A_NOTCH, event.position())
        event.accept()

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.arrange()
        place = event.pos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard and self.focused is not None:
            point = self.devices.point_of(self.focused)
            place = QPoint(*map(round, point)) if point is not None else place
        row = self.devices.row_at(place.x(), place.y())
        self.menu_requested.emit(place, -1 if row is None else row)
        event.accept()

    @override
    def leaveEvent(self, event: object) -> None:
        self.left.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _PANS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.dragged.emit()
            self.set_view(self.view.panned(*_PANS[key]), moving=True)
        elif key in _ZOOMS:
            self._zoom(_ZOOMS[key], QPointF(self.width() / 2, self.height() / 2))
        elif self.mode is not None and self._press_in_mode(self.mode, key):
            self.update()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.focused is not None:
            self.device_clicked.emit(self.focused)
        else:
            self.key_chosen.emit(event)

    @override
    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Tab goes through the devices in sight, and from the last one on to the next widget."""
        self.arrange()
        rows = self.devices.in_reading_order()
        if self.focused in rows:
            place = rows.index(self.focused) + (1 if is_next else -1)
        else:
            place = 0 if is_next else len(rows) - 1
        if not 0 <= place < len(rows):
            self.focused = None
            self.update()
            return super().focusNextPrevChild(is_next)
        self.focused = rows[place]
        self.focus_moved.emit(self.focused)
        self.update()
        return True

    def _press_in_mode(self, mode: MapMode, key: Qt.Key) -> bool:
        """Keys alone measure and draw as well: Space takes the middle of the map."""
        if key == Qt.Key.Key_Space:
            mode.click(*self.view.middle)
        elif key == Qt.Key.Key_Backspace:
            mode.undo()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            mode.finish()
        elif key == Qt.Key.Key_Escape:
            self.set_mode(None)
        else:
            return False
        return True

    def _degrees(self, place: QPointF) -> tuple[float, float]:
        latitude, longitude = to_degrees(*self.view.to_map(place.x(), place.y()))
        return float(latitude), float(longitude)

    def _click(self, place: QPointF) -> None:
        if self.mode is not None:
            self.mode.click(*self._degrees(place))
            self.update()
            return
        self.arrange()
        devices = self.devices
        row = devices.row_at(place.x(), place.y())
        if row is not None:
            self.device_clicked.emit(row)
            return
        cluster = devices.clusters.at(place.x(), place.y())
        if cluster != ALONE:
            self.cluster_clicked.emit(cluster)
        else:
            self.ground_clicked.emit(place)

    def _zoom(self, by: float, at: QPointF) -> None:
        self.set_view(self.view.zoomed(self.view.zoom + by, at.x(), at.y()), moving=True)
