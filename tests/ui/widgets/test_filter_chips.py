"""One chip is chosen, whoever chose it, in the colours of the theme that is on."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.harness import Harness
from tftmonitor.ui.theme.theme import DARK, install_theme
from tftmonitor.ui.widgets.filter_chips import FilterChips

LABELS = {"all": "All", "few": "A few", "one": "Only one"}


@pytest.fixture
def chips(harness: Harness) -> FilterChips:
    return harness.show(FilterChips(LABELS, spoken="Show {} messages"), 300, 40)


def test_pointer_and_program_choose_one(chips: FilterChips) -> None:
    names: list[str] = []
    chips.chosen.connect(names.append)
    assert chips.chosen_name == "all"
    QTest.mouseClick(chips.chip("one"), Qt.MouseButton.LeftButton)
    assert chips.chosen_name == "one"
    chips.choose("few")
    chips.choose("few")
    assert names == ["one", "few"]
    assert [chips.chip(name).isChecked() for name in LABELS] == [False, True, False]
    with pytest.raises(KeyError):
        chips.choose("none")


def test_screen_readers_hear_what_a_chip_shows(chips: FilterChips) -> None:
    assert chips.chip("few").accessibleName() == "Show a few messages"


def test_chips_wrap_in_a_narrow_place(chips: FilterChips) -> None:
    assert chips.heightForWidth(60) > 2 * chips.heightForWidth(300)


def test_another_theme_is_followed(chips: FilterChips) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    before = chips.styleSheet()
    install_theme(app, DARK)
    assert chips.styleSheet() != before
    assert DARK.selection in chips.styleSheet()
