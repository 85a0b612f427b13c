import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from typing_extensions import override

from tftmonitor.base.clock import MINUTE_MS, ManualClock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.monitor.alarm_service import AlarmService, AlarmStep
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.alarms.journal_model import JournalColumn
from tftmonitor.ui.alarms.pane import ACKNOWLEDGED, JOURNAL, OPEN, SHELVED, AlarmsPane

NOW_MS = 1_795_003_200_000


class Stage:
    """A desk with a journal on disk and a pane on top, driven without a running loop."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.clock = ManualClock(NOW_MS)
        self.book = OpenAlarms()
        journal = Journal.open(folder / "history.sqlite3", self.clock)
        self.desk = AlarmService(self.book, journal, CodeResolver(), self.clock, lambda _key: None)
        settings = SettingsStore(folder)
        settings.set("zone", "utc")
        self.runner = asyncio.Runner()
        self.pane = AlarmsPane(self.desk, self.book, self.clock, settings, scope=Scope(self))
        self.desk.subscribe(AlarmStep.MODEL, self.pane.take)
        qtbot.addWidget(self.pane)
        self.pane.resize(1_280, 260)
        self.pane.show()

    def run(self, work: Coroutine[Any, Any, Any]) -> None:
        self.runner.run(work)

    def drain(self) -> None:
        """Let the desk journal and publish what was asked, and the pane draw it."""
        self.run(self.desk.drain())
        self.pane.refresh()

    def raise_alarm(
        self, name: str, severity: Severity, device: str | None = "VAN-12", **more: Any
    ) -> int:
        source = more.pop("source", Source.SNAPSHOT)
        raised = events.Raised(
            self.clock.now_ms(),
            source,
            name.lower(),
            name,
            severity,
            device=device,
            device_name=device or "",
            **more,
        )
        self.desk.pipeline.put(raised)
        self.drain()
        return max(alarm.id for alarm in self.book.all())

    def close(self) -> None:
        self.run(self.desk.close())
        self.runner.close()


class Scope(TaskScope):
    """Runs what is started to its end at once."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage

    @override
    def start(self, name: str, work: Coroutine[Any, Any, Any]) -> None:
        self._stage.run(work)


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Any:
    made = Stage(qtbot, tmp_path)
    yield made
    made.close()


def shown_labels(stage: Stage) -> list[str]:
    return [label.text() for label in stage.pane.findChildren(QLabel) if label.isVisible()]


def select(stage: Stage, *numbers: int) -> None:
    stage.pane.view.clearSelection()
    for number in numbers:
        stage.pane.view.selectRow(stage.pane.model.place_of(number))


def test_arrival_is_drawn_shortly_and_once_a_burst(qtbot: QtBot, stage: Stage) -> None:
    inserts: list[int] = []
    stage.pane.model.rowsInserted.connect(lambda _p, first, last: inserts.append(last - first + 1))
    for number in range(5):
        raised = events.Raised(
            NOW_MS, Source.SNAPSHOT, f"k{number}", f"A{number}", Severity.CRITICAL, device="d"
        )
        stage.desk.pipeline.put(raised)
        stage.run(stage.desk.drain())
    assert inserts == []
    qtbot.waitUntil(lambda: inserts == [5])
    assert stage.pane.tabs.tabText(OPEN) == "Open 5"


def test_empty_lists_say_why(stage: Stage) -> None:
    stage.pane.set_empty_text("No alarms. Messages channel live 11 s ago")
    assert "No alarms. Messages channel live 11 s ago" in shown_labels(stage)
    stage.pane.tabs.setCurrentIndex(SHELVED)
    assert "Nothing is shelved or out of service." in shown_labels(stage)


def test_acknowledge_button_takes_the_chosen_ones_only(stage: Stage) -> None:
    first = stage.raise_alarm("SOS", Severity.CRITICAL)
    second = stage.raise_alarm("Towing", Severity.CRITICAL)
    select(stage, first)
    stage.pane.handling.acts.acknowledge.click()
    stage.drain()
    assert [alarm.id for alarm in stage.book.unacknowledged()] == [second]
    assert stage.pane.tabs.tabText(ACKNOWLEDGED) == "Acknowledged 1"
    stage.pane.tabs.setCurrentIndex(ACKNOWLEDGED)
    assert stage.pane.model.place_of(first) == 0


def test_acknowledging_a_drill_proves_the_path(stage: Stage) -> None:
    stage.desk.drill()
    stage.drain()
    stage.pane.view.select_place(0)
    stage.pane.handling.acknowledge()
    stage.drain()
    assert len(stage.book) == 0
    assert stage.desk.proven_ms == NOW_MS


