"""What fills the window between the docks: the detail, the sign-in sheet, or a page."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.ui.theme.icons import action_icon
from tftmonitor.ui.theme.theme import THEME
from tftmonitor.ui.window.dock_spec import PageSpec

CENTER, WELCOME = "", "welcome"
_EDGE = 10


class PageStack(QStackedWidget):
    """One of them at a time. ``left`` when the user leaves a page."""

    left = Signal()

    def __init__(
        self, center: QWidget, welcome: QWidget, pages: Mapping[PageSpec, QWidget]
    ) -> None:
        super().__init__()
        # It has the window for itself: the panes may be narrower than its sheet.
        welcome.setMinimumSize(1, 1)
        self._bodies = {spec.name: body for spec, body in pages.items()}
        self._places = {CENTER: center, WELCOME: welcome}
        for spec, body in pages.items():
            page = _Page(spec.title, body)
            page.left.connect(self.left)
            self._places[spec.name] = page
        for place in self._places.values():
            self.addWidget(place)

    @property
    def shown(self) -> str:
        """The name of what is shown."""
        current = self.currentWidget()
        return next(name for name, place in self._places.items() if place is current)

    def show_place(self, name: str) -> None:
        """Show the center, the sign-in sheet or the page of this name, with the keyboard in it."""
        self.setCurrentWidget(self._places[name])
        if name in self._bodies:
            self._bodies[name].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def has_page(self, name: str) -> bool:
        """True for a page, False for the center and the sign-in sheet."""
        return name in self._bodies


class _Page(QWidget):
    """A page below a line with its title and the way back."""

    left = Signal()

    def __init__(self, title: str, body: QWidget) -> None:
        super().__init__()
        heading = QLabel(title)
        heading.setObjectName("pageTitle")
        heading.setTextFormat(Qt.TextFormat.PlainText)
        self._back = QPushButton("Back to the devices (Esc)")
        self._back.setAutoDefault(False)
        self._back.clicked.connect(self.left)
        line = QHBoxLayout()
        line.setContentsMargins(_EDGE, 6, _EDGE, 0)
        line.addWidget(heading, 1)
        line.addWidget(self._back)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(line)
        # One edge for the title and all pages; what fills a page has none of its own.
        frame = QVBoxLayout()
        frame.setContentsMargins(_EDGE, 4, _EDGE, _EDGE)
        frame.addWidget(body)
        column.addLayout(frame, 1)
        self.setAccessibleName(title)
        THEME.changed.connect(self._apply_theme)
        self._apply_theme()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _apply_theme(self) -> None:
        self._back.setIcon(action_icon("chevron-left"))
