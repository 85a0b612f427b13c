"""The keys of every form that stands in a pane: Return does it, Escape leaves it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent


def ends_form(event: QKeyEvent, do: Callable[[], object], leave: Callable[[], object]) -> bool:
    """Act on a key that ends a form; False for every other key."""
    if event.key() == Qt.Key.Key_Escape:
        leave()
    elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
        do()
    else:
        return False
    return True
