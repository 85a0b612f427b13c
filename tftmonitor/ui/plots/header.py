"""The row above the plots: whose they are, and how long a stretch they show."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from tftmonitor.ui.widgets.elided_label import ElidedLabel


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
        bold = self.title.font()
        bold.setBold(True)
        self.title.setFont(bold)
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
