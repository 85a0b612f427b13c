"""A picture is taken as soon as there is something to see."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tftmonitor.ui.window.screenshot import take_picture


@pytest.fixture
def label(qtbot: QtBot) -> QLabel:
    made = QLabel("VAN-12")
    qtbot.addWidget(made)
    return made


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were slept, none of which pass."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("tftmonitor.ui.window.screenshot.asyncio.sleep", sleep)
    return slept


def test_picture_waits_until_there_is_something_to_see(
    label: QLabel, waits: list[float], tmp_path: Path
) -> None:
    answers = iter([False, False, True])
    file = tmp_path / "new folder" / "window.png"
    assert asyncio.run(take_picture(label, file, None, lambda: next(answers))) == 0
    assert not QImage(str(file)).isNull()
    assert next(answers, None) is None
    assert sum(waits) < 5


def test_picture_after_so_many_seconds_asks_nothing(
    label: QLabel, waits: list[float], tmp_path: Path
) -> None:
    file = tmp_path / "window.png"
    assert asyncio.run(take_picture(label, file, 7.0, pytest.fail)) == 0
    assert waits == [7.0]


def test_picture_that_cannot_be_written_is_an_error(
    label: QLabel, waits: list[float], tmp_path: Path
) -> None:
    assert asyncio.run(take_picture(label, tmp_path / "window.none", 0.0, bool)) == 1
    assert waits == [0.0]
