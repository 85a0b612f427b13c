"""Columns over the rows of a list that only grows: one number a row, all as long as each other."""

from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from tftmonitor.model.fleet.activity import staleness_of

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


class FleetColumns:
    """One number a device, by row."""

    def __init__(self) -> None:
        self._columns = RowColumns()
        self._data_ms = self._columns.add(np.int64)
        self._intervals_ms = self._columns.add(np.int64)
        self._activities = self._columns.add(np.int8)
        self._ignitions = self._columns.add(np.bool_)
        self._identities = self._columns.add(np.int32)
        self._hidden = self._columns.add(np.bool_)

    @property
    def data_ms(self) -> npt.NDArray[np.int64]:
        """The time each device's live values are from, ms since 1970; 0 before any."""
        return self._data_ms.rows

    @property
    def intervals_ms(self) -> npt.NDArray[np.int64]:
        """Each device's usual reporting interval in its present state."""
        return self._intervals_ms.rows

    @property
    def activities(self) -> npt.NDArray[np.int8]:
        """``Activity`` codes by row."""
        return self._activities.rows

    @property
    def ignitions(self) -> npt.NDArray[np.bool_]:
        """Whether the ignition is known to be on, by row."""
        return self._ignitions.rows

    @property
    def identities(self) -> npt.NDArray[np.int32]:
        """How often the ids, model or name of each device have changed, by row."""
        return self._identities.rows

    @property
    def hidden(self) -> npt.NDArray[np.bool_]:
        """The rows that were joined into others and are of no device any more."""
        return self._hidden.rows

    def staleness(self, now_ms: int) -> npt.NDArray[Any]:
        """``Staleness`` codes by row."""
        return staleness_of(now_ms - self.data_ms, self.intervals_ms)
