"""All signs of devices in one picture, turned beforehand: ten thousand are drawn by one call.

A sign is its shape (what the device does) and its look (how true that is), told apart without
colour: an arrow drives, a ring idles, a square is parked, a dotted circle has no fix; hollow is not
of now, crossed has not been heard of for too long.
"""

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fleet.activity import Activity
from tftmonitor.ui.map.colours import MapColours
from tftmonitor.ui.theme.glyphs import draw_severity, severity_chip
from tftmonitor.ui.theme.theme import Theme

SIGN: Final = 32
"""Logical pixels of a cell of the atlas, each way; the sign itself is half as large."""
TURNS: Final = 32
LOOKS: Final = 3
FILLED, HOLLOW, CROSSED = range(LOOKS)
CIRCLE, SQUARE, RING, ARROW = range(4)
"""The shapes; those of the arrow go on for ``TURNS``."""

_IN_A_ROW: Final = ARROW + TURNS
_ALARMS: Final = (Severity.CRITICAL, Severity.HIGH, Severity.WARNING, Severity.NOTICE)
_PALE: Final = LOOKS
"""The row of the atlas behind the looks: rings of alarms, active and then ended."""
_SHAPES: Final = np.zeros(len(Activity), np.intp)
_SHAPES[[Activity.PARKED, Activity.IDLING, Activity.MOVING]] = SQUARE, RING, ARROW

Cells = NDArray[np.intp]


class SignAtlas:
    """The picture for one theme and pixel ratio; ``cells`` and ``alarm_cells`` say where."""

    def __init__(self, theme: Theme, colours: MapColours, pixel_ratio: float) -> None:
        self.key = (theme.name, pixel_ratio)
        self.pixel_ratio = pixel_ratio
        self.size = math.ceil(SIGN * pixel_ratio)
        self._theme, self._colours = theme, colours
        self.pixmap = QPixmap(self.size * _IN_A_ROW, self.size * (LOOKS + 1))
        self.pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self.pixmap)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_all(painter)
        finally:
            painter.end()

    @staticmethod
    def cells(activities: NDArray[np.generic], looks: Cells, courses: NDArray[np.float64]) -> Cells:
        """The cell of each sign, shape (n,): an ``Activity``, a look and a course in degrees."""
        shapes = _SHAPES[np.asarray(activities, np.intp)]
        turns = np.nan_to_num(np.round(courses * (TURNS / 360.0)), nan=0.0).astype(np.intp) % TURNS
        shapes = np.where(shapes == ARROW, ARROW + turns, shapes)
        return looks * _IN_A_ROW + shapes

    @staticmethod
    def alarm_cells(severities: NDArray[np.generic], is_over: NDArray[np.bool_]) -> Cells:
        """The cell of the ring around each sign that has an alarm, of severity 1 and above."""
        places = np.zeros(max(_ALARMS) + 1, np.intp)
        for place, severity in enumerate(_ALARMS):
            places[severity] = place
        found = places[np.asarray(severities, np.intp)] + len(_ALARMS) * is_over
        return _PALE * _IN_A_ROW + found

    def sources(self, cells: Cells) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Left and top of cells within the picture, in its own pixels."""
        row, column = np.divmod(cells, _IN_A_ROW)
        return column * float(self.size), row * float(self.size)

    def _draw_all(self, painter: QPainter) -> None:
        colours = self._colours
        fills = (colours.unknown, colours.parked, colours.idling, colours.moving)
        draws: tuple[Callable[[QPainter], None], ...] = (_circle, _square, _ring, _arrow)
        for look in range(LOOKS):
            for shape, draw in enumerate(draws):
                for turn in range(TURNS if shape == ARROW else 1):
                    self._begin(painter, shape + turn, look)
                    painter.rotate(turn * 360.0 / TURNS)
                    self._paint(painter, draw, fills[shape], look, shape)
                    painter.rotate(-turn * 360.0 / TURNS)
                    if look == CROSSED:
                        self._cross(painter)
                    painter.restore()
        for over in (False, True):
            for place, severity in enumerate(_ALARMS):
                self._begin(painter, place + len(_ALARMS) * over, _PALE)
                self._alarm(painter, severity, is_over=over)
                painter.restore()

    def _begin(self, painter: QPainter, column: int, row: int) -> None:
        painter.save()
        painter.translate((column + 0.5) * self.size, (row + 0.5) * self.size)
        painter.scale(self.pixel_ratio, self.pixel_ratio)

    def _paint(
        self, painter: QPainter, draw: Callable[[QPainter], None], fill: str, look: int, shape: int
    ) -> None:
        colours = self._colours
        ink = colours.stale if look else fill
        # A halo of the ground's colour tells it from what lies below.
        painter.setPen(_pen(colours.sign_edge, 4.0))
        painter.setBrush(QColor(colours.sign_edge))
        draw(painter)
        pen = _pen(ink, 1.8)
        if shape == CIRCLE:
            pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        is_open = look != FILLED or shape in {RING, CIRCLE}
        painter.setBrush(QColor(colours.sign_hole if is_open else fill))
        draw(painter)
        if shape == RING:
            painter.setBrush(QColor(ink))
            painter.setPen(Qt.PenStyle.NoPen)
            radius = 2.6 if look == FILLED else 1.4
            painter.drawEllipse(QPointF(0.0, 0.0), radius, radius)

    def _cross(self, painter: QPainter) -> None:
        colours = self._colours
        for pen in (_pen(colours.sign_edge, 4.2), _pen(colours.stale, 2.0)):
            painter.setPen(pen)
            painter.drawLine(QPointF(-7.5, 7.5), QPointF(7.5, -7.5))

    def _alarm(self, painter: QPainter, severity: Severity, *, is_over: bool) -> None:
        chip = severity_chip(self._theme, severity)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ring = QRectF(-11.0, -11.0, 22.0, 22.0)
        painter.setPen(_pen(self._colours.sign_edge, 4.5))
        painter.drawEllipse(ring)
        pen = _pen(chip.fill, 2.5)
        if is_over:
            pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.drawEllipse(ring)
        painter.translate(1.5, -14.5)
        painter.scale(13.0, 13.0)
        draw_severity(painter, self._theme, severity, is_over=is_over)


def _pen(color: str, width: float) -> QPen:
    pen = QPen(QColor(color), width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen


def _circle(painter: QPainter) -> None:
    painter.drawEllipse(QRectF(-5.0, -5.0, 10.0, 10.0))


def _square(painter: QPainter) -> None:
    painter.drawRoundedRect(QRectF(-5.0, -5.0, 10.0, 10.0), 1.5, 1.5)


def _ring(painter: QPainter) -> None:
    painter.drawEllipse(QRectF(-5.0, -5.0, 10.0, 10.0))


def _arrow(painter: QPainter) -> None:
    corners = ((0.0, -8.5), (6.0, 6.5), (0.0, 3.2), (-6.0, 6.5))
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
