"""The space bar plays and pauses, wherever the keyboard is, but for typing and for buttons."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from typing_extensions import override


class SpaceKey(QObject):
    """``pressed`` in this window. A view that had the key for itself gives it up: ``take_from``."""

    pressed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        shortcut = QShortcut(QKeySequence(Qt.Key.Key_Space), window)
        shortcut.activated.connect(self._press)
        shortcut.activatedAmbiguously.connect(self._press)

    def take_from(self, view: QWidget) -> None:
        """In this view the key is that of the replay, too."""
        view.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_asked = event.type() is QEvent.Type.ShortcutOverride
        if not (is_asked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space):
            return False
        event.ignore()  # the shortcut has it
        return True

    def _press(self) -> None:
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton):
            focused.click()
        else:
            self.pressed.emit()
