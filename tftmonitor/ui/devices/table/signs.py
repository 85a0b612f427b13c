"""The small drawings in the device list, as pixmaps made once a theme and scale."""

import math

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QPolygonF

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.ui.theme.icons import SIGN_SIZE, severity_icon, state_icon
from tftmonitor.ui.theme.theme import Theme

STAR_SIZE = 12


class DeviceSigns:
    """Pixmaps by name of a state or by severity; ``star`` is filled, unlike the action's."""

    def __init__(self, theme: Theme, scale: float) -> None:
        self.scale = scale
        self._theme = theme
        self._made: dict[tuple[str | Severity, bool], QPixmap] = {}
        self.star = _star(theme.text, scale)

    def pixmap(self, sign: str | Severity, *, hollow: bool) -> QPixmap:
        """The drawing of a state or a severity."""
        pixmap = self._made.get((sign, hollow))
        if pixmap is None:
            icon = (
                severity_icon(sign, theme=self._theme, is_over=hollow)
                if isinstance(sign, Severity)
                else state_icon(sign, theme=self._theme)
            )
            pixmap = icon.pixmap(QSize(SIGN_SIZE, SIGN_SIZE), self.scale)
            self._made[sign, hollow] = pixmap
        return pixmap


def _star(color: str, scale: float) -> QPixmap:
    pixels = round(STAR_SIZE * scale)
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(pixels, pixels)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    corners = []
    for point in range(10):
        radius = 0.5 if point % 2 == 0 else 0.21
        turn = math.pi * (point / 5 - 0.5)
        corners.append(QPointF(0.5 + radius * math.cos(turn), 0.53 + radius * math.sin(turn)))
    painter.drawPolygon(QPolygonF(corners))
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap
