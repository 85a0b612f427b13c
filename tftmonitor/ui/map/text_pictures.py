"""Short texts as pictures, made once and kept while they are used: names move, letters do not.

Drawing a text with a halo costs a hundred times as much as copying its picture.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

_MOST: Final = 600
"""A screen has room for some two hundred."""
_HALO: Final = ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, 1), (-1, 1), (1, -1))
_PADDING: Final = 4.0
_MOST_SIZES: Final = 4_000
_sizes: dict[tuple[str, str], tuple[float, float]] = {}


class TextPictures:
    """A bounded cache; ``clear`` it when fonts, colours or the pixel ratio change."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, QPixmap] = OrderedDict()

    def clear(self) -> None:
        """Make all anew."""
        self._kept.clear()

    def get(self, key: Hashable, make: Callable[[], QPixmap]) -> QPixmap:
        """The picture of this key, made if it is new or was given up."""
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = make()
            if len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return found


def text_size(text: str, font: QFont) -> tuple[float, float]:
    """Width and height of a picture of this text, in logical pixels; kept, as names come again."""
    key = (text, font.key())
    found = _sizes.get(key)
    if found is None:
        if len(_sizes) >= _MOST_SIZES:
            _sizes.clear()
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(text) + 2 * _PADDING
        found = _sizes[key] = (width, metrics.height() + 2.0)
    return found


def halo_text(text: str, font: QFont, ink: str, halo: str, ratio: float) -> QPixmap:
    """A text with a halo, for what stands on the ground itself."""
    size = QSizeF(*text_size(text, font))
    pixmap, painter = _begin(size, ratio)
    try:
        painter.setFont(font)
        box = QRectF(QPointF(0, 0), size)
        painter.setPen(QColor(halo))
        for right, down in _HALO:
            painter.drawText(box.translated(right, down), Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(QColor(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    finally:
        painter.end()
    return pixmap


def boxed_text(text: str, font: QFont, ink: str, ground: str, edge: str, ratio: float) -> QPixmap:
    """A text in a box, for what is ours and not the map's."""
    size = QSizeF(*text_size(text, font))
    pixmap, painter = _begin(size, ratio)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(edge), 1.0))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(0.5, 0.5, size.width() - 1, size.height() - 1), 3.0, 3.0)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        box = QRectF(QPointF(0, 0), size)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    finally:
        painter.end()
    return pixmap


def _begin(size: QSizeF, ratio: float) -> tuple[QPixmap, QPainter]:
    pixmap = QPixmap((size * ratio).toSize().expandedTo(QSizeF(1, 1).toSize()))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap, QPainter(pixmap)
