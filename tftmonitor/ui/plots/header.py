"""The row above the plots: whose they are, and how long a stretch they show."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget
from typing_extensions import override


class ElidedLabel(QWidget):
    """One line of plain text that gives way with an ellipsis."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        font = self.font()
        font.setBold(True)
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def set_text(self, text: str) -> None:
        """Show this."""
        self._text = text
        self.setAccessibleName(text)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._text), metrics.height())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(20, QFontMetrics(self.font()).height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics = painter.fontMetrics()
        text = metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter), text)


def window_name(seconds: float) -> str:
    """The length of a window in words."""
    if seconds < 3600:
        return f"{seconds / 60:g} min"
    return f"{seconds / 3600:g} h"


class Header(QWidget):
    """Title at the left, a button a window length at the right."""

    window_chosen = Signal(float)

    def __init__(self, windows: Sequence[float]) -> None:
        super().__init__()
        self.title = ElidedLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 1)
        row.setSpacing(2)
        row.addWidget(self.title, 1)
        self._buttons: dict[float, QToolButton] = {}
        for seconds in windows:
            button = QToolButton()
            button.setText(window_name(seconds))
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(f"Show {window_name(seconds)}")
            button.clicked.connect(lambda _=False, s=seconds: self.window_chosen.emit(s))
            self._buttons[seconds] = button
            row.addWidget(button)

    def show_span(self, seconds: float) -> None:
        """Mark the button of this length; none when it was zoomed to another."""
        for length, button in self._buttons.items():
            button.setChecked(length == seconds)
