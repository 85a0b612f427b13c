from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.cliffs.situation import counted
from tests.ui.alarms.alarm_bench import AlarmBench
from tests.ui.alarms.conftest import NOON_MS
from tests.ui.harness import shown_labels
from tftmonitor.base.clock import DAY_MS, MINUTE_MS, SECOND_MS
from tftmonitor.history.journal import JournalError
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.ui.alarms.journal.model import JournalColumn
from tftmonitor.ui.alarms.tabs import ACKNOWLEDGED, JOURNAL, OPEN, SHELVED


def test_arrival_is_drawn_shortly_and_once_a_burst(qtbot: QtBot, bench: AlarmBench) -> None:
    inserts: list[int] = []
    bench.pane.model.rowsInserted.connect(lambda _p, first, last: inserts.append(last - first + 1))
    for number in range(5):
        raised = events.Raised(
            NOON_MS, Source.SNAPSHOT, f"k{number}", f"A{number}", Severity.CRITICAL, device="d"
        )
        bench.service.pipeline.put(raised)
        bench.run(bench.service.drain())
    assert inserts == []
    qtbot.waitUntil(lambda: inserts == [5])
    assert bench.pane.tabs.tabText(OPEN) == "Open 5"


def test_empty_lists_say_why(bench: AlarmBench) -> None:
    bench.pane.set_empty_text("No alarms. Messages channel live 11 s ago")
    assert "No alarms. Messages channel live 11 s ago" in shown_labels(bench.pane)
    bench.pane.tabs.setCurrentIndex(SHELVED)
    assert "Nothing is shelved or out of service." in shown_labels(bench.pane)


def test_acknowledge_button_takes_the_selected_ones_only(bench: AlarmBench) -> None:
    first = bench.raise_alarm("SOS", Severity.CRITICAL)
    second = bench.raise_alarm("Towing", Severity.CRITICAL)
    bench.select(first)
    bench.pane.commands.bar.acknowledge.click()
    bench.drain()
    assert [alarm.id for alarm in bench.open_alarms.unacknowledged()] == [second]
    assert bench.pane.tabs.tabText(ACKNOWLEDGED) == "Acknowledged 1"
    bench.pane.tabs.setCurrentIndex(ACKNOWLEDGED)
    assert bench.pane.model.place_of(first) == 0


def test_acknowledging_a_drill_proves_the_path(bench: AlarmBench) -> None:
    bench.service.drill()
    bench.drain()
    bench.pane.view.select_place(0)
    bench.pane.commands.acknowledge()
    bench.drain()
    assert len(bench.open_alarms) == 0
    assert bench.service.proven_ms == NOON_MS


def test_shelving_a_critical_alarm_needs_a_reason(bench: AlarmBench) -> None:
    number = bench.raise_alarm("SOS", Severity.CRITICAL)
    bench.select(number)
    bench.pane.commands.start_shelving()
    sheet = bench.pane.commands.sheet
    assert sheet.isVisible()
    assert not sheet._confirm_button.isEnabled()
    QTest.keyClick(sheet._reason, Qt.Key.Key_Return)
    assert any("needs a reason" in text for text in shown_labels(bench.pane))
    QTest.keyClicks(sheet._reason, "false alarm")
    assert sheet._confirm_button.isEnabled()
    sheet._confirm_button.click()
    bench.drain()
    assert not sheet.isVisible()
    [shelved] = bench.open_alarms.shelved()
    assert shelved.shelved_until_ms == NOON_MS + 15 * MINUTE_MS
    assert shelved.shelve_reason == "false alarm"


def test_shelving_a_warning_for_a_custom_time_needs_none(bench: AlarmBench) -> None:
    number = bench.raise_alarm("Vibration", Severity.WARNING)
    bench.select(number)
    bench.pane.commands.start_shelving()
    sheet = bench.pane.commands.sheet
    sheet._durations.setCurrentIndex(3)
    sheet._number.setValue(2)
    sheet._unit.setCurrentIndex(1)
    assert "until 14:00:00" in shown_labels(bench.pane)
    sheet._confirm_button.click()
    bench.drain()
    assert bench.open_alarms.shelved()[0].shelved_until_ms == NOON_MS + 120 * MINUTE_MS
    bench.pane.tabs.setCurrentIndex(SHELVED)
    bench.select(number)
    bench.pane.commands.bar.unshelve.click()
    bench.drain()
    assert [alarm.id for alarm in bench.open_alarms.unacknowledged()] == [number]


