"""A line that floats over the lower edge of a widget: it comes and goes, and moves nothing."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override

_INSET = 10
_MOST_WIDTH = 720


class NoteBar(QLabel):
    """Says something that needs no answer; a click takes it away before its time."""

    def __init__(self, window: QWidget, over: QWidget) -> None:
        """Of the whole width of the window, at the height of the lower edge of ``over``."""
        super().__init__(window)
        self._window, self._over = window, over
        self.setObjectName("note")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setToolTip("Click to hide")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        for widget in {window, over}:
            widget.installEventFilter(self)
        self.hide()

    def show_text(self, words: str, length_ms: int) -> None:
        """Say this for a while, in place of what is said now."""
        self.setText(words)
        self.setAccessibleName(words)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(length_ms)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Move}:
            self._place()
        return False

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.hide()

    def _place(self) -> None:
        window = self._window
        metrics = self.fontMetrics()
        margins = 2 * (metrics.height() + _INSET)
        wanted = metrics.horizontalAdvance(self.text()) + margins
        width = min(wanted, _MOST_WIDTH, window.width() - 2 * _INSET)
        height = self.heightForWidth(width)
        corner = self._over.mapTo(window, self._over.rect().bottomLeft())
        self.setGeometry(_INSET, corner.y() - height, width, height)
