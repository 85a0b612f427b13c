"""The user's own places on the ground: each in its colour, with its name in the middle."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from tftmonitor.model.geo.projection import Numbers, to_world
from tftmonitor.model.geo.track import unwrapped
from tftmonitor.model.geo.view import View
from tftmonitor.model.places.place import Place
from tftmonitor.model.places.store import Places
from tftmonitor.ui.map.layer import MapFrame
from tftmonitor.ui.map.name_layer import OWN_PLACE, GroundName

_FILL: Final = 0.16
# Smaller ones are dots that say nothing, and whose names stand on each other.
_LEAST_PIXELS: Final = 6.0


@dataclass(frozen=True, slots=True)
class _Outline:
    """A ring in world units, not wrapped, and the middle where the name stands."""

    place: Place
    x: Numbers
    y: Numbers
    middle: tuple[float, float]


class OwnPlacesLayer:
    """Paints the places of a store; ``shown`` is whether the user wants them."""

    def __init__(self, places: Places) -> None:
        self.shown = True
        self._places = places
        self._outlines: list[_Outline] | None = None
        places.on_change.add(self._forget)

    def _forget(self) -> None:
        self._outlines = None

    def paint(self, painter: QPainter, frame: MapFrame) -> None:
        """Paint those in sight, over the ground and below its names."""
        if not self.shown:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for outline in self._seen(frame.view):
            left, top = _pixels(frame.view, outline)
            points = zip(left.tolist(), top.tolist(), strict=True)
            color = QColor(outline.place.colour)
            painter.setPen(QPen(color, 2.0))
            fill = QColor(color)
            fill.setAlphaF(_FILL)
            painter.setBrush(fill)
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def names(self, view: View) -> Sequence[GroundName]:
        """The names of those in sight."""
        if not self.shown:
            return ()
        return [
            GroundName(outline.place.name, *outline.middle, OWN_PLACE)
            for outline in self._seen(view)
        ]

    def at(self, latitude: float, longitude: float) -> list[Place]:
        """The places that this one lies in, the smallest first."""
        if not self.shown:
            return []
        found = [
            place for place in self._places.items if bool(place.shape.contains(latitude, longitude))
        ]
        return sorted(found, key=lambda place: place.shape.area_m2)

    def _seen(self, view: View) -> list[_Outline]:
        if self._outlines is None:
            self._outlines = [_outline(place) for place in self._places.items]
        return [outline for outline in self._outlines if _is_seen(view, outline)]


def _outline(place: Place) -> _Outline:
    latitude, longitude = np.array(place.shape.outline(), np.float64).T
    x, y = to_world(latitude, longitude)
    middle_x, middle_y = to_world(*place.shape.centre)
    return _Outline(place, unwrapped(x), y, (float(middle_x), float(middle_y)))


def _pixels(view: View, outline: _Outline) -> tuple[Numbers, Numbers]:
    first, top = view.to_screen(outline.x[0], outline.y)
    return float(first) + (outline.x - outline.x[0]) * view.scale, top


def _is_seen(view: View, outline: _Outline) -> bool:
    left, top = _pixels(view, outline)
    if max(float(np.ptp(left)), float(np.ptp(top))) < _LEAST_PIXELS:
        return False
    across = left.min() < view.width and left.max() > 0
    return bool(across and top.min() < view.height and top.max() > 0)
