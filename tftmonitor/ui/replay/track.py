"""The slider over a replayed stretch: hours below it, and hatched where nothing was recorded."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget
from typing_extensions import override

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.ui.theme.theme import current_theme, tabular

_STEPS_MS: Final = (
    MINUTE_MS,
    5 * MINUTE_MS,
    10 * MINUTE_MS,
    30 * MINUTE_MS,
    *(hours * HOUR_MS for hours in (1, 2, 3, 6, 12, 24, 72, 168)),
)
_EDGE: Final = 10
_GROOVE: Final = 6
_LABEL_ROOM: Final = 26
_KEY_S: Final = 10
_PAGE_S: Final = 300
_KEYS: Final = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    }
)


class ReplayTrack(QAbstractSlider):
    """``moment_chosen`` carries where somebody let go of it, ms since 1970 UTC.

    ``moment_shown`` carries where it is while it is dragged. Its value is seconds from the start.
    """

    moment_chosen = Signal(object)
    moment_shown = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._start_ms = self._end_ms = 0
        self._gaps: Sequence[tuple[int, int]] = ()
        self._zone: tzinfo = UTC
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setSingleStep(_KEY_S)
        self.setPageStep(_PAGE_S)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(140)
        self.setFont(tabular(self.font()))
        self.setAccessibleName("Moment of the replay")

    def show_stretch(
        self, start_ms: int, end_ms: int, gaps: Sequence[tuple[int, int]], zone: tzinfo
    ) -> None:
        """From when to when, ms since 1970 UTC, and the stretches without anything recorded."""
        self._start_ms, self._end_ms, self._gaps, self._zone = start_ms, end_ms, gaps, zone
        self.setRange(0, max(1, (end_ms - start_ms) // SECOND_MS))
        self.update()

    def show_moment(self, now_ms: int) -> None:
        """It is so late; while somebody drags it stays in their hand."""
        if not self.isSliderDown():
            self.setValue((now_ms - self._start_ms) // SECOND_MS)

    @property
    def moment_ms(self) -> int:
        """Where it stands, ms since 1970 UTC."""
        return min(self._start_ms + self.value() * SECOND_MS, self._end_ms)

    @override
    def sizeHint(self) -> QSize:
        return QSize(420, _EDGE + _GROOVE + self.fontMetrics().height() + 12)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._drag(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._drag(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown() and event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            self.moment_chosen.emit(self.moment_ms)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.value()
        super().keyPressEvent(event)
        if event.key() in _KEYS and self.value() != before:
            self.moment_chosen.emit(self.moment_ms)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme, painter = current_theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, ground = QColor(theme.replay_ink), QColor(theme.replay)
        groove = QRectF(_EDGE, _EDGE, self.width() - 2 * _EDGE, _GROOVE)
        painter.setPen(QPen(ink, 1.0))
        painter.setBrush(ground)
        painter.drawRoundedRect(groove, 3, 3)
        played = QRectF(groove)
        played.setRight(self._x_of(self.moment_ms))
        painter.fillRect(played, ink)
        for from_ms, to_ms in self._gaps:
            left = self._x_of(from_ms)
            gap = QRectF(left, _EDGE - 3, max(2.0, self._x_of(to_ms) - left), _GROOVE + 6)
            painter.fillRect(gap, ground)
            painter.fillRect(gap, QBrush(ink, Qt.BrushStyle.BDiagPattern))
        self._paint_hours(painter, ink)
        place = QPointF(self._x_of(self.moment_ms), _EDGE + _GROOVE / 2)
        painter.setPen(QPen(ground, 2.0))
        painter.setBrush(ink)
        painter.drawEllipse(place, 7.0, 7.0)
        if self.hasFocus():
            painter.setPen(QPen(ink, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 3, 3)

    def _paint_hours(self, painter: QPainter, ink: QColor) -> None:
        metrics = self.fontMetrics()
        painter.setPen(ink)
        span_ms = max(1, self._end_ms - self._start_ms)
        room = metrics.horizontalAdvance("00:00") + _LABEL_ROOM
        least_ms = span_ms * room / max(1, self.width() - 2 * _EDGE)
        step_ms = next((step for step in _STEPS_MS if step >= least_ms), _STEPS_MS[-1])
        offset = datetime.fromtimestamp(self._start_ms / SECOND_MS, self._zone).utcoffset()
        offset_ms = round(offset.total_seconds()) * SECOND_MS if offset else 0
        at_ms = -(-(self._start_ms + offset_ms) // step_ms) * step_ms - offset_ms
        baseline = _EDGE + _GROOVE + 5 + metrics.ascent()
        while at_ms <= self._end_ms:
            x = self._x_of(at_ms)
            moment = datetime.fromtimestamp(at_ms / SECOND_MS, self._zone)
            is_day = step_ms >= 24 * HOUR_MS or (moment.hour == 0 and moment.minute == 0)
            text = f"{moment:%d %b}" if is_day else f"{moment:%H:%M}"
            width = metrics.horizontalAdvance(text)
            left = min(max(x - width / 2, 0.0), self.width() - width)
            painter.drawLine(QPointF(x, _EDGE + _GROOVE), QPointF(x, _EDGE + _GROOVE + 4))
            painter.drawText(QPointF(left, baseline + 2), text)
            at_ms += step_ms

    def _drag(self, event: QMouseEvent) -> None:
        room = max(1, self.width() - 2 * _EDGE)
        part = min(max((event.position().x() - _EDGE) / room, 0.0), 1.0)
        self.setValue(round(part * self.maximum()))
        self.moment_shown.emit(self.moment_ms)

    def _x_of(self, at_ms: int) -> float:
        span_ms = max(1, self._end_ms - self._start_ms)
        part = min(max((at_ms - self._start_ms) / span_ms, 0.0), 1.0)
        return _EDGE + part * (self.width() - 2 * _EDGE)
