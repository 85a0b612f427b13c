"""A change of the time zone reaches every text of the alarms, with the hour of the date shown."""

from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.alarms.alarm_bench import AlarmBench
from tests.ui.harness import Harness, shown_labels
from tftmonitor.base.clock import DAY_MS, SECOND_MS
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.alarms.journal.model import JournalColumn
from tftmonitor.ui.alarms.table_model import AlarmColumn
from tftmonitor.ui.alarms.tabs import JOURNAL

# 2026-10-18 12:00:00 UTC: summer time in Berlin, which a month later it is not.
SUMMER_MS = 1_792_324_800_000

pytestmark = pytest.mark.usefixtures("computer_in_berlin")


@pytest.fixture
def harness(qtbot: QtBot, settings: SettingsStore, computer_in_berlin: ZoneInfo) -> Harness:
    return Harness(qtbot, settings, SUMMER_MS)


@pytest.fixture
def two_alarms(bench: AlarmBench) -> AlarmBench:
    """One alarm of the summer and one of now, the clocks having changed in between."""
    bench.raise_alarm("SOS", Severity.CRITICAL, "VAN-1")
    bench.clock.advance(31 * DAY_MS / SECOND_MS)
    bench.raise_alarm("Towing", Severity.CRITICAL, "VAN-2")
    bench.pane.tick()
    return bench


def test_table_follows(two_alarms: AlarmBench) -> None:
    model = two_alarms.pane.model

    def times() -> list[str]:
        return [model.index(row, AlarmColumn.TIME).data() for row in range(model.rowCount())]

    assert times() == ["12:00:00", "10-18 12:00"]
    two_alarms.settings.set("zone", "local")
    assert times() == ["13:00:00", "10-18 14:00"]


def test_line_of_the_selected_alarm_follows(two_alarms: AlarmBench) -> None:
    two_alarms.pane.view.select_place(1)
    assert any("received 10-18 12:00" in text for text in shown_labels(two_alarms.pane))
    two_alarms.settings.set("zone", "local")
    assert any("received 10-18 14:00" in text for text in shown_labels(two_alarms.pane))


def test_journal_follows(two_alarms: AlarmBench, qtbot: QtBot) -> None:
    two_alarms.pane.tabs.setCurrentIndex(JOURNAL)
    model = two_alarms.pane.journal.model

    def times() -> list[str]:
        return [model.index(row, JournalColumn.TIME).data() for row in range(2)]

    assert times() == ["12:00:00", "10-18 12:00"]
    with qtbot.waitSignal(model.dataChanged, timeout=0):
        two_alarms.settings.set("zone", "local")
    assert times() == ["13:00:00", "10-18 14:00"]


def test_sheet_follows(two_alarms: AlarmBench) -> None:
    two_alarms.pane.view.select_place(0)
    two_alarms.pane.commands.start_shelving()
    assert "until 12:15:00" in shown_labels(two_alarms.pane)
    two_alarms.settings.set("zone", "local")
    assert "until 13:15:00" in shown_labels(two_alarms.pane)


def test_each_alarm_is_shown_in_the_zone_of_its_place(two_alarms: AlarmBench) -> None:
    here, there = {"lat": 52.5, "lng": 13.4}, {"lat": 40.71, "lng": -74.0}
    two_alarms.raise_alarm("Fuel", Severity.CRITICAL, "VAN-3", **there)
    two_alarms.raise_alarm("Door", Severity.CRITICAL, "VAN-4", **here)
    two_alarms.settings.set("zone", "device")
    model = two_alarms.pane.model
    times = {
        model.index(row, AlarmColumn.NAME).data(): model.index(row, AlarmColumn.TIME).data()
        for row in range(model.rowCount())
    }
    # Without a place it is the computer's own, and that is said as well.
    assert times["SOS"] == "10-18 14:00 CEST"
    assert times["Fuel"] == "07:00:00 EST"
    assert times["Door"] == times["Towing"] == "13:00:00 CET"
    lines = [model.facts_line(row) for row in model.rows]
    assert any("Fuel" in line and line.endswith("times of America/New_York") for line in lines)
    assert any("SOS" in line and line.endswith("times of this computer") for line in lines)


def test_each_entry_of_the_journal_is_shown_in_the_zone_of_its_alarm(
    two_alarms: AlarmBench,
) -> None:
    fuel = two_alarms.raise_alarm("Fuel", Severity.CRITICAL, "VAN-3", lat=40.71, lng=-74.0)
    two_alarms.service.acknowledge([fuel])
    two_alarms.drain()
    two_alarms.settings.set("zone", "device")
    two_alarms.pane.tabs.setCurrentIndex(JOURNAL)
    model = two_alarms.pane.journal.model
    names = [model.index(row, JournalColumn.NAME) for row in range(model.rowCount())]
    times = {name.data(): name.siblingAtColumn(JournalColumn.TIME) for name in names}
    fuels = [name.siblingAtColumn(JournalColumn.TIME) for name in names if name.data() == "Fuel"]
    assert [time.data() for time in fuels] == ["07:00:00 EST"] * 2
    assert times["SOS"].data() == "10-18 14:00 CEST"
    tip = times["Fuel"].data(Qt.ItemDataRole.ToolTipRole)
    assert "07:00:00 EST" in tip
    assert "times of America/New_York" in tip
    other = times["Fuel"].siblingAtColumn(JournalColumn.NAME)
    assert "times of" not in other.data(Qt.ItemDataRole.ToolTipRole)
