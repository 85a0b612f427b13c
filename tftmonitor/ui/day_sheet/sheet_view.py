"""The day sheet of one device: which one, which day, and what is known of it."""

import threading
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.history.journal import JournalError
from tftmonitor.history.samples.stored import HistoryError
from tftmonitor.model.fields.formatting import format_clock
from tftmonitor.monitor.days.day_record import DayRecord, Wanted
from tftmonitor.monitor.days.source import ReadingStopped
from tftmonitor.ui.day_sheet.alarms_of_day import DayAlarm, read_alarms
from tftmonitor.ui.day_sheet.asking import Asking, answer
from tftmonitor.ui.day_sheet.calendar_strip import CalendarStrip
from tftmonitor.ui.day_sheet.day_content import DayContent
from tftmonitor.ui.day_sheet.day_head import DayHead
from tftmonitor.ui.day_sheet.rows import sheet_rows
from tftmonitor.ui.day_sheet.sources import DaySources, ShownDay
from tftmonitor.ui.day_sheet.wording import NO_HISTORY, day_text, headline_text, unknown_text
from tftmonitor.ui.widgets.elided_label import ElidedLabel
from tftmonitor.ui.widgets.labels import heading, plain_label


class SheetView(QWidget):
    """``shown`` is the day that is shown, None while there is none; ``shown_changed`` tells of it.

    ``plots_requested`` and ``map_requested`` carry the device and what those of the content do.
    """

    plots_requested = Signal(str, object, object)
    map_requested = Signal(str, object, object, object)
    shown_changed = Signal()

    def __init__(self, sources: DaySources, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources = sources
        self._asking, self._counting = Asking(), Asking()
        self.device = ""
        self.day = sources.today("")
        self.shown: ShownDay | None = None
        self.head = DayHead()
        self.head.day_chosen.connect(self.show_day)
        self.head.today_requested.connect(self.show_today)
        self.head.devices.device_chosen.connect(self.show_device)
        self.head.add_keys(self)
        self.calendar = CalendarStrip()
        self.calendar.day_chosen.connect(self.show_day)
        self.again = QPushButton("Read again (F5)")
        self.again.setShortcut("F5")
        self.again.setAutoDefault(False)
        self.again.clicked.connect(self.reload)
        self.state = ElidedLabel()
        self.content = DayContent(sources.settings)
        self.content.plots_requested.connect(
            lambda *at: self.plots_requested.emit(self.device, *at)
        )
        self.content.map_requested.connect(lambda *at: self.map_requested.emit(self.device, *at))
        self.message = plain_label(centred=True)
        self.title, self.headline, self.unknown = heading(""), plain_label(), plain_label()
        self.line = QHBoxLayout()
        for widget in (self.head, self.again):
            self.line.addWidget(widget)
        self.line.addWidget(self.state, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.message)
        self._pages.addWidget(self.content)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        column.addLayout(self.line)
        column.addLayout(self._make_top())
        column.addWidget(self._pages, 1)
        self.setFocusProxy(self.content)
        sources.settings.on_change(self._begin_anew, "zone")
        sources.own_places.on_change.add(self._begin_anew)

    def show_device(self, key: str) -> None:
        """The sheet of this device, of the same day."""
        if key != self.device:
            self.device = key
            self._begin_anew()

    def show_day(self, day: date) -> None:
        """The sheet of this day."""
        if day != self.day:
            self.day = day
            self.reload()

    def show_today(self) -> None:
        """The sheet of today."""
        self.show_moment(self._sources.clock.now_ms())

    def show_moment(self, time_ms: int) -> None:
        """The sheet of the day of this moment, in ms since 1970."""
        self.show_day(self._sources.day_of(self.device, time_ms))

    def reload(self) -> None:
        """Read it, when it is seen; an older question is given up."""
        # At once, and not when the task begins: what was asked before must not be shown after this.
        stop = self._asking.begin()
        sources, today = self._sources, self._sources.today(self.device)
        self.head.day_box.show_day(self.day)
        self.head.devices.show_device(self.device)
        is_other_year = self.calendar.show_days(today, self.day)
        if not self.isVisible():
            return
        if not self.device:
            self._say("Choose a device, here or in the list of devices.")
            return
        if not sources.reading.exists:
            self._say(f"{NO_HISTORY}\n{sources.recording_note()}".strip())
            return
        if is_other_year or not self.calendar.counts:
            sources.start("calendar of days", self._count(self._counting.begin()))
        if self.day > today:
            self._say(f"{day_text(self.day)} has not begun yet.")
            return
        self.state.setText("Reading…")
        zone, now_ms = sources.zone(self.device), sources.clock.now_ms()
        wanted = Wanted(self.device, self.day, self.day, zone, now_ms)
        sources.start("day sheet", self._read(wanted, stop))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._asking.give_up()
        self._counting.give_up()

    async def _read(self, wanted: Wanted, stop: threading.Event) -> None:
        reading = self._sources.reading
        alarms: list[DayAlarm] = []
        remarks = []
        try:
            found = await answer(lambda stop: reading.day(wanted, stop), stop)
            if found.damaged:
                remarks.append(f"{found.damaged} damaged blocks are not in it.")
            alarms = await read_alarms(self._sources.read_journal, wanted.device, *wanted.edges_ms)
        except ReadingStopped:
            return
        except JournalError as error:
            remarks.append(str(error))
        except HistoryError as error:
            if not stop.is_set():
                self._say(str(error))
            return
        if not stop.is_set():
            self._show(wanted, found.record, alarms, remarks)

    async def _count(self, stop: threading.Event) -> None:
        reading = self._sources.reading
        device, zone = self.device, self._sources.zone(self.device)
        first, last = self.calendar.first, self.calendar.last
        try:
            counts = await answer(
                lambda stop: reading.activity(device, first, last, zone, stop), stop
            )
        except (ReadingStopped, HistoryError):
            return  # of a history that cannot be read the sheet says so
        if not stop.is_set():
            self.calendar.show_counts(counts)

    def _show(
        self, wanted: Wanted, record: DayRecord, alarms: list[DayAlarm], remarks: list[str]
    ) -> None:
        sums = record.sums
        as_of = format_clock(wanted.now_ms, record.zone)
        remarks.append(f"{sums.reports:,} reports, as of {as_of}.")
        if not sums.reports and not record.sheet.rows and not alarms:
            words = _nothing_text(self._sources.label(wanted.device), record)
            if self.day == self._sources.today(wanted.device):
                words = f"{words}\n{self._sources.recording_note()}".strip()
            if any(self.calendar.counts):
                words += "\nDays with reports are shaded in the calendar."
            self._say(words)
        else:
            rows = sheet_rows(record, self._sources.own_places.items)
            label = self._sources.label(wanted.device)
            self._show_day(ShownDay(label, record, rows, alarms))
        self.state.setText(" ".join(remarks))

    def _make_top(self) -> QHBoxLayout:
        """The calendar, and beside it the day in a few words."""
        words = QVBoxLayout()
        words.addStretch()
        for label in (self.title, self.headline, self.unknown):
            words.addWidget(label)
        words.addStretch()
        top = QHBoxLayout()
        top.setSpacing(18)
        top.addWidget(self.calendar)
        top.addLayout(words, 1)
        return top

    def _say(self, text: str) -> None:
        """A sentence in place of the sheet."""
        self.state.setText("")
        self.message.setText(text)
        self._show_day(None)

    def _show_day(self, shown: ShownDay | None) -> None:
        self.shown = shown
        self.title.setText(f"{self._sources.label(self.device)}, {day_text(self.day)}")
        self.headline.setText("" if shown is None else headline_text(shown.record.sums))
        self.unknown.setText("" if shown is None else unknown_text(shown.record.sums))
        self.content.show_day(shown)
        self._pages.setCurrentWidget(self.message if shown is None else self.content)
        self.shown_changed.emit()

    def _begin_anew(self) -> None:
        self._counting.give_up()
        self.calendar.show_counts([])
        self.reload()


def _nothing_text(label: str, record: DayRecord) -> str:
    """Why there is nothing to show of a day."""
    sums, day = record.sums, day_text(record.sheet.day)
    if sums.not_recorded_ms >= sums.unknown_ms > 0:
        return f"Nothing was recorded here on {day}: nobody knows what {label} did."
    return f"Nothing came from {label} on {day}."
