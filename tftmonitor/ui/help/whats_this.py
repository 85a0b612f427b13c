"""What is pointed at, explained: its own tip, and the words of the window that stand in it."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QWhatsThis,
    QWidget,
)
from typing_extensions import override

from tftmonitor.ui.help.words import WORDS
from tftmonitor.ui.widgets.tooltip import plain_tip

_NOTHING = "Nothing more is known of this."


class WhatsThis(QObject):
    """Explains one thing after ``enter``. It listens to the application only until then."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        app = QApplication.instance()
        assert app is not None
        self._app = app

    def enter(self) -> None:
        """The next click asks what something is."""
        self._app.installEventFilter(self)
        QWhatsThis.enterWhatsThisMode()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.QueryWhatsThis:
            event.accept()
            return True
        if kind is QEvent.Type.WhatsThis and isinstance(event, QHelpEvent):
            if isinstance(watched, QWidget):
                QWhatsThis.showText(event.globalPos(), explain(watched, event), watched)
            self._app.removeEventFilter(self)
            return True
        if kind is QEvent.Type.LeaveWhatsThisMode:
            self._app.removeEventFilter(self)
        return False


def explain(widget: QWidget, event: QHelpEvent) -> str:
    """Tip and words of what is under the pointer, as text that is safe to show."""
    shown, tip = _of_cell(widget, event) or _of_widget(widget)
    meanings = words_in(f"{shown} {tip}")
    parts = [part for part in (tip or shown, *meanings) if part]
    return plain_tip("\n\n".join(parts) or _NOTHING)


def words_in(text: str) -> list[str]:
    """What the words of the window mean that stand in this text."""
    folded = text.casefold()
    return [
        f"{each.word}: {each.meaning}"
        for each in WORDS
        if any(word.casefold() in folded for word in each.word.split(", "))
    ]


def _of_cell(widget: QWidget, event: QHelpEvent) -> tuple[str, str] | None:
    view = widget.parentWidget()
    if not isinstance(view, QAbstractItemView) or view.viewport() is not widget:
        return None
    index = view.indexAt(event.pos())
    if not index.isValid():
        return None
    tip = str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
    shown = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
    return shown, tip


def _of_widget(widget: QWidget) -> tuple[str, str]:
    """Of the nearest one that says anything."""
    place: QWidget | None = widget
    while place is not None:
        shown = place.text() if isinstance(place, (QLabel, QAbstractButton)) else ""
        tip = place.whatsThis() or place.toolTip()
        if shown or tip:
            return shown, tip
        place = place.parentWidget() if not place.isWindow() else None
    return "", ""
