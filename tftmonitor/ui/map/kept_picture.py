"""A part of the map's picture that is drawn once and copied until it is another."""

from collections.abc import Callable, Hashable
from math import ceil, floor

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap


class KeptPicture:
    """What ``draw`` paints into a box of the map, in logical pixels; one picture is kept."""

    def __init__(self) -> None:
        self._key: Hashable = None
        self._pixmap = QPixmap()
        self.drawn = 0

    def paint(
        self, painter: QPainter, box: QRectF, key: Hashable, draw: Callable[[QPainter], None]
    ) -> None:
        """Copy it onto ``painter``, drawn anew where box, font, pixel ratio or ``key`` is another.

        ``draw`` gets a painter that has the same font and the same pixels as that of the map.
        """
        ratio = painter.device().devicePixelRatioF()
        # On whole pixels, or the copy would be blurred.
        left, top = floor(box.left()), floor(box.top())
        whole = QRect(left, top, ceil(box.right()) - left, ceil(box.bottom()) - top)
        if whole.isEmpty():
            return
        sides = whole.getRect()
        full = (key, sides, ratio, painter.font().key())
        if full != self._key:
            self._key, self._pixmap = full, self._draw(whole, ratio, painter, draw)
        painter.drawPixmap(QPoint(left, top), self._pixmap)

    def _draw(
        self, whole: QRect, ratio: float, painter: QPainter, draw: Callable[[QPainter], None]
    ) -> QPixmap:
        self.drawn += 1
        pixmap = QPixmap(whole.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        own = QPainter(pixmap)
        try:
            own.setFont(painter.font())
            own.translate(-whole.topLeft())
            draw(own)
        finally:
            own.end()
        return pixmap
