"""What the kinds of the bar of a day and of the line under it look like, with their lengths."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from tftmonitor.model.trips.spans import Doing, Quality
from tftmonitor.monitor.days.day_record import DayRecord
from tftmonitor.ui.day_sheet.bar_painting import paint_part, quality_pen
from tftmonitor.ui.day_sheet.wording import DOING_WORDS, length_text
from tftmonitor.ui.theme.theme import THEME, current_theme

_SIDE = 18


class BarLegend(QWidget):
    """What the kinds of the bar and of the line look like, with the length of each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.texts: list[tuple[Doing, str]] = []
        THEME.changed.connect(self.update)

    def show_day(self, record: DayRecord | None) -> None:
        """The lengths of this day."""
        lengths = dict.fromkeys(Doing, 0)
        for span in record.spans if record is not None else ():
            lengths[span.doing] += span.end_ms - span.start_ms
        self.texts = [
            (doing, f"{DOING_WORDS[doing]} {length_text(length)}")
            for doing, length in lengths.items()
            if length or doing is not Doing.TO_COME
        ]
        self.setAccessibleName(", ".join(text for _, text in self.texts))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(600, self.fontMetrics().height() + 4)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, metrics = QPainter(self), current_theme(), self.fontMetrics()
        size, base = metrics.ascent(), 2 + metrics.ascent()
        x = float(_SIDE)
        for doing, text in self.texts:
            box = QRectF(x, base - size, size, size)
            paint_part(painter, box, doing, theme)
            painter.setPen(QPen(QColor(theme.border), 1))
            painter.drawRect(box)
            painter.setPen(QColor(theme.text))
            painter.drawText(QPointF(x + size + 5, base), text)
            x += size + 5 + metrics.horizontalAdvance(text) + 18
        for quality in Quality:
            painter.setPen(quality_pen(quality, theme))
            painter.drawLine(QPointF(x, base - size / 2 + 1), QPointF(x + 22, base - size / 2 + 1))
            painter.setPen(QColor(theme.text))
            painter.drawText(QPointF(x + 27, base), quality.value)
            x += 27 + metrics.horizontalAdvance(quality.value) + 18
        painter.end()
