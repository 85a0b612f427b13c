"""How one message looks in the inbox's list: sender, time and the beginning of its text."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from tftmonitor.model.fields.formatting import one_line
from tftmonitor.model.inbox import InboxItem, ItemKind
from tftmonitor.ui.inbox.list_model import ITEM_ROLE, InboxListModel
from tftmonitor.ui.theme.icons import action_icon
from tftmonitor.ui.theme.theme import current_theme, tabular

Index = QModelIndex | QPersistentModelIndex

_ICONS = {
    ItemKind.SYSTEM: "settings",
    ItemKind.ALARM: "bell",
    ItemKind.USER: "user",
    ItemKind.FILE: "download",
    ItemKind.OTHER: "inbox",
}
_PAD = 6
_ICON = 16
_DOT = 7


class InboxRowDelegate(QStyledItemDelegate):
    """Two lines a message; an unread one is bold and has a dot."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, 2 * QFontMetrics(option.font).lineSpacing() + 2 * _PAD)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.data(ITEM_ROLE)
        if not isinstance(item, InboxItem):
            return
        style = option.widget.style()
        element = QStyle.PrimitiveElement.PE_PanelItemViewItem
        style.drawPrimitive(element, option, painter, option.widget)
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        body = option.rect.adjusted(_PAD, _PAD, -_PAD - 2, -_PAD)
        self._paint_mark(painter, body, item, selected=selected)
        body.setLeft(body.left() + _ICON + _PAD + 2)
        model = index.model()
        time = model.time_text(item) if isinstance(model, InboxListModel) else ""
        self._paint_lines(painter, option, body, item, time)
        self._paint_edge(painter, option.rect)
        painter.restore()

    def _paint_mark(
        self, painter: QPainter, body: QRect, item: InboxItem, *, selected: bool
    ) -> None:
        mode = QIcon.Mode.Selected if selected else QIcon.Mode.Normal
        box = QRect(body.left(), body.top(), _ICON, _ICON)
        action_icon(_ICONS[item.kind]).paint(painter, box, Qt.AlignmentFlag.AlignCenter, mode)
        if item.read:
            return
        theme = current_theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.selection_ink if selected else theme.accent))
        left = body.left() + (_ICON - _DOT) // 2
        painter.drawEllipse(left, body.bottom() - _DOT - 1, _DOT, _DOT)

    def _paint_lines(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        body: QRect,
        item: InboxItem,
        time: str,
    ) -> None:
        theme = current_theme()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ink = QColor(theme.selection_ink if selected else theme.text)
        muted = QColor(theme.selection_ink if selected else theme.muted_text)
        font = QFont(option.font)
        line = QFontMetrics(font).lineSpacing()
        top = QRect(body.left(), body.top(), body.width(), line)
        painter.setPen(muted)
        painter.setFont(tabular(font))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(top, right, time)
        used = painter.fontMetrics().horizontalAdvance(time) + _PAD
        font.setBold(not item.read)
        painter.setFont(font)
        painter.setPen(ink)
        sender = one_line(item.from_name) or "(no sender)"
        _draw(painter, top.adjusted(0, 0, -used, 0), sender, Qt.TextElideMode.ElideMiddle)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(muted if item.read else ink)
        _draw(painter, QRect(body.left(), body.top() + line, body.width(), line), item.text)

    def _paint_edge(self, painter: QPainter, rect: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(QColor(current_theme().grid))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())


def _draw(
    painter: QPainter,
    box: QRect,
    text: str,
    cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    """One line of plain text, cut with an ellipsis; names in the middle."""
    line = one_line(text)
    # The first digits of an IMEI are alike in a whole fleet.
    ends = Qt.TextElideMode.ElideLeft if line.isdigit() else cut
    text = painter.fontMetrics().elidedText(line, ends, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
