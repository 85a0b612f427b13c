"""The inline line that writes a note to alarms; Enter keeps it, Esc leaves it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QWidget
from typing_extensions import override

_NOTE_LIMIT = 200


class NoteLine(QFrame):
    """One line of text and two buttons."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._act: Callable[[str], None] | None = None
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._text = QLineEdit()
        self._text.setMaxLength(_NOTE_LIMIT)
        self._text.setAccessibleName("Note")
        keep = QPushButton("Save note")
        keep.clicked.connect(self._keep)
        cancel = QPushButton("Cancel")
        cancel.clicked.connect(self.leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 5, 8, 5)
        row.addWidget(self._text, 1)
        for button in (keep, cancel):
            button.setAutoDefault(False)
            row.addWidget(button)
        self.hide()

    def ask(self, what: str, text: str, act: Callable[[str], None]) -> None:
        """Open with the note as it is; ``act`` gets the new one."""
        self._act = act
        self._text.setPlaceholderText(f"Note on {what}")
        self._text.setText(text)
        self.show()
        self._text.setFocus(Qt.FocusReason.OtherFocusReason)
        self._text.selectAll()

    def leave(self) -> None:
        """Close without keeping anything."""
        self._act = None
        self.hide()
        self.closed.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._keep()
        else:
            super().keyPressEvent(event)

    def _keep(self) -> None:
        if self._act is not None:
            self._act(self._text.text().strip())
        self.leave()
