"""The inline line that writes a note to alarms; Enter saves it, Esc leaves it."""

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
        self._on_save: Callable[[str], None] | None = None
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._text = QLineEdit()
        self._text.setMaxLength(_NOTE_LIMIT)
        self._text.setAccessibleName("Note")
        save = QPushButton("Save note")
        save.clicked.connect(self._save)
        cancel = QPushButton("Cancel")
        cancel.clicked.connect(self.leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 5, 8, 5)
        row.addWidget(self._text, 1)
        for button in (save, cancel):
            button.setAutoDefault(False)
            row.addWidget(button)
        self.hide()

    def ask(self, what: str, text: str, save: Callable[[str], None]) -> None:
        """Open with the note as it is; ``save`` gets the new one."""
        self._on_save = save
        self._text.setPlaceholderText(f"Note on {what}")
        self._text.setText(text)
        self.show()
        self._text.setFocus(Qt.FocusReason.OtherFocusReason)
        self._text.selectAll()

    def leave(self) -> None:
        """Close without saving anything."""
        self._on_save = None
        self.hide()
        self.closed.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._save()
        else:
            super().keyPressEvent(event)

    def _save(self) -> None:
        if self._on_save is not None:
            self._on_save(self._text.text().strip())
        self.leave()
