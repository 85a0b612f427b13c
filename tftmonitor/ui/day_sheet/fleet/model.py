"""The table of all devices over some days, in any order; a row a device."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont
from typing_extensions import override

from tftmonitor.model.fields.distance_text import distance_text
from tftmonitor.model.fields.formatting import UNKNOWN_TEXT
from tftmonitor.monitor.days.sums import DaySums, Extreme
from tftmonitor.ui.day_sheet.wording import length_text, odometer_text, speed_text, voltage_text
from tftmonitor.ui.theme.theme import tabular
from tftmonitor.ui.widgets.tooltip import plain_tip

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_DISPLAY = Qt.ItemDataRole.DisplayRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class FleetRow:
    """A device with its name and its alarms, None where they could not be counted."""

    name: str
    sums: DaySums
    alarms: int | None


@dataclass(frozen=True, slots=True)
class FleetColumn:
    """A heading, what is written, and by what rows are put in order."""

    title: str
    text: Callable[[FleetRow], str]
    order: Callable[[FleetRow], Any]


def _number(value: float | None) -> float:
    """What is not known comes first."""
    return -1.0 if value is None else value


def _volts(extreme: Extreme | None) -> float | None:
    return None if extreme is None else extreme.value


def _volts_text(extreme: Extreme | None) -> str:
    return UNKNOWN_TEXT if extreme is None else voltage_text(extreme.value)


def _length(title: str, name: str) -> FleetColumn:
    def value(row: FleetRow) -> int:
        return int(getattr(row.sums, name))

    return FleetColumn(title, lambda row: length_text(value(row)), value)


COLUMNS: Final = (
    FleetColumn("Device", lambda row: row.name, lambda row: row.name.casefold()),
    FleetColumn("Trips", lambda row: str(row.sums.trips), lambda row: row.sums.trips),
    FleetColumn(
        "Track",
        lambda row: distance_text(row.sums.totals.track_m),
        lambda row: row.sums.totals.track_m,
    ),
    FleetColumn(
        "Odometer",
        lambda row: odometer_text(row.sums.totals),
        lambda row: _number(row.sums.totals.odometer_m),
    ),
    FleetColumn(
        "Highest",
        lambda row: speed_text(row.sums.totals.top_kmh),
        lambda row: _number(row.sums.totals.top_kmh),
    ),
    _length("Moving", "moving_ms"),
    _length("Idling", "idle_ms"),
    _length("Stopped", "stopped_ms"),
    _length("Unknown", "unknown_ms"),
    _length("Ignition on", "ignition_ms"),
    FleetColumn(
        "Lowest V",
        lambda row: _volts_text(row.sums.lowest),
        lambda row: _number(_volts(row.sums.lowest)),
    ),
    FleetColumn(
        "Highest V",
        lambda row: _volts_text(row.sums.highest),
        lambda row: _number(_volts(row.sums.highest)),
    ),
    FleetColumn(
        "Alarms",
        lambda row: UNKNOWN_TEXT if row.alarms is None else str(row.alarms),
        lambda row: _number(row.alarms),
    ),
)


class FleetModel(QAbstractTableModel):
    """Rows come to the end; ``sort`` puts them where they belong."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[FleetRow] = []
        self._font = tabular(QFont())

    def clear(self) -> None:
        """Begin anew."""
        self.beginResetModel()
        self.rows = []
        self.endResetModel()

    def append(self, rows: Sequence[FleetRow]) -> None:
        """Put these behind the others, where no row moves for them."""
        if rows:
            last = len(self.rows)
            self.beginInsertRows(_ROOT, last, last + len(rows) - 1)
            self.rows += rows
            self.endInsertRows()

    def counts(self) -> Mapping[str, int] | None:
        """The alarms of each device, None where they could not be counted."""
        found = {row.sums.device: row.alarms for row in self.rows}
        known = {key: count for key, count in found.items() if count is not None}
        return known if len(known) == len(found) else None

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if not 0 <= column < len(COLUMNS):
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [(index, self.rows[index.row()]) for index in before]
        descending = order is Qt.SortOrder.DescendingOrder
        self.rows.sort(key=COLUMNS[column].order, reverse=descending)
        places = {id(row): place for place, row in enumerate(self.rows)}
        after = [self.index(places[id(row)], index.column()) for index, row in kept]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section else _LEFT
        return COLUMNS[section].title if role == _DISPLAY else None

    @override
    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if index.column() else _LEFT
        if role == Qt.ItemDataRole.FontRole:
            return self._font
        if role not in {_DISPLAY, Qt.ItemDataRole.ToolTipRole}:
            return None
        row, column = self.rows[index.row()], COLUMNS[index.column()]
        # Of whom nothing came there is nothing to tell but that and its alarms.
        is_told = row.sums.reports or column.title in {"Device", "Unknown", "Alarms"}
        text = column.text(row) if is_told else UNKNOWN_TEXT
        return text if role == _DISPLAY else plain_tip(text)
