"""A file of raster tiles: what every kind of it can tell."""

from dataclasses import dataclass
from typing import Final, Protocol

TILE_BYTES: Final = 2 * 1_048_576
"""No picture of a tile is larger; what is, is taken for damage."""
_VECTORS: Final = (
    "The file holds vector tiles. Only raster tiles can be shown: PNG, JPEG or WebP pictures."
)


class TileFileError(Exception):
    """The file, or a tile in it, cannot be used; its text is a sentence that says why."""


class VectorTilesError(TileFileError):
    """The file is sound, but what it holds are no pictures."""

    def __init__(self) -> None:
        super().__init__(_VECTORS)


@dataclass(frozen=True, slots=True)
class TileFileFacts:
    """The zooms that there are tiles for, and who made them, as plain text."""

    least_zoom: int
    largest_zoom: int
    credit: str


class TileFile(Protocol):
    """An open file. One thread at a time may use it."""

    facts: TileFileFacts

    def read(self, zoom: int, x: int, y: int) -> bytes | None:
        """The picture of a tile as it is stored, None where there is none.

        Raises TileFileError where the file is damaged or is gone.
        """
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...
