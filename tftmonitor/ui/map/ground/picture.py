"""A piece of the ground as painted pixels: moved along with a pan, only its new edges painted."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from tftmonitor.ui.map.ground.colours import GroundColours
from tftmonitor.ui.map.ground.painting import Frame

Paint = Callable[[QPainter, QRect, Frame], None]


@dataclass(frozen=True, slots=True)
class Look:
    """What all pixels of one picture share: device pixels to the world's side, and colours.

    ``coarse`` is with less detail than the scale would show.
    """

    scale: float
    colours: GroundColours
    coarse: bool = False


@dataclass(slots=True)
class Picture:
    """``rect`` says which pixels of the whole world, drawn at ``look.scale``, are in ``image``."""

    look: Look
    rect: QRect
    image: QImage


def painted(look: Look, rect: QRect, paint: Paint) -> Picture:
    """A picture made anew."""
    picture = Picture(look, rect, QImage(rect.size(), QImage.Format.Format_RGB32))
    _fill(picture, [rect], paint)
    return picture


def shifted(former: Picture, rect: QRect, paint: Paint) -> Picture:
    """The picture of another rectangle: what the former has is copied, the rest is painted."""
    shared = rect & former.rect
    if shared.isEmpty():
        return painted(former.look, rect, paint)
    image = QImage(rect.size(), QImage.Format.Format_RGB32)
    picture = Picture(former.look, rect, image)
    source = shared.translated(-former.rect.topLeft())
    painter = QPainter(image)
    try:
        painter.drawImage(shared.topLeft() - rect.topLeft(), former.image, source)
    finally:
        painter.end()
    _fill(picture, _outside(rect, shared), paint)
    return picture


def _fill(picture: Picture, pieces: Iterable[QRect], paint: Paint) -> None:
    corner = picture.rect.topLeft()
    frame = Frame(picture.look.scale, -corner.x(), -corner.y(), picture.look.coarse)
    painter = QPainter(picture.image)
    # A painter that an error leaves open ends in a crash.
    try:
        for piece in pieces:
            paint(painter, piece.translated(-corner), frame)
    finally:
        painter.end()


def _outside(rect: QRect, inner: QRect) -> Iterator[QRect]:
    """What of a rectangle is above, below, left and right of one inside of it."""
    left, top = rect.left(), rect.top()
    above, beside = inner.top() - top, inner.left() - left
    under, after = rect.bottom() - inner.bottom(), rect.right() - inner.right()
    pieces = (
        QRect(left, top, rect.width(), above),
        QRect(left, inner.bottom() + 1, rect.width(), under),
        QRect(left, inner.top(), beside, inner.height()),
        QRect(inner.right() + 1, inner.top(), after, inner.height()),
    )
    return (piece for piece in pieces if not piece.isEmpty())
