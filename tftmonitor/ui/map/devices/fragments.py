"""Many pieces of one picture by one call of the painter, out of numpy arrays.

``drawPixmapFragments`` takes the address of the first of its structures, so they lie in an array
that lives as long as the call.
"""

from typing import Final, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainter, QPixmap
from shiboken6 import Shiboken

# Of QPainter::PixmapFragment, ten doubles: x, y, left and top of the source, width, height, scale
# each way, rotation, opacity.
_PARTS: Final = 10

Numbers = NDArray[np.float64]


def draw_pieces(
    painter: QPainter,
    pixmap: QPixmap,
    middles: tuple[Numbers, Numbers],
    sources: tuple[Numbers, Numbers],
    size: int,
    pixel_ratio: float,
) -> None:
    """Draw squares of a picture around these points.

    ``middles`` are left and top in logical pixels, shape (n,); ``sources`` the corners of the
    squares in the picture's own pixels, of which a square has ``size`` each way.
    """
    count = len(middles[0])
    if not count:
        return
    pieces = np.empty((count, _PARTS), np.float64)
    # On whole pixels they stay sharp, and are copied without being mixed.
    for column, middle in enumerate(middles):
        corner = np.round(middle * pixel_ratio - size / 2) + size / 2
        pieces[:, column] = corner / pixel_ratio
    pieces[:, 2], pieces[:, 3] = sources
    pieces[:, 4:6] = size
    pieces[:, 6:8] = 1.0 / pixel_ratio
    pieces[:, 8], pieces[:, 9] = 0.0, 1.0
    first = Shiboken.wrapInstance(pieces.ctypes.data, QPainter.PixmapFragment)
    painter.drawPixmapFragments(cast("QPainter.PixmapFragment", first), count, pixmap)
