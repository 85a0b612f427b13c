"""What lies behind and before the curves of one plot: grid, labels, hatching, dots, texts."""

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from tftmonitor.ui.plots.numbers.ticks import Tick, time_ticks, value_ticks
from tftmonitor.ui.plots.time_scale import View
from tftmonitor.ui.theme.theme import Theme, current_theme

# A time label with its space is about this many digits wide.
_DIGITS_A_TIME = 10
# From label to label, in heights of a line.
_LINES_A_TICK = 1.1
# Radius in pixels of the newest sample, and of one without a line.
_DOT = 2.5
_LONE_DOT = 2.0


def time_tick_count(view: View, digit_width: float) -> int:
    """How many labels of the time axis have room."""
    return max(2, int(view.width / (digit_width * _DIGITS_A_TIME)))


class _Scenery(QGraphicsItem):
    """An item over the whole scene, in pixels."""

    def __init__(self, layer: float) -> None:
        super().__init__()
        self.setZValue(layer)
        self.whole = QRectF()
        self.area = QRectF()
        self.view = View()
        self.low, self.high = 0.0, 1.0

    def place(self, whole: QRectF, area: QRectF) -> bool:
        """Take the sizes of the scene and of the plot in it; True when they are others."""
        if whole == self.whole and area == self.area:
            return False
        self.prepareGeometryChange()
        self.whole, self.area = whole, area
        self.update()
        return True

    def y_of(self, value: float) -> float:
        """The pixel of a value."""
        share = (value - self.low) / (self.high - self.low)
        return self.area.bottom() - share * self.area.height()

    @override
    def boundingRect(self) -> QRectF:
        return self.whole


class Backdrop(_Scenery):
    """Grid, value labels, blind intervals; kept as a pixmap while the frame stands still."""

    def __init__(self) -> None:
        super().__init__(-1000)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._facts: tuple[object, ...] = ()
        self._labelled = True
        self._right: tuple[float, float] | None = None
        self._right_color = ""

    def set_right(self, right: tuple[float, float] | None, color: str) -> None:
        """Another scale over the same height, at the right, or none."""
        self._right, self._right_color = right, color

    def set_frame(self, view: View, low: float, high: float, labelled: bool) -> None:
        """Redraw when anything that lies here has changed."""
        blind = tuple(view.blind_spans)
        marks = tuple(x for x, _ in view.shown_marks)
        ends = (view.start, view.end, view.left, view.right, low, high)
        facts = (*ends, view.zone, labelled, blind, marks, self._right, self._right_color)
        self._labelled = labelled
        self.view, self.low, self.high = view, low, high
        if facts != self._facts:
            self._facts = facts
            self.update()

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        theme = current_theme()
        self._paint_grid(painter, theme)
        self._paint_blind(painter, theme)
        painter.setPen(QPen(QColor(theme.border), 0, Qt.PenStyle.DotLine))
        for x, _ in self.view.shown_marks:
            painter.drawLine(QLineF(x, 0, x, self.area.bottom()))
        painter.setPen(QPen(QColor(theme.border), 0))
        painter.drawLine(self.area.bottomLeft(), self.area.bottomRight())

    def value_ticks(self, line_height: float, *, right: bool = False) -> list[Tick]:
        """The labels of an axis, in lines of this height.

        As many as can be read: what matters may be a small part of the range.
        """
        most = self.area.height() / (_LINES_A_TICK * line_height)
        low, high = (self._right if right else None) or (self.low, self.high)
        return value_ticks(low, high, most)

    def _paint_grid(self, painter: QPainter, theme: Theme) -> None:
        metrics = painter.fontMetrics()
        area, grid, ink = self.area, QPen(QColor(theme.grid), 0), QPen(QColor(theme.muted_text))
        painter.setPen(grid)
        digit = metrics.horizontalAdvance("0")
        count = time_tick_count(self.view, digit)
        for tick in time_ticks(self.view.start, self.view.end, count, self.view.zone):
            x = round(self.view.x_of(tick.place))
            painter.drawLine(QLineF(x, area.top(), x, area.bottom()))
        height = metrics.height()
        if not self._labelled:
            return
        for tick in self.value_ticks(height):
            y = round(self.y_of(tick.place))
            painter.setPen(grid)
            painter.drawLine(QLineF(area.left(), y, area.right(), y))
            painter.setPen(ink)
            box = QRectF(0, y - height / 2, area.left() - 6, height)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            # With its first digits cut off it would be another number.
            cut = metrics.elidedText(tick.label, Qt.TextElideMode.ElideRight, int(box.width()))
            painter.drawText(box, int(flags), cut)

        if self._right is not None:
            self._paint_right(painter, height, *self._right)

    def _paint_right(self, painter: QPainter, height: float, low: float, high: float) -> None:
        painter.setPen(QColor(self._right_color))
        left = self.area.right() + 6
        for tick in self.value_ticks(height, right=True):
            y = round(self.area.bottom() - (tick.place - low) / (high - low) * self.area.height())
            box = QRectF(left, y - height / 2, self.whole.right() - left, height)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), tick.label)

    def _paint_blind(self, painter: QPainter, theme: Theme) -> None:
        brush = QBrush(QColor(theme.hatch), Qt.BrushStyle.BDiagPattern)
        for left, right in self.view.blind_spans:
            painter.fillRect(QRectF(left, 0, right - left, self.area.bottom()), brush)


