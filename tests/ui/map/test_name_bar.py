"""The line that names a new place can be read on a map of any width."""

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tftmonitor.model.places.shapes import Circle
from tftmonitor.ui.map.own_places.name_bar import NameBar


@pytest.mark.parametrize("width", [290, 316, 500, 900])
def test_nothing_of_it_is_cut(qtbot: QtBot, width: int) -> None:
    canvas = QWidget()
    qtbot.addWidget(canvas)
    canvas.resize(width, 300)
    bar = NameBar(canvas, lambda *_: None)
    canvas.show()
    bar.ask(Circle(51.0, 11.0, 500.0))
    QCoreApplication.processEvents()
    assert canvas.rect().contains(bar.geometry())
    for button in bar.findChildren(QPushButton):
        assert button.width() >= button.sizeHint().width()
        assert bar.rect().contains(button.geometry())
    assert bar.name.width() >= 90
