"""The colour of a place as a small sign, and the colours that are offered, by name."""

import functools
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QComboBox

from tftmonitor.model.places.place import COLOURS

_SIZE: Final = 14
_SCALE: Final = 3


@functools.cache
def swatch(colour: str) -> QIcon:
    """A dot of this colour."""
    pixmap = QPixmap(_SIZE * _SCALE, _SIZE * _SCALE)
    pixmap.setDevicePixelRatio(_SCALE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawEllipse(QRectF(1, 1, _SIZE - 2, _SIZE - 2))
    finally:
        painter.end()
    icon = QIcon(pixmap)
    # A chosen row must not tint it.
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon


def colour_combo() -> QComboBox:
    """A choice of the colours that are seen on any map."""
    combo = QComboBox()
    combo.setAccessibleName("Colour")
    for name, colour in COLOURS:
        combo.addItem(swatch(colour), name, colour)
    return combo


def choose_colour(combo: QComboBox, colour: str) -> None:
    """Choose this one, which a file may have brought."""
    at = combo.findData(colour)
    if at < 0:
        combo.addItem(swatch(colour), colour, colour)
        at = combo.count() - 1
    combo.setCurrentIndex(at)
