"""Where the pointer is, as coordinates in the corner of the map."""

from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLabel

from tftmonitor.model.geo.coordinates import coordinates_text, dms_text
from tftmonitor.model.geo.projection import to_degrees
from tftmonitor.ui.map.canvas import MapCanvas

_WIDE: Final = 560
_ABOVE_CREDIT: Final = 20


class PointerLabel(QLabel):
    """An opaque label, so that nothing of the map is painted anew when the pointer moves."""

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setObjectName("mapPointer")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAutoFillBackground(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setContentsMargins(5, 0, 5, 0)
        self.hide()

    def show_place(self, pixel: QPointF) -> None:
        """Say the place under a pixel; in a wide map in degrees, minutes and seconds too."""
        canvas = self._canvas
        latitude, longitude = map(float, to_degrees(*canvas.view.to_map(pixel.x(), pixel.y())))
        text = coordinates_text(round(latitude, 5), round(longitude, 5))
        if canvas.width() >= _WIDE:
            text = f"{text}   {dms_text(latitude, longitude)}"
        self.setText(text)
        self.adjustSize()
        top = canvas.height() - self.height() - _ABOVE_CREDIT
        self.move(canvas.width() - self.width(), top)
        self.show()
