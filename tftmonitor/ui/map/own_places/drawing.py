"""Drawing a place on the map: a circle by middle and edge, a polygon by its corners."""

from collections.abc import Callable
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF
from typing_extensions import override

from tftmonitor.model.fields.distance_text import distance_text
from tftmonitor.model.geo.projection import distance_m, to_world
from tftmonitor.model.geo.track import unwrapped
from tftmonitor.model.places.polygon import Polygon
from tftmonitor.model.places.shapes import LEAST_RADIUS_M, MOST_RADIUS_M, Circle
from tftmonitor.ui.map.layer import MapFrame
from tftmonitor.ui.map.text_pictures import boxed_text

Point = tuple[float, float]
Drawn = Callable[[Circle | Polygon], object]
_MOST_CORNERS: Final = 2_000
# From the pointer to its text, and the strip of buttons at the right edge, in pixels.
_ASIDE: Final = QPointF(12, 10)
_TOOLS: Final = 40


class _Drawing:
    """What both have in common: the points so far, the pointer, and the end."""

    hint = ""

    def __init__(self, drawn: Drawn, done: Callable[[], object]) -> None:
        self.points: list[Point] = []
        self.pointer: Point | None = None
        self._drawn, self._done = drawn, done

    def hover(self, latitude: float, longitude: float) -> None:
        """Show what it would be with the next click here."""
        self.pointer = (latitude, longitude)

    def undo(self) -> None:
        """Take the last click back."""
        if self.points:
            self.points.pop()

    def cancel(self) -> None:
        """Leave nothing behind."""
        self.points.clear()
        self._done()

    def shape(self) -> Circle | Polygon | None:
        """What has been drawn so far with the pointer as its next point; None for too little."""
        raise NotImplementedError

    def text(self) -> str:
        """What is to be said beside the pointer."""
        return self.hint

    def paint(self, painter: QPainter, frame: MapFrame) -> None:
        """What there is so far."""
        shape, colours = self.shape(), frame.colours
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.selection), 2.0, Qt.PenStyle.DashLine))
        if shape is not None and not shape.problem:
            fill = QColor(colours.selection)
            fill.setAlphaF(0.18)
            painter.setBrush(fill)
            painter.drawPolygon(QPolygonF(_pixels(frame, list(shape.outline()))))
        else:
            painter.drawPolyline(QPolygonF(_pixels(frame, [*self.points, *self._next()])))
        painter.setPen(QPen(QColor(colours.selection), 2.0))
        painter.setBrush(QColor(colours.sign_hole))
        for point in _pixels(frame, self.points):
            painter.drawEllipse(point, 4.0, 4.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        if self.pointer is not None and self.text():
            picture = boxed_text(
                self.text(),
                QFont(painter.font()),
                colours.name,
                colours.name_ground,
                colours.name_edge,
                frame.ratio,
            )
            (place,) = _pixels(frame, [self.pointer])
            painter.drawPixmap(beside(place, picture.deviceIndependentSize(), frame), picture)

    def _next(self) -> list[Point]:
        return [self.pointer] if self.pointer is not None else []

    def _end(self, shape: Circle | Polygon) -> None:
        self._done()
        self._drawn(shape)


def beside(pointer: QPointF, size: QSizeF, frame: MapFrame) -> QPointF:
    """The corner of a text right below the pointer, or where that would be cut left or above."""
    x, y = pointer.x() + _ASIDE.x(), pointer.y() + _ASIDE.y()
    if x + size.width() > frame.view.width - _TOOLS:
        x = pointer.x() - _ASIDE.x() - size.width()
    if y + size.height() > frame.view.height:
        y = pointer.y() - _ASIDE.y() - size.height()
    return QPointF(max(0.0, x), max(0.0, y))


class CircleDrawing(_Drawing):
    """The first click is the middle, the second a point of the edge."""

    hint = "Click the middle of the circle"

    def click(self, latitude: float, longitude: float) -> None:
        """Take the middle, then the edge."""
        self.pointer = (latitude, longitude)
        shape = self.shape()
        if shape is not None and not shape.problem:
            self._end(shape)
        elif not self.points:
            self.points.append((latitude, longitude))

    def finish(self) -> None:
        """Nothing to do: the second click ends it."""

    @override
    def shape(self) -> Circle | None:
        """The circle through the pointer."""
        if not self.points or self.pointer is None:
            return None
        metres = float(distance_m(*self.points[0], *self.pointer))
        radius = min(max(metres, 0.0), MOST_RADIUS_M)
        return Circle(*self.points[0], radius) if radius >= LEAST_RADIUS_M else None

    @override
    def text(self) -> str:
        """The radius so far."""
        shape = self.shape()
        if not self.points:
            return self.hint
        return f"radius {distance_text(shape.radius_m)}" if shape else "Click a point of the edge"


class PolygonDrawing(_Drawing):
    """A corner a click; a double click or Enter closes it."""

    hint = "Click the corners; a double click or Enter closes it"

    def click(self, latitude: float, longitude: float) -> None:
        """Take a corner."""
        if len(self.points) < _MOST_CORNERS:
            self.points.append((latitude, longitude))

    def finish(self) -> None:
        """Close it, if it has an inside."""
        self.pointer = None
        shape = self.shape()
        if shape is not None and not shape.problem:
            self._end(shape)

    @override
    def shape(self) -> Polygon | None:
        """The polygon with the pointer as its next corner."""
        corners = [*self.points, *self._next()]
        return Polygon(tuple(corners)) if len(corners) >= 3 else None

    @override
    def text(self) -> str:
        """What to do, until it is seen how."""
        return self.hint if len(self.points) < 3 else ""


def _pixels(frame: MapFrame, points: list[Point]) -> list[QPointF]:
    if not points:
        return []
    latitude, longitude = np.array(points, np.float64).T
    x, y = to_world(latitude, longitude)
    along = unwrapped(x)
    first, top = frame.view.to_screen(x[0], y)
    left = float(first) + (along - along[0]) * frame.view.scale
    return [QPointF(a, b) for a, b in zip(left.tolist(), top.tolist(), strict=True)]
