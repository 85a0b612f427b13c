"""The palette finds actions and devices by any words of theirs, and lists so many of them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tftmonitor.ui.window.command_palette import MOST_FOUND, Palette

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
        ("van ambulance", []),
        ("nothing", []),
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
