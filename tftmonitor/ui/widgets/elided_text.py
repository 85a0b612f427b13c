"""A line of text from the feed that gives way with an ellipsis instead of widening the pane."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from tftmonitor.ui.widgets.tooltip import plain_tip

_LEAST_WIDTH = 60


class ElidedText(QWidget):
    """``what`` is the word before the text for screen readers."""

    double_clicked = Signal()

    def __init__(
        self, what: str, *, scale: float = 1.0, bold: bool = False, muted: bool = False
    ) -> None:
        super().__init__()
        self._what = what
        self._text = ""
        role = QPalette.ColorRole
        self._role = role.PlaceholderText if muted else role.WindowText
        font = self.font()
        font.setBold(bold)
        font.setPointSizeF(font.pointSizeF() * scale)
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Show this; the tooltip has all of it."""
        if text == self._text:
            return
        self._text = text
        self.setAccessibleName(f"{self._what} {text}")
        self.setToolTip(plain_tip(text))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height() + 2)

    @override
    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(_LEAST_WIDTH, hint.width()), hint.height())

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self._role))
        metrics = painter.fontMetrics()
        text = metrics.elidedText(self._text, Qt.TextElideMode.ElideMiddle, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter), text)
