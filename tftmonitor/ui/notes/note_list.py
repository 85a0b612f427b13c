"""The list of what was said in passing: it opens over the note line and can be copied from."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.ui.notes.notes import Gravity, Note

_WIDTH, _HEIGHT = 640, 260
_INSET = 4


class NoteList(QFrame):
    """Lies over the window while it has the keyboard; Esc and a click elsewhere close it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("noteList")
        self.view = QPlainTextEdit()
        self.view.setReadOnly(True)
        self.view.setAccessibleName("Notes of this run, the newest first")
        self.view.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(self.view)
        self.hide()

    def open_over(self, line: QWidget) -> None:
        """Show it at the right end of this line, above it, with the keyboard in it."""
        window = line.window()
        self.setParent(window)
        width = min(_WIDTH, window.width() - 2 * _INSET)
        corner = line.mapTo(window, QPoint(line.width(), 0))
        height = min(_HEIGHT, corner.y() - _INSET)
        self.setGeometry(corner.x() - width - _INSET, corner.y() - height, width, height)
        self.show()
        self.raise_()
        self.view.setFocus(Qt.FocusReason.PopupFocusReason)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusOut and not self.view.hasFocus():
            self.hide()
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.hide()
            return True
        return False

    def show_notes(self, notes: Sequence[Note]) -> None:
        """One a line, with the time at which it came last."""
        lines = [f"{_head(note)}{note.words}" for note in notes]
        self.view.setPlainText("\n".join(lines))


def _head(note: Note) -> str:
    time = f"{note.at}  " if note.at else ""
    return f"{time}! " if note.gravity > Gravity.INFO else f"{time}  "
