"""Decoded tiles in memory: so many bytes, the longest unseen go first."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QImage

from tftmonitor.model.geo.tiles import Tile

LIMIT_BYTES: Final = 48 * 1_048_576
"""Some 190 tiles of the usual size; what is in sight is kept in any case."""


@dataclass(frozen=True, slots=True)
class TilePicture:
    """What is known of a tile: its picture, None where its source has none.

    The source is to be asked anew after ``until_ms``, and told ``etag`` and ``modified``.
    """

    image: QImage | None
    until_ms: float
    etag: str = ""
    modified: str = ""


class TilePictures:
    """Pictures by their tiles."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._pictures: OrderedDict[Tile, TilePicture] = OrderedDict()
        self._in_sight: frozenset[Tile] = frozenset()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._pictures)

    def get(self, tile: Tile) -> TilePicture | None:
        """What is known of a tile; looking does not make it seen."""
        return self._pictures.get(tile)

    def image(self, tile: Tile) -> QImage | None:
        """The picture of a tile that is painted now."""
        found = self._pictures.get(tile)
        if found is None:
            return None
        self._pictures.move_to_end(tile)
        return found.image

    def put(self, tile: Tile, picture: TilePicture) -> None:
        """Take a picture in; others go where there are too many."""
        self._drop(tile)
        self._pictures[tile] = picture
        self.bytes += _size(picture)
        self._shrink()

    def set_in_sight(self, tiles: Iterable[Tile]) -> None:
        """Only others than these may go: a screen of small tiles needs them all at once."""
        self._in_sight = frozenset(tiles)

    def clear(self) -> None:
        """Forget all."""
        self._pictures.clear()
        self.bytes = 0

    def _shrink(self) -> None:
        if self.bytes <= self._limit_bytes:
            return
        for tile in [tile for tile in self._pictures if tile not in self._in_sight]:
            self._drop(tile)
            if self.bytes <= self._limit_bytes:
                return

    def _drop(self, tile: Tile) -> None:
        former = self._pictures.pop(tile, None)
        if former is not None:
            self.bytes -= _size(former)


def _size(picture: TilePicture) -> int:
    # What is known not to be there takes a little as well.
    return 200 if picture.image is None else picture.image.sizeInBytes()