def test_escape_leaves_the_sheet_and_shelves_nothing(bench: AlarmBench) -> None:
    bench.raise_alarm("Vibration", Severity.WARNING)
    bench.pane.commands.start_shelving()
    sheet = bench.pane.commands.sheet
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    bench.drain()
    assert not sheet.isVisible()
    assert bench.open_alarms.shelved() == []


def test_device_goes_out_of_service_and_back(bench: AlarmBench) -> None:
    number = bench.raise_alarm("SOS", Severity.CRITICAL)
    bench.select(number)
    actions = bench.pane.commands.bar.actions_by_key
    actions["out_of_service"].trigger()
    bench.pane.commands.sheet._confirm_button.click()
    bench.drain()
    assert bench.service.out_of_service_until == {"VAN-12": NOON_MS + 15 * MINUTE_MS}
    bench.pane.tabs.setCurrentIndex(SHELVED)
    bench.select(number)
    actions["in_service"].trigger()
    bench.drain()
    assert bench.service.out_of_service_until == {}


def test_note_is_kept_and_shown(bench: AlarmBench) -> None:
    number = bench.raise_alarm("SOS", Severity.CRITICAL)
    bench.select(number)
    bench.pane.commands.bar.actions_by_key["note"].trigger()
    line = bench.pane.commands.note
    assert line.isVisible()
    QTest.keyClicks(line._text, "driver called")
    QTest.keyClick(line._text, Qt.Key.Key_Return)
    bench.drain()
    assert any("note: driver called" in text for text in shown_labels(bench.pane))


def test_flood_line_unfolds_by_key_and_is_acknowledged_whole(bench: AlarmBench) -> None:
    for number in range(12):
        bench.raise_alarm(f"Over speed {number}", Severity.WARNING, f"VAN-{number % 3}")
    assert bench.pane.model.rowCount() == 1
    view = bench.pane.view
    view.select_place(0)
    assert len(bench.pane.selected_ids()) == 12
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert bench.pane.model.rowCount() == 4
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert bench.pane.model.rowCount() == 1
    bench.pane.commands.acknowledge()
    bench.drain()
    assert bench.open_alarms.unacknowledged() == []


def test_select_alarm_finds_it_in_flood_and_shelf(bench: AlarmBench) -> None:
    numbers = [
        bench.raise_alarm(f"Over speed {n}", Severity.WARNING, f"VAN-{n % 3}") for n in range(12)
    ]
    assert bench.pane.select_alarm(numbers[5])
    assert bench.pane.selected_ids() == [numbers[5]]
    bench.service.shelve([numbers[0]], NOON_MS + MINUTE_MS)
    bench.drain()
    assert bench.pane.select_alarm(numbers[0])
    assert bench.pane.tabs.currentIndex() == SHELVED
    assert bench.pane.selected_ids() == [numbers[0]]
    assert not bench.pane.select_alarm(9_999)


def test_enter_asks_for_the_device_of_an_alarm(bench: AlarmBench) -> None:
    bench.raise_alarm("SOS", Severity.CRITICAL)
    asked: list[object] = []
    bench.pane.device_requested.connect(asked.append)
    bench.pane.view.select_place(0)
    QTest.keyClick(bench.pane.view, Qt.Key.Key_Return)
    assert asked == ["VAN-12"]


def test_actions_fit_what_is_selected(bench: AlarmBench) -> None:
    bar = bench.pane.commands.bar
    assert not bar.acknowledge.isEnabled()
    number = bench.raise_alarm("Link lost", Severity.HIGH, None, source=Source.LINK)
    bench.select(number)
    assert bar.acknowledge.isEnabled()
    assert not bar.actions_by_key["show_device"].isEnabled()
    bench.service.acknowledge([number])
    bench.drain()
    bench.select(number)
    assert not bar.acknowledge.isEnabled()
    bar.actions_by_key["close"].trigger()
    bench.drain()
    assert len(bench.open_alarms) == 0


def test_hidden_pane_counts_and_catches_up(bench: AlarmBench) -> None:
    bench.pane.hide()
    bench.raise_alarm("SOS", Severity.CRITICAL)
    assert bench.pane.model.rowCount() == 0
    assert bench.pane.tabs.tabText(OPEN) == "Open 1"
    bench.pane.show()
    assert bench.pane.model.rowCount() == 1


