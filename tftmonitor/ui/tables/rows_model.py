"""Rows under fixed titles: what every flat table of the window answers in the same way."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

Index = QModelIndex | QPersistentModelIndex
Row = TypeVar("Row")
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_ROOT = QModelIndex()
_DISPLAY = Qt.ItemDataRole.DisplayRole


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Rows in the order of ``_rows``; a subclass says in ``data`` what their cells say.

    ``tips`` explain titles, by their column.
    """

    def __init__(
        self,
        titles: Sequence[str],
        parent: QObject | None = None,
        *,
        tips: Mapping[int, str] | None = None,
    ) -> None:
        super().__init__(parent)
        self._titles = tuple(titles)
        self._tips = dict(tips or {})
        self._rows: list[Row] = []

    @property
    def rows(self) -> list[Row]:
        """What is shown, in order; not to be changed."""
        return self._rows

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._titles)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._titles):
            return None
        if role == _DISPLAY:
            return self._titles[section]
        return self._tips.get(section) if role == Qt.ItemDataRole.ToolTipRole else None

    def _all_changed(self) -> None:
        """One signal for every cell."""
        if self._rows:
            last = self.index(len(self._rows) - 1, len(self._titles) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
