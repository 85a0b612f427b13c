"""The pointer over a view, as its window system would tell of it."""

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication


def enter(view: QAbstractItemView) -> None:
    """The pointer comes into the rows."""
    place = QPoint(5, 5).toPointF()
    QApplication.sendEvent(view.viewport(), QEnterEvent(place, place, place))


def leave(view: QAbstractItemView) -> None:
    """The pointer goes elsewhere."""
    QApplication.sendEvent(view.viewport(), QEvent(QEvent.Type.Leave))
