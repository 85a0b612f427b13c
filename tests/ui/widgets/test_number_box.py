from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

import tftmonitor
from tftmonitor.ui.widgets.number_box import NumberBox


@pytest.fixture(params=["en_US", "de_DE", "fr_FR", "ar_EG"])
def language(request: pytest.FixtureRequest) -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def box(qtbot: QtBot, language: None) -> Iterator[NumberBox]:
    """In a window with another field, whatever the desktop's language is."""
    page = QWidget()
    made = NumberBox(page)
    made.setRange(0, 10_000)
    made.setDecimals(2)
    made.setSuffix(" km/h")
    made.setValue(24)
    layout = QVBoxLayout(page)
    layout.addWidget(made)
    layout.addWidget(QLineEdit(page))
    qtbot.addWidget(page)
    page.show()
    qtbot.waitActive(page)
    made.setFocus()
    yield made
    page.close()


def type_in(box: NumberBox, text: str, key: Qt.Key = Qt.Key.Key_Return) -> list[str]:
    """What the box says of it."""
    said: list[str] = []
    box.refused.connect(said.append)
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, key)
    return said


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Tab])
@pytest.mark.parametrize(
    ("text", "value"),
    [("12,5", 12.5), ("7.5", 7.5), ("125", 125), ("1.000,5", 1000.5), ("1,000.5", 1000.5)],
)
def test_both_marks_mean_what_was_typed(
    box: NumberBox, text: str, value: float, key: Qt.Key
) -> None:
    assert type_in(box, text, key) == []
    assert box.value() == value


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Tab])
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1.000", "can be 1000 or 1.0"),
        ("1,000", "can be 1000 or 1.0"),
        ("2.345,678", "more than 2 decimals"),
        ("20000", "not between 0.00 and 10000.00"),
        ("1.2.3", "is no number"),
        ("-", "is no number"),
    ],
)
def test_anything_else_is_refused_in_words_and_changes_nothing(
    box: NumberBox, text: str, why: str, key: Qt.Key
) -> None:
    (said,) = type_in(box, text, key)
    assert why in said
    assert said.endswith("24.00 km/h stays.")
    assert box.value() == 24
    assert box.text() == "24.00 km/h"
    assert box.word.text == said
    QTest.keyClicks(box.lineEdit(), "5")
    assert box.word.text == ""


def test_whole_numbers_are_not_rounded(box: NumberBox) -> None:
    box.setDecimals(0)
    (said,) = type_in(box, "7,5")
    assert "is no whole number" in said
    assert box.value() == 24


def test_letters_do_not_get_in(box: NumberBox) -> None:
    assert type_in(box, "1x2") == []
    assert box.value() == 12


def test_number_as_it_is_written_here_is_never_refused(box: NumberBox) -> None:
    box.setDecimals(3)
    box.setValue(12.345)
    said: list[str] = []
    box.refused.connect(said.append)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert (box.value(), said) == (12.345, [])


def test_special_words_are_the_least_number(box: NumberBox) -> None:
    box.setSpecialValueText("at once")
    box.setValue(0)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 0
    assert box.text() == "at once"
    box.stepUp()
    assert box.value() == 1


def test_trimmed_numbers_have_no_idle_zeros(qtbot: QtBot) -> None:
    box = NumberBox(trims=True)
    qtbot.addWidget(box)
    box.setValue(24)
    assert box.text() == "24"


def test_nobody_asks_for_numbers_in_another_field() -> None:
    package = Path(tftmonitor.__file__).parent
    others = [
        file.name
        for file in package.rglob("*.py")
        if "SpinBox" in file.read_text("utf-8") and file.name != "number_box.py"
    ]
    assert others == []
