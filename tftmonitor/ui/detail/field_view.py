"""The tree of fields on the screen: columns as wide as their texts, and no name cut in vain."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
)
from typing_extensions import override

from tftmonitor.ui.detail.field_model import HEADERS, FieldColumn
from tftmonitor.ui.detail.page import PaddedRowDelegate

Index = QModelIndex | QPersistentModelIndex
_LEFT_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
# Room beside a text in its column, in pixels.
_BESIDE = 14
# Between a name that reaches into the column of values and the value there.
_APART = 10
# Ages run on between two reports.
_ALWAYS = {FieldColumn.AGE: "> 59 min"}
# No value is less wide than this in characters, so that columns move little with the values.
_LEAST_VALUE = 12
# Values beyond this are cut where the pane is narrow; a time of the day with its date is not.
_MOST_VALUE = "2026-12-28 00:00:00"


class FieldView(QTreeView):
    """Gives each column what its texts need, and what is left to the names and then the values.

    ``fit`` tells the widths; they only grow until ``forget`` is called, because columns that move
    with each value cannot be read.
    """

    def __init__(self) -> None:
        super().__init__()
        self._needed: dict[FieldColumn, int] = {}
        self._measured: dict[FieldColumn, set[str]] = {column: set() for column in FieldColumn}
        self.header().setSectionsMovable(False)
        self.header().setMinimumSectionSize(20)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setAlternatingRowColors(False)
        self.setIndentation(14)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._delegates = (_NameDelegate(self), _ValueDelegate(self))
        self.setItemDelegateForColumn(FieldColumn.NAME, self._delegates[0])
        self.setItemDelegateForColumn(FieldColumn.VALUE, self._delegates[1])

    def forget(self) -> None:
        """Another device is shown: its columns are its own."""
        self._needed.clear()
        for texts in self._measured.values():
            texts.clear()

    def fit(self, texts: Mapping[FieldColumn, set[str]]) -> None:
        """Make room for these texts of each column."""
        metrics, before = self.fontMetrics(), dict(self._needed)
        for column in FieldColumn:
            # What was measured before cannot widen a column.
            always = {HEADERS[column], _ALWAYS.get(column, "")}
            new = (texts.get(column, set()) | always) - self._measured[column]
            widest = max((metrics.horizontalAdvance(text) for text in new), default=0)
            self._needed[column] = max(self._needed.get(column, 0), widest + _BESIDE)
            self._measured[column] |= new
        if self._needed != before:
            self._share()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """Small columns take what they need; names reach into the room that values leave."""
        if not self._needed:
            return
        metrics = self.fontMetrics()
        small = (FieldColumn.UNIT, FieldColumn.AGE, FieldColumn.NOTE)
        left = self.viewport().width() - sum(self._needed[column] for column in small)
        name = self._needed[FieldColumn.NAME] + 2 * self.indentation()
        most = metrics.horizontalAdvance(_MOST_VALUE) + _BESIDE
        least = min(most, metrics.averageCharWidth() * _LEAST_VALUE)
        value = max(least, self._needed[FieldColumn.VALUE])
        value = min(value, max(most, left - name))
        header = self.header()
        for column in small:
            header.resizeSection(column, self._needed[column])
        header.resizeSection(FieldColumn.VALUE, value)
        header.resizeSection(FieldColumn.NAME, max(name // 2, min(name, left - value)))


class _NameDelegate(PaddedRowDelegate):
    """Writes a name on into the column of values where the value there leaves the room."""

    @override
    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if index.parent().isValid() and _reaches_over(option, index, _column_width(self, index)):
            option.textElideMode = Qt.TextElideMode.ElideNone


class _ValueDelegate(QStyledItemDelegate):
    """Paints the rest of such a name in front of the value."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        view = self.parent()
        if not isinstance(view, QTreeView) or not index.parent().isValid():
            return
        name = index.sibling(index.row(), FieldColumn.NAME)
        cell = view.visualRect(name)
        beside = QStyleOptionViewItem(option)
        beside.rect = cell
        if not _reaches_over(beside, name, option.rect.width()):
            return
        text = str(name.data() or "")
        painter.save()
        painter.setClipRect(option.rect)
        painter.setPen(_ink(option, name))
        # As the style places the part of the text that stands in the name's own cell.
        metrics = option.fontMetrics
        size = QSize(metrics.horizontalAdvance(text), metrics.height())
        inside = cell.adjusted(_margin(option), 0, 0, 0)
        box = QStyle.alignedRect(option.direction, _LEFT_MIDDLE, size, inside)
        painter.drawText(box.left(), box.top() + metrics.ascent(), text)
        painter.restore()


def _reaches_over(option: QStyleOptionViewItem, name: Index, beside: int) -> bool:
    """True when a name is wider than its cell, and the column ``beside`` has room for its rest."""
    metrics, margin = option.fontMetrics, _margin(option)
    rest = metrics.horizontalAdvance(str(name.data() or "")) + 2 * margin - option.rect.width()
    value = str(name.sibling(name.row(), FieldColumn.VALUE).data() or "")
    taken = metrics.horizontalAdvance(value) + 2 * margin + _APART
    return 0 < rest <= beside - taken


def _column_width(delegate: QStyledItemDelegate, index: Index) -> int:
    view = delegate.parent()
    return view.columnWidth(index.column() + 1) if isinstance(view, QTreeView) else 0


def _margin(option: QStyleOptionViewItem) -> int:
    style = option.widget.style()
    return style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, option, option.widget) + 1


def _ink(option: QStyleOptionViewItem, name: Index) -> QColor:
    if option.state & QStyle.StateFlag.State_Selected:
        return option.palette.color(QPalette.ColorRole.HighlightedText)
    brush = name.data(Qt.ItemDataRole.ForegroundRole)
    return brush.color() if brush is not None else option.palette.color(QPalette.ColorRole.Text)
