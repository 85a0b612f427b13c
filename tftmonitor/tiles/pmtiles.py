"""Raster tiles in a PMTiles file of version 3: one file of directories and pictures.

Its reader is our own: it is as long as the checks around a library would be, because nothing in
such a file is believed - no offset, no length, no size of what is packed.
"""

import json
import os
import struct
from collections import OrderedDict
from pathlib import Path
from typing import Final

from tftmonitor.model.geo.tiles import DEEPEST
from tftmonitor.tiles.plain_text import plain_line
from tftmonitor.tiles.pmtiles_directory import (
    Directory,
    DirectoryError,
    read_directory,
    tile_number,
    unpacked,
)
from tftmonitor.tiles.tile_file import (
    TILE_BYTES,
    TileFileError,
    TileFileFacts,
    VectorTilesError,
)

MAGIC: Final = b"PMTiles"
_HEAD: Final = struct.Struct("<7sB 8Q 3Q 4B 2B 25x")
_VERSION: Final = 3
_PLAIN, _GZIP = 1, 2
_VECTORS: Final = frozenset({1, 6})
_UNKNOWN, _PNG, _JPEG, _WEBP = 0, 2, 3, 4
_PICTURES: Final = frozenset({_UNKNOWN, _PNG, _JPEG, _WEBP})
# A root and two leaves are what the largest files have.
_DEEPEST_LEAF: Final = 4
_KEPT_LEAVES: Final = 32
_PACKED_BYTES: Final = 8 * 1_048_576


class PMTilesFile:
    """An open file; raises TileFileError where it holds no raster tiles."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._leaves: OrderedDict[int, Directory] = OrderedDict()
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise TileFileError(f"{path.name} cannot be read: {error.strerror}.") from None
        try:
            self._size = os.fstat(self._file.fileno()).st_size
            self._read_head()
        except BaseException:
            self._file.close()
            raise

    def read(self, zoom: int, x: int, y: int) -> bytes | None:
        """The picture of a tile, None where there is none; raises TileFileError."""
        number = tile_number(zoom, x, y)
        directory = self._root
        for _ in range(_DEEPEST_LEAF):
            entry = directory.find(number)
            if entry is None:
                return None
            if entry.run:
                content = self._bytes(self._tiles_at + entry.offset, entry.length, TILE_BYTES)
                return self._unpacked(content, self._tiles_packed, TILE_BYTES) or None
            directory = self._leaf(self._leaves_at + entry.offset, entry.length)
        raise self._damage("its directories lead in a circle")

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _read_head(self) -> None:
        head = self._bytes(0, _HEAD.size, _HEAD.size)
        (_, version, *places, _clustered, self._packed, packed, kind, least, largest) = (
            _HEAD.unpack(head)
        )
        if version != _VERSION:
            raise TileFileError(f"{self._name} is PMTiles of version {version}; 3 is known.")
        root_at, root_length, words_at, words_length, self._leaves_at, _, self._tiles_at = places[
            :7
        ]
        if kind in _VECTORS:
            raise VectorTilesError
        if kind not in _PICTURES:
            raise TileFileError(f"{self._name} holds pictures of a kind that cannot be shown.")
        self._tiles_packed = packed or _PLAIN
        if not least <= largest <= DEEPEST:
            raise self._damage("its zooms cannot be")
        self._root = self._directory(root_at, root_length)
        self.facts = TileFileFacts(least, largest, self._credit(words_at, words_length))

    def _credit(self, offset: int, length: int) -> str:
        content = self._bytes(offset, length, _PACKED_BYTES)
        content = self._unpacked(content, self._packed, _PACKED_BYTES)
        try:
            words = json.loads(content or b"{}")
        except (ValueError, RecursionError):
            raise self._damage("what it says of itself is not readable") from None
        found = words.get("attribution") if isinstance(words, dict) else None
        return plain_line(found) if isinstance(found, str) else ""

    def _leaf(self, offset: int, length: int) -> Directory:
        if offset in self._leaves:
            self._leaves.move_to_end(offset)
            return self._leaves[offset]
        found = self._leaves[offset] = self._directory(offset, length)
        if len(self._leaves) > _KEPT_LEAVES:
            self._leaves.popitem(last=False)
        return found

    def _directory(self, offset: int, length: int) -> Directory:
        content = self._bytes(offset, length, _PACKED_BYTES)
        try:
            return read_directory(self._unpacked(content, self._packed, None))
        except DirectoryError as error:
            raise self._damage(str(error)) from None

    def _unpacked(self, content: bytes, packed: int, most: int | None) -> bytes:
        if packed == _PLAIN:
            return content
        if packed != _GZIP:
            raise TileFileError(f"{self._name} is packed in a way that is not known here.")
        try:
            return unpacked(content) if most is None else unpacked(content, most)
        except DirectoryError as error:
            raise self._damage(str(error)) from None

    def _bytes(self, offset: int, length: int, most: int) -> bytes:
        if length > most:
            raise self._damage("a part of it is far too large")
        if offset + length > self._size:
            raise self._damage("it is cut off")
        try:
            self._file.seek(offset)
            return self._file.read(length)
        except OSError as error:
            raise TileFileError(f"{self._name} cannot be read: {error.strerror}.") from None

    def _damage(self, why: str) -> TileFileError:
        return TileFileError(f"{self._name} is damaged: {why}.")
