"""The cells of the ground as painter paths, the last used kept within a budget of memory."""

import logging
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream, QIODevice
from PySide6.QtGui import QPainterPath

from tftmonitor.model.geo.detail_levels import Cell, level_for
from tftmonitor.model.geo.ground_format import GroundDamagedError, Level, Parts
from tftmonitor.model.geo.ground_outlines import Corner, Outline, coast_outline, line_outline
from tftmonitor.ui.map.ground.ground_file import GroundFile

MOST_BYTES: Final = 16_000_000
"""Of all paths that are kept."""
_ELEMENT = np.dtype([("type", "<i4"), ("x", "<f8"), ("y", "<f8")])
_ELEMENT_BYTES = 24
_CELL_BYTES = 1000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CellPaths:
    """One cell in world units: areas to fill, and lines for a pen of one pixel."""

    land: QPainterPath
    coast: QPainterPath
    lakes: QPainterPath
    shores: QPainterPath
    provinces: QPainterPath
    rivers: QPainterPath
    borders: QPainterPath

    @property
    def size(self) -> int:
        """Bytes, about."""
        paths = (self.land, self.coast, self.lakes, self.shores)
        lines = (self.provinces, self.rivers, self.borders)
        return _CELL_BYTES + _ELEMENT_BYTES * sum(p.elementCount() for p in paths + lines)


class GroundPaths:
    """Reads and keeps cells. Without a file, or after damage in it, there is water alone."""

    def __init__(self, path: Path) -> None:
        self._kept: OrderedDict[tuple[int, int, int], CellPaths | None] = OrderedDict()
        self._size = 0
        self._file: GroundFile | None = None
        try:
            self._file = GroundFile(path)
        except (OSError, GroundDamagedError) as error:
            self._give_up(error)

    @property
    def kept_bytes(self) -> int:
        """How much the kept paths take, about."""
        return self._size

    def level(self, zoom: float) -> Level | None:
        """The level for this zoom; None when there is no ground to draw."""
        if self._file is None:
            return None
        levels = self._file.levels
        return levels[level_for([level.most_zoom for level in levels], zoom)]

    def cell(self, level: Level, cell: Cell) -> CellPaths | None:
        """What to draw there; None is open water."""
        # Two levels may have the same cells; no two have one index.
        key = (level.index, cell.column, cell.row)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        found = self._read(level, cell)
        self._kept[key] = found
        self._size += _size(found)
        while self._size > MOST_BYTES and len(self._kept) > 1:
            self._size -= _size(self._kept.popitem(last=False)[1])
        return found

    def close(self) -> None:
        """Let go of the file and of all paths."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._kept.clear()
        self._size = 0

    def _read(self, level: Level, cell: Cell) -> CellPaths | None:
        if self._file is None:
            return None
        try:
            layers = self._file.cell(level, cell.column, cell.row)
        except GroundDamagedError as error:
            self._give_up(error)
            return None
        return None if layers is None else _cell_paths(layers, level.side, cell)

    def _give_up(self, error: Exception) -> None:
        self.close()
        _log.warning("The map is shown without land, because its file cannot be read: %s", error)


def _size(paths: CellPaths | None) -> int:
    return _CELL_BYTES if paths is None else paths.size


def _cell_paths(layers: dict[str, Parts], side: int, cell: Cell) -> CellPaths:
    corner = Corner(cell.column / side, cell.row / side, 1 / side)
    return CellPaths(
        land=_path(line_outline(layers["land"], corner)),
        coast=_path(coast_outline(layers["land"], corner)),
        lakes=_path(line_outline(layers["lakes"], corner)),
        shores=_path(coast_outline(layers["lakes"], corner)),
        provinces=_path(line_outline(layers["provinces"], corner)),
        rivers=_path(line_outline(layers["rivers"], corner)),
        borders=_path(line_outline(layers["borders"], corner)),
    )


def _path(outline: Outline) -> QPainterPath:
    """Out of bytes, as Qt itself writes paths: forty times as fast as call by call."""
    count = len(outline.points)
    path = QPainterPath()
    if not count:
        return path
    elements = np.empty(count, _ELEMENT)
    elements["type"] = ~outline.starts
    elements["x"], elements["y"] = outline.points.T
    # The number of elements, they, where the last part began, and the rule: winding.
    head = np.array([count], "<i4").tobytes()
    foot = np.array([np.flatnonzero(outline.starts)[-1], 1], "<i4").tobytes()
    # The stream does not keep the bytes alive.
    raw = QByteArray(head + elements.tobytes() + foot)
    stream = QDataStream(raw, QIODevice.OpenModeFlag.ReadOnly)
    stream.setByteOrder(QDataStream.ByteOrder.LittleEndian)
    # Or it grows by doubling, and keeps what it grew to.
    path.reserve(count)
    stream >> path
    return path
