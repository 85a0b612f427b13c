"""The journal as a table, newest first, a page at a time."""

import enum
import html
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.history.rows import JournalEntry
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.formatting import format_age, format_time
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.theme.icons import severity_icon
from tftmonitor.ui.theme.theme import tabular
from tftmonitor.ui.widgets import alarm_text as words
from tftmonitor.ui.widgets.short_time import short_time

Index = QModelIndex | QPersistentModelIndex
ENTRY_ROLE = Qt.ItemDataRole.UserRole


class JournalColumn(enum.IntEnum):
    """The columns, in their order."""

    TIME = 0
    WHAT = 1
    SEVERITY = 2
    DEVICE = 3
    NAME = 4
    DETAIL = 5


_TITLES = ("Time", "What", "Severity", "Device", "Alarm", "Detail")
_WHAT = {
    "raised": "raised",
    "returned": "over",
    "cleared": "over",
    "acknowledged": "acknowledged",
    "silenced": "silenced",
    "shelved": "shelved",
    "unshelved": "taken off the shelf",
    "out_of_service": "out of service",
    "expired": "put-aside time over",
    "noted": "note",
    "closed": "closed by hand",
    "drill_confirmed": "drill confirmed",
    "restored": "program started",
    "step_failed": "STEP FAILED",
    "blind": "not known",
}
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
            severity = _severity(entry)
            return None if severity is None else severity_icon(severity)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"<qt>{html.escape(self._text(entry, index.column()))}</qt>"
        return entry if role == ENTRY_ROLE else None

    def _text(self, entry: JournalEntry, column: int) -> str:
        texts = self._texts.get(entry.seq)
        if texts is None:
            texts = self._texts[entry.seq] = self._make_texts(entry)
        return texts[column]

    def _make_texts(self, entry: JournalEntry) -> list[str]:
        now_ms, zone = self._clock.now_ms(), zone_of(self._settings.values)
        alarm, event, severity = entry.alarm, entry.event, _severity(entry)
        late = isinstance(event, events.Raised) and event.late
        time = short_time(entry.event_ms, now_ms, zone)
        name = words.name_text(alarm) if alarm else ""
        if isinstance(event, events.Raised):
            name = words.one_line(event.name)
        return [
            f"LATE {time}" if late else time,
            _WHAT.get(entry.kind, entry.kind),
            severity.word if severity else "",
            words.device_text(alarm) if alarm else words.one_line(entry.device or ""),
            name,
            self._detail(entry),
        ]

    def _detail(self, entry: JournalEntry) -> str:
        now_ms, zone, event = self._clock.now_ms(), zone_of(self._settings.values), entry.event
        parts: list[str] = []
        if isinstance(event, events.Raised):
            parts.append(f"told by {event.source.value}")
            if event.late:
                parts.append(f"received {format_time(entry.at_ms, zone)}")
            parts.append(event.text)
        elif isinstance(event, events.Returned):
            parts.append(event.because)
        elif isinstance(event, events.Shelved):
            parts += [f"until {short_time(event.until_ms, now_ms, zone)}", event.reason]
        elif isinstance(event, events.OutOfService):
            until_ms = event.until_ms
            ended = until_ms is None
            parts.append("ended" if ended else f"until {short_time(until_ms or 0, now_ms, zone)}")
        elif isinstance(event, events.Acknowledged | events.Noted):
            parts.append(event.note)
        elif isinstance(event, events.StepFailed):
            parts += [event.step, event.reason]
        elif isinstance(event, events.Blind):
            span = f"{short_time(event.start_ms, now_ms, zone)} to"
            span += f" {short_time(event.end_ms, now_ms, zone)}"
            age = format_age(event.end_ms - event.start_ms)
            parts += [event.cause, event.scope, f"{span} ({age})", event.reason]
        elif isinstance(event, events.Restored):
            parts.append(f"{event.count} open alarms taken over")
        elif event is None:
            parts.append("written by a newer version of the program")
        who = getattr(event, "who", "")
        parts.append(f"by {who}" if who else "")
        return words.one_line(" · ".join(part for part in parts if part))


def _severity(entry: JournalEntry) -> Severity | None:
    if isinstance(entry.event, events.Raised):
        return entry.event.severity
    return entry.alarm.severity if entry.alarm else None
