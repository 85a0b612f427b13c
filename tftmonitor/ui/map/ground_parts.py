"""The built-in ground within the map: opened with the first paint, no start waits for it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QPainter

from tftmonitor.base.paths import resource
from tftmonitor.model.geo.view import View
from tftmonitor.ui.map.colours import MapColours
from tftmonitor.ui.map.ground.layer import GroundLayer
from tftmonitor.ui.map.name_layer import GroundName


class BuiltInGround:
    """A layer of the canvas, and the names that belong to it."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or resource("map")
        self._layer: GroundLayer | None = None

    def paint(
        self, painter: QPainter, view: View, colours: MapColours, ratio: float, *, moving: bool
    ) -> None:
        """Fill the view with land and water."""
        self._opened().paint(painter, view, colours.ground, ratio, moving)

    def names(self, view: View) -> Sequence[GroundName]:
        """Countries, the important first."""
        labels = self._opened().country_labels(view)
        return [GroundName(label.name, label.x, label.y, 0) for label in labels]

    def is_coarse(self, view: View) -> bool:
        """True when the lines of the ground may be visibly off."""
        return self._opened().is_coarse(view)

    def close(self) -> None:
        """Let go of the file."""
        if self._layer is not None:
            self._layer.close()
            self._layer = None

    def _opened(self) -> GroundLayer:
        if self._layer is None:
            self._layer = GroundLayer(self._folder)
        return self._layer
