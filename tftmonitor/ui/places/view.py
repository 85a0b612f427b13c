"""The table of places as a view: one row is current; it decides nothing."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from tftmonitor.ui.places.table_model import DEVICES, KIND, NAME, RULES, SIZE, PlacesModel

_OPEN_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_WIDEST_NAME = 260
_AIR = 10


class PlacesView(QTableView):
    """Return or a double click asks to edit the current place, Delete to delete it."""

    edit_requested = Signal()
    delete_requested = Signal()

    def __init__(self, model: PlacesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Places")
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        # Its own way of fitting contents measures all rows again for each cell that changed.
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(RULES, QHeaderView.ResizeMode.Stretch)
        model.modelReset.connect(self._measure)
        model.dataChanged.connect(self._note_change)
        self.doubleClicked.connect(self.edit_requested)

    def select_row(self, row: int) -> None:
        """Make this row current."""
        self.setCurrentIndex(self.model().index(row, NAME))

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

    def _note_change(self, first: QModelIndex, _last: QModelIndex) -> None:
        # How many are within changes all the time, and its column has room for that.
        if first.column() != DEVICES:
            self._measure()

    def _measure(self) -> None:
        for column in (NAME, KIND, SIZE):
            self.resizeColumnToContents(column)
            self.setColumnWidth(column, self.columnWidth(column) + _AIR)
        self.setColumnWidth(NAME, min(self.columnWidth(NAME), _WIDEST_NAME))
        room = self.fontMetrics().horizontalAdvance("10,000") + 16
        self.setColumnWidth(DEVICES, max(room, self.horizontalHeader().sectionSizeHint(DEVICES)))
