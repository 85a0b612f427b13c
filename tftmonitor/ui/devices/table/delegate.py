"""Paints a cell of the device list: sign, text and star, and nothing that it need not.

A list of 40 rows repaints several times a second, so the cell comes straight from the model,
cut texts are kept, and what is the same for the whole list is drawn once by the view.
"""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from tftmonitor.ui.devices.table.model import DeviceTableModel
from tftmonitor.ui.devices.table.signs import STAR_SIZE, DeviceSigns
from tftmonitor.ui.theme.icons import SIGN_SIZE
from tftmonitor.ui.theme.theme import current_theme

PADDING = 5
SIGN_GAP = 5
_KEPT_TEXTS = 4_096
# As plain ints: Python's flags cost more than the drawing.
_MIDDLE = Qt.AlignmentFlag.AlignVCenter.value | Qt.TextFlag.TextSingleLine.value
_RIGHT = _MIDDLE | Qt.AlignmentFlag.AlignRight.value
_LEFT = _MIDDLE | Qt.AlignmentFlag.AlignLeft.value


class DeviceDelegate(QStyledItemDelegate):
    """``begin`` before each repaint sets what holds for all cells."""

    def __init__(self, model: DeviceTableModel, view: QWidget) -> None:
        super().__init__(view)
        self._model = model
        self._view = view
        self._current = -1
        self._fitted: dict[tuple[str, int], str] = {}
        self.apply_theme()

    def apply_theme(self) -> None:
        """Take colours and font anew."""
        theme = current_theme()
        self._ink, self._muted = QColor(theme.text), QColor(theme.muted_text)
        self._selection_ink = QColor(theme.selection_ink)
        self._metrics = QFontMetrics(self._view.font())
        self._signs = DeviceSigns(theme, self._view.devicePixelRatioF())
        self._fitted.clear()

    def begin(self, current_row: int) -> None:
        """A repaint starts; -1 for no current row."""
        self._current = current_row
        if self._signs.scale != self._view.devicePixelRatioF():
            self.apply_theme()

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row, column = index.row(), index.column()
        text, muted, sign, starred, hollow = self._model.cells(row)[column]
        rect = option.rect
        left, top, width, height = rect.x(), rect.y(), rect.width(), rect.height()
        ink = self._muted if muted else self._ink
        if row == self._current:
            ink = self._selection_ink
        left += PADDING
        width -= 2 * PADDING
        if sign is not None:
            painter.drawPixmap(
                left, top + (height - SIGN_SIZE) // 2, self._signs.pixmap(sign, hollow=hollow)
            )
            left += SIGN_SIZE + SIGN_GAP
            width -= SIGN_SIZE + SIGN_GAP
        if starred:
            width -= STAR_SIZE
            star_top = top + (height - STAR_SIZE) // 2
            painter.drawPixmap(left + width, star_top, self._signs.star)
            width -= SIGN_GAP
        if text:
            painter.setPen(ink)
            flags = _RIGHT if self._model.columns[column].right else _LEFT
            painter.drawText(left, top, width, height, flags, self._fit(text, width))

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """What the column needs for this cell: a double click on the header's edge asks."""
        text, _muted, sign, starred, _hollow = self._model.cells(index.row())[index.column()]
        width = 2 * PADDING + self._metrics.horizontalAdvance(text) + 1
        width += SIGN_SIZE + SIGN_GAP if sign is not None else 0
        width += STAR_SIZE + SIGN_GAP if starred else 0
        return QSize(width, self._metrics.height())

    def _fit(self, text: str, width: int) -> str:
        fitted = self._fitted.get((text, width))
        if fitted is None:
            if len(self._fitted) > _KEPT_TEXTS:
                self._fitted.clear()
            # The first digits of an IMEI are alike in a whole fleet, and so are the first letters
            # of many names.
            ends = Qt.TextElideMode.ElideLeft if text.isdigit() else Qt.TextElideMode.ElideMiddle
            fitted = self._metrics.elidedText(text, ends, width)
            self._fitted[text, width] = fitted
        return fitted
