"""Draws items that can be ticked, with a box that is seen on any ground, and rows set apart."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from tftmonitor.ui.theme.theme import current_theme

Index = QModelIndex | QPersistentModelIndex
_ROW_PADDING = 6


class TickDelegate(QStyledItemDelegate):
    """Fusion's own box has no outline to speak of on dark ground."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width(), size.height() + _ROW_PADDING)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if index.data(Qt.ItemDataRole.CheckStateRole) is None:
            return
        drawn = QStyleOptionViewItem(option)
        self.initStyleOption(drawn, index)
        widget = option.widget
        style = widget.style()
        place = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        box = style.subElementRect(place, drawn, widget)
        can_tick = bool(index.flags() & Qt.ItemFlag.ItemIsUserCheckable)
        theme = current_theme()
        painter.save()
        painter.setPen(QColor(theme.muted_text if can_tick else theme.border))
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        painter.restore()
