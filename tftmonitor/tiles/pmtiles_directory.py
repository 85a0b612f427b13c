"""The directories of a PMTiles file: where in it the bytes of a tile are.

Tiles have one number each: all of a zoom follow those of the zoom before, along a Hilbert curve,
so that neighbours on the map are neighbours in the file (PMTiles version 3).
"""

import zlib
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, NamedTuple

_WINDOW_GZIP: Final = 31
DIRECTORY_BYTES: Final = 16 * 1_048_576
"""Unpacked; those of the whole world at street level are a thousandth of it."""
_LARGEST_SHIFT: Final = 63


class DirectoryError(Exception):
    """Bytes that are no directory; its text is a part of a sentence."""


class Entry(NamedTuple):
    """Where the tiles from a number on are; without a ``run`` it is a further directory."""

    offset: int
    length: int
    run: int


@dataclass(frozen=True, slots=True)
class Directory:
    """Entries in the order of the numbers at which they begin, as a few arrays and no objects:

    it is read in a thread, where whoever makes many of those has garbage collected.
    """

    numbers: "array[int]"
    offsets: "array[int]"
    lengths: "array[int]"
    runs: "array[int]"

    def find(self, number: int) -> Entry | None:
        """The entry that holds this tile, or leads to where it is; None where there is none."""
        place = bisect_right(self.numbers, number) - 1
        if place < 0:
            return None
        run = self.runs[place]
        if run and number >= self.numbers[place] + run:
            return None
        return Entry(self.offsets[place], self.lengths[place], run)


def tile_number(zoom: int, x: int, y: int) -> int:
    """The number of a tile along the curves of all zooms."""
    number = ((1 << 2 * zoom) - 1) // 3
    for bit in range(zoom - 1, -1, -1):
        side = 1 << bit
        east, south = bool(x & side), bool(y & side)
        number += ((3 * east) ^ south) << (2 * bit)
        if not south:
            # The curve is turned in the northern quarters, and mirrored in the eastern one.
            if east:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
    return number


def unpacked(content: bytes, most: int = DIRECTORY_BYTES) -> bytes:
    """What gzip packed; raises DirectoryError, also when it is larger than ``most``."""
    unpacker = zlib.decompressobj(_WINDOW_GZIP)
    try:
        found = unpacker.decompress(content, most)
    except zlib.error:
        raise DirectoryError("a part that should be packed is not") from None
    if not unpacker.eof:
        raise DirectoryError("a packed part is cut off or far too large")
    return found


def read_directory(content: bytes) -> Directory:
    """A directory of its unpacked bytes; raises DirectoryError."""
    try:
        return _read(_Numbers(content), len(content))
    except OverflowError:
        raise DirectoryError("a directory leads beyond the end") from None


def _read(numbers: "_Numbers", size: int) -> Directory:
    count = numbers.next()
    # Each entry has four numbers of a byte at least.
    if not 0 < count <= size // 4:
        raise DirectoryError("a directory says that it holds more than there is")
    starts = array("Q", accumulate(numbers.next() for _ in range(count)))
    runs = array("Q", (numbers.next() for _ in range(count)))
    lengths = array("Q", (numbers.next() for _ in range(count)))
    offsets = array("Q")
    behind = 0
    for place, length in enumerate(lengths):
        offset = numbers.next()
        if offset == 0 and place == 0:
            raise DirectoryError("a directory does not say where its tiles are")
        offset = behind if offset == 0 else offset - 1
        behind = offset + length
        offsets.append(offset)
    return Directory(starts, offsets, lengths, runs)


class _Numbers:
    """Numbers of seven bits a byte, the low ones first."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._place = 0

    def next(self) -> int:
        number = shift = 0
        while True:
            if self._place >= len(self._content) or shift > _LARGEST_SHIFT:
                raise DirectoryError("a directory is cut off")
            byte = self._content[self._place]
            self._place += 1
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7
