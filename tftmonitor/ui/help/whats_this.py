"""What is pointed at, explained: its own tip, and the words of the window that stand in it.

A word that the manual has a page for leads there.
"""

import re
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QHelpEvent, QWhatsThisClickedEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QWhatsThis,
    QWidget,
)
from shiboken6 import isValid
from typing_extensions import override

from tftmonitor.ui.help.words import WORDS, Word
from tftmonitor.ui.widgets.tooltip import plain_tip, text_of_tip

_NOTHING = "Nothing more is known of this."


class WhatsThis(QObject):
    """Explains one thing after ``enter``. It listens to the application only until then.

    ``open_page`` is called with the name of a page of the manual.
    """

    def __init__(self, window: QWidget, open_page: Callable[[str], None]) -> None:
        super().__init__(window)
        self._open_page = open_page
        self._asked: QWidget | None = None
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
                self._listen_to(watched)
                QWhatsThis.showText(event.globalPos(), explain(watched, event), watched)
            self._app.removeEventFilter(self)
            return True
        if kind is QEvent.Type.WhatsThisClicked and isinstance(event, QWhatsThisClickedEvent):
            QWhatsThis.hideText()
            self._listen_to(None)
            self._open_page(event.href())
            return True
        if kind is QEvent.Type.LeaveWhatsThisMode:
            self._app.removeEventFilter(self)
        return False

    def _listen_to(self, widget: QWidget | None) -> None:
        """A click on a link of the explanation comes to the widget that was asked about."""
        if self._asked is not None and isValid(self._asked):
            self._asked.removeEventFilter(self)
        self._asked = widget
        if widget is not None:
            widget.installEventFilter(self)


def explain(widget: QWidget, event: QHelpEvent) -> str:
    """Tip and words of what is under the pointer, as text that is safe to show."""
    shown, tip = _of_cell(widget, event) or _of_widget(widget)
    tip = text_of_tip(tip)
    known = _known_words(f"{shown} {tip}")
    meanings = [f"{each.word}: {each.meaning}" for each in known]
    parts = [part for part in (tip or shown, *meanings) if part]
    text = plain_tip("\n\n".join(parts) or _NOTHING)
    pages = dict.fromkeys(each.page for each in known if each.page)
    # Names of our own files, which need no care.
    links = "".join(
        f'<br><a href="{page}">More in the manual: {_title(page)}</a>' for page in pages
    )
    return text.removesuffix("</qt>") + f"<br>{links}</qt>" if links else text


def words_in(text: str) -> list[str]:
    """What the words of the window mean that stand in this text."""
    return [f"{each.word}: {each.meaning}" for each in _known_words(text)]


def _known_words(text: str) -> list[Word]:
    """Those that stand in it as words of their own: "latest" is not "LATE"."""
    folded = text.casefold()
    return [
        each
        for each in WORDS
        if any(
            re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", folded)
            for word in each.word.split(", ")
        )
    ]


def _title(page: str) -> str:
    return page.removesuffix(".md").replace("-", " ")


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
