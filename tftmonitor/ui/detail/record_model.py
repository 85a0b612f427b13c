"""Small tables of ready texts: records of events, and the keys that no column is for."""

import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor
from typing_extensions import override

from tftmonitor.model.fields.formatting import UNKNOWN_TEXT, format_number, one_line
from tftmonitor.model.fields.units import shown_as
from tftmonitor.model.fleet.records import Record, RecordValue
from tftmonitor.protocol.records import RecordColumn, RecordTable
from tftmonitor.ui.theme.theme import current_theme
from tftmonitor.ui.widgets.tooltip import plain_tip

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
# A broken unit must not fill the window.
MOST_ROWS = 200
# Keeps numbers at the right of their column apart from the texts of the next.
EN_SPACE = "\u2002"
# Of one kilopascal: the unit's factor and the digits that the sensors are good for.


@dataclass(frozen=True, slots=True)
class TextTable:
    """The content of one table; ``right`` are the columns of numbers.

    ``note`` stands above it. ``keys`` tell the rows apart where they may change places, and the
    cells of the column ``editable`` may be edited in the rows that have a key.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()
    note: str = ""
    keys: tuple[str, ...] = ()
    editable: int | None = None

    @property
    def shape(self) -> tuple[object, ...]:
        """What must be equal for another table to be shown in the same cells."""
        return (self.headers, len(self.rows), self.right, sorted(self.keys), self.editable)


EMPTY = TextTable((), ())


def in_places_of(shown: TextTable, table: TextTable) -> TextTable:
    """The table with each row that is shown already at its place, and new ones below them.

    Rows without keys of their own, as of trouble codes, go by their first cell.
    """
    if shown.headers != table.headers:
        return table
    former = {key: place for place, key in enumerate(_names(shown))}
    names = _names(table)
    order = sorted(range(len(names)), key=lambda place: former.get(names[place], len(former)))
    keys = tuple(table.keys[place] for place in order) if table.keys else ()
    return replace(table, rows=tuple(table.rows[place] for place in order), keys=keys)


def _names(table: TextTable) -> tuple[str, ...]:
    return table.keys or tuple(row[0] for row in table.rows)


class RecordModel(QAbstractTableModel):
    """Shows a ``TextTable``; ``edited(key, text)`` is called when a cell has been edited."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table = EMPTY
        self.edited: Callable[[str, str], None] | None = None

    def set_table(self, table: TextTable) -> bool:
        """Show this; another shape resets the model, other texts and places only change.

        False when it is what was shown before.
        """
        old = self.table
        if table == old:
            return False
        if old.shape != table.shape:
            self.beginResetModel()
            self.table = table
            self.endResetModel()
        elif old.keys == table.keys:
            self.table = table
            self._emit_changed(old)
        else:
            self._move_rows(table)
        return True

    def _move_rows(self, table: TextTable) -> None:
        """Each row keeps its key, so that what is being edited stays with its row."""
        self.layoutAboutToBeChanged.emit()
        # Rows without a key, and keys that stand twice, keep their order among themselves.
        places: dict[str, deque[int]] = {}
        for place, key in enumerate(table.keys):
            places.setdefault(key, deque()).append(place)
        moved = [places[key].popleft() for key in self.table.keys]
        for index in self.persistentIndexList():
            self.changePersistentIndex(index, self.index(moved[index.row()], index.column()))
        self.table = table
        self.layoutChanged.emit()

    def _emit_changed(self, old: TextTable) -> None:
        """As few signals as there can be, since each costs the view more than a cell does."""
        rows, columns = len(self.table.rows) - 1, len(self.table.headers) - 1
        edited = self.table.editable
        if edited is None:
            self.dataChanged.emit(self.index(0, 0), self.index(rows, columns))
            return
        # Cell by cell: for an edited cell it would overwrite what is being typed.
        for row, (texts, former) in enumerate(zip(self.table.rows, old.rows, strict=True)):
            if texts[edited] != former[edited]:
                self.dataChanged.emit(self.index(row, edited), self.index(row, edited))
        for left, right in ((0, edited - 1), (edited + 1, columns)):
            if left <= right:
                self.dataChanged.emit(self.index(0, left), self.index(rows, right))

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.table.rows)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.table.headers)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical or section >= len(self.table.headers):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            text = self.table.headers[section]
            if section in self.table.right:
                return text.replace("\n", f"{EN_SPACE}\n") + EN_SPACE
            return text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in self.table.right else _LEFT
        return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        text = self.table.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.EditRole:
            return "" if text == UNKNOWN_TEXT else text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if index.column() in self.table.right else _LEFT
        if role == Qt.ItemDataRole.ForegroundRole and text == UNKNOWN_TEXT:
            return QBrush(QColor(current_theme().muted_text))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(text)
        return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if self._key_of(index) else flags

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        key = self._key_of(index)
        if role != Qt.ItemDataRole.EditRole or not key:
            return False
        if self.edited is not None:
            self.edited(key, str(value).strip())
        return True

    def _key_of(self, index: Index) -> str:
        """The key of the row where this cell may be edited, else nothing."""
        if not index.isValid() or index.column() != self.table.editable:
            return ""
        return self.table.keys[index.row()]


def record_table(table: RecordTable, records: Sequence[Record]) -> TextTable:
    """The records of an event; columns in which none has a value are left out."""
    records = records[:MOST_ROWS]
    columns = [
        column
        for column in table.columns
        if any(record.get(column.name) is not None for record in records)
    ]
    headers = [_header(column) for column in columns]
    rows = [
        tuple(_cell(column, record.get(column.name)) for column in columns) for record in records
    ]
    right = frozenset(n for n, column in enumerate(columns) if _is_numeric(column, records))
    return TextTable(tuple(headers), tuple(rows), right)


def other_table(other: Mapping[str, object]) -> TextTable:
    """What no column holds, a key a row, as received."""
    rows = [(one_line(key), one_line(_raw_text(value))) for key, value in other.items()]
    return TextTable(("Key", "Value"), tuple(rows[:MOST_ROWS]))


def _is_numeric(column: RecordColumn, records: Sequence[Record]) -> bool:
    values = [record.get(column.name) for record in records]
    return all(value is None or type(value) in {int, float} for value in values)


def _raw_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _header(column: RecordColumn) -> str:
    unit = shown_as(column.unit).text
    return f"{column.label}\n({unit})" if unit else column.label


def _cell(column: RecordColumn, value: RecordValue) -> str:
    if value is None or value == []:
        return UNKNOWN_TEXT
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return one_line(", ".join(str(item) for item in value))
    if isinstance(value, float | int):
        shown = shown_as(column.unit)
        return format_number(shown.of(float(value)), shown.digits(column.digits))
    return one_line(str(value))
