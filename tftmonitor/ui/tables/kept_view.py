"""Rows that the user keeps, as a view: one of them is current; it decides nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

_OPEN_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class KeptView(QTableView):
    """Return or a double click asks to edit the current row, Delete to delete it.

    ``named`` is the column that names a row, ``wide`` the one that gets the room that is left.
    ``lively`` is the one whose texts change all the time: its width is not measured by them.
    """

    edit_requested = Signal()
    delete_requested = Signal()

    def __init__(
        self,
        model: QAbstractTableModel,
        *,
        named: int,
        wide: int,
        lively: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._named, self._lively = named, lively
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        # Its own way of fitting contents measures all rows again for each cell that changed.
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
        model.modelReset.connect(self._measure)
        model.dataChanged.connect(self._note_change)
        self.doubleClicked.connect(self._on_double_click)

    def select_row(self, row: int) -> None:
        """Make this row current."""
        self.setCurrentIndex(self.model().index(row, self._named))

    @contextmanager
    def place_kept(self) -> Iterator[None]:
        """Let rows come and go; a current row that is gone leaves its place to the next one."""
        row = self.currentIndex().row()
        yield
        count = self.model().rowCount()
        if count and not self.currentIndex().isValid():
            self.select_row(min(max(row, 0), count - 1))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _OPEN_KEYS:
            self.edit_requested.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_requested.emit()
        else:
            super().keyPressEvent(event)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._measure()

    def _on_double_click(self, _index: QModelIndex) -> None:
        self.edit_requested.emit()

    def _note_change(self, first: QModelIndex, _last: QModelIndex) -> None:
        # The lively column has room for whatever it will say.
        if first.column() != self._lively:
            self._measure()

    def _measure(self) -> None:
        """Give the columns their widths."""
        raise NotImplementedError

    def _give_room(self, column: int, sample: int) -> None:
        """As wide as ``sample`` in pixels, and as the title needs."""
        self.setColumnWidth(column, max(sample, self.horizontalHeader().sectionSizeHint(column)))
