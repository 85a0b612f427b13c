"""Keeps the mouse wheel, which scrolls a page, from changing the inputs on it."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override


class _WheelGuard(QObject):
    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        wheel = event.type() is QEvent.Type.Wheel
        if wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            # Ignored, it goes on to the page.
            event.ignore()
            return True
        return False


def guard_wheel(control: QWidget) -> None:
    """Let the wheel change this control only while it has the keyboard."""
    control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    control.installEventFilter(_WheelGuard(control))
