"""A line that says what was done and takes it back: in place of a question before."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget


class UndoLine(QWidget):
    """Hidden until something can be undone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._act: Callable[[], None] | None = None
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.button = QPushButton("Undo")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.undo)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.hide()

    def offer(self, words: str, act: Callable[[], None]) -> None:
        """Say what was done; ``act`` takes it back."""
        self._act = act
        self.words.setText(words)
        self.show()

    def forget(self) -> None:
        """It cannot be undone any more."""
        self._act = None
        self.hide()

    def undo(self) -> None:
        """Take it back, once."""
        act = self._act
        self.forget()
        if act is not None:
            act()
