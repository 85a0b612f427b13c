"""What is wrong with the links, on one line: since when, why, and when the next try is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from tftmonitor.base.clock import Clock
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.bars.link_text import (
    CHANNEL_NAMES,
    is_retrying,
    link_sentence,
    shorter_sentences,
)
from tftmonitor.ui.theme.icons import state_icon
from tftmonitor.ui.widgets.elided_label import ElidedLabel


class LinkStrip(QWidget):
    """Hidden while both channels are well; the numbers shown below are then not live.

    A part a channel, side by side; channels that are lost for one reason share one part.
    """

    try_now_requested = Signal()
    sign_in_requested = Signal()

    def __init__(
        self,
        monitor: Monitor,
        clock: Clock,
        settings: SettingsStore,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("linkStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._monitor = monitor
        self._clock = clock
        self._settings = settings
        self._asked = False
        self._parts = {channel: _Part(self) for channel in Channel}
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 0)
        row.setSpacing(12)
        for part in self._parts.values():
            part.button.clicked.connect(self._act)
            row.addWidget(part, 1)
        settings.on_change(self.tick, "zone")
        self.tick()

    def set_asked(self, asked: bool) -> None:
        """The sign-in sheet is open: it says itself what was refused, and has the button."""
        self._asked = asked
        self.tick()

    def tick(self) -> None:
        """Once a second, and at each change of a link."""
        now_ms, zone = self._clock.now_ms(), zone_of(self._settings.values)
        shown: dict[tuple[LinkState, str], tuple[_Part, list[str], LinkStatus]] = {}
        for channel, part in self._parts.items():
            status = self._monitor.link_status(channel)
            said_already = self._asked and status.state is LinkState.REFUSED
            is_shown = is_lost(status) and not said_already
            same = (status.state, status.reason)
            part.setVisible(is_shown and same not in shown)
            if is_shown:
                shown.setdefault(same, (part, [], status))[1].append(CHANNEL_NAMES[channel])
        for part, names, status in shown.values():
            sentence = link_sentence(status, now_ms, zone)
            who = " and ".join(names).capitalize()
            shorter = shorter_sentences(status, now_ms, zone)
            texts = [f"{who}: {each}" for each in (sentence, *shorter)]
            part.show_texts(*texts, shorter[-1], refused=status.state is LinkState.REFUSED)
            part.button.setVisible(not self._monitor.is_replay)
        self.setVisible(bool(shown))

    def _act(self) -> None:
        refused = any(
            self._monitor.link_status(channel).state is LinkState.REFUSED for channel in Channel
        )
        (self.sign_in_requested if refused else self.try_now_requested).emit()


def is_lost(status: LinkStatus) -> bool:
    """True when the channel was lost or refused, also while it is tried again."""
    if status.state in {LinkState.WAITING, LinkState.REFUSED}:
        return True
    return is_retrying(status)


class _Part(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.glyph = QLabel()
        # The server's words can be long; they must not widen the window.
        self.text = ElidedLabel()
        self.button = QPushButton("Try now")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.glyph)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)

    def show_texts(self, *texts: str, refused: bool) -> None:
        side = self.fontMetrics().ascent() + 2
        self.glyph.setPixmap(state_icon("refused" if refused else "down").pixmap(side, side))
        self.text.set_texts(*texts)
        # The shortest is never cut.
        self.text.setMinimumWidth(self.text.widths()[1])
        self.button.setText("Sign in again" if refused else "Try now")
