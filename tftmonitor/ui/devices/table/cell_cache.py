"""The cells of the device list, kept until something moves, and what of them is new. No Qt."""

from collections.abc import Iterable, Iterator

from tftmonitor.ui.devices.table.cell import Cell
from tftmonitor.ui.devices.table.columns import Column
from tftmonitor.ui.devices.table.facts import DeviceFacts

Cells = dict[int, list[Cell]]
# Rows of the list and columns, inclusive: top, bottom, left, right.
Block = tuple[int, int, int, int]


class CellCache:
    """Cells by fleet row, one for each of ``columns``, made when they are first asked for."""

    def __init__(self, facts: DeviceFacts, columns: list[Column]) -> None:
        self.columns = columns
        self._facts = facts
        self._kept: Cells = {}

    def cells(self, fleet_row: int) -> list[Cell]:
        """The cells of one device."""
        cells = self._kept.get(fleet_row)
        if cells is None:
            device, facts = self._facts.fleet.devices[fleet_row], self._facts
            cells = [column.cell(device, facts) for column in self.columns]
            self._kept[fleet_row] = cells
        return cells

    def clear(self) -> None:
        """Make all cells anew when they are asked for."""
        self._kept.clear()

    def drop(self, rows: set[int]) -> Cells:
        """Forget the fleet rows that moved; returns the cells that they had."""
        return {row: self._kept.pop(row) for row in rows & self._kept.keys()}

    def tick(self, shown: Iterable[int], restated: set[int]) -> Cells:
        """A second has passed: only ages change, but for the ``restated``; returns the old cells.

        What is not shown is forgotten.
        """
        old, self._kept = self._kept, {}
        for row in shown:
            if row in old and row not in restated:
                self._kept[row] = self._second_later(row, old[row])
        return old

    def changed_blocks(self, moved: Iterable[tuple[int, int]], old: Cells) -> Iterator[Block]:
        """Runs among (list row, fleet row), rising, whose cells differ from the old ones."""
        run: Block | None = None
        for place, fleet_row in moved:
            span = _span(old.get(fleet_row), self.cells(fleet_row))
            if span is None:
                continue
            if run is not None and run[1] == place - 1:
                run = (run[0], place, min(run[2], span[0]), max(run[3], span[1]))
                continue
            if run is not None:
                yield run
            run = (place, place, *span)
        if run is not None:
            yield run

    def _second_later(self, fleet_row: int, cells: list[Cell]) -> list[Cell]:
        """The cells of a device from which nothing came in that second."""
        device, facts = self._facts.fleet.devices[fleet_row], self._facts
        return [
            column.later(cell, device, facts)
            for column, cell in zip(self.columns, cells, strict=True)
        ]


def _span(old: list[Cell] | None, now: list[Cell]) -> tuple[int, int] | None:
    """The first and last column that differ; None when none does."""
    if old is None:
        return 0, len(now) - 1
    changed = [place for place, (a, b) in enumerate(zip(old, now, strict=True)) if a != b]
    return (changed[0], changed[-1]) if changed else None
