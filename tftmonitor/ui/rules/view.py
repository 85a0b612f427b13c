"""The table of rules as a view: one row is current, sentences wrap; it decides nothing."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from tftmonitor.ui.rules.table_model import FIRED, ON, RULE, SCOPE, SEVERITY, RuleTableModel
from tftmonitor.ui.tables.tick_delegate import TickDelegate
from tftmonitor.ui.widgets.single_shot import single_shot

_HEIGHTS_AFTER_MS = 30
_FIRED_SAMPLE = "9,999×, 23 h 59 min ago"
_OPEN_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class RuleView(QTableView):
    """Return or a double click asks to edit the current rule, Delete to delete it."""

    edit_requested = Signal()
    delete_requested = Signal()

    def __init__(self, model: RuleTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Rules")
        self.setModel(model)
        self.setItemDelegate(TickDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        # Its own way of fitting contents measures all rows again for each cell that changed.
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(RULE, QHeaderView.ResizeMode.Stretch)
        # Sentences wrap, and how much depends on the width that is left to them.
        self._heights = single_shot(self, self.resizeRowsToContents, _HEIGHTS_AFTER_MS)
        model.modelReset.connect(self._measure)
        model.dataChanged.connect(self._note_change)
        self.doubleClicked.connect(self._on_double_click)

    def select_row(self, row: int) -> None:
        """Make this row current."""
        self.setCurrentIndex(self.model().index(row, RULE))

    def _note_change(self, first: QModelIndex, _last: QModelIndex) -> None:
        # How often a rule fired changes each second, and its column has room for that.
        if first.column() != FIRED:
            self._measure()

    def _measure(self) -> None:
        for column in (ON, SEVERITY, SCOPE):
            self.resizeColumnToContents(column)
        room = self.fontMetrics().horizontalAdvance(_FIRED_SAMPLE)
        self.setColumnWidth(FIRED, max(room, self.horizontalHeader().sectionSizeHint(FIRED)))
        self._heights.start()

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

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._heights.start()

    def _on_double_click(self, index: QModelIndex) -> None:
        # On the box it has ticked already.
        if index.column() != ON:
            self.edit_requested.emit()
