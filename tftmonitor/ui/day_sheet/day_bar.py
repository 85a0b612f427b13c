"""The bar of a day: what the device did, how well that is known, and the alarms above it."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from tftmonitor.monitor.days.day_record import DayRecord
from tftmonitor.ui.day_sheet.alarms_of_day import DayAlarm
from tftmonitor.ui.day_sheet.bar_painting import Scale, paint_bar, paint_hours, paint_quality
from tftmonitor.ui.day_sheet.wording import DOING_WORDS, clock_text, length_text
from tftmonitor.ui.theme.icons import severity_icon
from tftmonitor.ui.theme.theme import THEME, current_theme

_SIDE, _SIGN, _BAR, _UNDER = 18, 14, 34, 8
# Pixels that a press moves before it is a drag.
_DRAG: Final = 4
# More parts have no words of their own for screen readers; the table has every trip and stop.
_MOST_PARTS: Final = 200


class DayBar(QWidget):
    """``moment_chosen`` carries the time that was clicked on, ``stretch_chosen`` what was dragged
    over, both in ms since 1970.
    """

    moment_chosen = Signal(object)
    stretch_chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._record: DayRecord | None = None
        self._alarms: Sequence[DayAlarm] = ()
        self.stretch: tuple[int, int] | None = None
        self._pressed_x: float | None = None
        self.parts: list[QWidget] = []
        self.setAccessibleName("Day bar")
        THEME.changed.connect(self.update)

    def show_day(self, record: DayRecord | None) -> None:
        """Show the day of this record, without a chosen stretch; nothing for None."""
        self._record, self._alarms, self.stretch = record, (), None
        self._name_parts()
        self.update()

    def show_alarms(self, alarms: Sequence[DayAlarm]) -> None:
        """Mark these above the bar."""
        self._alarms = alarms
        self.update()

    def show_stretch(self, stretch: tuple[int, int] | None) -> None:
        """Mark what is chosen, in ms since 1970."""
        self.stretch = stretch
        self.update()

    @property
    def scale_of_day(self) -> Scale | None:
        """Where which time is, None without a day."""
        if self._record is None:
            return None
        sums = self._record.sums
        return Scale(sums.start_ms, sums.end_ms, _SIDE, max(self.width() - 2 * _SIDE, 1))

    @override
    def sizeHint(self) -> QSize:
        return QSize(600, _SIGN + 2 + _BAR + _UNDER + 6 + self.fontMetrics().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        record, scale = self._record, self.scale_of_day
        if record is None or scale is None:
            return
        painter, theme = QPainter(self), current_theme()
        box = self._box(scale)
        paint_bar(painter, box, scale, record.spans, theme)
        paint_quality(painter, box.bottom() + _UNDER / 2, scale, record.quality, theme)
        paint_hours(painter, box.bottom() + _UNDER, scale, record.zone, theme, _SIDE)
        for alarm in self._alarms:
            x = round(scale.x(alarm.at_ms)) - _SIGN // 2
            severity_icon(alarm.severity, _SIGN).paint(painter, x, 0, _SIGN, _SIGN)
        if self.stretch is not None:
            left, right = map(scale.x, self.stretch)
            painter.setPen(QPen(QColor(theme.text), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            chosen = QRectF(left, box.top() - 2, max(right - left, 2.0), box.height() + 4)
            painter.drawRect(chosen)
        painter.end()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_parts()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._record is not None:
            self._pressed_x = event.position().x()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        stretch = self._dragged(event)
        if stretch is not None:
            self.show_stretch(stretch)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        stretch, scale, at = self._dragged(event), self.scale_of_day, self._pressed_x
        self._pressed_x = None
        if stretch is not None:
            self.stretch_chosen.emit(*stretch)
        elif scale is not None and at is not None:
            self.moment_chosen.emit(scale.time_ms(at))

    def _dragged(self, event: QMouseEvent) -> tuple[int, int] | None:
        """The stretch from the press to here, None while that is no drag."""
        scale, x = self.scale_of_day, event.position().x()
        if scale is None or self._pressed_x is None or abs(x - self._pressed_x) < _DRAG:
            return None
        begin, end = sorted((scale.time_ms(self._pressed_x), scale.time_ms(x)))
        return (begin, end) if begin < end else None

    def _box(self, scale: Scale) -> QRectF:
        return QRectF(scale.left, _SIGN + 2, scale.width, _BAR)

    def _name_parts(self) -> None:
        """A child for each part, which paints nothing: screen readers read what it is called."""
        for part in self.parts:
            part.deleteLater()
        self.parts = []
        record = self._record
        if record is None:
            self.setAccessibleDescription("")
            return
        spans = record.spans[:_MOST_PARTS]
        for span in spans:
            part = QWidget(self)
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            begin, end = (
                clock_text(time_ms, record.zone, record.sheet.day)
                for time_ms in (span.start_ms, span.end_ms)
            )
            length = length_text(span.end_ms - span.start_ms)
            part.setAccessibleName(f"{DOING_WORDS[span.doing]}, {begin} to {end}, {length}")
            part.show()
            self.parts.append(part)
        self.setAccessibleDescription(
            "; ".join(part.accessibleName() for part in self.parts)
            if len(spans) == len(record.spans)
            else f"{len(record.spans)} parts"
        )
        self._place_parts()

    def _place_parts(self) -> None:
        record, scale = self._record, self.scale_of_day
        if record is None or scale is None:
            return
        box = self._box(scale)
        for part, span in zip(self.parts, record.spans, strict=False):
            left, right = scale.x(span.start_ms), scale.x(span.end_ms)
            part.setGeometry(
                QRectF(left, box.top(), max(right - left, 1.0), box.height()).toAlignedRect()
            )
