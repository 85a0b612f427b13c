"""A plain table of texts that is as wide and as high as they are."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)
from typing_extensions import override

from tftmonitor.ui.detail.record_model import EN_SPACE, RecordModel
from tftmonitor.ui.tables.row_hold import RowHold
from tftmonitor.ui.tables.row_menu import RowMenu

_MOST_VISIBLE_ROWS = 16
# Between two columns, in pixels.
_APART = 8
# Of the widest column; its cells have tooltips.
_LEAST_WIDE = 140
_MEASURED_AGAIN = frozenset({QEvent.Type.FontChange, QEvent.Type.StyleChange})


class _WideDelegate(QStyledItemDelegate):
    """Keeps numbers apart from the texts beside them."""

    @override
    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if option.displayAlignment & Qt.AlignmentFlag.AlignRight:
            option.text += EN_SPACE


class TextView(QTableView):
    """As high as its rows, up to a limit; without any it is hidden.

    Columns are as wide as their texts, measured by ``measure`` once for each table: a header that
    does it by itself measures all of it again for each cell that changed.
    """

    def __init__(self, model: RecordModel, title: str) -> None:
        super().__init__()
        self._records = model
        self._needed = 0
        self._widths: list[int] = []
        self.setModel(model)
        self.hold = RowHold(self)
        self.menu = RowMenu(self)
        self.setAccessibleName(title)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(_WideDelegate(self))
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 8)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)

    def measure(self) -> None:
        """Make each column as wide as its heading and the widest of its texts."""
        header, metrics, table = self.horizontalHeader(), self.fontMetrics(), self._records.table
        margin = self.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, self) + 1
        self._widths = []
        for column in range(len(table.headers)):
            end = EN_SPACE if column in table.right else ""
            texts = {row[column] for row in table.rows}
            widest = max((metrics.horizontalAdvance(text + end) for text in texts), default=0)
            width = max(header.sectionSizeHint(column), widest + 2 * margin + _APART)
            self._widths.append(width)
        self._give_way()

    def _give_way(self) -> None:
        """The widest column gives way, as far as it can, before the table scrolls sideways."""
        widths = list(self._widths)
        over = sum(widths) - self.viewport().width()
        if over > 0 and widths:
            widest = widths.index(max(widths))
            least = min(_LEAST_WIDE, widths[widest])
            widths[widest] = max(least, widths[widest] - over)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        self._needed = sum(widths)

    def fit(self) -> None:
        """Take the height that the rows need now."""
        rows = self._records.rowCount()
        self.setVisible(rows > 0)
        height = min(rows, _MOST_VISIBLE_ROWS) * self.verticalHeader().defaultSectionSize()
        height += self.horizontalHeader().sizeHint().height() + 2 * self.frameWidth()
        if self._needed > self.viewport().width():
            height += self.horizontalScrollBar().sizeHint().height()
        if height != self.height():
            self.setFixedHeight(height)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_way()
        self.fit()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _MEASURED_AGAIN:
            self.measure()
