"""Where names go so that none covers another: the first ones first, each where there is room.

What is taken is kept as a coarse picture, so that asking costs the same however full it is.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np

_CELL: Final = 4
"""Pixels of a cell of the picture, each way."""


class Box(NamedTuple):
    """A rectangle in logical pixels."""

    left: float
    top: float
    right: float
    bottom: float


class Side(IntEnum):
    """Where a name stands beside its point; also the order in which they are tried."""

    RIGHT = 0
    LEFT = 1
    BELOW = 2
    ABOVE = 3
    ON = 4


BESIDE: Final = (Side.RIGHT, Side.LEFT, Side.BELOW, Side.ABOVE)


class Room:
    """What of a window of this size, in logical pixels, is taken."""

    def __init__(self, width: float, height: float) -> None:
        self._width, self._height = width, height
        shape = (max(int(height // _CELL) + 1, 1), max(int(width // _CELL) + 1, 1))
        self._taken = np.zeros(shape, np.bool_)

    def take(self, box: Box) -> None:
        """Nothing more goes here."""
        self._taken[self._cells(box)] = True

    def take_discs(self, left: Sequence[float], top: Sequence[float], radius: float) -> None:
        """Nothing more goes on these signs, as boxes around their middles."""
        for x, y in zip(left, top, strict=True):
            self.take(Box(x - radius, y - radius, x + radius, y + radius))

    def has(self, box: Box) -> bool:
        """True when the box is inside the window and nothing of it is taken."""
        if box.left < 0 or box.top < 0 or box.right > self._width or box.bottom > self._height:
            return False
        return not self._taken[self._cells(box)].any()

    def place(
        self,
        point: tuple[float, float],
        size: tuple[float, float],
        gap: float,
        sides: Sequence[Side] = BESIDE,
    ) -> Box | None:
        """Take the first side of a point where a name of this size has room; None without any."""
        for side in sides:
            box = beside(point, size, gap, side)
            if self.has(box):
                self.take(box)
                return box
        return None

    @staticmethod
    def _cells(box: Box) -> tuple[slice, slice]:
        top, left = max(int(box.top) // _CELL, 0), max(int(box.left) // _CELL, 0)
        bottom, right = max(-int(-box.bottom // _CELL), 0), max(-int(-box.right // _CELL), 0)
        return slice(top, bottom), slice(left, right)


def beside(point: tuple[float, float], size: tuple[float, float], gap: float, side: Side) -> Box:
    """The box of a name on one side of a point, ``gap`` pixels away from it."""
    x, y = point
    width, height = size
    left, top = x - width / 2, y - height / 2
    if side is Side.RIGHT:
        left = x + gap
    elif side is Side.LEFT:
        left = x - gap - width
    elif side is Side.BELOW:
        top = y + gap
    elif side is Side.ABOVE:
        top = y - gap - height
    return Box(left, top, left + width, top + height)
