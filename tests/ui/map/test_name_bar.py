"""What is said while a place is drawn and named can be read on a map of any width."""

import pytest
from PySide6.QtCore import QCoreApplication, QPointF, QSizeF
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tftmonitor.model.geo.view import View
from tftmonitor.model.places.shapes import Circle
from tftmonitor.ui.map.colours import LIGHT
from tftmonitor.ui.map.layer import MapFrame
from tftmonitor.ui.map.own_places.drawing import beside
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


@pytest.mark.parametrize("place", [(10.0, 10.0), (290.0, 150.0), (150.0, 295.0), (299.0, 299.0)])
def test_what_is_said_beside_the_pointer_is_not_cut(place: tuple[float, float]) -> None:
    frame = MapFrame(View(0.5, 0.5, 5.0, 300, 300), LIGHT, 1.0, moving=False)
    corner = beside(QPointF(*place), QSizeF(90, 18), frame)
    assert corner.x() >= 0
    assert corner.y() >= 0
    assert corner.x() + 90 <= 300
    assert corner.y() + 18 <= 300
