"""All fields of one device by group, as a tree of two levels for a view."""

import enum
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QFont
from typing_extensions import override

from tftmonitor.base.text_search import folded
from tftmonitor.model.fields.field import FieldTable, Quality
from tftmonitor.ui.detail.sections import FieldRow, FieldSections, Report, Section
from tftmonitor.ui.theme.theme import Theme, current_theme, tabular
from tftmonitor.ui.widgets.tooltip import plain_tip

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
# A longer value is likely cut in the view, and so stands in the tooltip too.
_LONG = 16


class FieldColumn(enum.IntEnum):
    """The columns of the view."""

    NAME = 0
    VALUE = 1
    UNIT = 2
    AGE = 3
    NOTE = 4


HEADERS = ("Field", "Value", "Unit", "Age", "Meaning")


class FieldModel(QAbstractItemModel):
    """Groups of fields; values change in place, only another set of rows resets the model."""

    def __init__(self, table: FieldTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._content = FieldSections(table)
        self.sections: list[Section] = []
        self._report: Report | None = None
        self.apply_theme()

    def apply_theme(self) -> None:
        """Draw in the colours of the theme that is on."""
        self._inks = _Inks(current_theme())

    def set_report(self, report: Report, *, is_new: bool) -> None:
        """Show this; ``is_new`` for another device, of which nothing has changed just now."""
        self._report = report
        changed = self._content.update(report, is_new=is_new)
        if is_new or self._content.shown() != [(s, s.shown) for s in self.sections]:
            self._reset()
        elif changed:
            self._emit_changed(changed)

    def row_at(self, index: Index) -> FieldRow | None:
        """The field that a cell is of; None for a heading."""
        number = index.internalId() if index.isValid() else 0
        return self.sections[number - 1].shown[index.row()] if number else None

    def texts(self) -> dict[FieldColumn, set[str]]:
        """What stands in each column now, each text once."""
        rows = [row for section in self._content.all for row in section.rows]
        return {column: {self._text(row, column) for row in rows} for column in FieldColumn}

    def set_filter(self, text: str, *, only_reported: bool) -> None:
        """Keep the fields whose name or key holds the text, and of those the reported ones."""
        self._content.text = folded(text.strip())
        self._content.only_reported = only_reported
        self._reset()

    def field_at(self, index: Index) -> str | None:
        """The name of the field of a row; None for a group and for a key that nobody knows."""
        if not index.isValid() or not index.internalId():
            return None
        return self.sections[index.internalId() - 1].shown[index.row()].name

    def tick(self, now_ms: int, moment_s: float) -> None:
        """Ages run on and what has changed fades."""
        if self._report is None:
            return
        self._report = replace(self._report, now_ms=now_ms, moment_s=moment_s)
        for number, section in enumerate(self.sections):
            if section.shown:
                parent = self.index(number, 0)
                top = self.index(0, FieldColumn.VALUE, parent)
                end = self.index(len(section.shown) - 1, FieldColumn.AGE, parent)
                self.dataChanged.emit(top, end)

    def _reset(self) -> None:
        self.beginResetModel()
        self.sections = []
        for section, rows in self._content.shown():
            section.shown = rows
            self.sections.append(section)
        self.endResetModel()

    def _emit_changed(self, changed: set[FieldRow]) -> None:
        for number, section in enumerate(self.sections):
            parent = self.index(number, 0)
            self.dataChanged.emit(parent, parent)
            # One signal for the group: each costs the view more than a row does.
            places = [place for place, row in enumerate(section.shown) if row in changed]
            if places:
                top = self.index(places[0], FieldColumn.NAME, parent)
                self.dataChanged.emit(top, self.index(places[-1], FieldColumn.NOTE, parent))

    @override
    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    @override
    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]
        number = index.internalId() if index.isValid() else 0
        return self.createIndex(number - 1, 0, 0) if number else QModelIndex()

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        if not parent.isValid():
            return len(self.sections)
        if parent.internalId() or parent.column():
            return 0
        return len(self.sections[parent.row()].shown)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return len(HEADERS)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADERS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNMENT[FieldColumn(section)]
        return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        number = index.internalId()
        if not number:
            return self._group_data(self.sections[index.row()], index.column(), role)
        row = self.sections[number - 1].shown[index.row()]
        return self._field_data(row, FieldColumn(index.column()), role)

    def _group_data(self, section: Section, column: int, role: int) -> Any:
        if column:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return section.heading
        if role == Qt.ItemDataRole.FontRole:
            return None if section.folded else self._inks.bold
        if role == Qt.ItemDataRole.ForegroundRole and section.folded:
            return self._inks.muted
        return None

    def _field_data(self, row: FieldRow, column: FieldColumn, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNMENT[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._ink(row, column)
        if column is FieldColumn.VALUE:
            strength = row.highlight(self._report)
            if role == Qt.ItemDataRole.BackgroundRole and strength:
                return self._inks.tint(strength)
            if role == Qt.ItemDataRole.FontRole:
                return self._inks.bold if strength else self._inks.digits
            if role == Qt.ItemDataRole.AccessibleDescriptionRole and strength:
                return "changed just now"
        return None

    def _text(self, row: FieldRow, column: FieldColumn) -> str:
        if column is FieldColumn.NAME:
            return row.label
        if column is FieldColumn.VALUE:
            return row.value
        if column is FieldColumn.UNIT:
            return row.reading.unit
        return row.age(self._report) if column is FieldColumn.AGE else row.note

    def _tip(self, row: FieldRow, column: FieldColumn) -> str:
        long = column is FieldColumn.VALUE and len(row.value) > _LONG
        return plain_tip(row.value) if long and row.reading.known else row.tip

    def _ink(self, row: FieldRow, column: FieldColumn) -> QBrush | None:
        if row.reading.quality is Quality.INVALID and column is FieldColumn.VALUE:
            return self._inks.error
        if column in {FieldColumn.UNIT, FieldColumn.AGE, FieldColumn.NOTE}:
            return self._inks.muted
        return self._inks.muted if row.reading.note or row.is_old(self._report) else None


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_ALIGNMENT = {
    FieldColumn.NAME: _LEFT,
    FieldColumn.VALUE: _RIGHT,
    FieldColumn.UNIT: _LEFT,
    FieldColumn.AGE: _LEFT,
    FieldColumn.NOTE: _LEFT,
}


class _Inks:
    """Brushes and fonts of one theme, made once."""

    def __init__(self, theme: Theme) -> None:
        self.muted = QBrush(QColor(theme.muted_text))
        self.error = QBrush(QColor(theme.error))
        self._accent = QColor(theme.accent)
        self.digits = tabular(QFont())
        self.bold = tabular(QFont())
        self.bold.setBold(True)

    def tint(self, strength: float) -> QBrush:
        """The ground of a value that has just changed."""
        color = QColor(self._accent)
        color.setAlphaF(0.35 * strength)
        return QBrush(color)
