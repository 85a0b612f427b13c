"""Where in the past the plots shall look: a day on a calendar, and a time of day."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from PySide6.QtCore import QDate, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import (
    QCalendarWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tftmonitor.ui.plots.export import zone_name
from tftmonitor.ui.plots.header import Header
from tftmonitor.ui.plots.past.typed_moment import read_moment

# Of the calendar: months, days of the week, six weeks, with their air.
_LINES = 13


class GoToFacts(NamedTuple):
    """The moment that is looked at, now, and when recording began (None: unknown), in seconds
    since 1970; and the zone that they are shown in.
    """

    moment_s: float
    now_s: float
    since_s: float | None
    zone: tzinfo


class GoTo(QObject):
    """Opens the calendar of some plots when their header asks for it; made with the first time.

    ``chosen`` is a moment, in seconds since 1970.
    """

    chosen = Signal(float)

    def __init__(self, plots: QWidget, header: Header, facts: Callable[[], GoToFacts]) -> None:
        super().__init__(plots)
        self._plots, self._facts = plots, facts
        self.popup: GoToPopup | None = None
        header.go_to_requested.connect(self._open)

    def _open(self, place: QPoint) -> None:
        if self.popup is None:
            self.popup = GoToPopup(self._plots)
            self.popup.chosen.connect(self.chosen)
        self.popup.open_at(place, self._facts())


class GoToPopup(QFrame):
    """A small window that goes with a click beside it; ``chosen`` is in seconds since 1970."""

    chosen = Signal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("goTo")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._zone: tzinfo = UTC
        self._today = QDate()
        self.calendar = QCalendarWidget()
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setGridVisible(False)
        self.calendar.setAccessibleName("Day")
        # By itself it cuts the last week off.
        self.calendar.setMinimumHeight(_LINES * self.fontMetrics().height())
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            # Red is for what is wrong.
            self.calendar.setWeekdayTextFormat(day, QTextCharFormat())
        self.time = QLineEdit()
        self.time.setAccessibleName("Time of day, and a day if need be")
        self.time.setPlaceholderText("3:12 or yesterday 3:12")
        self.time.setMinimumWidth(self.fontMetrics().horizontalAdvance("yesterday 23:59 00"))
        self.problem = QLabel()
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.hide()
        self.show_button = QPushButton("Show")
        self.show_button.setDefault(True)
        self._zone_label = QLabel()
        row = QHBoxLayout()
        row.addWidget(QLabel("at"))
        row.addWidget(self.time)
        row.addWidget(self._zone_label)
        row.addStretch(1)
        row.addWidget(self.show_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.calendar)
        column.addLayout(row)
        column.addWidget(self.problem)
        self.show_button.clicked.connect(self._choose)
        self.time.returnPressed.connect(self._choose)
        self.calendar.activated.connect(self._choose)

    def open_at(self, place: QPoint, facts: "GoToFacts") -> None:
        """Open beside a point of the screen, for days from the first recorded to today."""
        zone = self._zone = facts.zone
        self._zone_label.setText(zone_name(zone))
        self.calendar.setMaximumDate(_date(_in(facts.now_s, zone)))
        first = QDate(2010, 1, 1) if facts.since_s is None else _date(_in(facts.since_s, zone))
        self.calendar.setMinimumDate(first)
        moment = _in(min(facts.moment_s, facts.now_s), zone)
        self.calendar.setSelectedDate(_date(moment))
        self._today = _date(_in(facts.now_s, zone))
        self.time.setText(f"{moment:%H:%M}")
        self.time.selectAll()
        self.problem.hide()
        self.adjustSize()
        self.move(self._on_screen(place))
        self.show()
        # What is typed takes the place of the time that stands there.
        self.time.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_screen(self, place: QPoint) -> QPoint:
        area = self.screen().availableGeometry()
        left = max(area.left(), min(place.x() - self.width(), area.right() - self.width()))
        top = max(area.top(), min(place.y(), area.bottom() - self.height()))
        return QPoint(left, top)

    def _choose(self) -> None:
        found = read_moment(self.time.text(), self._today)
        if found is None:
            self.problem.setText("A time is written like 3:12, a day like yesterday or 18 Nov.")
            self.problem.show()
            self.adjustSize()
            return
        day, time = found
        day = self.calendar.selectedDate() if day is None else day
        # A time that clocks skip is the one after it, one that they show twice the first.
        moment = datetime(
            day.year(), day.month(), day.day(), time.hour(), time.minute(), tzinfo=self._zone
        )
        self.hide()
        self.chosen.emit(moment.timestamp())


def _in(time_s: float, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(time_s, UTC).astimezone(zone)


def _date(moment: datetime) -> QDate:
    return QDate(moment.year, moment.month, moment.day)
