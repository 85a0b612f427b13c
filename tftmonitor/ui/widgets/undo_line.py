"""A line that says what was done and can undo it: in place of a question before."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget


class UndoLine(QWidget):
    """Hidden until something can be undone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._act: Callable[[], None] | None = None
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.button = QPushButton("Undo")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.undo)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.label, 1)
        row.addWidget(self.button)
        self.hide()

    def offer(self, text: str, act: Callable[[], None]) -> None:
        """Say what was done; ``act`` undoes it."""
        self._act = act
        self.label.setText(text)
        self.show()

    def forget(self) -> None:
        """It cannot be undone any more."""
        self._act = None
        self.hide()

    def undo(self) -> None:
        """Undo it, once."""
        act = self._act
        self.forget()
        if act is not None:
            act()
