"""The line at the foot of the window: the gravest sentence, and one click away all of them."""

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from tftmonitor.model.fields.formatting import one_line
from tftmonitor.ui.notes.note_list import NoteList
from tftmonitor.ui.notes.notes import Gravity, Notes
from tftmonitor.ui.theme.icons import action_icon
from tftmonitor.ui.theme.theme import THEME
from tftmonitor.ui.widgets.elided_label import ElidedLabel

_TICK_MS = 1_000


class NoteLine(QWidget):
    """Says what needs no answer. Its place is reserved: nothing moves and nothing is covered.

    ``stamp`` gives the time of now as the window writes it.
    """

    def __init__(
        self,
        stamp: Callable[[], str],
        monotonic_s: Callable[[], float] = time.monotonic,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._monotonic_s = monotonic_s
        self.notes = Notes(stamp)
        self.text = ElidedLabel()
        self.text.setAccessibleName("Notes")
        self.take_away = _button("Hide this note")
        self.take_away.clicked.connect(self._take_away)
        self.all = _button("All notes of this run, the newest first")
        self.all.clicked.connect(self._open_list)
        self.list = NoteList()
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 4, 0)
        row.setSpacing(4)
        row.addWidget(self.text, 1)
        row.addWidget(self.take_away)
        row.addWidget(self.all)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)
        THEME.changed.connect(self._show)
        self._show()

    def say(self, text: str, gravity: Gravity) -> None:
        """Say this; graver ones stand before it, and the list has them all."""
        self.notes.add(text, gravity, self._monotonic_s())
        self._show()

    def tick(self) -> None:
        """Time went on: what only informs passes."""
        if self.notes.pass_on(self._monotonic_s()):
            self._show()

    def _show(self) -> None:
        standing = self.notes.standing()
        grave = bool(standing) and standing[0].gravity > Gravity.INFO
        self.text.setObjectName("graveNote" if grave else "passingNote")
        self.text.style().polish(self.text)
        self.text.setText(one_line(standing[0].words) if standing else "")
        self.take_away.setVisible(bool(standing))
        self.take_away.setIcon(action_icon("x"))
        count = len(standing)
        self.all.setText(f"{count} notes" if count > 1 else "Notes")
        self.all.setVisible(bool(self.notes.history()))
        self._timer.start() if standing else self._timer.stop()
        if self.list.isVisible():
            self.list.show_notes(self.notes.history())

    def _take_away(self) -> None:
        standing = self.notes.standing()
        if standing:
            self.notes.take_away(standing[0].text)
        self._show()

    def _open_list(self) -> None:
        self.list.show_notes(self.notes.history())
        self.list.open_over(self)


def _button(tip: str) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    policy = button.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    button.setSizePolicy(policy)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button
