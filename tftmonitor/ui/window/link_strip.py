"""A line for each channel in trouble: since when, why, and when the next try is."""

from datetime import tzinfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from tftmonitor.base.clock import Clock
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.ui.theme.icons import state_icon
from tftmonitor.ui.widgets.elided_label import ElidedLabel
from tftmonitor.ui.window.top_bar import CHANNEL_NAMES, is_retrying, link_sentence


class LinkStrip(QWidget):
    """Hidden while both channels are well; the numbers shown below are then not live."""

    try_now_requested = Signal()
    sign_in_requested = Signal()

    def __init__(
        self, monitor: Monitor, clock: Clock, zone: tzinfo, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("linkStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._monitor = monitor
        self._clock = clock
        self._zone = zone
        self._asked = False
        self._lines = {channel: _Line(self) for channel in Channel}
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 10, 4)
        column.setSpacing(2)
        for line in self._lines.values():
            line.button.clicked.connect(self._act)
            column.addWidget(line)
        self.tick()

    def set_zone(self, zone: tzinfo) -> None:
        """Times are shown in this zone from now on."""
        self._zone = zone
        self.tick()

    def set_asked(self, asked: bool) -> None:
        """The sign-in sheet is open: it says itself what was refused, and has the button."""
        self._asked = asked
        self.tick()

    def tick(self) -> None:
        """Once a second, and at each change of a link."""
        now_ms = self._clock.now_ms()
        shown = False
        for channel, line in self._lines.items():
            status = self._monitor.link_status(channel)
            told = self._asked and status.state is LinkState.REFUSED
            line.setVisible(in_trouble(status) and not told)
            shown = shown or not line.isHidden()
            if in_trouble(status):
                words = f"{CHANNEL_NAMES[channel]}: {link_sentence(status, now_ms, self._zone)}"
                line.show_text(words, status.state is LinkState.REFUSED)
        self.setVisible(shown)

    def _act(self) -> None:
        refused = any(
            self._monitor.link_status(channel).state is LinkState.REFUSED for channel in Channel
        )
        (self.sign_in_requested if refused else self.try_now_requested).emit()


def in_trouble(status: LinkStatus) -> bool:
    """True when the channel was lost or refused, also while it is tried again."""
    if status.state in {LinkState.WAITING, LinkState.REFUSED}:
        return True
    return is_retrying(status)


class _Line(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.glyph = QLabel()
        # The server's words can be long; they must not widen the window.
        self.words = ElidedLabel()
        self.button = QPushButton("Try now")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.glyph)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)

    def show_text(self, words: str, refused: bool) -> None:
        side = self.fontMetrics().ascent() + 2
        self.glyph.setPixmap(state_icon("refused" if refused else "down").pixmap(side, side))
        self.words.setText(words)
        self.button.setText("Sign in again" if refused else "Try now")
