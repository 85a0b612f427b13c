from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest

from tests.ui.alarms.alarm_bench import AlarmBench
from tests.ui.tables.pointer import enter, leave
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.ui.alarms.tabs import JOURNAL


def names(bench: AlarmBench) -> list[str]:
    return [row.alarm.name for row in bench.pane.model.rows]


def test_new_alarm_waits_while_the_pointer_is_in_the_table(bench: AlarmBench) -> None:
    bench.raise_alarm("Towing", Severity.HIGH)
    enter(bench.pane.view)
    bench.raise_alarm("SOS", Severity.CRITICAL)
    assert names(bench) == ["Towing"]
    assert bench.pane.held_button.isVisible()
    assert bench.pane.held_button.text() == "1 new · show now"
    leave(bench.pane.view)
    assert names(bench) == ["SOS", "Towing"]
    assert not bench.pane.held_button.isVisible()


def test_click_takes_the_row_that_it_was_aimed_at(bench: AlarmBench) -> None:
    """The press comes after the alarm, at the place where the other row stood when it was aimed."""
    towing = bench.raise_alarm("Towing", Severity.HIGH)
    view = bench.pane.view
    aim = view.visualRect(bench.pane.model.index(0, 1)).center()
    enter(view)
    bench.raise_alarm("SOS", Severity.CRITICAL)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=aim)
    assert bench.pane.selected_ids() == [towing]


def test_keyboard_in_the_table_holds_it_too(bench: AlarmBench) -> None:
    bench.raise_alarm("Towing", Severity.HIGH)
    bench.raise_alarm("Low battery", Severity.HIGH)
    before = names(bench)
    bench.pane.view.setFocus(Qt.FocusReason.OtherFocusReason)
    QTest.keyClick(bench.pane.view, Qt.Key.Key_Down)
    bench.raise_alarm("SOS", Severity.CRITICAL)
    assert names(bench) == before
    bench.pane.tabs.setFocus(Qt.FocusReason.TabFocusReason)
    assert names(bench)[0] == "SOS"


def test_an_alarm_that_is_closed_says_so_in_its_place(bench: AlarmBench) -> None:
    bench.raise_alarm("Towing", Severity.HIGH)
    bench.service.drill()
    bench.drain()
    before = names(bench)
    enter(bench.pane.view)
    bench.service.confirm_drill()
    bench.drain()
    assert names(bench) == before
    states = [row.alarm.is_open for row in bench.pane.model.rows]
    assert sorted(states) == [False, True]
    bench.pane.arrange()
    assert names(bench) == ["Towing"]


def test_what_waits_can_be_shown_at_once(bench: AlarmBench) -> None:
    bench.raise_alarm("Towing", Severity.HIGH)
    enter(bench.pane.view)
    bench.raise_alarm("SOS", Severity.CRITICAL)
    bench.pane.held_button.click()
    assert names(bench) == ["SOS", "Towing"]


def test_chosen_row_stays_in_sight_when_others_come_above(bench: AlarmBench) -> None:
    numbers = [bench.raise_alarm(f"A{n}", Severity.HIGH, f"D{n}") for n in range(9)]
    view, model = bench.pane.view, bench.pane.model
    flags = QItemSelectionModel.SelectionFlag
    chosen = model.index(model.place_of(numbers[-1]), 0)
    view.selectionModel().setCurrentIndex(chosen, flags.ClearAndSelect | flags.Rows)
    for n in range(8):
        bench.raise_alarm(f"C{n}", Severity.CRITICAL, f"E{n}")
    assert bench.pane.selected_ids() == [numbers[-1]]
    box = view.visualRect(view.currentIndex())
    assert view.viewport().rect().contains(box.center())


def test_journal_is_not_read_anew_under_the_pointer(bench: AlarmBench) -> None:
    bench.raise_alarm("Towing", Severity.HIGH)
    bench.pane.tabs.setCurrentIndex(JOURNAL)
    page = bench.pane.journal
    count = page.model.rowCount()
    enter(page.view)
    bench.raise_alarm("SOS", Severity.CRITICAL)
    assert page.held_button.isVisible()
    bench.harness.qtbot.wait(600)
    assert page.model.rowCount() == count
    leave(page.view)
    bench.harness.qtbot.waitUntil(lambda: page.model.rowCount() > count)
    assert not page.held_button.isVisible()
