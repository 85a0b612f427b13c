"""Bars of how many alarms came in each hour or day, with the line of what can be borne."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from tftmonitor.base.clock import HOUR_MS, SECOND_MS
from tftmonitor.model.alarm_statistics import BEARABLE_AN_HOUR
from tftmonitor.ui.theme.theme import THEME, current_theme

_MOST_BARS: Final = 48
_HOURS_A_DAY: Final = 24
_AIR: Final = 4


class HourChart(QWidget):
    """One bar an hour; of a longer time one a day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.bars: list[int] = []
        self.labels: list[str] = []
        self.limit = BEARABLE_AN_HOUR
        THEME.changed.connect(self.update)

    def show_hours(self, hourly: Sequence[int], start_ms: int, zone: tzinfo) -> None:
        """Counts of hours, the first of which begins at ``start_ms``."""
        together = 1 if len(hourly) <= _MOST_BARS else _HOURS_A_DAY
        pad = -len(hourly) % together
        # The newest bar is a whole one: what is missing is missing at the beginning.
        counts = np.concatenate((np.zeros(pad, np.int64), np.array(hourly, np.int64)))
        self.bars = counts.reshape(-1, together).sum(axis=1).tolist()
        self.limit = BEARABLE_AN_HOUR * together
        first_ms = start_ms - pad * HOUR_MS
        form = "%H:%M" if together == 1 else "%a %d"
        moments = [first_ms + place * together * HOUR_MS for place in range(len(self.bars))]
        self.labels = [
            datetime.fromtimestamp(moment / SECOND_MS, zone).strftime(form) for moment in moments
        ]
        unit = "hour" if together == 1 else "day"
        self.setAccessibleName(f"Alarms an {unit}" if together == 1 else "Alarms a day")
        self.setAccessibleDescription(", ".join(map(str, self.bars)))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(400, 8 * self.fontMetrics().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, metrics = current_theme(), self.fontMetrics()
        painter.fillRect(self.rect(), QColor(theme.base))
        if not self.bars:
            painter.end()
            return
        foot, head = metrics.height() + _AIR, metrics.height() + _AIR
        room = QRectF(self.rect()).adjusted(_AIR, head, -_AIR, -foot)
        most = max(*self.bars, self.limit, 1)
        width = room.width() / len(self.bars)
        for place, count in enumerate(self.bars):
            height = room.height() * count / most
            left = room.left() + place * width
            bar = QRectF(left + 1, room.bottom() - height, max(1.0, width - 2), height)
            color = theme.critical.fill if count > self.limit else theme.curves[0]
            painter.fillRect(bar, QColor(color))
        self._draw_limit(painter, room, most)
        self._draw_labels(painter, room, width)
        painter.end()

    def _draw_limit(self, painter: QPainter, room: QRectF, most: int) -> None:
        theme = current_theme()
        y = round(room.bottom() - room.height() * self.limit / most) + 0.5
        painter.setPen(QPen(QColor(theme.muted_text), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
        painter.drawText(QPointF(room.left() + 2, y - 3), f"{self.limit}: what one person bears")

    def _draw_labels(self, painter: QPainter, room: QRectF, width: float) -> None:
        metrics = self.fontMetrics()
        painter.setPen(QColor(current_theme().muted_text))
        widest = max(metrics.horizontalAdvance(label) for label in self.labels) + 12
        step = max(1, int(np.ceil(widest / width)))
        for place in range(0, len(self.labels), step):
            at = QPointF(room.left() + place * width, room.bottom() + metrics.ascent() + 2)
            painter.drawText(at, self.labels[place])
