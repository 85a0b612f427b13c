"""How the bar of a day is painted, alike on the screen and on paper: each kind has a height."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from tftmonitor.base.clock import HOUR_MS, SECOND_MS
from tftmonitor.model.trips.spans import Doing, Quality, QualitySpan, Span
from tftmonitor.ui.theme.theme import Theme

# Parts of the height of the bar, so that nothing is told by colour alone.
_HEIGHTS: Final = {Doing.MOVING: 1.0, Doing.IDLING: 0.62, Doing.STOPPED: 0.3}
# Pixels, so that a halt of a minute is seen.
_LEAST: Final = 1.0
_LABELS_APART: Final = 12


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the times from ``start_ms`` to ``end_ms`` are, from ``left`` on over ``width``."""

    start_ms: int
    end_ms: int
    left: float
    width: float

    def x(self, time_ms: float) -> float:
        """Where a time is; those outside are at the edge."""
        share = (time_ms - self.start_ms) / (self.end_ms - self.start_ms)
        return self.left + self.width * min(max(share, 0.0), 1.0)

    def time_ms(self, x: float) -> int:
        """Which time is there; beside it the first or the last."""
        share = min(max((x - self.left) / self.width, 0.0), 1.0)
        return self.start_ms + round(share * (self.end_ms - self.start_ms))


def doing_color(doing: Doing, theme: Theme) -> QColor:
    """The ink of what a device did."""
    return QColor(
        {
            Doing.MOVING: theme.curves[0],
            Doing.IDLING: theme.curves[1],
            Doing.STOPPED: theme.muted_text,
        }.get(doing, theme.hatch)
    )


def paint_part(painter: QPainter, box: QRectF, doing: Doing, theme: Theme) -> None:
    """One part, in a box of the height of the whole bar."""
    color = doing_color(doing, theme)
    if doing is Doing.NO_DATA:
        painter.fillRect(box, QBrush(color, Qt.BrushStyle.BDiagPattern))
    elif doing is not Doing.TO_COME:
        height = box.height() * _HEIGHTS[doing]
        painter.fillRect(QRectF(box.left(), box.bottom() - height, box.width(), height), color)


def paint_bar(
    painter: QPainter, box: QRectF, scale: Scale, spans: Sequence[Span], theme: Theme
) -> None:
    """All parts, on the ground of the bar with a frame."""
    painter.fillRect(box, QColor(theme.base))
    for span in spans:
        left, right = scale.x(span.start_ms), scale.x(span.end_ms)
        part = QRectF(left, box.top(), max(right - left, _LEAST), box.height())
        paint_part(painter, part, span.doing, theme)
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.drawRect(box)


def paint_quality(
    painter: QPainter, y: float, scale: Scale, spans: Sequence[QualitySpan], theme: Theme
) -> None:
    """The thin line: whole for a fix told at once, dashed for one told later, dotted for none."""
    for span in spans:
        painter.setPen(quality_pen(span.quality, theme))
        painter.drawLine(QLineF(scale.x(span.start_ms), y, scale.x(span.end_ms), y))


def quality_pen(quality: Quality, theme: Theme) -> QPen:
    """What the line of a quality is drawn with."""
    color = theme.error if quality is Quality.NONE else theme.curves[2]
    pen = QPen(QColor(color), 3)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if quality is Quality.STORED:
        pen.setDashPattern([2.0, 1.0])
    elif quality is Quality.NONE:
        pen.setDashPattern([0.7, 1.3])
    return pen


def paint_hours(
    painter: QPainter, top: float, scale: Scale, zone: tzinfo, theme: Theme, beside: float = 0.0
) -> None:
    """A stroke at each hour, and its time where there is room; so much is free on both sides."""
    metrics = painter.fontMetrics()
    room = metrics.horizontalAdvance("24:00") + _LABELS_APART
    count = round((scale.end_ms - scale.start_ms) / HOUR_MS)
    hour_width = scale.width / max(count, 1)
    drawn = scale.left - beside - room
    step = next((step for step in (1, 2, 3, 4, 6, 12) if step * hour_width >= room), 24)
    for hour in range(count + 1):
        time_ms = scale.start_ms + hour * HOUR_MS
        x = scale.x(time_ms)
        is_labelled = hour % step == 0
        painter.setPen(QPen(QColor(theme.muted_text if is_labelled else theme.border), 1))
        painter.drawLine(QPointF(x, top), QPointF(x, top + (4 if is_labelled else 2)))
        if is_labelled:
            moment = datetime.fromtimestamp(time_ms / SECOND_MS, zone)
            text = "24:00" if time_ms >= scale.end_ms else f"{moment:%H:%M}"
            width = metrics.horizontalAdvance(text)
            left = max(x - width / 2, scale.left - beside)
            left = min(left, scale.left + scale.width + beside - width)
            if left >= drawn + _LABELS_APART / 2:
                painter.drawText(QPointF(left, top + 4 + metrics.ascent()), text)
                drawn = left + width
