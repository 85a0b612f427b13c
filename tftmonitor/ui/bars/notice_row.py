"""The line below the top bar that is always there: alarms that wait, links that are lost.

Its place is reserved, so that nothing below moves when an alarm comes: somebody may just be
reaching for a row.
"""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget
from typing_extensions import override

_AIR = 17
# The name of an alarm matters more than the sentence about a link, which the tooltip has whole.
_BANNER_SHARE, _STRIP_SHARE = 5, 3


class NoticeRow(QWidget):
    """Banner and strip side by side, each hidden while it has nothing to say."""

    def __init__(self, banner: QWidget, strip: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = (banner, strip)
        self.calm = QLabel()
        self.calm.setForegroundRole(self.calm.palette().ColorRole.PlaceholderText)
        self.calm.setContentsMargins(10, 0, 10, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.calm, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(banner, _BANNER_SHARE)
        row.addWidget(strip, _STRIP_SHARE)
        for part in self._parts:
            part.installEventFilter(self)
        self._follow_font()
        self._show_calm()

    def set_calm_text(self, text: str) -> None:
        """What stands here while neither has anything to say; nothing while we could not know."""
        self.calm.setText(text)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.ShowToParent, QEvent.Type.HideToParent}:
            self._show_calm()
        return False

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._follow_font()

    def _follow_font(self) -> None:
        self.setFixedHeight(self.fontMetrics().lineSpacing() + _AIR)

    def _show_calm(self) -> None:
        self.calm.setVisible(all(part.isHidden() for part in self._parts))
