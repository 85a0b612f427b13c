"""The palette finds actions and devices by any words of theirs, and lists so many of them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.window.command_palette import MOST_FOUND, Palette
from tftmonitor.ui.window.palette_order import Entry, Uses

NAMES = ["VAN 1  TLW1", "Ambulance\n2  TLP2", "van 12  TLW1", "Straße 3  TLW1"]


class Stage:
    def __init__(self, qtbot: QtBot, names: list[str]) -> None:
        self.selected: list[str] = []
        self.run: list[str] = []
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(800, 600)
        quit_action = QAction("Quit")
        quit_action.triggered.connect(lambda: self.run.append("quit"))
        self.actions = {"quit": quit_action}
        devices = [(name, f"key {row}") for row, name in enumerate(names)]
        self.palette = Palette(
            self.actions, lambda: iter(devices), self.selected.append, self.window
        )
        self.window.show()
        self.palette.open()

    def listed(self, words: str) -> list[str]:
        self.palette.line.setText(words)
        shown = self.palette.list
        return [shown.item(row).text() for row in range(shown.count())]


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(qtbot, NAMES)


def test_all_stand_there_before_anything_is_typed(stage: Stage) -> None:
    assert stage.listed("") == ["Quit", *NAMES]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("van", [0, 2]),
        ("tlw1 VAN", [0, 2]),
        ("1 tlw1", [0, 2, 3]),
        ("12", [2]),
        ("STRASSE", [3]),
        ("ambulance 2", [1]),
    ],
)
def test_devices_are_found_by_all_words_in_any_order(
    stage: Stage, words: str, found: list[int]
) -> None:
    assert stage.listed(words) == [NAMES[row] for row in found]


def test_return_takes_the_first_one(stage: Stage) -> None:
    stage.listed("van 12")
    QTest.keyClick(stage.palette.line, Qt.Key.Key_Return)
    assert stage.selected == ["key 2"]
    stage.palette.open()
    stage.listed("quit")
    QTest.keyClick(stage.palette.line, Qt.Key.Key_Return)
    assert stage.run == ["quit"]
    assert not stage.palette.isVisible()


def test_no_more_than_somebody_reads_are_listed_and_that_is_said(qtbot: QtBot) -> None:
    stage = Stage(qtbot, [f"VAN {number}" for number in range(1_000)])
    listed = stage.listed("van")
    assert len(listed) == MOST_FOUND + 1
    assert listed[-1] == "… and more: type more letters"
    last = stage.palette.list.item(MOST_FOUND)
    assert last.flags() == Qt.ItemFlag.NoItemFlags
    stage.palette.list.itemActivated.emit(last)
    assert stage.selected == []
    assert len(stage.listed("van 99")) == 19


@pytest.mark.parametrize("words", ["van ambulance", "nothing <b>"])
def test_what_is_not_found_is_said(stage: Stage, words: str) -> None:
    assert stage.listed(words) == [f"Nothing found for “{words}”"]
    QTest.keyClick(stage.palette.line, Qt.Key.Key_Return)
    assert stage.selected == stage.run == []


def test_best_stands_first_and_of_equals_what_is_used_most(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    texts = ["Save table", "Reset layout", "Tab: Raw", "Open a tab", "Table of rules"]
    ran: list[str] = []
    entries = [Entry(text, "", lambda text=text: ran.append(text)) for text in texts]  # type: ignore[misc]
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    palette = Palette({}, lambda: (), ran.append, window, lambda: entries, Uses(settings))

    def listed(words: str) -> list[str]:
        palette.line.setText(words)
        return [palette.list.item(row).text() for row in range(palette.list.count())]

    palette.open()
    assert listed("tab") == ["Tab: Raw", "Table of rules", "Save table", "Open a tab"]
    listed("table of")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert ran == ["Table of rules"]
    again = Palette({}, lambda: (), ran.append, window, lambda: entries, Uses(settings))
    again.open()
    again.line.setText("tab")
    assert again.list.item(0).text() == "Table of rules"
    again.line.clear()
    assert again.list.item(0).text() == "Table of rules"


def test_uses_are_bounded_and_the_newest_is_kept(settings: SettingsStore) -> None:
    uses = Uses(settings)
    for number in range(70):
        uses.note(f"entry {number}")
        uses.note(f"entry {number}")
    uses.note("new")
    assert len(uses.counts()) <= 61
    assert uses.counts()["new"] == 1


@pytest.mark.qt_log_ignore("does not support raise", extend=True)
def test_palette_opens_over_the_floating_dock_that_has_the_keyboard(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    dock = QDockWidget("Messages", window)
    dock.setWidget(QWidget())
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    palette = Palette({}, lambda: (), lambda _key: None, window)
    window.show()
    dock.setFloating(True)
    dock.show()
    dock.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dock)
    palette.open()
    assert palette.parentWidget() is dock
    assert palette.isVisible()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    palette.open()
    assert palette.parentWidget() is window
