"""The towns of the world, out of the file that ``packaging/make_towns.py`` makes and describes."""

import struct
import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tftmonitor.model.geo.projection import Numbers

_MAGIC: Final = b"TFTOWNS\x01"
_HEAD: Final = struct.Struct("<II")
_UNITS: Final = 100_000
# Bytes of a number in each of the six blocks of numbers: the file's own order.
_WIDTHS: Final = (4, 4, 4, 1, 1, 2)
_BLOCKS: Final = 9
# Twenty times what is shipped: a damaged length must not ask for all memory.
_MOST_BYTES: Final = 40_000_000

Integers = NDArray[np.int64]


class TownTableError(ValueError):
    """The file is not a table of towns, or damaged."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town: its middle in degrees, its people, the ISO 3166 code of its country, its zone."""

    name: str
    latitude: float
    longitude: float
    population: int
    country: str
    zone: str


class TownTable:
    """The columns of the table, one number a town; names are read when they are asked for.

    Towns stand in rows of a quarter of a degree from south to north, in each from west to east.
    """

    def __init__(self, data: bytes) -> None:
        """Raise TownTableError for anything but a whole table of a known version."""
        blocks = _blocks(data)
        try:
            columns = [_numbers(*pair) for pair in zip(blocks[:6], _WIDTHS, strict=True)]
            self._countries = blocks[7].decode("ascii").split("\n")
            self._zones = blocks[8].decode("ascii").split("\n")
        except ValueError as error:
            raise TownTableError(f"its numbers are damaged ({error})") from error
        north, east, people, lengths, self._country, self._zone = columns
        self._names = blocks[6]
        self._ends = np.cumsum(lengths)
        if len({column.size for column in columns}) > 1 or not north.size:
            raise TownTableError("its columns are not of one length")
        if int(self._ends[-1]) != len(self._names):
            raise TownTableError("its names are not whole")
        if self._country.max() >= len(self._countries) or self._zone.max() >= len(self._zones):
            raise TownTableError("it names a country or a time zone that it has not")
        if north.max() > 180 * _UNITS or east.max() >= 360 * _UNITS:
            raise TownTableError("it has a town off the globe")
        self.latitudes: Numbers = north / _UNITS - 90.0
        self.longitudes: Numbers = east / _UNITS - 180.0
        self.populations: Integers = people

    def __len__(self) -> int:
        return self.latitudes.size

    def name(self, town: int) -> str:
        """The name of the town in this place of the table."""
        begin = int(self._ends[town - 1]) if town else 0
        return self._names[begin : int(self._ends[town])].decode("utf-8", "replace")

    def zone(self, town: int) -> str:
        """The town's time zone, as the tz database names it."""
        return self._zones[int(self._zone[town])]

    def town(self, town: int) -> Town:
        """All that is known of the town in this place of the table."""
        return Town(
            self.name(town),
            float(self.latitudes[town]),
            float(self.longitudes[town]),
            int(self.populations[town]),
            self._countries[int(self._country[town])],
            self.zone(town),
        )


def _blocks(data: bytes) -> list[bytes]:
    if not data.startswith(_MAGIC):
        raise TownTableError("it is not a table of towns of this version")
    blocks: list[bytes] = []
    place = len(_MAGIC)
    while len(blocks) < _BLOCKS:
        head = data[place : place + _HEAD.size]
        if len(head) < _HEAD.size:
            raise TownTableError("it ends too early")
        packed, unpacked = _HEAD.unpack(head)
        place += _HEAD.size
        if unpacked > _MOST_BYTES:
            raise TownTableError("a part of it is too large")
        try:
            block = zlib.decompress(data[place : place + packed], bufsize=max(unpacked, 1))
        except zlib.error as error:
            raise TownTableError(f"a part of it cannot be unpacked ({error})") from error
        if len(block) != unpacked:
            raise TownTableError("a part of it has another length than it says")
        blocks.append(block)
        place += packed
    return blocks


def _numbers(block: bytes, width: int) -> Integers:
    """Numbers that stand in planes of bytes, the lowest first; ValueError for half ones."""
    planes = np.frombuffer(block, dtype=np.uint8).reshape(width, -1)
    numbers = np.zeros(planes.shape[1], dtype=np.int64)
    for place, plane in enumerate(planes):
        numbers |= plane.astype(np.int64) << (8 * place)
    return numbers
