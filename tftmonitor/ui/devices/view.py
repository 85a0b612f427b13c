"""The table of the device list: keys, pointer and hatch; it decides nothing."""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from tftmonitor.ui.devices.table.delegate import PADDING, DeviceDelegate
from tftmonitor.ui.devices.table.model import DeviceTableModel, Index
from tftmonitor.ui.tables.row_hold import RowHold
from tftmonitor.ui.theme.icons import SIGN_SIZE
from tftmonitor.ui.theme.theme import THEME, current_theme, tabular

_ROW_MARGIN = 9
_LEAST_ROW = SIGN_SIZE + 8
_LEAST_COLUMN = 28
_HATCH_STEP = 12
_BAR = 3
# The text of a heading stands over the text of its cells.
_HEADER_SHEET = """
QHeaderView {{ background: {t.window}; border: none; border-bottom: 1px solid {t.border}; }}
QHeaderView::section {{
    background: {t.window}; color: {t.muted_text}; border: none; padding: 3px {padding}px;
    border-right: 1px solid {t.grid};
}}
QHeaderView::section:hover {{ background: {t.raised}; color: {t.text}; }}
QHeaderView::up-arrow, QHeaderView::down-arrow {{
    subcontrol-origin: border; subcontrol-position: top center; width: 11px; height: 6px;
}}
QHeaderView::section:pressed {{ background: {t.selection}; color: {t.selection_ink}; }}
"""
_NO_TYPING = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
_OPEN_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class DeviceView(QTableView):
    """One row is current; signals say what the user wants done."""

    opened = Signal()
    star_toggled = Signal()
    typed = Signal(str)
    cleared = Signal()
    row_menu_requested = Signal(QPoint)

    def __init__(self, model: DeviceTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._hatched = False
        self.setModel(model)
        self.hold = RowHold(self)
        self.setFont(tabular(self.font()))
        self._delegate = DeviceDelegate(model, self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("Devices")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.doubleClicked.connect(lambda _index: self.opened.emit())
        self._set_up_headers()
        THEME.changed.connect(self._apply_theme)
        self._apply_theme()

    # for the pane

    def visible_rows(self) -> range:
        """The rows of the list that are on the screen, in part too."""
        count = self._model.rowCount()
        first = self.rowAt(0)
        if first < 0:
            return range(0)
        last = self.rowAt(self.viewport().height() - 1)
        return range(first, count if last < 0 else last + 1)

    def set_hatched(self, hatched: bool) -> None:
        """Hatch the whole table: nothing in it can be known to be so now."""
        if hatched != self._hatched:
            self._hatched = hatched
            self.viewport().update()

    def show_default_order(self) -> None:
        """No column is the one that the list is sorted by."""
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)

    # Qt

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        current = self.currentIndex().row()
        self._delegate.begin(current)
        self._paint_ground(current)
        super().paintEvent(event)

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        # Qt repaints the cells only; the bar reaches the edge.
        self.viewport().update()

    @override
    def event(self, event: QEvent) -> bool:
        # What is typed in the list is meant for the search, not for a shortcut of the window.
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and _is_typing(event)
        ):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _OPEN_KEYS:
            self.opened.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.cleared.emit()
        elif event.key() == Qt.Key.Key_Space and not event.modifiers() & _NO_TYPING:
            self.star_toggled.emit()
        elif _is_typing(event):
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            box = self.visualRect(self.currentIndex())
            self.row_menu_requested.emit(self.viewport().mapToGlobal(box.bottomLeft()))
        else:
            self.row_menu_requested.emit(event.globalPos())

    def _set_up_headers(self) -> None:
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(1)
        header = self.horizontalHeader()
        header.setAccessibleName("Columns")
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(_LEAST_COLUMN)
        # The third click gives the order back to the list.
        header.setSortIndicatorClearable(True)
        header.setSortIndicatorShown(True)
        self.show_default_order()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def _apply_theme(self) -> None:
        theme = current_theme()
        self._line = QPen(QColor(theme.grid))
        self._selection, self._accent = QColor(theme.selection), QColor(theme.accent)
        self._hatch = _hatch_brush(theme.hatch)
        self.horizontalHeader().setStyleSheet(_HEADER_SHEET.format(t=theme, padding=PADDING))
        self._delegate.apply_theme()
        height = max(self.fontMetrics().height() + _ROW_MARGIN, _LEAST_ROW)
        self.verticalHeader().setDefaultSectionSize(height)
        self.viewport().update()

    def _paint_ground(self, current: int) -> None:
        """Selection, hatch and lines, below the text so that it stays readable."""
        painter = QPainter(self.viewport())
        box = self.viewport().rect()
        height = self.verticalHeader().defaultSectionSize()
        if current >= 0:
            top = self.rowViewportPosition(current)
            painter.fillRect(0, top, box.width(), height, self._selection)
            if self.hasFocus():
                painter.fillRect(0, top, _BAR, height, self._accent)
        if self._hatched and self._model.rowCount():
            painter.fillRect(box, self._hatch)
        painter.setPen(self._line)
        rows = self.visible_rows()
        top = self.rowViewportPosition(rows.start) if rows else 0
        for place in range(1, len(rows) + 1):
            y = top + place * height - 1
            painter.drawLine(0, y, box.width(), y)
        painter.end()


def _is_typing(event: QKeyEvent) -> bool:
    text = event.text()
    # A question mark asks for the keys of the window; no search begins with one.
    is_text = bool(text) and text.isprintable() and text != "?"
    return is_text and not event.modifiers() & _NO_TYPING


def _hatch_brush(color: str) -> QBrush:
    pixmap = QPixmap(_HATCH_STEP, _HATCH_STEP)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setPen(QPen(QColor(color), 1))
    for pixel in range(_HATCH_STEP):
        painter.drawPoint(pixel, _HATCH_STEP - 1 - pixel)
    painter.end()
    return QBrush(pixmap)
