"""The page of day sheets over a store that the real writer wrote, and over a real journal."""

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.ui.alarms.alarm_bench import AlarmBench, Scope
from tests.ui.harness import Harness
from tests.unit.monitor.days.journey import DAY, MIDNIGHT_S
from tftmonitor.base.clock import DAY_MS, SECOND_MS
from tftmonitor.model.places.store import Places
from tftmonitor.monitor.days.reading import DayReading
from tftmonitor.ui.day_sheet.page import DaySheetPage
from tftmonitor.ui.day_sheet.sources import DaySources

MIDNIGHT_MS = MIDNIGHT_S * SECOND_MS
NEXT_NOON_MS = MIDNIGHT_MS + DAY_MS + DAY_MS // 2
NEXT_DAY = DAY + timedelta(days=1)
NOT_RECORDED = "Recording is off."


class SheetBench:
    """What is started runs to its end at once. By default it is noon of the day after the day."""

    def __init__(self, harness: Harness, profile: Path, now_ms: int = NEXT_NOON_MS) -> None:
        self.harness = harness = Harness(harness.qtbot, harness.settings, now_ms)
        self.alarms = AlarmBench(harness, is_checked=False)
        self.said: list[str] = []
        self.places = Places()
        self.sources = DaySources(
            DayReading(profile),
            self.alarms.service.read_journal,
            Scope(self.alarms.runner).start,
            harness.clock,
            harness.settings,
            harness.fleet,
            self.places,
            lambda: NOT_RECORDED,
        )
        self.page = DaySheetPage(self.sources, self.said.append)

    def show(self, device: str = "350") -> DaySheetPage:
        """The page, shown, with the day of the journey of this device."""
        self.harness.show(self.page, 1_300, 700)
        self.page.show_device(device)
        self.page.sheet.show_day(DAY)
        return self.page

    def close(self) -> None:
        self.alarms.close()


def press(widget: QWidget, key: Qt.Key) -> None:
    """A key, by the way of the shortcuts of the window."""
    QTest.keyClick(widget, key)