def test_journal_is_read_when_shown_a_page_at_a_time(
    bench: AlarmBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tftmonitor.ui.alarms.journal.page.PAGE", 3)
    number = bench.raise_alarm("SOS", Severity.CRITICAL, text="<b>x</b>")
    bench.clock.advance(5)
    bench.service.note([number], "driver called")
    bench.drain()
    bench.clock.advance(5)
    bench.service.acknowledge([number], "ok")
    bench.drain()
    bench.pane.tabs.setCurrentIndex(JOURNAL)
    model = bench.pane.journal.model
    assert model.rowCount() == 3
    rows = [[str(model.index(row, column).data()) for column in JournalColumn] for row in range(3)]
    assert rows == [
        ["12:00:10", "acknowledged", "critical", "VAN-12", "SOS", "ok"],
        ["12:00:05", "note", "critical", "VAN-12", "SOS", "driver called"],
        ["12:00:00", "raised", "critical", "VAN-12", "SOS", "source: snapshot · <b>x</b>"],
    ]
    bench.pane.journal._older.click()
    assert model.rowCount() == 4  # and the start of the program
    assert not bench.pane.journal._older.isEnabled()


def test_journal_of_yesterday_gets_its_date_at_midnight(bench: AlarmBench) -> None:
    bench.raise_alarm("SOS", Severity.CRITICAL)
    bench.pane.tabs.setCurrentIndex(JOURNAL)
    index = bench.pane.journal.model.index(0, JournalColumn.TIME)
    assert index.data() == "12:00:00"
    bench.clock.advance(DAY_MS / SECOND_MS)
    bench.pane.tick()
    assert index.data() == "11-18 12:00"


def test_journal_that_cannot_be_read_says_so(bench: AlarmBench) -> None:
    async def broken(limit: int, before: object = None, wanted: object = None) -> Any:
        raise JournalError("Alarms cannot be kept: the disk reports an error.")

    bench.pane.journal._read = broken
    bench.pane.tabs.setCurrentIndex(JOURNAL)
    assert "Alarms cannot be kept: the disk reports an error." in shown_labels(bench.pane)
    assert bench.pane.journal._busy is False


def test_labels_never_render_server_text(bench: AlarmBench) -> None:
    bench.raise_alarm("<b>SOS</b>", Severity.CRITICAL)
    formats = {label.textFormat() for label in bench.pane.findChildren(QLabel)}
    assert formats == {Qt.TextFormat.PlainText}


def test_change_without_alarms_draws_nothing(bench: AlarmBench) -> None:
    bench.pane.apply_changes([])
    assert not bench.pane._timer.isActive()
    number = bench.raise_alarm("SOS", Severity.CRITICAL)
    alarm = bench.open_alarms.get(number)
    assert alarm is not None
    bench.pane.apply_changes([AlarmChange(replace(alarm, count=2), events.Expired(NOON_MS))])
    assert bench.pane._timer.isActive()


def test_reading_a_long_selection_costs_as_little_as_a_short_one(bench: AlarmBench) -> None:
    costs = []
    for count in (10, 60):
        for number in range(count):
            bench.clock.advance(3_600)
            bench.raise_alarm("Tow", Severity.HIGH, f"VAN-{count}-{number}")
        bench.pane.view.selectAll()
        assert len(bench.pane.view.selected_rows()) >= count
        costs.append(counted(bench.pane.view.selected_rows))
    assert costs[0] == costs[1] < 100


def test_selected_rows_come_in_the_order_of_the_table(bench: AlarmBench) -> None:
    numbers = [bench.raise_alarm(f"{n}", Severity.HIGH, f"VAN-{n}") for n in range(6)]
    view = bench.pane.view
    for place in (4, 0, 1):
        flags = QItemSelectionModel.SelectionFlag
        view.selectionModel().select(bench.pane.model.index(place, 0), flags.Select | flags.Rows)
    shown = [row.alarm.id for row in bench.pane.model.rows]
    assert sorted(shown) == sorted(numbers)
    assert [row.alarm.id for row in view.selected_rows()] == [shown[0], shown[1], shown[4]]


def test_header_asks_nothing_of_the_selected_rows(bench: AlarmBench) -> None:
    for number in range(30):
        bench.clock.advance(3_600)
        bench.raise_alarm("Tow", Severity.HIGH, f"VAN-{number}")
    view = bench.pane.view
    few = counted(view.horizontalHeader().grab)
    view.selectAll()
    assert counted(view.horizontalHeader().grab) <= few


def test_button_names_what_it_will_act_on(bench: AlarmBench) -> None:
    first = bench.raise_alarm("SOS", Severity.CRITICAL)
    second = bench.raise_alarm("Towing & more", Severity.HIGH)
    button = bench.pane.commands.bar.acknowledge
    bench.select(second)
    assert button.text() == "Acknowledge VAN-12 · Towing && more  F8"
    bench.pane.view.selectAll()
    assert button.text() == "Acknowledge 2 alarms  F8"
    bench.select(first)
    bench.pane.commands.acknowledge()
    bench.drain()
    assert button.text() == "Acknowledge F8"
    assert not button.isEnabled()


def test_all_that_is_listed_is_acknowledged_after_a_second_click(bench: AlarmBench) -> None:
    bench.raise_alarm("SOS", Severity.CRITICAL)
    bench.raise_alarm("Towing", Severity.HIGH)
    button = bench.pane.commands.bar.all
    assert button.isVisible()
    assert button.text() == "Acknowledge all 2"
    button.click()
    assert button.text() == "Really all 2, 1 critical? Click again"
    assert len(bench.open_alarms.unacknowledged()) == 2
    later = bench.raise_alarm("Fuel leak", Severity.CRITICAL)
    button.click()
    bench.drain()
    assert [alarm.id for alarm in bench.open_alarms.unacknowledged()] == [later]
    assert not button.isVisible()


def test_question_of_the_button_passes(bench: AlarmBench) -> None:
    bench.raise_alarm("SOS", Severity.CRITICAL)
    bench.raise_alarm("Towing", Severity.HIGH)
    button = bench.pane.commands.bar.all
    button.click()
    button._timer.timeout.emit()
    button.click()
    assert len(bench.open_alarms.unacknowledged()) == 2


def test_active_alarms_stand_before_those_that_are_over(bench: AlarmBench) -> None:
    first = bench.raise_alarm("Fuel leak", Severity.CRITICAL)
    bench.clock.advance(5)
    second = bench.raise_alarm("Power lost", Severity.CRITICAL)
    over = bench.open_alarms.get(second)
    assert over is not None
    bench.open_alarms.put(replace(over, active=False))
    bench.pane.refresh()
    model = bench.pane.model
    assert [row.alarm.id for row in model.rows] == [first, second]
    fonts = [model.index(row, 2).data(Qt.ItemDataRole.FontRole).bold() for row in range(2)]
    assert fonts == [True, False]
    assert bench.open_alarms.total.worst_is_over is False
    bench.open_alarms.put(replace(bench.open_alarms.all()[0], active=False))
    assert bench.open_alarms.total.worst_is_over is True


def test_tabs_keep_their_room_beside_a_long_name(bench: AlarmBench) -> None:
    number = bench.raise_alarm("External power disconnected", Severity.CRITICAL, "VAN-1")
    bench.raise_alarm("SOS", Severity.CRITICAL, "VAN-2")
    bench.pane.resize(1_020, 260)
    bench.select(number)
    QCoreApplication.processEvents()
    tabs = bench.pane.tabs
    assert tabs.width() >= tabs.sizeHint().width()
    button = bench.pane.commands.bar.acknowledge
    narrow = button.sizeHint().width()
    bench.pane.resize(1_400, 260)
    assert button.sizeHint().width() > narrow


def test_the_time_of_an_alarm_is_shown_in_the_plots(bench: AlarmBench) -> None:
    bench.raise_alarm("SOS", Severity.CRITICAL)
    asked: list[tuple[str, float]] = []
    bench.pane.commands.plots_requested.connect(lambda *place: asked.append(place))
    bench.pane.commands.bar.actions_by_key["show_in_plots"].trigger()
    assert asked == []
    bench.pane.view.select_place(0)
    bench.pane.commands.bar.actions_by_key["show_in_plots"].trigger()
    alarm = bench.pane.view.selected_alarms()[0]
    assert asked == [("VAN-12", alarm.event_ms / 1_000)]
