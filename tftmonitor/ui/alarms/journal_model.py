"""The journal as a table, newest first, a page at a time."""

import enum
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.history.rows import JournalEntry
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.alarms.journal_text import entry_texts, severity_of
from tftmonitor.ui.alarms.today import Today
from tftmonitor.ui.theme.icons import severity_icon
from tftmonitor.ui.theme.theme import tabular
from tftmonitor.ui.widgets.tooltip import plain_tip

Index = QModelIndex | QPersistentModelIndex
ENTRY_ROLE = Qt.ItemDataRole.UserRole


class JournalColumn(enum.IntEnum):
    """The columns, in their order."""

    TIME = 0
    EVENT = 1
    SEVERITY = 2
    DEVICE = 3
    NAME = 4
    DETAILS = 5


_TITLES = ("Time", "Event", "Severity", "Device", "Alarm", "Details")
_DISPLAY = Qt.ItemDataRole.DisplayRole


class JournalModel(QAbstractTableModel):
    """Shows pages of entries; ``last`` is where the next page begins."""

    def __init__(
        self, clock: Clock, settings: SettingsStore, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._settings = settings
        self._entries: list[JournalEntry] = []
        self._texts: dict[int, list[str]] = {}
        self._font = tabular(QFont())
        self._today = Today(clock, settings)
        settings.on_change(self._refresh_texts, "zone")

    @property
    def last(self) -> JournalEntry | None:
        """The oldest entry shown."""
        return self._entries[-1] if self._entries else None

    def show_first(self, entries: Sequence[JournalEntry]) -> None:
        """Begin anew with the newest page."""
        self.beginResetModel()
        self._entries = list(entries)
        self._texts.clear()
        self.endResetModel()

    def append(self, entries: Sequence[JournalEntry]) -> None:
        """Add an older page."""
        if entries:
            first = len(self._entries)
            self.beginInsertRows(QModelIndex(), first, first + len(entries) - 1)
            self._entries.extend(entries)
            self.endInsertRows()

    def tick(self) -> None:
        """A second went by: at midnight times get their date."""
        if self._today.is_another():
            self._refresh_texts()

    def entry(self, index: Index) -> JournalEntry | None:
        """What a row shows, None for no row."""
        return self._entries[index.row()] if index.isValid() else None

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._entries)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(JournalColumn)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        wanted = orientation is Qt.Orientation.Horizontal and role == _DISPLAY
        return _TITLES[section] if wanted and 0 <= section < len(_TITLES) else None

    @override
    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == _DISPLAY:
            return self._text(entry, index.column())
        if role == Qt.ItemDataRole.FontRole:
            return self._font
        if role == Qt.ItemDataRole.DecorationRole and index.column() == JournalColumn.SEVERITY:
            severity = severity_of(entry)
            return None if severity is None else severity_icon(severity)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._text(entry, index.column()))
        return entry if role == ENTRY_ROLE else None

    def _refresh_texts(self) -> None:
        self._texts.clear()
        if self._entries:
            last = self.index(len(self._entries) - 1, len(JournalColumn) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def _text(self, entry: JournalEntry, column: int) -> str:
        texts = self._texts.get(entry.seq)
        if texts is None:
            now_ms, zone = self._clock.now_ms(), zone_of(self._settings.values)
            texts = self._texts[entry.seq] = entry_texts(entry, now_ms, zone)
        return texts[column]
