"""The table of rules as a view: sentences wrap."""

from typing import Final

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget
from typing_extensions import override

from tftmonitor.ui.rules.table_model import FIRED, ON, RULE, SCOPE, SEVERITY, RuleTableModel
from tftmonitor.ui.tables.kept_view import KeptView
from tftmonitor.ui.tables.tick_delegate import TickDelegate
from tftmonitor.ui.widgets.single_shot import single_shot

_HEIGHTS_AFTER_MS: Final = 30
_FIRED_SAMPLE: Final = "9,999×, 23 h 59 min ago"


class RuleView(KeptView):
    """How often a rule fired changes each second, and its column has room for that."""

    def __init__(self, model: RuleTableModel, parent: QWidget | None = None) -> None:
        super().__init__(model, named=RULE, wide=RULE, lively=FIRED, parent=parent)
        self.setAccessibleName("Rules")
        self.setItemDelegate(TickDelegate(self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        for column in (ON, SEVERITY, SCOPE, FIRED):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        # How much sentences wrap depends on the width that is left to them.
        self._heights = single_shot(self, self.resizeRowsToContents, _HEIGHTS_AFTER_MS)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._heights.start()

    @override
    def _measure(self) -> None:
        for column in (ON, SEVERITY, SCOPE):
            self.resizeColumnToContents(column)
        self._give_room(FIRED, self.fontMetrics().horizontalAdvance(_FIRED_SAMPLE))
        self._heights.start()

    @override
    def _on_double_click(self, index: QModelIndex) -> None:
        # On the box it has ticked already.
        if index.column() != ON:
            self.edit_requested.emit()
