"""Alarms as a table in the order given: no proxy, and nothing moves in vain."""

import enum
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtGui import QColor, QFont
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.monitor.where.zones import shown_zone_at
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.alarms.row_diff import row_steps, runs
from tftmonitor.ui.alarms.rows import AlarmRow
from tftmonitor.ui.alarms.text_table import TextTableModel
from tftmonitor.ui.tables.rows_model import Index
from tftmonitor.ui.theme.icons import severity_icon, shelved_icon
from tftmonitor.ui.theme.theme import current_theme
from tftmonitor.ui.widgets import alarm_text
from tftmonitor.ui.widgets.tooltip import plain_tip

ROW_ROLE = Qt.ItemDataRole.UserRole


class AlarmColumn(enum.IntEnum):
    """The columns, in their order."""

    SEVERITY = 0
    DEVICE = 1
    NAME = 2
    STATE = 3
    TIME = 4
    AGE = 5
    COUNT = 6
    SOURCES = 7
    POSITION = 8


_TITLES = ("Severity", "Device", "Alarm", "State", "Time", "Age", "Count", "Source", "Place")
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ALIGNMENTS: dict[int, Qt.AlignmentFlag] = {
    AlarmColumn.TIME: _RIGHT,
    AlarmColumn.AGE: _RIGHT,
    AlarmColumn.COUNT: Qt.AlignmentFlag.AlignCenter,
}
_INDENT = "    "
_DISPLAY = Qt.ItemDataRole.DisplayRole
_DECORATION = Qt.ItemDataRole.DecorationRole
_FONT = Qt.ItemDataRole.FontRole
_FOREGROUND = Qt.ItemDataRole.ForegroundRole
_ALIGNMENT = Qt.ItemDataRole.TextAlignmentRole
_TOOL_TIP = Qt.ItemDataRole.ToolTipRole
_ACCESSIBLE = Qt.ItemDataRole.AccessibleTextRole


class AlarmTableModel(TextTableModel[AlarmRow]):
    """Shows the rows given to ``set_rows``; ``tick`` lets the ages run on."""

    def __init__(
        self, clock: Clock, settings: SettingsStore, parent: QObject | None = None
    ) -> None:
        super().__init__(_TITLES, clock, settings, parent)
        self._compact = False
        self._bold = QFont(self._font)
        self._bold.setBold(True)

    def set_rows(self, rows: Sequence[AlarmRow]) -> None:
        """Show these; what stays keeps its selection."""
        steps = row_steps([row.key for row in self._rows], [row.key for row in rows])
        for first, last in steps.removals:
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
        if steps.order is not None:
            self._reorder(steps.order)
        for first, last in steps.insertions:
            self.beginInsertRows(QModelIndex(), first, last)
            self._rows[first:first] = rows[first : last + 1]
            self.endInsertRows()
        self._replace_contents(rows)

    def set_compact(self, compact: bool) -> None:
        """Severities as their signs alone, for narrow panes; screen readers still get them."""
        if compact != self._compact:
            self._compact = compact
            self.refresh_texts()
            first = AlarmColumn.SEVERITY
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, first, first)

    @override
    def tick(self) -> None:
        """A second went by: ages run on."""
        super().tick()
        if self._rows:
            column = AlarmColumn.AGE
            last = len(self._rows) - 1
            self.dataChanged.emit(self.index(0, column), self.index(last, column), [_DISPLAY])

    def place_of(self, number: int) -> int:
        """The row of this alarm itself, -1 when it is not shown."""
        key = ("alarm", number)
        return next((place for place, row in enumerate(self._rows) if row.key == key), -1)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == _ALIGNMENT:
            return _ALIGNMENTS.get(section)
        title = super().headerData(section, orientation, role)
        hidden = self._compact and section == AlarmColumn.SEVERITY
        return "" if title and hidden else title

    @override
    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        if role == _DISPLAY:
            hidden = self._compact and column == AlarmColumn.SEVERITY
            return "" if hidden else self._text(row, column)
        if role == _ALIGNMENT:
            return _ALIGNMENTS.get(column)
        if role == _FONT:
            return self._bold if row.alarm.needs_ack and not row.is_over else self._font
        if role == _FOREGROUND:
            return None if row.alarm.needs_ack else QColor(current_theme().muted_text)
        if role == _DECORATION and column == AlarmColumn.SEVERITY:
            return (
                shelved_icon()
                if row.alarm.suppressed
                else severity_icon(row.severity, is_over=row.is_over)
            )
        if role == ROW_ROLE:
            return row
        if role == _TOOL_TIP:
            return plain_tip(self.facts_line(row))
        return self._spoken(row, column) if role == _ACCESSIBLE else None

    def facts_line(self, row: AlarmRow) -> str:
        """All about a row as one line of plain text."""
        alarm = row.alarm
        shown = shown_zone_at(self._settings.values, alarm.lat, alarm.lng)
        line = alarm_text.facts_line(alarm, self._clock.now_ms(), shown.zone)
        if shown.note:
            line = f"{line} · {shown.note}"
        return f"{row.head}; first: {line}" if row.head else line

    def _spoken(self, row: AlarmRow, column: int) -> str:
        text = self._text(row, column)
        if row.head and column == AlarmColumn.DEVICE:
            return f"{text.strip(' ▸▾')}, {'unfolded' if row.unfolded else 'folded'}"
        return text

    def _text(self, row: AlarmRow, column: int) -> str:
        if column == AlarmColumn.AGE:
            return alarm_text.age_text(row.alarm, self._clock.now_ms())
        return self._texts_of(row.key, row)[column]

    @override
    def _make_texts(self, row: AlarmRow) -> list[str]:
        alarm, now_ms = row.alarm, self._clock.now_ms()
        shown = shown_zone_at(self._settings.values, alarm.lat, alarm.lng)
        indent = _INDENT * row.depth
        time = alarm_text.time_text(alarm, now_ms, shown)
        severity = row.severity.word
        if row.head:
            mark = "▾" if row.unfolded else "▸"
            device = alarm_text.device_text(alarm) if row.depth else "Flood"
            name = f"{row.head}; first: {alarm_text.name_text(alarm)}"
            if not row.depth:
                name = f"{name} ({alarm_text.device_text(alarm)})"
            count = str(sum(each.count for each in row.alarms))
            return [severity, f"{indent}{mark} {device}", name, "", time, "", count, "", ""]
        return [
            severity,
            f"{indent}{alarm_text.device_text(alarm)}",
            alarm_text.name_text(alarm),
            alarm_text.state_text(alarm, now_ms, shown.zone),
            time,
            "",
            str(alarm.count),
            alarm_text.sources_text(alarm),
            alarm_text.position_cell(alarm),
        ]

    def _reorder(self, order: Sequence[int]) -> None:
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        new_place = {before: after for after, before in enumerate(order)}
        self._rows = [self._rows[before] for before in order]
        moved = [self.index(new_place[i.row()], i.column()) for i in held]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _replace_contents(self, rows: Sequence[AlarmRow]) -> None:
        """Rows have their places; report those that show something else now."""
        # Nearly all are the same object.
        changed = [
            n
            for n, (before, row) in enumerate(zip(self._rows, rows, strict=True))
            if row is not before and row != before
        ]
        for place in changed:
            self._rows[place] = rows[place]
        if len(self._texts) > 2 * len(rows) + 100:
            self._texts.clear()
        for first, last in runs(changed):
            right = len(AlarmColumn) - 1
            self.dataChanged.emit(self.index(first, 0), self.index(last, right))
