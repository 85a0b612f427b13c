"""The device list as a Qt model over the fleet, with an order and a filter of its own.

No proxy: ``shown`` holds the fleet rows in the order of the list. Views hear only of visible
rows that really changed.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from tftmonitor.model.fleet.device import Device
from tftmonitor.monitor.where.zones import shown_zone
from tftmonitor.settings.schema import Settings
from tftmonitor.ui.devices.table.cell import Cell
from tftmonitor.ui.devices.table.cell_cache import CellCache, Cells
from tftmonitor.ui.devices.table.columns import (
    AlarmColumn,
    Column,
    Values,
    columns_of,
    default_keys,
    two_lines,
)
from tftmonitor.ui.devices.table.facts import DeviceFacts, RowArray
from tftmonitor.ui.devices.table.filters import FILTERS, DeviceFilter
from tftmonitor.ui.devices.table.order import DeviceOrder
from tftmonitor.ui.devices.table.tooltips import alarm_text, tip_of

Index = QModelIndex | QPersistentModelIndex
KEY_ROLE = Qt.ItemDataRole.UserRole
_ROLE = Qt.ItemDataRole
_NO_PARENT = QModelIndex()
_CHANGED_ROLES = [_ROLE.DisplayRole, _ROLE.AccessibleTextRole]
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class DeviceTableModel(QAbstractTableModel):
    """Rows are the devices that pass filter and search, columns those that the user chose."""

    def __init__(
        self,
        facts: DeviceFacts,
        columns: Sequence[str] = (),
        values: Values = lambda: Settings(zone="utc"),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.facts = facts
        self.every_column = columns_of(facts.table, values)
        self.order = DeviceOrder(facts)
        self._values = values
        shown = self.known_keys(columns) or self.known_keys(default_keys(facts.table))
        self._cache = CellCache(facts, [self.every_column[key] for key in shown])
        self._counts: dict[str, int] = {}
        self._counted = -1

    # what is shown

    @property
    def columns(self) -> Sequence[Column]:
        """The columns in the model's order; the header may show them in another."""
        return self._cache.columns

    def known_keys(self, keys: Iterable[str]) -> list[str]:
        """Those of the keys that are of a column, each once."""
        return [key for key in dict.fromkeys(keys) if key in self.every_column]

    def device_at(self, row: int) -> Device:
        """The device in a row of the list."""
        return self.facts.fleet.devices[int(self.order.shown[row])]

    def place_of(self, key: str | None) -> int:
        """The row of the list that shows the device, or -1."""
        device = self.facts.fleet.find(key)
        return -1 if device is None else self.order.place_of(device.row)

    def cells(self, row: int) -> list[Cell]:
        """The cells of a row of the list, made once and kept until something moves."""
        return self._cache.cells(int(self.order.shown[row]))

    def counts(self) -> dict[str, int]:
        """How many devices each filter would show, without the search."""
        if self._counted != self.facts.revision:
            self._counted = self.facts.revision
            seen = ~self.facts.hidden
            masks = ((chip.name, chip.mask(self.facts) & seen) for chip in FILTERS)
            self._counts = {name: int(np.count_nonzero(mask)) for name, mask in masks}
        return self._counts

    # what happens

    def refresh(self, rows: set[int], visible: range) -> None:
        """Take in the fleet rows that moved; new devices join at the end of the list."""
        new = self.facts.ingest(rows)
        if self.facts.hidden[self.order.shown].any():
            # What was joined into another row goes at once, whether or not places are held.
            self._show(self.order.shown[~self.facts.hidden[self.order.shown]])
        if new:
            self._append(self.order.joining(np.arange(new.start, new.stop)))
        # A part with each frame: all that a second moves, read at once, would hold up the loop.
        if self.order.column is not None:
            self.order.column.read_ahead(self.facts)
        self._refresh_texts(rows, visible)

    def tick(self, visible: range, *, hold: bool) -> bool:
        """A second has passed. Rows keep their places when held; True when some should move."""
        restated = set(self.facts.tick().tolist())
        shown = self.order.shown[visible.start : visible.stop].tolist()
        old = self._cache.tick(shown, restated)
        self._emit_changed(enumerate(shown, visible.start), old)
        if not hold:
            self.arrange()
            return False
        wanted = self.order.wanted()
        self._append(np.setdiff1d(wanted, self.order.shown, assume_unique=True))
        return not np.array_equal(wanted, self.order.shown)

    def alarms_changed(self, keys: Iterable[str], visible: range) -> None:
        """Read the open alarms of these devices again."""
        found = (self.facts.fleet.find(key) for key in keys)
        devices = [d for d in found if d is not None and d.row < self.facts.count]
        for device in devices:
            self.facts.set_alarm(device)
        self._refresh_texts({device.row for device in devices}, visible)

    def set_star(self, device: Device, visible: range, *, starred: bool) -> list[str]:
        """Put a star on the device or take it off; returns all starred keys."""
        stars = self.facts.set_star(device, starred=starred)
        self._refresh_texts({device.row}, visible)
        return stars

    def refresh_texts(self) -> None:
        """Make all texts anew, as after a change of zone."""
        for column in self.every_column.values():
            column.refresh_widest()
        self._cache.clear()
        rows, columns = self.rowCount(), self.columnCount()
        if rows and columns:
            last = self.index(rows - 1, columns - 1)
            self.dataChanged.emit(self.index(0, 0), last, _CHANGED_ROLES)

    def refresh_units(self) -> None:
        """Other units are in force: headings and texts anew."""
        self.refresh_texts()
        if self.columns:
            last = len(self.columns) - 1
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)

    # order and filter

    def set_sort(self, key: str | None, *, descending: bool = False) -> None:
        """Order by this column at once; None for the default order."""
        self.order.column = self.every_column[key] if key else None
        self.order.descending = descending
        self.arrange()

    def set_filter(self, chip: DeviceFilter, search: str) -> None:
        """Show only what passes both, at once."""
        self.order.filter, self.order.search = chip, search
        self.arrange()

    def arrange(self) -> None:
        """Bring the list into its order now."""
        wanted = self.order.wanted()
        if np.array_equal(wanted, self.order.shown):
            return
        if self.order.is_permutation(wanted):
            self._move(wanted)
            return
        self._show(wanted)

    # columns

    def set_columns(self, keys: Iterable[str]) -> None:
        """Show these columns."""
        self.beginResetModel()
        self._cache.columns = [self.every_column[key] for key in self.known_keys(keys)]
        self._cache.clear()
        self.endResetModel()

    def add_column(self, key: str) -> None:
        """Show one more column, the last in the model's order."""
        last = len(self.columns)
        self.beginInsertColumns(_NO_PARENT, last, last)
        self._cache.columns.append(self.every_column[key])
        self._cache.clear()
        self.endInsertColumns()

    def remove_column(self, key: str) -> None:
        """Show this column no more."""
        place = self.columns.index(self.every_column[key])
        self.beginRemoveColumns(_NO_PARENT, place, place)
        del self._cache.columns[place]
        self._cache.clear()
        self.endRemoveColumns()

    # Qt

    @override
    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.order.shown)

    @override
    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    @override
    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, place = index.row(), index.column()
        column = self.columns[place]
        if role == _ROLE.DisplayRole:
            return self.cells(row)[place].text
        if role == _ROLE.TextAlignmentRole:
            return _RIGHT if column.right else _LEFT
        if role == _ROLE.ToolTipRole:
            device = self.device_at(row)
            return tip_of(device, column, self.facts, shown_zone(self._values(), device))
        if role == _ROLE.AccessibleTextRole:
            return self._spoken(self.device_at(row), column, self.cells(row)[place])
        return self.device_at(row).key if role == KEY_ROLE else None

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == _ROLE.DisplayRole:
            return two_lines(column.title, column.unit)
        if role == _ROLE.TextAlignmentRole:
            return _RIGHT if column.right else _LEFT
        if role == _ROLE.ToolTipRole:
            return f"{column.heading}: {column.help}" if column.help else column.heading
        if role == _ROLE.AccessibleTextRole:
            return column.heading
        if role == _ROLE.InitialSortOrderRole and column.descending_first:
            return Qt.SortOrder.DescendingOrder
        return None

    def _spoken(self, device: Device, column: Column, cell: Cell) -> str:
        if isinstance(column, AlarmColumn):
            return alarm_text(device, self.facts)
        return f"{cell.text}, starred" if cell.starred else cell.text

    def _move(self, wanted: RowArray) -> None:
        """Other order, same rows: whoever holds an index keeps its device."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [(int(self.order.shown[index.row()]), index.column()) for index in before]
        self.order.shown = wanted
        after = [self.index(self.order.place_of(row), column) for row, column in held]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _show(self, wanted: RowArray) -> None:
        self.beginResetModel()
        self.order.shown = wanted
        self.endResetModel()

    def _append(self, rows: RowArray) -> None:
        if not len(rows):
            return
        last = len(self.order.shown)
        self.beginInsertRows(_NO_PARENT, last, last + len(rows) - 1)
        self.order.shown = np.concatenate([self.order.shown, rows])
        self.endInsertRows()

    def _refresh_texts(self, rows: set[int], visible: range) -> None:
        """These fleet rows moved: make the cells of the visible ones anew."""
        old = self._cache.drop(rows)
        shown = self.order.shown[visible.start : visible.stop].tolist()
        moved = ((place, row) for place, row in enumerate(shown, visible.start) if row in rows)
        self._emit_changed(moved, old)

    def _emit_changed(self, moved: Iterable[tuple[int, int]], old: Cells) -> None:
        """Say which of these (list row, fleet row) show something else than before."""
        for top, bottom, left, right in self._cache.changed_blocks(moved, old):
            self.dataChanged.emit(self.index(top, left), self.index(bottom, right), _CHANGED_ROLES)
