"""The bar that cannot be closed: account, both channels, sound, proof of the alarm path, time."""

from datetime import datetime, tzinfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenuBar, QSizePolicy, QToolButton, QWidget

from tftmonitor.base.clock import SECOND_MS, Clock
from tftmonitor.model.fields.formatting import format_age, format_clock
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.ui.theme.icons import state_icon
from tftmonitor.ui.theme.theme import tabular

CHANNEL_NAMES = {Channel.DEVICES: "Devices", Channel.MESSAGES: "Messages"}

_GLYPHS = {
    LinkState.OFF: "no_data",
    LinkState.CONNECTING: "connecting",
    LinkState.SIGNING_IN: "connecting",
    LinkState.QUIET: "live",
    LinkState.LIVE: "live",
    LinkState.WAITING: "down",
    LinkState.REFUSED: "refused",
}


class TopBar(QWidget):
    """One row: the menus on the left, what must always be seen on the right."""

    sound_toggled = Signal()
    drill_requested = Signal()

    def __init__(
        self,
        monitor: Monitor,
        clock: Clock,
        menus: QMenuBar,
        zone: tzinfo,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._monitor = monitor
        self._clock = clock
        self._zone = zone
        self.account = QLabel()
        self.account.setTextFormat(Qt.TextFormat.PlainText)
        self.chips = {channel: _LinkChip(channel, self) for channel in Channel}
        self.sound = _button("Sound", "Turn the alarm sound on or off")
        self.sound.clicked.connect(self.sound_toggled)
        self.drill = _button("Drill", "Send a marked test alarm down the whole path")
        self.drill.clicked.connect(self.drill_requested)
        self.time = QLabel()
        self.time.setFont(tabular(self.time.font()))
        menus.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 2, 10, 2)
        row.setSpacing(12)
        # In a narrow window the menus fold first.
        row.addWidget(menus)
        row.addStretch(1)
        self.trouble = QLabel()
        self.trouble.setObjectName("trouble")
        self.shelved = QLabel()
        told = (self.trouble, self.account, *self.chips.values(), self.shelved)
        for widget in (*told, self.drill, self.sound, self.time):
            row.addWidget(widget)
        self.show_trouble("", "")
        self.show_shelved(0)
        self.tick()

    def set_zone(self, zone: tzinfo) -> None:
        """Times are shown in this zone from now on."""
        self._zone = zone
        self.tick()

    def tick(self) -> None:
        """Once a second: ages and the clock."""
        now_ms = self._clock.now_ms()
        for channel, chip in self.chips.items():
            status = self._monitor.link_status(channel)
            chip.show_status(status, self._monitor.last_frame_ms(channel), now_ms, self._zone)
        moment = datetime.fromtimestamp(now_ms / SECOND_MS, self._zone)
        self.time.setText(f"{moment:%H:%M:%S} {moment.tzname()}")
        user = self._monitor.user
        self.account.setText(user or "Not signed in")

    def show_trouble(self, words: str, why: str) -> None:
        """A step of the alarm path that does not work; empty words when all do."""
        self.trouble.setText(words)
        self.trouble.setToolTip(why)
        self.trouble.setVisible(bool(words))

    def show_shelved(self, count: int) -> None:
        """How many alarms are put aside."""
        self.shelved.setText(f"shelved {count}")
        self.shelved.setVisible(count > 0)

    def show_sound(self, words: str, tip: str) -> None:
        """Whether alarms can be heard, in words."""
        self.sound.setText(words)
        self.sound.setToolTip(tip)

    def show_drill(self, words: str, tip: str) -> None:
        """When the alarm path was last proven."""
        self.drill.setText(words)
        self.drill.setToolTip(tip)


class _LinkChip(QWidget):
    """Glyph, name, state word and the age of the last frame of one channel."""

    def __init__(self, channel: Channel, parent: QWidget) -> None:
        super().__init__(parent)
        self._channel = channel
        self._shown: LinkState | None = None
        self.glyph = QLabel()
        self.text = QLabel()
        self.text.setFont(tabular(self.text.font()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(self.glyph)
        row.addWidget(self.text)

    def show_status(
        self, status: LinkStatus, last_frame_ms: int | None, now_ms: int, zone: tzinfo
    ) -> None:
        name = CHANNEL_NAMES[self._channel]
        side = self.fontMetrics().ascent() + 2
        sign = "down" if is_retrying(status) else _GLYPHS[status.state]
        self.glyph.setPixmap(state_icon(sign).pixmap(side, side))
        words = link_text(status, last_frame_ms, now_ms)
        self.text.setText(f"{name} {words}")
        self.setAccessibleName(f"{name} channel: {words}")
        self.setToolTip(f"{name} channel: {link_sentence(status, now_ms, zone)}")


def link_text(status: LinkStatus, last_frame_ms: int | None, now_ms: int) -> str:
    """The state in as few words as the bar has room for."""
    if status.state is LinkState.LIVE:
        age = format_age(now_ms - last_frame_ms) if last_frame_ms else ""
        return f"LIVE {age}".rstrip()
    if status.state is LinkState.WAITING or is_retrying(status):
        return f"LOST {format_age(now_ms - status.since_ms)}"
    return {
        LinkState.OFF: "off",
        LinkState.CONNECTING: "connecting",
        LinkState.SIGNING_IN: "signing in",
        LinkState.QUIET: "connected, no data",
        LinkState.REFUSED: "REFUSED",
    }[status.state]


def link_sentence(status: LinkStatus, now_ms: int, zone: tzinfo) -> str:
    """The state as a sentence: since when, why, and when the next try is."""
    since = format_clock(status.since_ms, zone)
    if status.state is LinkState.REFUSED:
        return f"sign-in refused: {status.reason}. {_next_text(status, now_ms)}"
    if status.state is LinkState.WAITING:
        left_s = max(0, ((status.next_try_ms or now_ms) - now_ms) // SECOND_MS)
        return (
            f"link lost since {since} ({format_age(now_ms - status.since_ms)}): "
            f"{status.reason}. Next try in {left_s} s."
        )
    if is_retrying(status):
        return f"link lost since {since}: {status.reason}. Trying again now."
    return f"{status.state.value} since {since}"


def is_retrying(status: LinkStatus) -> bool:
    """True while a channel that was lost is tried again."""
    return status.state is LinkState.CONNECTING and bool(status.reason)


def _next_text(status: LinkStatus, now_ms: int) -> str:
    if status.next_try_ms is None:
        return "Nothing is tried until you sign in again."
    return f"Next try in {max(0, status.next_try_ms - now_ms) // SECOND_MS} s."


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAutoRaise(True)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button
