"""A timer that fires once: for work that is due a while after the last cause."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def single_shot(owner: QObject, then: Callable[[], object], after_ms: int = 0) -> QTimer:
    """A timer, not started yet, that calls ``then`` once; starting it again begins anew."""
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(after_ms)
    timer.timeout.connect(then)
    return timer
