"""The picture of the axles from above: a wheel a sensor, which can be dragged to its place."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from tftmonitor.model.fields.formatting import format_number
from tftmonitor.ui.detail.record_model import PRESSURE_UNITS
from tftmonitor.ui.detail.tyres.wheel_slots import AxlePlan, Tyre, slot_name
from tftmonitor.ui.theme.theme import THEME, current_theme

# Two columns of wheels and two of loose tyres fit beside each other in a narrow window.
_WHEEL: Final = QSize(94, 62)
_GAP: Final = 14
_AXLE: Final = 34
# Between the vehicle and the tyres that are not on it yet.
_APART: Final = 22
_RADIUS: Final = 8
_DRAG: Final = 6
_NOTHING: Final = AxlePlan(0, {}, ())


class AxleView(QWidget):
    """``moved`` carries a sensor and the slot that it was dropped on."""

    moved = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._plan = _NOTHING
        self._unit = "kPa"
        self._pressed: QPointF | None = None
        self._dragged: Tyre | None = None
        self._at = QPointF()
        THEME.changed.connect(self.update)

    def show_plan(self, plan: AxlePlan, unit: str) -> None:
        """Show these tyres; ``unit`` is one of ``PRESSURE_UNITS``."""
        if (plan, unit) == (self._plan, self._unit):
            return
        self._plan, self._unit = plan, unit
        self.setVisible(bool(plan.placed or plan.loose))
        self.updateGeometry()
        self.setAccessibleName("Wheels")
        said = [f"{slot_name(slot)}: {self.words(t)}" for slot, t in sorted(plan.placed.items())]
        said += [f"not bound to a wheel: {self.words(tyre)}" for tyre in plan.loose]
        self.setAccessibleDescription("; ".join(said))
        self.update()

    def words(self, tyre: Tyre) -> str:
        """All of a tyre as one line: pressure, temperature, battery, status."""
        parts = [self._pressure(tyre), _celsius(tyre), tyre.status]
        if tyre.battery_v is not None:
            low = ", low" if tyre.is_battery_low else ""
            parts.append(f"battery {format_number(tyre.battery_v, 2)} V{low}")
        return ", ".join(part for part in parts if part)

    def box_of(self, slot: int) -> QRectF:
        """Where a wheel stands."""
        axle, side = divmod(slot, 2)
        left = side * (_WHEEL.width() + _AXLE)
        top = axle * (_WHEEL.height() + _GAP)
        return QRectF(left + 1, top + 1, _WHEEL.width(), _WHEEL.height())

    def box_of_loose(self, place: int) -> QRectF:
        """Where a tyre stands that is bound to no wheel: beside the vehicle."""
        row, column = divmod(place, self._columns())
        left = 2 * _WHEEL.width() + _AXLE + _APART + column * (_WHEEL.width() + _GAP)
        top = row * (_WHEEL.height() + _GAP)
        return QRectF(left + 1, top + 1, _WHEEL.width(), _WHEEL.height())

    def _columns(self) -> int:
        """Two columns of loose tyres, one for a few; never by the width, which hangs on this."""
        return 2 if len(self._plan.loose) > max(1, self._plan.axles) else 1

    @override
    def sizeHint(self) -> QSize:
        rows = max(self._plan.axles, -(-len(self._plan.loose) // self._columns()), 1)
        width = 2 * _WHEEL.width() + _AXLE + 2
        if self._plan.loose:
            width += _APART + self._columns() * (_WHEEL.width() + _GAP) - _GAP
        return QSize(width, rows * (_WHEEL.height() + _GAP))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position()
        self._dragged = None

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        apart = event.position() - self._pressed
        if self._dragged is None and apart.manhattanLength() >= _DRAG:
            self._dragged = self._tyre_at(self._pressed)
        self._at = event.position()
        self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        tyre, self._dragged, self._pressed = self._dragged, None, None
        if tyre is not None:
            for slot in range(2 * self._plan.axles):
                if self.box_of(slot).contains(event.position()):
                    self.moved.emit(tyre.sensor, slot)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current_theme()
        for axle in range(self._plan.axles):
            left, right = self.box_of(2 * axle), self.box_of(2 * axle + 1)
            painter.setPen(QPen(QColor(theme.border), 6))
            painter.drawLine(
                QPointF(left.right(), left.center().y()), QPointF(right.left(), left.center().y())
            )
        for slot in range(2 * self._plan.axles):
            self._paint_wheel(
                painter, self.box_of(slot), self._plan.placed.get(slot), slot_name(slot)
            )
        for place, tyre in enumerate(self._plan.loose):
            box = self.box_of_loose(place)
            self._paint_wheel(painter, box, tyre, "not bound")
        if self._dragged is not None:
            box = QRectF(self._at.x() - 40, self._at.y() - 12, 80, 24)
            self._paint_wheel(painter, box, self._dragged, "")
        painter.end()

    def _paint_wheel(self, painter: QPainter, box: QRectF, tyre: Tyre | None, name: str) -> None:
        theme = current_theme()
        bad = tyre is not None and tyre.is_bad
        ground = theme.critical.fill if bad else theme.base
        ink = theme.critical.ink if bad else theme.text
        dashed = Qt.PenStyle.SolidLine if tyre is not None else Qt.PenStyle.DashLine
        painter.setPen(QPen(QColor(theme.muted_text), 1, dashed))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        inner = box.adjusted(7, 3, -7, -3)
        line = painter.fontMetrics().height()
        painter.setPen(QColor(ink if bad else theme.muted_text))
        centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(inner, centre, name)
        if tyre is None:
            return
        painter.setPen(QColor(ink))
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(inner.adjusted(0, line if name else 0, 0, 0), centre, self._pressure(tyre))
        font.setBold(False)
        painter.setFont(font)
        marks = [
            _celsius(tyre),
            "LEAK" if bad else "",
            "battery low" if tyre.is_battery_low else "",
        ]
        text = "  ".join(mark for mark in marks if mark)
        painter.drawText(inner.adjusted(0, 2 * line, 0, 0), centre, text)

    def _tyre_at(self, place: QPointF) -> Tyre | None:
        for slot, tyre in self._plan.placed.items():
            if self.box_of(slot).contains(place):
                return tyre
        for number, tyre in enumerate(self._plan.loose):
            if self.box_of_loose(number).contains(place):
                return tyre
        return None

    def _pressure(self, tyre: Tyre) -> str:
        if tyre.pressure_kpa is None:
            return "no pressure"
        factor, digits = PRESSURE_UNITS.get(self._unit, PRESSURE_UNITS["kPa"])
        return f"{format_number(tyre.pressure_kpa * factor, digits)} {self._unit}"


def _celsius(tyre: Tyre) -> str:
    return "" if tyre.temperature_c is None else f"{format_number(tyre.temperature_c, 0)} °C"
