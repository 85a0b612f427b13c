"""A year of days, a column a week, shaded by how much a device reported on each."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from tftmonitor.ui.day_sheet.wording import MONTHS, day_text
from tftmonitor.ui.theme.theme import THEME, current_theme
from tftmonitor.ui.widgets.tooltip import plain_tip

WEEKS: Final = 53
_WEEK: Final = 7
_CELL, _GAP = 11, 2
_PITCH: Final = _CELL + _GAP
_EDGE: Final = 3
_DAY: Final = timedelta(days=1)
# A day of reports every ten seconds is as dark as any.
_MOST: Final = 8_640
_SHADES: Final = 4
_FAINTEST: Final = 60
_KEYS: Final = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -7,
    Qt.Key.Key_PageDown: 7,
}


class CalendarStrip(QWidget):
    """``day_chosen`` when somebody clicks on a day or goes to it by the keyboard.

    Up and down are a day, page up and page down a week.
    """

    day_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.first = date.min
        self.counts: list[int] = []
        self._chosen = self._today = date.min
        THEME.changed.connect(self.update)

    def show_days(self, today: date, chosen: date) -> bool:
        """The year that ends with this week, or the one around the chosen day.

        True when it is another year than before, whose counts are not known yet.
        """
        last_monday = today - timedelta(days=today.weekday())
        first = last_monday - timedelta(weeks=WEEKS - 1)
        if chosen < first:
            monday = chosen - timedelta(days=chosen.weekday())
            first = monday - timedelta(weeks=WEEKS // 2)
        self._today, self._chosen = today, chosen
        is_other = first != self.first
        if is_other:
            self.first, self.counts = first, []
        self._name()
        self.update()
        return is_other

    def show_counts(self, counts: Sequence[int]) -> None:
        """How many reports each day has, from ``first`` on."""
        self.counts = list(counts)
        self._name()
        self.update()

    @property
    def last(self) -> date:
        """The last day that has a place."""
        return self.first + timedelta(days=WEEKS * _WEEK - 1)

    def count_of(self, day: date) -> int | None:
        """How many reports a day has, None while that is not known."""
        place = (day - self.first).days
        return self.counts[place] if 0 <= place < len(self.counts) else None

    def cell_of(self, day: date) -> QRect:
        """Where a day is drawn."""
        week, weekday = divmod((day - self.first).days, _WEEK)
        top = self._head() + weekday * _PITCH
        return QRect(_EDGE + week * _PITCH, top, _CELL, _CELL)

    def day_at(self, place: QPoint) -> date | None:
        """The day that is drawn there, None beside all and for what is still to come."""
        week, weekday = (place.x() - _EDGE) // _PITCH, (place.y() - self._head()) // _PITCH
        if not (0 <= week < WEEKS and 0 <= weekday < _WEEK):
            return None
        day = self.first + timedelta(days=week * _WEEK + weekday)
        return day if day <= self._today else None

    @override
    def sizeHint(self) -> QSize:
        return QSize(2 * _EDGE + WEEKS * _PITCH, self._head() + _WEEK * _PITCH + 1)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current_theme()
        painter.setPen(QColor(theme.muted_text))
        for week in range(WEEKS):
            monday = self.first + timedelta(weeks=week)
            if monday.day <= _WEEK:
                foot = self._head() - self.fontMetrics().descent() - 2
                painter.drawText(_EDGE + week * _PITCH, foot, MONTHS[monday.month - 1])
        for place in range(WEEKS * _WEEK):
            day = self.first + place * _DAY
            if day <= self._today:
                self._paint_day(painter, day)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_day(self, painter: QPainter, day: date) -> None:
        theme, cell = current_theme(), self.cell_of(day)
        count = self.count_of(day)
        painter.fillRect(cell, QColor(theme.base))
        if count:
            shade = QColor(theme.curves[0])
            shade.setAlpha(_FAINTEST + (255 - _FAINTEST) * shade_of(count) // _SHADES)
            painter.fillRect(cell, shade)
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawRect(cell.adjusted(0, 0, -1, -1))
        if day == self._chosen:
            painter.setPen(QPen(QColor(theme.text), 2))
            painter.drawRect(cell.adjusted(-1, -1, 1, 1))
        elif day == self._today:
            painter.setPen(QPen(QColor(theme.text), 1, Qt.PenStyle.DotLine))
            painter.drawRect(cell.adjusted(-1, -1, 0, 0))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self.day_at(event.position().toPoint())
        if day is not None and event.button() is Qt.MouseButton.LeftButton:
            self.day_chosen.emit(day)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = _KEYS.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.day_chosen.emit(self._chosen + by * _DAY)

    @override
    def event(self, event: QHelpEvent) -> bool:  # type: ignore[override]
        if event.type() is QHelpEvent.Type.ToolTip:
            day = self.day_at(event.pos())
            text = "" if day is None else self._day_words(day)
            QToolTip.showText(event.globalPos(), plain_tip(text) if text else "", self)
            return True
        return super().event(event)

    def _day_words(self, day: date) -> str:
        count = self.count_of(day)
        if count is None:
            return day_text(day)
        return f"{day_text(day)}: {f'{count:,} reports' if count else 'nothing recorded'}"

    def _name(self) -> None:
        self.setAccessibleName(f"Calendar, {self._day_words(self._chosen)}")
        days = sum(count > 0 for count in self.counts)
        self.setAccessibleDescription(f"{days} days with reports since {self.first.isoformat()}")

    def _head(self) -> int:
        return self.fontMetrics().height() + 2


def shade_of(count: int) -> int:
    """How dark a day of so many reports is, 0 to 4, by the order of their number."""
    return min(_SHADES, int(_SHADES * math.log1p(count) / math.log1p(_MOST)))
