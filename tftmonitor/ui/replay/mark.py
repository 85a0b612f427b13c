"""The word REPLAY on plots and map, on the screen and in each picture of them."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override

from tftmonitor.ui.replay.bar import WORD

_AIR = 6
# Beside what else stands in that line.
_ROOMY = 640


class ReplayMark(QLabel):
    """Stands in the middle of a widget's upper edge, and lets the pointer through.

    With ``below`` it stands at the right, so many pixels below the edge.
    """

    def __init__(self, holder: QWidget, below: int = 0) -> None:
        super().__init__(WORD, holder)
        self._holder, self._below = holder, below
        self._title = WORD
        self.setObjectName("replayMark")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        holder.installEventFilter(self)
        self._place()
        self.show()

    def show_title(self, text: str) -> None:
        """The word, with the moment that is shown where there is room for it."""
        if text != self._title:
            self._title = text
            self._place()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        is_narrow = self._below > 0 and self._holder.width() < _ROOMY
        self.setText(WORD if is_narrow else self._title)
        self.adjustSize()
        room = self._holder.width() - self.width()
        place = (room - _AIR, self._below) if self._below else (room // 2, _AIR)
        self.move(*place)
        self.raise_()
