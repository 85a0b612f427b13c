"""Lines that float over the lower edge of a widget: they come and go, and move nothing."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.ui.notes.notes import Gravity, Note, Notes

_INSET = 10
_MOST_WIDTH = 720
_LINES = 3
_TICK_MS = 1_000


class NoteBar(QWidget):
    """Says what needs no answer, the graver above; a click takes a line away.

    Three lines stand at once. The others are counted, and a click on that shows them all.
    """

    def __init__(
        self, window: QWidget, over: QWidget, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        """Of the whole width of the window, at the height of the lower edge of ``over``."""
        super().__init__(window)
        self._window, self._over, self._monotonic_s = window, over, monotonic_s
        self._notes = Notes()
        self._lines: list[_Line] = []
        self._shows_all = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)
        for widget in {window, over}:
            widget.installEventFilter(self)
        self.hide()

    @property
    def texts(self) -> list[str]:
        """The lines as they stand, top first."""
        return [line.text() for line in self._lines]

    def say(self, text: str, gravity: Gravity) -> None:
        """Say this beside what is said already."""
        self._notes.add(text, gravity, self._monotonic_s())
        self._show()

    def tick(self) -> None:
        """Time went on: what only informs passes."""
        if self._notes.pass_on(self._monotonic_s()):
            self._show()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Move}:
            self._place()
        return False

    def _show(self) -> None:
        notes = self._notes.standing()
        self._shows_all = self._shows_all and len(notes) > _LINES
        shown = notes if self._shows_all else notes[:_LINES]
        for line in self._lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = [self._line_of(note) for note in shown]
        if more := len(notes) - len(shown):
            self._lines.append(_Line(f"+{more} more", "Click to show all", self._show_all))
        for line in self._lines:
            self._column.addWidget(line)
            line.ensurePolished()  # else it is measured without the margins of its style
        self.setVisible(bool(notes))
        self._timer.start() if notes else self._timer.stop()
        self._place()
        self.raise_()

    def _line_of(self, note: Note) -> "_Line":
        stays = note.gravity > Gravity.INFO
        tip = "Stays until you click it" if stays else "Click to hide"
        return _Line(note.words, tip, lambda: self._take_away(note.text))

    def _take_away(self, text: str) -> None:
        self._notes.take_away(text)
        self._show()

    def _show_all(self) -> None:
        self._shows_all = True
        self._show()

    def _place(self) -> None:
        window = self._window
        width = max((line.wanted_width() for line in self._lines), default=0)
        width = min(width, _MOST_WIDTH, window.width() - 2 * _INSET)
        heights = [line.heightForWidth(width) for line in self._lines]
        height = sum(heights) + self._column.spacing() * max(0, len(heights) - 1)
        for line, own in zip(self._lines, heights, strict=True):
            line.setFixedHeight(own)
        corner = self._over.mapTo(window, self._over.rect().bottomLeft())
        self.setGeometry(_INSET, corner.y() - height, width, height)


class _Line(QLabel):
    """One sentence as plain text; a click does what it is for."""

    def __init__(self, text: str, tip: str, clicked: Callable[[], None]) -> None:
        super().__init__(text)
        self.setObjectName("note")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setToolTip(tip)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._clicked = clicked

    def wanted_width(self) -> int:
        """The width at which it is one line."""
        metrics = self.fontMetrics()
        return metrics.horizontalAdvance(self.text()) + 2 * (metrics.height() + _INSET)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._clicked()
