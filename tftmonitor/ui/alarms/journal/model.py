"""The journal as a table, newest first, a page at a time."""

import enum
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.history.rows import JournalEntry
from tftmonitor.monitor.where.zones import shown_zone_at
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.alarms.journal.text import (
    ALSO,
    also_reported,
    entry_texts,
    severity_of,
    zone_place_of,
)
from tftmonitor.ui.alarms.text_table import TextTableModel
from tftmonitor.ui.tables.rows_model import Index
from tftmonitor.ui.theme.icons import severity_icon
from tftmonitor.ui.widgets.tooltip import plain_tip

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


class JournalModel(TextTableModel[JournalEntry]):
    """Shows pages of entries; ``last`` is where the next page begins."""

    def __init__(
        self, clock: Clock, settings: SettingsStore, parent: QObject | None = None
    ) -> None:
        super().__init__(_TITLES, clock, settings, parent)
        self._also: set[int] = set()

    @property
    def last(self) -> JournalEntry | None:
        """The oldest entry shown."""
        return self._rows[-1] if self._rows else None

    def show_first(self, entries: Sequence[JournalEntry]) -> None:
        """Begin anew with the newest page."""
        self.beginResetModel()
        self._rows = list(entries)
        self._texts.clear()
        self._also = also_reported(entries)
        self.endResetModel()

    def append(self, entries: Sequence[JournalEntry]) -> None:
        """Add an older page."""
        if entries:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(entries) - 1)
            self._rows.extend(entries)
            also = also_reported(self._rows)
            for seq in also ^ self._also:
                self._texts.pop(seq, None)
            self._also = also
            self.endInsertRows()

    @override
    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid():
            return None
        entry = self._rows[index.row()]
        if role == _DISPLAY:
            return self._text(entry, index.column())
        if role == Qt.ItemDataRole.FontRole:
            return self._font
        if role == Qt.ItemDataRole.DecorationRole and index.column() == JournalColumn.SEVERITY:
            severity = severity_of(entry)
            return None if severity is None else severity_icon(severity)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(entry, index.column()))
        return entry if role == ENTRY_ROLE else None

    def _text(self, entry: JournalEntry, column: int) -> str:
        return self._texts_of(entry.seq, entry)[column]

    def _tip(self, entry: JournalEntry, column: int) -> str:
        text = self._text(entry, column)
        note = shown_zone_at(self._settings.values, *zone_place_of(entry)).note
        is_of_times = column in {JournalColumn.TIME, JournalColumn.DETAILS}
        return f"{text}\n{note}" if text and note and is_of_times else text

    @override
    def _make_texts(self, row: JournalEntry) -> list[str]:
        shown = shown_zone_at(self._settings.values, *zone_place_of(row))
        texts = entry_texts(row, self._clock.now_ms(), shown)
        if row.seq in self._also:
            texts[JournalColumn.EVENT] = ALSO
        return texts
