import logging

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.harness import Harness
from tftmonitor.ui.notes.note_line import NoteLine
from tftmonitor.ui.notes.notes import PASSES_AFTER_S, Gravity, Notes
from tftmonitor.ui.theme.theme import DARK, install_theme

INFO, WARNING = Gravity.INFO, Gravity.WARNING


def texts(notes: Notes) -> list[str]:
    return [note.words for note in notes.standing()]


def test_graver_ones_stand_above_and_stay_what_informs_passes() -> None:
    notes = Notes()
    notes.add("saved", INFO, 0)
    notes.add("broken", WARNING, 1)
    notes.add("back", INFO, 10)
    assert texts(notes) == ["broken", "back", "saved"]
    notes.pass_on(PASSES_AFTER_S)
    assert texts(notes) == ["broken", "back"]
    notes.pass_on(1e9)
    assert texts(notes) == ["broken"]
    notes.take_away("broken")
    assert texts(notes) == []


def test_same_sentence_is_counted_and_stands_anew_with_the_graver_of_both() -> None:
    notes = Notes()
    notes.add("failed", WARNING, 0)
    notes.add("failed", INFO, 15)
    notes.add("failed", INFO, 30)
    notes.pass_on(PASSES_AFTER_S + 5)
    assert texts(notes) == ["failed (\u00d73)"]
    assert notes.standing()[0].gravity is WARNING


def test_number_is_bounded_and_warnings_are_the_last_to_go() -> None:
    notes = Notes()
    notes.add("broken", WARNING, 0)
    for number in range(100):
        notes.add(f"saved {number}", INFO, number)
    assert len(notes.standing()) == 30
    assert texts(notes)[:2] == ["broken", "saved 99"]


def test_each_is_in_the_log_at_its_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    notes = Notes()
    notes.add("saved 50 %s", INFO, 0)
    notes.add("broken", WARNING, 0)
    assert [(each.levelno, each.getMessage()) for each in caplog.records] == [
        (logging.INFO, "saved 50 %s"),
        (logging.WARNING, "broken"),
    ]


def test_all_that_was_said_stays_readable_with_its_time() -> None:
    times = iter(("14:00", "14:01", "14:02"))
    notes = Notes(lambda: next(times))
    notes.add("saved", INFO, 0)
    notes.add("broken", WARNING, 1)
    notes.add("saved", INFO, 2)
    notes.pass_on(1e9)
    notes.take_away("broken")
    assert notes.standing() == []
    assert [(note.at, note.words) for note in notes.history()] == [
        ("14:02", "saved (\u00d72)"),
        ("14:01", "broken"),
    ]


class Bench:
    def __init__(self, harness: Harness) -> None:
        self.now_s = 0.0
        self.line = NoteLine(lambda: "14:00:07", lambda: self.now_s)
        harness.show(self.line, 600, 24)


@pytest.fixture
def bench(harness: Harness, qapp: QApplication) -> Bench:
    install_theme(qapp, DARK)
    return Bench(harness)


def test_gravest_is_shown_and_the_others_are_counted(bench: Bench) -> None:
    bench.line.say("one", INFO)
    assert bench.line.text.text() == "one"
    assert bench.line.all.text() == "Notes"
    bench.line.say("two", WARNING)
    bench.line.say("three", INFO)
    assert bench.line.text.text() == "two"
    assert bench.line.all.text() == "3 notes"


def test_click_takes_one_away_and_time_the_others_but_no_warning(bench: Bench) -> None:
    bench.line.say("one", INFO)
    bench.line.say("two", WARNING)
    bench.now_s = PASSES_AFTER_S + 1
    bench.line.tick()
    assert bench.line.text.text() == "two"
    bench.line.take_away.click()
    assert bench.line.text.text() == ""
    assert not bench.line.take_away.isVisible()


def test_height_is_the_same_with_and_without_a_sentence(bench: Bench) -> None:
    empty = bench.line.sizeHint().height()
    bench.line.say("word " * 100 + "\nanother line", WARNING)
    assert bench.line.sizeHint().height() == empty
    assert bench.line.minimumSizeHint().width() < 300


def test_list_of_all_is_one_click_away(bench: Bench) -> None:
    bench.line.say("one", INFO)
    bench.line.say("two", WARNING)
    QTest.mouseClick(bench.line.all, Qt.MouseButton.LeftButton)
    assert bench.line.list.isVisible()
    assert bench.line.list.view.toPlainText() == "14:00:07  ! two\n14:00:07    one"
    bench.line.say("three", INFO)
    assert "three" in bench.line.list.view.toPlainText()
    QTest.keyClick(bench.line.list.view, Qt.Key.Key_Escape)
    assert not bench.line.list.isVisible()
