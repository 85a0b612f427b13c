"""The inline line that writes a note to alarms; Enter saves it, Esc leaves it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QWidget
from typing_extensions import override

from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.widgets.draft import Draft
from tftmonitor.ui.widgets.form_keys import ends_form

_NOTE_LIMIT = 200


class NoteLine(QFrame):
    """One line of text and two buttons; what is typed is kept until it is saved or left."""

    closed = Signal()

    def __init__(self, settings: SettingsStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._on_save: Callable[[str], None] | None = None
        self._draft = Draft(settings, self)
        self._name = ""
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._text = QLineEdit()
        self._text.setMaxLength(_NOTE_LIMIT)
        self._text.setAccessibleName("Note")
        self._text.textEdited.connect(lambda text: self._draft.keep(self._name, text))
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

    def ask(self, what: str, text: str, save: Callable[[str], None], draft: str) -> None:
        """Open with the note as it is, or as it was typed last; ``save`` gets the new one.

        ``draft`` names what is typed until then.
        """
        self._on_save = save
        self._name = draft
        self._text.setPlaceholderText(f"Note on {what}")
        self._text.setText(self._draft.text(draft) or text)
        self.show()
        self._text.setFocus(Qt.FocusReason.OtherFocusReason)
        self._text.selectAll()

    def leave(self) -> None:
        """Close without saving anything."""
        self._on_save = None
        self._draft.forget(self._name)
        self.hide()
        self.closed.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not ends_form(event, self._save, self.leave):
            super().keyPressEvent(event)

    def _save(self) -> None:
        if self._on_save is not None:
            self._on_save(self._text.text().strip())
        self.leave()
