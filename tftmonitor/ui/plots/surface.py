"""The ground under all rows of the plots: takes the mouse and the keys for them."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.ui.plots.strips import MarkStrip
from tftmonitor.ui.theme.theme import current_theme
from tftmonitor.ui.widgets.tooltip import plain_tip

# A notch of the wheel is 120 units and shortens the window to this share.
_NOTCH = 120.0
_ZOOM = 0.8
# A notch sideways moves by this many pixels.
_PAN = 60.0


class Surface(QWidget):
    """Turns gestures into signals in pixels; knows nothing of time."""

    hovered = Signal(float)
    left = Signal()
    zoomed = Signal(float, float)
    panned = Signal(float)
    key_pressed = Signal(QKeyEvent)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAccessibleName("Plots")
        self._drag_x: float | None = None
        self._cursor_x: int | None = None
        self._cursor_end = 0
        self.marks = MarkStrip()
        self.rows = QVBoxLayout(self)
        # The focus frame lies in the margin.
        self.rows.setContentsMargins(2, 2, 2, 2)
        self.rows.setSpacing(0)

    def set_cursor_x(self, x: int | None, bottom: int) -> None:
        """Where the crosshair crosses the gaps between the plots; None: nowhere."""
        self._cursor_end = bottom
        for place in {self._cursor_x, x} if x != self._cursor_x else ():
            if place is not None:
                self.update(place - 1, 0, 3, self.height())
        self._cursor_x = x

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        sideways = abs(delta.x()) > abs(delta.y())
        if sideways or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.panned.emit((delta.x() or delta.y()) / _NOTCH * _PAN)
        else:
            self.zoomed.emit(_ZOOM ** (delta.y() / _NOTCH), event.position().x())
        event.accept()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._drag_x = event.position().x()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._drag_x is not None and event.buttons() & Qt.MouseButton.LeftButton:
            moved, self._drag_x = x - self._drag_x, x
            if moved:
                self.panned.emit(moved)
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.hovered.emit(x)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag_x = None
        self.unsetCursor()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.left.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Whoever handles the key accepts it again.
        event.ignore()
        self.key_pressed.emit(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event)
            return True
        return super().event(event)

    def _show_tip(self, event: QHelpEvent) -> None:
        place = QPointF(event.pos())
        text = ""
        if self.marks.geometry().contains(place.toPoint()):
            text = self.marks.text_at(place.x() - self.marks.x())
        QToolTip.showText(event.globalPos(), plain_tip(text), self)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), current_theme()
        if self._cursor_x is not None:
            painter.setPen(QPen(QColor(theme.muted_text), 0))
            top = self.marks.geometry().bottom()
            painter.drawLine(self._cursor_x, top, self._cursor_x, self._cursor_end)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
