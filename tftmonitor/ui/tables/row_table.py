"""How every table of plain rows looks and scrolls."""

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

# Above and below, and on both sides of a text.
ROW_PAD = 6


def style_table(view: QTableView) -> QFontMetrics:
    """Whole rows, nothing to edit, no grid, one line each; the metrics of its font.

    To be called when it has its model.
    """
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setShowGrid(False)
    # Names that share a beginning stay apart in a narrow column.
    view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setAlternatingRowColors(True)
    metrics = QFontMetrics(view.font())
    rows = view.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(metrics.lineSpacing() + ROW_PAD)
    heads = view.horizontalHeader()
    heads.setHighlightSections(False)
    # It asks of each section that it paints whether all rows of it are selected, by an index for
    # each cell; of a selection of its own, which stays empty, it learns that at once.
    heads.setSelectionModel(QItemSelectionModel(view.model(), heads))
    heads.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return metrics
