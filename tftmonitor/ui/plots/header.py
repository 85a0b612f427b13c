"""The row above the plots: whose they are, how long a stretch they show, and from when."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from tftmonitor.ui.plots.time_window import DAY_S
from tftmonitor.ui.widgets.elided_label import ElidedLabel

# A reading that is shorter is not worth a word that flickers.
_WORTH_A_WORD_MS = 120
_READING = "reading the history…"
_YEAR_DAYS = 366


def window_name(seconds: float) -> str:
    """The length of a window in words."""
    if seconds < 3600:
        return f"{seconds / 60:g} min"
    if seconds < DAY_S:
        return f"{seconds / 3600:g} h"
    days = round(seconds / DAY_S)
    if days >= _YEAR_DAYS:
        return "1 year"
    return "1 day" if days == 1 else f"{days} days"


class Header(QWidget):
    """Title at the left; at the right a button a window length, a menu of longer ones, a calendar.

    ``go_to_requested`` has the point of the screen below its button.
    """

    window_chosen = Signal(float)
    go_to_requested = Signal(QPoint)

    def __init__(self, windows: Sequence[float], long_windows: Sequence[float]) -> None:
        super().__init__()
        self.title = ElidedLabel()
        bold = self.title.font()
        bold.setBold(True)
        self.title.setFont(bold)
        self.state = QLabel()
        self.state.setObjectName("plotState")
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self._is_reading, self._problem = False, ""
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self._show_state)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 1)
        row.setSpacing(2)
        row.addWidget(self.title, 1)
        row.addWidget(self.state)
        self._buttons: dict[float, QToolButton] = {}
        for seconds in windows:
            button = _button(window_name(seconds), f"Show {window_name(seconds)}")
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, s=seconds: self.window_chosen.emit(s))
            self._buttons[seconds] = button
            row.addWidget(button)
        self._long_windows = tuple(long_windows)
        self.longer = _button("Longer", "Show a longer stretch")
        self.longer.setCheckable(True)
        self.longer.clicked.connect(self.open_longer)
        self.go_to = _button("Go to…", "Go to a day and a time")
        self.go_to.setToolTip("Go to a day and a time (Ctrl+G)")
        self.go_to.clicked.connect(self.request_go_to)
        row.addWidget(self.longer)
        row.addWidget(self.go_to)

    def show_span(self, seconds: float) -> None:
        """Mark the button of this length; none when it was zoomed to another."""
        for length, button in self._buttons.items():
            button.setChecked(length == seconds)
        is_long = seconds in self._long_windows
        self.longer.setChecked(is_long)
        self.longer.setText(window_name(seconds) if is_long else "Longer")

    def open_longer(self) -> QMenu:
        """The menu of longer stretches."""
        shown = self.longer.text()
        # A click alone chooses nothing.
        self.longer.setChecked(shown != "Longer")
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for seconds in self._long_windows:
            name = window_name(seconds)
            action = menu.addAction(name, partial(self.window_chosen.emit, seconds))
            action.setCheckable(True)
            action.setChecked(name == shown)
        menu.popup(self.longer.mapToGlobal(QPoint(0, self.longer.height())))
        return menu

    def request_go_to(self) -> None:
        """Somebody wants to see another time."""
        corner = QPoint(self.go_to.width(), self.go_to.height())
        self.go_to_requested.emit(self.go_to.mapToGlobal(corner))

    def set_reading(self, is_reading: bool) -> None:
        """Say that the history is being read, once that lasts."""
        self._is_reading = is_reading
        if not is_reading:
            self._due.stop()
            self._show_state()
        elif not self._due.isActive() and self.state.text() != _READING:
            self._due.start(_WORTH_A_WORD_MS)

    def set_problem(self, text: str) -> None:
        """Why the history could not be read, empty when it could."""
        self._problem = text
        self._show_state()

    def _show_state(self) -> None:
        short = "history unreadable" if self._problem else ""
        self.state.setText(_READING if self._is_reading else short)
        self.state.setToolTip("" if self._is_reading else self._problem)


def _button(text: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(name)
    return button
