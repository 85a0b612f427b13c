"""The page of alarm statistics."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.base.clock import DAY_MS, Clock
from tftmonitor.history.journal import JournalError
from tftmonitor.model.alarm_statistics import (
    BEARABLE_AN_HOUR,
    CHATTERING,
    AlarmStatistics,
    Tally,
    statistics_of,
)
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.statistics.chart import HourChart
from tftmonitor.ui.statistics.reading import MOST, Read, read_occurrences
from tftmonitor.ui.statistics.tally_list import TallyList
from tftmonitor.ui.widgets.labels import plain_label
from tftmonitor.ui.widgets.pane import Pane
from tftmonitor.ui.widgets.short_time import short_time

_SPANS: Final = (("Last 24 hours", 1), ("Last 7 days", 7), ("Last 30 days", 30))
Start = Callable[[str, Coroutine[Any, Any, Any]], None]


class StatisticsPage(Pane):
    """Reads the journal when it is shown and when another time is chosen."""

    device_requested = Signal(str)
    rule_requested = Signal(str)

    def __init__(
        self,
        read: Read,
        alarms: OpenAlarms,
        start: Start,
        clock: Clock,
        settings: SettingsStore,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._read, self._alarms, self._start = read, alarms, start
        self._clock, self._settings = clock, settings
        self._asked = 0
        self.span = QComboBox()
        self.span.setAccessibleName("Time")
        self.span.addItems([text for text, _days in _SPANS])
        self.span.currentIndexChanged.connect(lambda _place: self.reload())
        self.sentence = plain_label()
        self.chart = HourChart()
        self.lists = {
            "device": TallyList("By device", "No alarms in this time.", "Device", "Alarms"),
            "name": TallyList("By alarm", "No alarms in this time.", "Alarm", "Alarms"),
            "chattering": TallyList(
                "Chattering",
                f"None came {CHATTERING} times within an hour.",
                "Alarm",
                "In one hour",
            ),
            "standing": TallyList("Standing longer than a day", "None.", "Alarm", "Since"),
            "waiting": TallyList("Not acknowledged for an hour", "None.", "Alarm", "Since"),
        }
        self.quieter = QPushButton("Make this rule quieter…")
        self.quieter.setAutoDefault(False)
        self.quieter.clicked.connect(self._ask_rule)
        self._lay_out()
        for each in self.lists.values():
            each.device_requested.connect(self.device_requested)
            each.rule_requested.connect(self.rule_requested)
        by_name = self.lists["name"].view.selectionModel()
        by_name.currentChanged.connect(lambda *_: self._show_quieter())
        self._show_quieter()
        settings.on_change(self.reload_if_seen, "zone")

    def reload(self) -> None:
        """Count anew; an answer that another question has overtaken is dropped."""
        self._asked += 1
        days = _SPANS[self.span.currentIndex()][1]
        self._start("alarm statistics", self._count(self._asked, days))

    def reload_if_seen(self) -> None:
        """Times have another zone."""
        if self.isVisible():
            self.reload()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()

    async def _count(self, asked: int, days: int) -> None:
        end_ms = self._clock.now_ms()
        start_ms = end_ms - days * DAY_MS
        try:
            found = await read_occurrences(self._read, start_ms)
        except JournalError as error:
            self.sentence.setText(str(error))
            return
        if asked == self._asked:
            result = statistics_of(found, self._alarms.all(), start_ms, end_ms)
            self._show(result, is_whole=len(found) < MOST)

    def _show(self, result: AlarmStatistics, *, is_whole: bool) -> None:
        zone = zone_of(self._settings.values)
        busiest = short_time(result.busiest_ms, result.end_ms, zone)
        more = "" if is_whole else f" Only the newest {MOST:,} were counted."
        peak = (
            f" Most within ten minutes: {result.busiest}, from {busiest}." if result.count else ""
        )
        self.sentence.setText(
            f"{result.count:,} alarms, {result.an_hour:.1f} an hour.{peak} One person bears about "
            f"{BEARABLE_AN_HOUR} an hour (ISA-18.2).{more}"
        )
        self.chart.show_hours(result.hourly, result.start_ms, zone)
        tallies: dict[str, tuple[Tally, ...]] = {
            "device": result.by_device,
            "name": result.by_name,
            "chattering": result.chattering,
            "standing": result.standing,
            "waiting": result.waiting,
        }
        for key, of_one in tallies.items():
            self.lists[key].show_tallies(of_one, result.end_ms)
        self._show_quieter()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.span)
        line.addSpacing(8)
        line.addWidget(self.sentence, 1)
        grid = QGridLayout()
        grid.setSpacing(12)
        for place, key in enumerate(("device", "name", "chattering")):
            grid.addWidget(self.lists[key], 0, 2 * place, 1, 2)
        under = QHBoxLayout()
        under.addStretch()
        under.addWidget(self.quieter)
        grid.addLayout(under, 1, 2, 1, 2)
        for place, key in enumerate(("standing", "waiting")):
            grid.addWidget(self.lists[key], 2, 3 * place, 1, 3)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(0, 3)
        grid.setRowStretch(2, 2)
        column_of_all = QVBoxLayout(self)
        column_of_all.setContentsMargins(0, 0, 0, 0)
        column_of_all.setSpacing(8)
        column_of_all.addLayout(line)
        column_of_all.addWidget(self.chart)
        column_of_all.addLayout(grid, 1)

    def _show_quieter(self) -> None:
        tally = self.lists["name"].chosen()
        self.quieter.setEnabled(tally is not None and bool(tally.rule))

    def _ask_rule(self) -> None:
        tally = self.lists["name"].chosen()
        if tally is not None and tally.rule:
            self.rule_requested.emit(tally.rule)