def test_shelving_a_critical_alarm_needs_a_reason(stage: Stage) -> None:
    number = stage.raise_alarm("SOS", Severity.CRITICAL)
    select(stage, number)
    stage.pane.start_shelving()
    sheet = stage.pane.handling.sheet
    assert sheet.isVisible()
    assert not sheet._confirm_button.isEnabled()
    QTest.keyClick(sheet._reason, Qt.Key.Key_Return)
    assert any("needs a reason" in text for text in shown_labels(stage))
    QTest.keyClicks(sheet._reason, "false alarm")
    assert sheet._confirm_button.isEnabled()
    sheet._confirm_button.click()
    stage.drain()
    assert not sheet.isVisible()
    [shelved] = stage.book.shelved()
    assert shelved.shelved_until_ms == NOW_MS + 15 * MINUTE_MS
    assert shelved.shelve_reason == "false alarm"


def test_shelving_a_warning_for_a_custom_time_needs_none(stage: Stage) -> None:
    number = stage.raise_alarm("Vibration", Severity.WARNING)
    select(stage, number)
    stage.pane.start_shelving()
    sheet = stage.pane.handling.sheet
    sheet._durations.setCurrentIndex(3)
    sheet._number.setValue(2)
    sheet._unit.setCurrentIndex(1)
    assert "until 14:00:00" in shown_labels(stage)
    sheet._confirm_button.click()
    stage.drain()
    assert stage.book.shelved()[0].shelved_until_ms == NOW_MS + 120 * MINUTE_MS
    stage.pane.tabs.setCurrentIndex(SHELVED)
    select(stage, number)
    stage.pane.handling.acts.unshelve.click()
    stage.drain()
    assert [alarm.id for alarm in stage.book.unacknowledged()] == [number]


def test_escape_leaves_the_sheet_and_shelves_nothing(stage: Stage) -> None:
    stage.raise_alarm("Vibration", Severity.WARNING)
    stage.pane.start_shelving()
    sheet = stage.pane.handling.sheet
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    stage.drain()
    assert not sheet.isVisible()
    assert stage.book.shelved() == []


def test_without_a_choice_the_top_alarm_is_shelved(stage: Stage) -> None:
    stage.raise_alarm("Vibration", Severity.WARNING)
    stage.raise_alarm("Low battery", Severity.WARNING)
    sos = stage.raise_alarm("SOS", Severity.CRITICAL)
    stage.pane.start_shelving()
    assert "Shelve VAN-12 · SOS" in shown_labels(stage)
    QTest.keyClicks(stage.pane.handling.sheet._reason, "x")
    stage.pane.handling.sheet._confirm_button.click()
    stage.drain()
    assert [alarm.id for alarm in stage.book.shelved()] == [sos]


def test_device_goes_out_of_service_and_back(stage: Stage) -> None:
    number = stage.raise_alarm("SOS", Severity.CRITICAL)
    select(stage, number)
    acts = stage.pane.handling.acts.actions_by_key
    acts["out_of_service"].trigger()
    stage.pane.handling.sheet._confirm_button.click()
    stage.drain()
    assert stage.desk.out_of_service_until == {"VAN-12": NOW_MS + 15 * MINUTE_MS}
    stage.pane.tabs.setCurrentIndex(SHELVED)
    select(stage, number)
    acts["in_service"].trigger()
    stage.drain()
    assert stage.desk.out_of_service_until == {}


def test_note_is_kept_and_shown(stage: Stage) -> None:
    number = stage.raise_alarm("SOS", Severity.CRITICAL)
    select(stage, number)
    stage.pane.handling.acts.actions_by_key["note"].trigger()
    line = stage.pane.handling.note
    assert line.isVisible()
    QTest.keyClicks(line._text, "driver called")
    QTest.keyClick(line._text, Qt.Key.Key_Return)
    stage.drain()
    assert any("note: driver called" in text for text in shown_labels(stage))


def test_flood_line_unfolds_by_key_and_is_acknowledged_whole(stage: Stage) -> None:
    for number in range(12):
        stage.raise_alarm(f"Over speed {number}", Severity.WARNING, f"VAN-{number % 3}")
    assert stage.pane.model.rowCount() == 1
    view = stage.pane.view
    view.select_place(0)
    assert len(stage.pane.selected_ids()) == 12
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert stage.pane.model.rowCount() == 4
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert stage.pane.model.rowCount() == 1
    stage.pane.handling.acknowledge()
    stage.drain()
    assert stage.book.unacknowledged() == []


