import logging
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tftmonitor.ui.notes.note_bar import NoteBar
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


class Bench:
    def __init__(self) -> None:
        self.now_s = 0.0
        self.window = QWidget()
        self.window.resize(600, 400)
        self.bar = NoteBar(self.window, self.window, lambda: self.now_s)


@pytest.fixture
def bench(qtbot: QtBot, qapp: QApplication) -> Iterator[Bench]:
    install_theme(qapp, DARK)
    made = Bench()
    qtbot.addWidget(made.window)
    made.window.show()
    qtbot.waitExposed(made.window)
    yield made
    made.window.close()


def click(bench: Bench, place: int) -> None:
    QTest.mouseClick(bench.bar._lines[place], Qt.MouseButton.LeftButton)


def test_several_in_a_second_are_all_readable(bench: Bench) -> None:
    bench.bar.say("one", INFO)
    bench.bar.say("two", WARNING)
    assert bench.bar.texts == ["two", "one"]
    for number in range(4):
        bench.now_s += 0.1
        bench.bar.say(f"later {number}", INFO)
    assert bench.bar.texts == ["two", "later 3", "later 2", "+3 more"]
    click(bench, 3)
    assert bench.bar.texts == ["two", "later 3", "later 2", "later 1", "later 0", "one"]
    lines = bench.bar._lines
    assert all(line.height() >= line.heightForWidth(line.width()) for line in lines)
    assert bench.window.rect().contains(bench.bar.geometry())


def test_click_takes_one_away_and_time_the_others_but_no_warning(bench: Bench) -> None:
    bench.bar.say("one", INFO)
    bench.bar.say("two", WARNING)
    bench.bar.say("three", WARNING)
    click(bench, 0)
    assert bench.bar.texts == ["two", "one"] or bench.bar.texts == ["three", "one"]
    bench.now_s = PASSES_AFTER_S + 1
    bench.bar.tick()
    assert len(bench.bar.texts) == 1
    assert bench.bar.isVisible()
    click(bench, 0)
    assert not bench.bar.isVisible()


def test_no_line_is_cut(bench: Bench) -> None:
    for text in ("short", "word " * 100, "two\nlines"):
        bench.bar.say(text, INFO)
    QApplication.processEvents()
    for line in bench.bar._lines:
        needed = line.heightForWidth(line.width())
        assert line.height() >= needed > line.fontMetrics().height() + 8


def test_long_sentence_is_wrapped_within_the_window(bench: Bench) -> None:
    bench.bar.say("word " * 100, INFO)
    line = bench.bar._lines[0]
    assert line.width() <= bench.window.width()
    assert line.height() > 3 * line.fontMetrics().height()
