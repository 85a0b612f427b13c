"""Tiles in the size in which they are painted: scaled once, and then only copied.

Scaling smoothly costs ten times as much as copying, and the size stays while a map is panned.
"""

from dataclasses import dataclass
from time import perf_counter
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from tftmonitor.model.geo.tiles import Cell, Tile, edge_pixel, part_of
from tftmonitor.ui.map.streets.pictures import TilePictures

BUDGET_S: Final = 0.004
"""So long one painting may scale; the rest is painted coarsely, and smoothly with the next."""


@dataclass(frozen=True, slots=True)
class _Key:
    """What one piece was made of: an ancestor or the tile itself, in this size, veiled so."""

    source: Tile
    image: int
    width: int
    height: int
    veil: int


class Pieces:
    """Paints cells. ``is_coarse`` says whether something is to be painted more smoothly,

    ``is_whole`` whether there was something for each cell.
    """

    def __init__(self, pictures: TilePictures) -> None:
        self.is_coarse = self.is_whole = False
        self._pictures = pictures
        self._made: dict[Tile, tuple[_Key, QImage]] = {}

    def paint(
        self,
        painter: QPainter,
        cells: list[Cell],
        scale: float,
        corner: QPoint,
        *,
        veil: QColor,
        largest: int,
        moving: bool,
    ) -> None:
        """Paint what there is for these cells, in device pixels from ``corner`` of the world on.

        ``scale`` is the world's side in device pixels. Nothing is painted where nothing is there.
        """
        until_s = perf_counter() + (0.0 if moving else BUDGET_S)
        self.is_coarse, self.is_whole = False, bool(cells)
        former, self._made = self._made, {}
        for tile, column in cells:
            source = self._source(tile, largest)
            if source is None:
                self.is_whole = False
                self._paint_children(painter, tile, column, scale, corner, veil)
                continue
            where = _place(tile, column, scale).translated(-corner)
            image = self._pictures.image(source)
            assert image is not None
            key = _Key(source, image.cacheKey(), where.width(), where.height(), veil.rgba())
            made = former.get(tile)
            if made is None or made[0] != key:
                if perf_counter() > until_s:
                    self.is_coarse = True
                    _paint_coarsely(painter, image, _part(source, tile, image), where, veil)
                    continue
                made = (key, _scaled(image, _part(source, tile, image), where.size(), veil))
            self._made[tile] = made
            painter.drawImage(where.topLeft(), made[1])

    def clear(self) -> None:
        """Forget all pieces."""
        self._made = {}

    def _paint_children(
        self, painter: QPainter, tile: Tile, column: int, scale: float, corner: QPoint, veil: QColor
    ) -> None:
        """After zooming out there are smaller ones for a while."""
        for child in tile.children:
            found = self._pictures.get(child)
            if found is not None and found.image is not None:
                # The column of the child in the same copy of the world.
                where = _place(child, 2 * column + child.x % 2, scale).translated(-corner)
                whole = QRectF(found.image.rect())
                _paint_coarsely(painter, found.image, whole, where, veil)

    def _source(self, tile: Tile, largest: int) -> Tile | None:
        """The tile itself, or the nearest ancestor that there is a picture of."""
        for zoom in range(min(tile.zoom, largest), -1, -1):
            found = self._pictures.get(tile.ancestor(zoom))
            if found is not None and found.image is not None:
                return tile.ancestor(zoom)
        return None


def _place(tile: Tile, column: int, scale: float) -> QRect:
    left, right = (edge_pixel(x, tile.zoom, scale) for x in (column, column + 1))
    top, bottom = (edge_pixel(y, tile.zoom, scale) for y in (tile.y, tile.y + 1))
    return QRect(left, top, right - left, bottom - top)


def _part(source: Tile, tile: Tile, image: QImage) -> QRectF:
    left, top, side = part_of(source, tile)
    wide, high = image.width(), image.height()
    return QRectF(left * wide, top * high, side * wide, side * high)


def _scaled(image: QImage, part: QRectF, size: QSize, veil: QColor) -> QImage:
    if part == QRectF(image.rect()) and size == image.size() and not veil.alpha():
        return image
    piece = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    piece.fill(Qt.GlobalColor.transparent)
    painter = QPainter(piece)
    try:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(piece.rect()), image, part)
        if veil.alpha():
            # Only over what the tile has: through its holes the ground is seen.
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceAtop)
            painter.fillRect(piece.rect(), veil)
    finally:
        painter.end()
    return piece


def _paint_coarsely(
    painter: QPainter, image: QImage, part: QRectF, where: QRect, veil: QColor
) -> None:
    painter.drawImage(QRectF(where), image, part)
    if veil.alpha():
        painter.fillRect(where, veil)