def test_select_alarm_finds_it_in_flood_and_shelf(stage: Stage) -> None:
    numbers = [
        stage.raise_alarm(f"Over speed {n}", Severity.WARNING, f"VAN-{n % 3}") for n in range(12)
    ]
    assert stage.pane.select_alarm(numbers[5])
    assert stage.pane.selected_ids() == [numbers[5]]
    stage.desk.shelve([numbers[0]], NOW_MS + MINUTE_MS)
    stage.drain()
    assert stage.pane.select_alarm(numbers[0])
    assert stage.pane.tabs.currentIndex() == SHELVED
    assert stage.pane.selected_ids() == [numbers[0]]
    assert not stage.pane.select_alarm(9_999)


def test_enter_asks_for_alarm_and_device(stage: Stage) -> None:
    number = stage.raise_alarm("SOS", Severity.CRITICAL)
    asked: list[object] = []
    stage.pane.device_requested.connect(asked.append)
    stage.pane.alarm_requested.connect(asked.append)
    stage.pane.view.select_place(0)
    QTest.keyClick(stage.pane.view, Qt.Key.Key_Return)
    assert asked == [number, "VAN-12"]


def test_acts_fit_what_is_chosen(stage: Stage) -> None:
    acts = stage.pane.handling.acts
    assert not acts.acknowledge.isEnabled()
    number = stage.raise_alarm("Link lost", Severity.HIGH, None, source=Source.LINK)
    select(stage, number)
    assert acts.acknowledge.isEnabled()
    assert not acts.actions_by_key["show_device"].isEnabled()
    stage.desk.acknowledge([number])
    stage.drain()
    select(stage, number)
    assert not acts.acknowledge.isEnabled()
    acts.actions_by_key["close"].trigger()
    stage.drain()
    assert len(stage.book) == 0


def test_hidden_pane_counts_and_catches_up(stage: Stage) -> None:
    stage.pane.hide()
    stage.raise_alarm("SOS", Severity.CRITICAL)
    assert stage.pane.model.rowCount() == 0
    assert stage.pane.tabs.tabText(OPEN) == "Open 1"
    stage.pane.show()
    assert stage.pane.model.rowCount() == 1


def test_journal_is_read_when_shown_a_page_at_a_time(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tftmonitor.ui.alarms.journal_page.PAGE", 3)
    number = stage.raise_alarm("SOS", Severity.CRITICAL, text="<b>x</b>")
    stage.clock.advance(5)
    stage.desk.note([number], "driver called")
    stage.drain()
    stage.clock.advance(5)
    stage.desk.acknowledge([number], "ok")
    stage.drain()
    stage.pane.tabs.setCurrentIndex(JOURNAL)
    model = stage.pane.journal.model
    assert model.rowCount() == 3
    rows = [[str(model.index(row, column).data()) for column in JournalColumn] for row in range(3)]
    assert rows == [
        ["12:00:10", "acknowledged", "critical", "VAN-12", "SOS", "ok"],
        ["12:00:05", "note", "critical", "VAN-12", "SOS", "driver called"],
        ["12:00:00", "raised", "critical", "VAN-12", "SOS", "told by snapshot · <b>x</b>"],
    ]
    stage.pane.journal._older.click()
    assert model.rowCount() == 4  # and the start of the program
    assert not stage.pane.journal._older.isEnabled()


def test_journal_that_cannot_be_read_says_so(stage: Stage) -> None:
    async def broken(limit: int, before: object = None) -> Any:
        raise JournalError("Alarms cannot be kept: the disk reports an error.")

    stage.pane.journal._read = broken
    stage.pane.tabs.setCurrentIndex(JOURNAL)
    assert "Alarms cannot be kept: the disk reports an error." in shown_labels(stage)
    assert stage.pane.journal._busy is False


def test_labels_never_render_server_text(stage: Stage) -> None:
    stage.raise_alarm("<b>SOS</b>", Severity.CRITICAL)
    formats = {label.textFormat() for label in stage.pane.findChildren(QLabel)}
    assert formats == {Qt.TextFormat.PlainText}


def test_change_without_alarms_draws_nothing(stage: Stage) -> None:
    stage.pane.take([])
    assert not stage.pane._timer.isActive()
    number = stage.raise_alarm("SOS", Severity.CRITICAL)
    alarm = stage.book.get(number)
    assert alarm is not None
    stage.pane.take([AlarmChange(replace(alarm, count=2), events.Expired(NOW_MS))])
    assert stage.pane._timer.isActive()
