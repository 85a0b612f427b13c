"""Columns over the rows of a list that only grows: one number a row, all as long as each other."""

from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

_Number = TypeVar("_Number", bound=np.generic)

_FIRST_ROWS = 64


class RowColumn(Generic[_Number]):
    """One column. ``rows`` is its array, shape (n,), to be read and written in place.

    Growing replaces ``rows``: whoever keeps the array itself keeps the rows of then.
    """

    __slots__ = ("_room", "rows")

    def __init__(self, dtype: type[_Number]) -> None:
        self._room: npt.NDArray[_Number] = np.zeros(_FIRST_ROWS, dtype)
        self.rows = self._room[:0]

    def grow(self, count: int) -> None:
        """Make it this long; to be called by its ``RowColumns``."""
        size = len(self._room)
        if count > size:
            # Twice as much each time: a fleet of 100,000 is copied eleven times, not 100,000.
            more = np.zeros(max(count, 2 * size) - size, self._room.dtype)
            self._room = np.concatenate([self._room, more])
        self.rows = self._room[:count]


class RowColumns:
    """Columns that grow together; new rows are zero."""

    __slots__ = ("_columns",)

    def __init__(self) -> None:
        self._columns: list[RowColumn[Any]] = []

    def add(self, dtype: type[_Number]) -> RowColumn[_Number]:
        """One more column, without rows until the next ``grow``."""
        column = RowColumn(dtype)
        self._columns.append(column)
        return column

    def grow(self, count: int) -> None:
        """Make every column this long; rows are never taken away."""
        for column in self._columns:
            column.grow(count)
