"""Views of the ground as pictures, and the colour at a place in them."""

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter

from tftmonitor.model.geo.projection import to_world
from tftmonitor.model.geo.view import View
from tftmonitor.ui.map.ground.colours import LIGHT_GROUND, GroundColours
from tftmonitor.ui.map.ground.layer import GroundLayer

Place = tuple[float, float]


def view_of(place: Place, zoom: float, width: float = 400, height: float = 300) -> View:
    """With this latitude and longitude in the middle."""
    x, y = to_world(*place)
    return View(float(x), float(y), zoom, width, height).bounded()


def shown(
    layer: GroundLayer,
    view: View,
    colours: GroundColours = LIGHT_GROUND,
    ratio: float = 1.0,
    *,
    moving: bool = False,
) -> QImage:
    """What the layer paints, on a red ground so that a hole would be seen."""
    image = QImage(
        round(view.width * ratio), round(view.height * ratio), QImage.Format.Format_RGB32
    )
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("red"))
    painter = QPainter(image)
    try:
        layer.paint(painter, view, colours, ratio, moving)
    finally:
        painter.end()
    return image


def colour_at(image: QImage, view: View, place: Place) -> str:
    """The pixel where this place is."""
    left, top = view.to_screen(*to_world(*place))
    ratio = image.devicePixelRatio()
    return image.pixelColor(int(left * ratio), int(top * ratio)).name()


def share_that_differs(one: QImage, other: QImage) -> float:
    """Of the pixels."""
    assert one.size() == other.size()
    first, second = (np.frombuffer(image.constBits(), np.uint32) for image in (one, other))
    return float(np.mean(first != second))
