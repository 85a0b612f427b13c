"""``ground.bin``: the built-in ground of the map, version 1. What its bytes mean.

All numbers are little-endian. The file holds the same world several times, each level simplified
for views up to its zoom and cut into ``side`` times ``side`` square cells of the world square
(``projection.py``), so that a view reads the few cells that it shows and nothing else.

- Head: ``MAGIC``, then the number of levels as ``uint16``.
- A level: the zoom up to which it is fine enough (``float32``), ``side`` (``uint16``), and where
  its index begins (``uint32``).
- An index: ``side * side + 1`` of ``uint32``, row by row from the north-west. Cell ``n`` is what
  lies between the offsets ``n`` and ``n + 1``; nothing there is open water.
- A cell, deflated on its own: how many parts each of the five layers has (``uint16`` each, in the
  order of ``LAYERS``), how many points each part has (``uint16`` each), then of all points the
  low bytes of x, the high bytes of x, the low bytes of y, the high bytes of y. Each value is the
  step from the point before, signs folded in (0, -1, 1, -2, ... as 0, 1, 2, 3, ...).

Points are counted from the cell's north-west corner, ``EXTENT`` of them on a side. Parts of land
and lakes are rings, the last point joined to the first: outer ones turn one way, holes the other.
Where a cell cuts a ring, the ring follows the cell's edge; such a piece is no coast.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MAGIC: Final = b"ground 1"
HEAD: Final = struct.Struct("<8sH")
LEVEL: Final = struct.Struct("<fHI")
OFFSET: Final = np.dtype("<u4")
EXTENT: Final = 4096
LAYERS: Final = ("land", "lakes", "provinces", "rivers", "borders")
MOST_BYTES: Final = 4_000_000
"""Of a cell when it is inflated; a larger one is damaged."""
_MOST_LEVELS: Final = 32
_COUNT: Final = np.dtype("<u2")

Points = NDArray[np.int32]
"""Shape (n, 2): x eastward and y southward in parts of a cell."""


class GroundDamagedError(ValueError):
    """The bytes are not what this version writes."""


@dataclass(frozen=True, slots=True)
class Level:
    """Fine enough up to ``most_zoom``, with ``side`` cells on a side, its index at ``index``."""

    most_zoom: float
    side: int
    index: int


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one layer in one cell: all points, and the number of points of each part."""

    points: Points
    counts: NDArray[np.int64]


def read_levels(data: bytes) -> tuple[Level, ...]:
    """What the head of the file says; ``data`` is the file or its first kilobyte.

    Raises GroundDamagedError.
    """
    try:
        magic, count = HEAD.unpack_from(data)
        if magic != MAGIC or not 0 < count <= _MOST_LEVELS:
            raise GroundDamagedError("this is no ground of version 1")
        found = [LEVEL.unpack_from(data, HEAD.size + LEVEL.size * n) for n in range(count)]
    except struct.error as error:
        raise GroundDamagedError("the head is cut short") from error
    return tuple(Level(*values) for values in found)


def pack_cell(layers: Sequence[Sequence[Points]]) -> bytes:
    """One cell of the file out of its parts, a sequence of them for each of ``LAYERS``."""
    parts = [part for layer in layers for part in layer]
    counts = [len(layer) for layer in layers] + [len(part) for part in parts]
    points = np.concatenate([*parts, np.empty((0, 2), np.int32)]).astype(np.int32)
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), np.int32))
    folded = ((steps << 1) ^ (steps >> 31)).astype(_COUNT)
    planes = folded.T.copy().view(np.uint8).reshape(2, len(points), 2).transpose(0, 2, 1)
    raw = np.asarray(counts, _COUNT).tobytes() + planes.tobytes()
    return zlib.compress(raw, 9)


def read_cell(data: bytes) -> dict[str, Parts]:
    """The layers of one cell by their names.

    Raises GroundDamagedError for whatever ``pack_cell`` would not have written.
    """
    try:
        inflater = zlib.decompressobj()
        raw = inflater.decompress(data, MOST_BYTES)
    except zlib.error as error:
        raise GroundDamagedError("a cell does not inflate") from error
    if not inflater.eof or len(raw) < len(LAYERS) * 2:
        raise GroundDamagedError("a cell is too long or cut short")
    in_layer = np.frombuffer(raw, _COUNT, len(LAYERS)).astype(np.int64)
    begin, total = len(LAYERS) * 2, int(in_layer.sum())
    if len(raw) < begin + total * 2:
        raise GroundDamagedError("a cell has fewer parts than it says")
    counts = np.frombuffer(raw, _COUNT, total, begin).astype(np.int64)
    begin += total * 2
    size = int(counts.sum())
    if len(raw) != begin + size * 4 or not counts.all():
        raise GroundDamagedError("a cell has other points than it says")
    planes = np.frombuffer(raw, np.uint8, size * 4, begin).reshape(2, 2, size).astype(np.int32)
    folded = planes[:, 0] | planes[:, 1] << 8
    points = np.cumsum((folded >> 1) ^ -(folded & 1), axis=1, dtype=np.int32).T
    ends = np.cumsum(counts)
    parts_end = np.cumsum(in_layer)
    found, first_part, first_point = {}, 0, 0
    for name, last_part in zip(LAYERS, parts_end.tolist(), strict=True):
        last_point = int(ends[last_part - 1]) if last_part else 0
        found[name] = Parts(points[first_point:last_point], counts[first_part:last_part])
        first_part, first_point = last_part, last_point
    return found
