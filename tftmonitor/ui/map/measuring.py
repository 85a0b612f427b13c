"""The distance along clicks: each leg and the whole, on the shortest way over the globe."""

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from tftmonitor.model.fields.distance_text import distance_text
from tftmonitor.model.geo.projection import bearing_degrees, distance_m, to_world
from tftmonitor.ui.map.layer import MapFrame
from tftmonitor.ui.map.text_pictures import boxed_text

Place = tuple[float, float]


class Measuring:
    """A mode of the map; ``done`` is called when it ends. The line stays until the next one."""

    def __init__(self, done: Callable[[], object]) -> None:
        self.places: list[Place] = []
        self._pointer: Place | None = None
        self._is_over = False
        self._done = done

    @property
    def metres(self) -> float:
        """The whole way so far, without the leg to the pointer."""
        return sum(float(distance_m(*a, *b)) for a, b in pairwise(self.places))

    def click(self, latitude: float, longitude: float) -> None:
        """Go on to this place."""
        self.places.append((latitude, longitude))
        self._pointer = None

    def hover(self, latitude: float, longitude: float) -> None:
        """Show the leg to here."""
        self._pointer = (latitude, longitude) if self.places and not self._is_over else None

    def undo(self) -> None:
        """Take the last place back."""
        if self.places:
            self.places.pop()

    def finish(self) -> None:
        """Keep the line and its length in sight."""
        self._is_over, self._pointer = True, None

    def cancel(self) -> None:
        """Forget it."""
        self.places.clear()
        self._pointer = None
        self._done()

    def texts(self) -> list[str]:
        """A text for each place: nothing at the first, then the way up to there."""
        way, found = 0.0, [""]
        for a, b in pairwise(self._shown()):
            way += float(distance_m(*a, *b))
            course = float(bearing_degrees(*a, *b))
            found.append(f"{distance_text(way)} · {course:.0f}°")
        return found

    def paint(self, painter: QPainter, frame: MapFrame) -> None:
        """The line with its lengths."""
        shown = self._shown()
        if not shown:
            return
        colours = frame.colours
        points = [_pixel(frame, place) for place in shown]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for color, width in ((colours.trail_edge, 5.0), (colours.selection, 2.0)):
            painter.setPen(QPen(QColor(color), width))
            painter.drawPolyline(QPolygonF(points))
        painter.setBrush(QColor(colours.sign_hole))
        for point in points[: len(self.places)]:
            painter.drawEllipse(point, 4.0, 4.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        for point, text in zip(points, self.texts(), strict=True):
            if text:
                _paint_text(painter, frame, point, text)

    def _shown(self) -> list[Place]:
        return [*self.places, *([self._pointer] if self._pointer else [])]


def _pixel(frame: MapFrame, place: Place) -> QPointF:
    left, top = frame.view.to_screen(*to_world(*place))
    return QPointF(float(left), float(top))


def _paint_text(painter: QPainter, frame: MapFrame, point: QPointF, text: str) -> None:
    colours = frame.colours
    font = QFont(painter.font())
    picture = boxed_text(
        text, font, colours.name, colours.name_ground, colours.name_edge, frame.ratio
    )
    painter.drawPixmap(point + QPointF(8, 6), picture)
