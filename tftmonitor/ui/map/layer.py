"""What a part of the map's picture is: something that paints itself into a frame."""

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtGui import QPainter

from tftmonitor.model.geo.view import View
from tftmonitor.ui.map.colours import MapColours


@dataclass(frozen=True, slots=True)
class MapFrame:
    """One picture: its view, its colours, the screen's pixel ratio, and whether it is on the move.

    ``moving`` is true while the user drags or zooms: what takes long can wait until that rests.
    """

    view: View
    colours: MapColours
    ratio: float
    moving: bool


class Layer(Protocol):
    """A part of the picture, such as the ground or a trail."""

    def paint(self, painter: QPainter, frame: MapFrame) -> None:
        """Paint what of it is in the view; the painter is in logical pixels."""
