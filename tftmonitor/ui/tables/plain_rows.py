"""A small table of ready texts whose rows stand still: for lists that are made at once."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFont
from typing_extensions import override

from tftmonitor.ui.tables.rows_model import LEFT, RIGHT, Index, RowsModel
from tftmonitor.ui.theme.theme import tabular
from tftmonitor.ui.widgets.tooltip import plain_tip

_DISPLAY = Qt.ItemDataRole.DisplayRole
_ALIGNMENT = Qt.ItemDataRole.TextAlignmentRole


class PlainRows(RowsModel[tuple[str, ...]]):
    """Texts in columns; those named in ``right`` hold numbers."""

    def __init__(
        self, titles: Sequence[str], right: frozenset[int], parent: QObject | None = None
    ) -> None:
        super().__init__(titles, parent)
        self._right = right
        self._font = tabular(QFont())

    def show_rows(self, rows: Sequence[tuple[str, ...]]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == _ALIGNMENT:
            return RIGHT if section in self._right else LEFT
        return super().headerData(section, orientation, role)

    @override
    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid():
            return None
        if role == _DISPLAY:
            return self._rows[index.row()][index.column()]
        if role == _ALIGNMENT:
            return RIGHT if index.column() in self._right else LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._rows[index.row()][index.column()])
        return self._font if role == Qt.ItemDataRole.FontRole else None
