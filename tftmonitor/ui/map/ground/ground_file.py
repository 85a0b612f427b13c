"""The file of the built-in ground, read cell by cell out of mapped memory."""

import mmap
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from tftmonitor.model.geo.ground_format import (
    OFFSET,
    GroundDamagedError,
    Level,
    Parts,
    read_cell,
    read_levels,
)


class GroundFile:
    """Open for as long as the map is; nothing of it is read before it is asked for.

    Raises OSError if it cannot be opened, GroundDamagedError if its head is not as it should be.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            try:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:
                raise GroundDamagedError("it is empty") from error
        try:
            self.levels = self._checked(read_levels(self._data[:1024]))
        except GroundDamagedError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; cells that were read stay as they are."""
        self._data.close()

    def cell(self, level: Level, column: int, row: int) -> dict[str, Parts] | None:
        """The layers of one cell; None is open water. Raises GroundDamagedError."""
        place = level.index + (row * level.side + column) * OFFSET.itemsize
        begin, end = np.frombuffer(self._data[place : place + 2 * OFFSET.itemsize], OFFSET).tolist()
        if not _end_of_index(level) <= begin <= end <= len(self._data):
            raise GroundDamagedError("a cell lies outside of its place")
        if begin == end:
            return None
        return read_cell(self._data[begin:end])

    def _checked(self, levels: tuple[Level, ...]) -> tuple[Level, ...]:
        for level in levels:
            if not level.side or _end_of_index(level) > len(self._data):
                raise GroundDamagedError("an index is cut short")
        return levels


def _end_of_index(level: Level) -> int:
    return level.index + (level.side * level.side + 1) * OFFSET.itemsize
