"""A label of one line that gives way: what does not fit is cut with an ellipsis."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from typing_extensions import override

from tftmonitor.ui.widgets.tooltip import plain_tip

_LEAST_WIDTH = 20


class ElidedLabel(QLabel):
    """Plain text on one line; tooltip and screen readers have all of it.

    Of a text that comes in several lengths the longest is shown that fits.
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
        self._shorter: tuple[str, ...] = ()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @override
    def setText(self, text: str) -> None:
        if text == self.text():
            return
        super().setText(text)
        self.setAccessibleName(f"{self._what} {text}".strip())
        self.setToolTip(plain_tip(text))

    def set_texts(self, text: str, *shorter: str) -> None:
        """A text, and what may stand for it where it does not fit, the best first."""
        if shorter != self._shorter:
            self._shorter = shorter
            self.update()
        self.setText(text)

    def widths(self) -> tuple[int, int]:
        """Which it takes to show the text itself, and the last that may stand for it."""
        most = self.sizeHint().width()
        advance = self.fontMetrics().horizontalAdvance
        if not self._shorter:
            return most, most
        return most, most - advance(self.text()) + advance(self._shorter[-1])

    @property
    def shown_text(self) -> str:
        """What is painted at the present width, before anything is cut."""
        metrics, width = self.fontMetrics(), self.contentsRect().width()
        texts = (self.text(), *self._shorter)
        return next((text for text in texts if metrics.horizontalAdvance(text) <= width), texts[-1])

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
        text = painter.fontMetrics().elidedText(self.shown_text, self._elide, box.width())
        painter.drawText(box, self.alignment(), text)
        painter.end()
