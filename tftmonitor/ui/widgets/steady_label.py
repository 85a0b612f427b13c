"""A label that wraps and does not jump: once it took another line, it keeps the room for it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override

from tftmonitor.ui.widgets.labels import mute


class SteadyLabel(QLabel):
    """Plain muted text whose height only grows, until its width changes or ``let_shrink``.

    For a line of live values: what stands below it would move with each of them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        # Else a long word of the feed would widen the whole pane.
        self.setMinimumWidth(1)
        mute(self)

    @override
    def setText(self, text: str) -> None:
        if text == self.text():
            return
        super().setText(text)
        self._keep()

    def let_shrink(self) -> None:
        """Another subject follows: take only the lines that its text needs."""
        self.setMinimumHeight(0)
        self._keep()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.let_shrink()

    def _keep(self) -> None:
        height = self.heightForWidth(self.width())
        if height > self.minimumHeight():
            self.setMinimumHeight(height)
