"""The ground painted anew: which areas and lines in which order, for a rectangle of the world."""

from collections.abc import Callable
from dataclasses import dataclass
from math import floor, log2

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from tftmonitor.model.geo.detail_levels import MOST_RIVER_ZOOM, cells_in
from tftmonitor.model.geo.projection import TILE_PIXELS
from tftmonitor.model.geo.view import View
from tftmonitor.ui.map.ground.colours import GroundColours
from tftmonitor.ui.map.ground.paths import CellPaths, GroundPaths


@dataclass(frozen=True, slots=True)
class Frame:
    """What pixels show: ``scale`` pixels to the world, ``left`` and ``top`` the world's corner.

    ``coarse`` is with the detail of one or two zooms less, for the sake of speed.
    """

    scale: float
    left: float
    top: float
    coarse: bool = False


def paint_ground(painter: QPainter, view: View, colours: GroundColours, paths: GroundPaths) -> None:
    """All that the view shows, in the painter's own pixels."""
    frame = Frame(
        view.scale,
        view.width / 2 - view.x * view.scale,
        view.height / 2 - view.y * view.scale,
    )
    paint_area(painter, QRect(0, 0, round(view.width), round(view.height)), frame, colours, paths)


def paint_area(
    painter: QPainter, area: QRect, frame: Frame, colours: GroundColours, paths: GroundPaths
) -> None:
    """The part of a picture that ``area`` names, and nothing outside of it."""
    painter.save()
    try:
        painter.setClipRect(area)
        painter.fillRect(area, QColor(colours.water))
        # South of the square the ice of its edge goes on, north of it the sea.
        edge = round(frame.top + frame.scale)
        if edge < area.top() + area.height():
            south = area.adjusted(0, max(edge - area.top(), 0), 0, 0)
            painter.fillRect(south, QColor(colours.land))
        _paint_cells(painter, area, frame, colours, paths)
    finally:
        painter.restore()


def _paint_cells(
    painter: QPainter, area: QRect, frame: Frame, colours: GroundColours, paths: GroundPaths
) -> None:
    scale, left, top = frame.scale, frame.left, frame.top
    zoom = log2(scale / TILE_PIXELS)
    # In whole zooms, so that many steps of a zoom read the same cells.
    level = paths.level(floor(zoom) - 1 if frame.coarse else zoom)
    if level is None:
        return
    edges = (
        (area.left() - left) / scale,
        (area.top() - top) / scale,
        (area.left() + area.width() - left) / scale,
        (area.top() + area.height() - top) / scale,
    )
    shown = [(cell.worlds, paths.cell(level, cell)) for cell in cells_in(edges, level.side)]
    places = [
        (QTransform.fromTranslate(left + worlds * scale, top).scale(scale, scale), one)
        for worlds, one in shown
        if one is not None
    ]

    def fill(chosen: Callable[[CellPaths], QPainterPath], colour: str) -> None:
        # Plain under an antialiased line it looks the same, in a tenth of the time.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        brush = QColor(colour)
        for place, one in places:
            if not (path := chosen(one)).isEmpty():
                painter.setTransform(place)
                painter.fillPath(path, brush)

    def draw(chosen: Callable[[CellPaths], QPainterPath], colour: str) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # One device pixel: a wider pen leaves Qt's fast way, and takes ten times as long.
        painter.setPen(QPen(QColor(colour), 0))
        for place, one in places:
            if not (path := chosen(one)).isEmpty():
                painter.setTransform(place)
                painter.drawPath(path)

    fill(lambda one: one.land, colours.land)
    draw(lambda one: one.provinces, colours.province)
    if zoom <= MOST_RIVER_ZOOM:
        draw(lambda one: one.rivers, colours.river)
    fill(lambda one: one.lakes, colours.water)
    draw(lambda one: one.shores, colours.coast)
    draw(lambda one: one.borders, colours.border)
    draw(lambda one: one.coast, colours.coast)
