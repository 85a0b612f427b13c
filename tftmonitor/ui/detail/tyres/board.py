"""The vehicle from above: its wheels on their axles, and below it sensors that have no wheel.

A sensor is moved with the mouse, or with the keyboard: space picks up what has the focus, and
space on a wheel puts it there. The dragging is the board's own, because that of Qt runs a loop
of events inside of one.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from tftmonitor.ui.detail.tyres.axles import wheels_of
from tftmonitor.ui.detail.tyres.places import TYRE_HEIGHT, loose_places, wheel_places
from tftmonitor.ui.detail.tyres.readings import TyreReading
from tftmonitor.ui.detail.tyres.tyre import Tyre
from tftmonitor.ui.theme.theme import current_theme

# A broken unit must not fill the tab; what is beyond stands in the tables below.
_MOST_LOOSE = 24
_LOOSE_TITLE = "Sensors without a wheel"
_ACT = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter})


class TyreBoard(QWidget):
    """``placed(sensor, wheel)`` when a sensor was put on a wheel, or with "" off its wheel.

    ``wheel_chosen(wheel)`` when another wheel has the focus.
    """

    placed = Signal(str, str)
    wheel_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.layout_name = ""
        self.wheels: dict[str, Tyre] = {}
        self.loose: list[Tyre] = []
        self.moving = ""
        self._pressed: tuple[QPoint, str] | None = None
        self._at = QPoint()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Wheels of the vehicle from above, front axle first")

    def set_layout_name(self, layout: str) -> None:
        """Show a vehicle with these axles, as ``2-4``."""
        if layout == self.layout_name:
            return
        self.layout_name = layout
        for tyre in self.wheels.values():
            tyre.deleteLater()
        self.wheels = {wheel.name: self._tyre(wheel.name) for wheel in wheels_of(layout)}
        self._place()

    def show_readings(
        self,
        readings: Sequence[TyreReading],
        wheel_of: Mapping[str, str],
        now_ms: int,
        *,
        stale: bool,
    ) -> None:
        """Show each sensor on the wheel that it was given, and all others below."""
        at = {wheel_of.get(reading.sensor, ""): reading for reading in reversed(readings)}
        for name, tyre in self.wheels.items():
            tyre.show_reading(at.get(name), now_ms, stale=stale)
        shown = {tyre.sensor for tyre in self.wheels.values()}
        rest = [reading for reading in readings if reading.sensor not in shown][:_MOST_LOOSE]
        is_other = len(rest) != len(self.loose)
        while len(self.loose) > len(rest):
            self.loose.pop().deleteLater()
        while len(self.loose) < len(rest):
            self.loose.append(self._tyre(""))
        for tyre, reading in zip(self.loose, rest, strict=True):
            tyre.show_reading(reading, now_ms, stale=stale)
        if is_other:
            self._place()

    def cancel(self) -> None:
        """What was picked up stays where it was."""
        self.moving, self._pressed = "", None
        self.unsetCursor()
        self.setAccessibleDescription("")
        self._mark(None)

    @override
    def sizeHint(self) -> QSize:
        return QSize(360, self.minimumHeight())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        tyre = self._tyre_at(event.position().toPoint())
        if tyre is None or event.button() != Qt.MouseButton.LeftButton:
            return
        tyre.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed = (event.position().toPoint(), tyre.sensor) if tyre.sensor else None

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        start, sensor = self._pressed
        self._at = event.position().toPoint()
        far = (self._at - start).manhattanLength() >= QApplication.startDragDistance()
        if far and not self.moving:
            self._pick_up(sensor)
        self._mark(self._tyre_at(self._at))
        self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_pressed, self._pressed = self._pressed, None
        if was_pressed is None or not self.moving:
            return
        target = self._tyre_at(event.position().toPoint())
        self._put_down(target.wheel if target else "")

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = next((tyre for tyre in self._tyres() if tyre.hasFocus()), None)
        if event.key() == Qt.Key.Key_Escape and self.moving:
            self.cancel()
        elif event.key() not in _ACT or focused is None:
            super().keyPressEvent(event)
        elif self.moving:
            self._put_down(focused.wheel)
        elif focused.sensor:
            self._pick_up(focused.sensor)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            # Its parts let the mouse through, and with it their own tooltips.
            tyre = self._tyre_at(event.pos())
            QToolTip.showText(event.globalPos(), tyre.toolTip() if tyre else "", self)
            return True
        return super().event(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.setPen(QPen(QColor(theme.border), 3))
        rows: dict[int, QRect] = {}
        for tyre in self.wheels.values():
            top = tyre.geometry().top()
            rows[top] = rows.get(top, QRect()).united(tyre.geometry())
        middles = [row.center() for row in rows.values()]
        for row in rows.values():
            painter.drawLine(row.left() + 9, row.center().y(), row.right() - 9, row.center().y())
        if middles:
            painter.drawLine(middles[0], middles[-1])
        if self.loose:
            painter.setPen(QColor(theme.muted_text))
            left, top = self.loose[0].geometry().left(), self.loose[0].geometry().top()
            painter.drawText(left, top - 5, _LOOSE_TITLE)

    def _tyre(self, wheel: str) -> Tyre:
        tyre = Tyre(self, wheel)
        tyre.installEventFilter(self)
        tyre.show()
        return tyre

    @override
    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if isinstance(watched, Tyre) and event.type() is QEvent.Type.FocusIn and watched.wheel:
            self.wheel_chosen.emit(watched.wheel)
        return False

    def _tyres(self) -> list[Tyre]:
        return [*self.wheels.values(), *self.loose]

    def _tyre_at(self, point: QPoint) -> Tyre | None:
        return next((tyre for tyre in self._tyres() if tyre.geometry().contains(point)), None)

    def _pick_up(self, sensor: str) -> None:
        self.moving = sensor
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.setAccessibleDescription(f"Moving sensor {sensor}: choose a wheel")

    def _put_down(self, wheel: str) -> None:
        sensor = self.moving
        self.cancel()
        self.placed.emit(sensor, wheel)

    def _mark(self, target: Tyre | None) -> None:
        for tyre in self._tyres():
            tyre.set_target(is_target=bool(self.moving) and tyre is target)

    def _place(self) -> None:
        wheels, bottom = wheel_places(self.layout_name, self.width())
        for name, box in wheels.items():
            self.wheels[name].setGeometry(box)
        boxes, bottom = loose_places(len(self.loose), self.width(), bottom)
        for tyre, box in zip(self.loose, boxes, strict=True):
            tyre.setGeometry(box)
        self.setFixedHeight(max(bottom, TYRE_HEIGHT))
        self.update()
