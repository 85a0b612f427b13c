"""The line over a day sheet: which device, which day, and the way to the days beside it."""

from datetime import date, timedelta

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QPushButton, QWidget

from tftmonitor.ui.day_sheet.device_box import DeviceBox
from tftmonitor.ui.theme.icons import action_icon
from tftmonitor.ui.theme.theme import THEME

_DAY = timedelta(days=1)


class DayBox(QDateEdit):
    """A day, typed or from a calendar; ``day_chosen`` when it is another one."""

    day_chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setCalendarPopup(True)
        self.setDisplayFormat("yyyy-MM-dd")
        self.setKeyboardTracking(False)
        self.dateChanged.connect(lambda _date: self.day_chosen.emit(self.day))

    @property
    def day(self) -> date:
        """The day that is shown."""
        shown = self.date()
        return date(shown.year(), shown.month(), shown.day())

    def show_day(self, day: date) -> None:
        """Show this one, which nobody chose here."""
        self.blockSignals(True)
        self.setDate(QDate(day.year, day.month, day.day))
        self.blockSignals(False)


class DayHead(QWidget):
    """``day_chosen`` carries a day, ``today_requested`` asks for today's.

    ``add_keys`` lets left, right and Home do the same in all of a widget.
    """

    day_chosen = Signal(object)
    today_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.devices = DeviceBox()
        self.day_box = DayBox("Day")
        self.before = QPushButton()
        self.after = QPushButton()
        self.today = QPushButton("Today")
        for button, name, step in ((self.before, "Day before", -1), (self.after, "Day after", 1)):
            button.setAccessibleName(name)
            button.setToolTip(f"{name} ({'←' if step < 0 else '→'})")
            button.clicked.connect(lambda _on, by=step: self._go(by))
        self.today.setToolTip("Today (Home)")
        self.today.clicked.connect(lambda _on: self.today_requested.emit())
        self.day_box.day_chosen.connect(self.day_chosen)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(self.devices)
        row.addSpacing(8)
        for widget in (self.before, self.day_box, self.after, self.today):
            row.addWidget(widget)
        for button in (self.before, self.after, self.today):
            button.setAutoDefault(False)
        THEME.changed.connect(self._apply_theme)
        self._apply_theme()

    def add_keys(self, widget: QWidget) -> None:
        """Left and right are the day before and after, Home is today; a text keeps its own."""
        for key, act in (
            (Qt.Key.Key_Left, lambda: self._go(-1)),
            (Qt.Key.Key_Right, lambda: self._go(1)),
            (Qt.Key.Key_Home, self.today_requested.emit),
        ):
            shortcut = QShortcut(QKeySequence(key), widget)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _go(self, days: int) -> None:
        self.day_chosen.emit(self.day_box.day + days * _DAY)

    def _apply_theme(self) -> None:
        self.before.setIcon(action_icon("chevron-left"))
        self.after.setIcon(action_icon("chevron-right"))
