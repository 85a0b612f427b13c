"""One channel in the top bar: glyph, name, state and the age of its last frame."""

from datetime import tzinfo

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.ui.bars.link_text import CHANNEL_NAMES, is_retrying, link_sentence, link_text
from tftmonitor.ui.theme.icons import state_icon
from tftmonitor.ui.theme.theme import tabular

_GLYPHS = {
    LinkState.OFF: "no_data",
    LinkState.CONNECTING: "connecting",
    LinkState.SIGNING_IN: "connecting",
    LinkState.QUIET: "live",
    LinkState.LIVE: "live",
    LinkState.WAITING: "down",
    LinkState.REFUSED: "refused",
}


class LinkChip(QWidget):
    """Follows what ``show_status`` is given; the tooltip says it as a sentence."""

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
        self,
        status: LinkStatus,
        last_frame_ms: int | None,
        now_ms: int,
        zone: tzinfo,
        live: str = "LIVE",
    ) -> None:
        """Show the state at this moment; ages and times in this zone, ``live`` for being live."""
        name = CHANNEL_NAMES[self._channel]
        side = self.fontMetrics().ascent() + 2
        sign = "down" if is_retrying(status) else _GLYPHS[status.state]
        self.glyph.setPixmap(state_icon(sign).pixmap(side, side))
        text = link_text(status, last_frame_ms, now_ms, live)
        self.text.setText(f"{name} {text}")
        self.setAccessibleName(f"{name} channel: {text}")
        self.setToolTip(f"{name} channel: {link_sentence(status, now_ms, zone)}")
