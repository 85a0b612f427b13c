"""What clicks on the map mean while something is being measured or drawn."""

from typing import Protocol

from PySide6.QtGui import QPainter

from tftmonitor.ui.map.layer import MapFrame


class MapMode(Protocol):
    """Takes clicks instead of the devices; paints itself above them. Places are degrees."""

    def click(self, latitude: float, longitude: float) -> None:
        """A place was clicked."""

    def hover(self, latitude: float, longitude: float) -> None:
        """The pointer is there."""

    def undo(self) -> None:
        """Take the last click back."""

    def finish(self) -> None:
        """A double click, or Enter: that was the last one."""

    def cancel(self) -> None:
        """Esc, or another mode: leave nothing behind."""

    def paint(self, painter: QPainter, frame: MapFrame) -> None:
        """Paint what there is so far."""
