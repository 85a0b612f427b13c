"""The built-in ground within the map: opened with the first paint, no start waits for it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtGui import QPainter

from tftmonitor.base.paths import resource
from tftmonitor.model.geo.view import View
from tftmonitor.monitor.where.places import places
from tftmonitor.ui.map.ground.layer import GroundLayer
from tftmonitor.ui.map.layer import MapFrame
from tftmonitor.ui.map.name_layer import GroundName

_TOWNS_FROM: Final = 3.8
_MOST_TOWNS: Final = 110
_PIXELS_A_TOWN: Final = 8_500.0
_LARGE_TOWN: Final = 400_000


class BuiltInGround:
    """A layer of the canvas, and the names that belong to it."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or resource("map")
        self._layer: GroundLayer | None = None

    def paint(self, painter: QPainter, frame: MapFrame) -> None:
        """Fill the view with land and water."""
        ground = frame.colours.ground
        self._opened().paint(painter, frame.view, ground, frame.ratio, frame.moving)

    def names(self, view: View) -> Sequence[GroundName]:
        """Countries and, once there is room for them, towns, the important first."""
        labels = self._opened().country_labels(view)
        found = [GroundName(label.name, label.x, label.y, 0) for label in labels]
        towns = places().loaded
        if towns is None or view.zoom < _TOWNS_FROM:
            return found
        most = min(int(view.width * view.height / _PIXELS_A_TOWN), _MOST_TOWNS)
        seen = towns.in_view(view, most)
        rows = zip(
            seen.names, seen.x.tolist(), seen.y.tolist(), seen.populations.tolist(), strict=True
        )
        found += [
            GroundName(name, x, y, 1 if people >= _LARGE_TOWN else 2) for name, x, y, people in rows
        ]
        return found

    def is_coarse(self, view: View) -> bool:
        """True when the lines of the ground may be visibly off."""
        return self._opened().is_coarse(view)

    def forget(self) -> None:
        """Let the painted picture go until the next paint."""
        if self._layer is not None:
            self._layer.forget()

    def close(self) -> None:
        """Let go of the file."""
        if self._layer is not None:
            self._layer.close()
            self._layer = None

    def _opened(self) -> GroundLayer:
        if self._layer is None:
            self._layer = GroundLayer(self._folder)
        return self._layer
