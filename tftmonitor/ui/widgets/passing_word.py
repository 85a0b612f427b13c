"""A sentence that stands below a field for some seconds and takes no room of it."""

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QLabel, QWidget

_STANDS_MS = 8_000
_WIDEST = 340
_MARGIN = 6


class PassingWord:
    """Shows one sentence at a time beside ``widget``, within its window."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._label: QLabel | None = None
        self._timer = QTimer(widget)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)

    @property
    def text(self) -> str:
        """What stands there now, "" for nothing."""
        return "" if self._label is None or self._label.isHidden() else self._label.text()

    def show(self, text: str) -> None:
        """Show it, in place of the one before."""
        window = self._widget.window()
        label = self._label
        if label is None or label.parent() is not window:
            label = self._label = _make(window)
        label.setText(text)
        label.setFixedWidth(min(_WIDEST, window.width() - 2 * _MARGIN))
        label.setFixedHeight(label.heightForWidth(label.width()))
        place = self._widget.mapTo(window, QPoint(0, self._widget.height() + 2))
        above = self._widget.mapTo(window, QPoint(0, -label.height() - 2)).y()
        is_room = place.y() + label.height() <= window.height()
        x = max(_MARGIN, min(place.x(), window.width() - label.width() - _MARGIN))
        label.move(x, place.y() if is_room else max(0, above))
        label.show()
        label.raise_()
        self._timer.start(_STANDS_MS)

    def hide(self) -> None:
        """Take it away."""
        if self._label is not None:
            self._label.hide()


def _make(window: QWidget) -> QLabel:
    label = QLabel(window)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setMargin(_MARGIN)
    label.setFrameShape(QFrame.Shape.Box)
    label.setAutoFillBackground(True)
    label.setBackgroundRole(QPalette.ColorRole.ToolTipBase)
    label.setForegroundRole(QPalette.ColorRole.ToolTipText)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label
