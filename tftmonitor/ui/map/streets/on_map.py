"""Streets on a map: the layer in its canvas, with the credit and the trouble to be read there."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject
from typing_extensions import override

from tftmonitor.model.geo.view import View
from tftmonitor.ui.map.canvas import MapCanvas
from tftmonitor.ui.map.furniture import CREDIT
from tftmonitor.ui.map.name_layer import OWN_PLACE, GroundName
from tftmonitor.ui.map.streets.layer import StreetsLayer


class StreetsOnMap(QObject):
    """Puts the layer right above the ground; while the canvas is hidden the layer rests.

    Names of the ground are left out where tiles cover the view: those have their own.
    """

    def __init__(self, canvas: MapCanvas, layer: StreetsLayer) -> None:
        super().__init__(canvas)
        self._canvas, self._layer = canvas, layer
        self._ground_names: Callable[[View], Sequence[GroundName]] = canvas.names.ground_names
        canvas.names.ground_names = self._names_of
        # The first is the ground; places of the user and all the rest stay above.
        canvas.below.insert(1, layer)
        canvas.installEventFilter(self)
        layer.changed.add(self._show)
        self._show()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide:
            self._layer.rest()
        return False

    def _names_of(self, view: View) -> Sequence[GroundName]:
        names = self._ground_names(view)
        if not self._layer.is_whole:
            return names
        return [name for name in names if name.level == OWN_PLACE]

    def _show(self) -> None:
        furniture, credit = self._canvas.furniture, self._layer.credit
        # The ground's own is the one that is cut where there is little room.
        furniture.credit = f"{credit} · {CREDIT}" if credit else CREDIT
        furniture.trouble = self._layer.trouble
        if self._canvas.isVisible():
            self._canvas.update()
