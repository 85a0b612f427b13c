"""A label of one line that gives way: what does not fit is cut with an ellipsis."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from typing_extensions import override

from tftmonitor.ui.widgets.tooltip import plain_tip

_LEAST_WIDTH = 20


class ElidedLabel(QLabel):
    """Plain text on one line; tooltip and screen readers have all of it.

    It takes the width that is left; another size policy lets it ask for that of its text.
    ``what`` is said before the text by screen readers.
    """

    def __init__(
        self,
        what: str = "",
        *,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._what = what
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @override
    def setText(self, text: str) -> None:
        if text == self.text():
            return
        super().setText(text)
        self.setAccessibleName(f"{self._what} {text}".strip())
        self.setToolTip(plain_tip(text))

    @override
    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(_LEAST_WIDTH, hint.width()), hint.height())

    @override
    def sizeHint(self) -> QSize:
        metrics, margins = self.fontMetrics(), self.contentsMargins()
        width = metrics.horizontalAdvance(self.text()) + 4 + margins.left() + margins.right()
        return QSize(width, metrics.lineSpacing() + 2)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        box = self.contentsRect()
        text = painter.fontMetrics().elidedText(self.text(), self._elide, box.width())
        painter.drawText(box, self.alignment(), text)
        painter.end()