class Foreground(_Scenery):
    """End dots, lone samples, the crosshair, and text where there is nothing to draw."""

    def __init__(self) -> None:
        super().__init__(1000)
        self._colors: tuple[str, ...] = ()
        self._ends: tuple[tuple[float, float] | None, ...] = ()
        self._lone: tuple[Sequence[tuple[float, float]], ...] = ()
        self._text = ""

    @property
    def text(self) -> str:
        """The text in the middle, empty when there is something to see."""
        return self._text

    def set_colors(self, colors: Sequence[str]) -> None:
        """One colour a curve."""
        self._colors = tuple(colors)
        self.update()

    def set_frame(self, view: View, low: float, high: float) -> None:
        """Take the frame; only the strips under a moving crosshair are painted again."""
        cursor, self.view = self.view.cursor, view
        self.low, self.high = low, high
        if cursor != view.cursor:
            for time_s in (cursor, view.cursor):
                if time_s is not None:
                    x = view.x_of(time_s)
                    self.update(QRectF(x - 2, 0, 4, self.whole.height()))

    def set_points(
        self,
        ends: Sequence[tuple[float, float] | None],
        lone: Sequence[Sequence[tuple[float, float]]],
        text: str,
    ) -> None:
        """The last sample and the lone samples (time, value) of each curve, and the text."""
        self._ends, self._lone, self._text = tuple(ends), tuple(lone), text
        self.update()

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        theme = current_theme()
        if self.view.cursor is not None:
            x = round(self.view.x_of(self.view.cursor))
            painter.setPen(QPen(QColor(theme.muted_text), 0))
            painter.drawLine(QLineF(x, 0, x, self.whole.height()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for color, end, lone in zip(self._colors, self._ends, self._lone, strict=False):
            painter.setBrush(QColor(color))
            for point in lone:
                self._dot(painter, point, _LONE_DOT)
            if end is not None:
                self._dot(painter, end, _DOT)
        if self._text:
            self._paint_text(painter, theme)

    def _paint_text(self, painter: QPainter, theme: Theme) -> None:
        flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
        # Without a pen the painter says that text has no size.
        painter.setPen(QColor(theme.muted_text))
        box = painter.boundingRect(self.area, flags, self._text)
        # The text must be read over the hatching of a blind interval.
        painter.fillRect(box.adjusted(-6, -2, 6, 2), QColor(theme.base))
        painter.drawText(self.area, flags, self._text)

    def _dot(self, painter: QPainter, point: tuple[float, float], radius: float) -> None:
        time_s, value = point
        if self.view.start <= time_s <= self.view.end and self.low <= value <= self.high:
            painter.drawEllipse(QPointF(self.view.x_of(time_s), self.y_of(value)), radius, radius)
