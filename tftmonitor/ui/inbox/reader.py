"""The reading part of the inbox: one message, whole, as plain text."""

from datetime import UTC, tzinfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from tftmonitor.base.clock import is_believable
from tftmonitor.model.fields.formatting import clip, format_time, one_line
from tftmonitor.model.fleet.clock_offset import judge_sent
from tftmonitor.model.geo.coordinates import coordinates_text
from tftmonitor.model.inbox import InboxItem
from tftmonitor.monitor.where.places import COMPUTED, places
from tftmonitor.monitor.where.zones import ShownZone
from tftmonitor.ui.inbox.list_model import KIND_TEXTS
from tftmonitor.ui.theme.icons import action_icon
from tftmonitor.ui.theme.theme import THEME, current_theme
from tftmonitor.ui.widgets.address_panel import AddressPanel, OpenUrl, open_in_browser
from tftmonitor.ui.widgets.alarm_text import DOUBTFUL
from tftmonitor.ui.widgets.short_time import short_time

_FILE_TEXTS = {
    "requested": "Requested. The server is preparing it.",
    "ready": "Ready for download.",
}
# The longest message that the monitor keeps.
_TEXT_LIMIT = 2_000


class InboxReader(QWidget):
    """Shows the item given; server text is never rendered as anything but text."""

    device_requested = Signal(str)

    def __init__(self, open_url: OpenUrl = open_in_browser, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item: InboxItem | None = None
        self.back = QPushButton("Back to the list (Esc)")
        self.back.setAutoDefault(False)
        self._sender = _label()
        font = self._sender.font()
        font.setBold(True)
        self._sender.setFont(font)
        self._times = _label()
        self._file = _label()
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setAccessibleName("Text of the message")
        self._device = QPushButton()
        self._device.clicked.connect(self._go_to_device)
        self._open = QPushButton("Open address…")
        self._open.clicked.connect(self._show_address)
        self._panel = AddressPanel(open_url)
        self._panel.closed.connect(self._leave_address)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 6)
        layout.setSpacing(4)
        self._buttons = QWidget()
        buttons = QHBoxLayout(self._buttons)
        buttons.setContentsMargins(0, 0, 0, 0)
        for button in (self._device, self._open):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch()
        layout.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        for part in (self._sender, self._times, self._file):
            layout.addWidget(part)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._buttons)
        layout.addWidget(self._panel)
        THEME.changed.connect(self._apply_theme)
        self._apply_theme()
        self.show_item(None, ShownZone(UTC), "")

    def show_item(self, item: InboxItem | None, zone: ShownZone, device: str) -> None:
        """Show this message, with the name of its device; None empties the pane."""
        if item is None or item is not self._item:
            self._show_text(item is not None)
        self._item = item
        if item is None:
            self._times.setText("")
            self._sender.setText("No message selected")
            self._text.setPlainText("")
            for part in (self._file, self._device, self._open):
                part.hide()
            return
        self._sender.setText(_sender_text(item))
        self._times.setText(_times(item, zone))
        self._text.setPlainText(_whole(item))
        self._file.setVisible(item.file_state is not None)
        state = item.file_state or ""
        self._file.setText(_FILE_TEXTS.get(state, f"File: {one_line(state)}"))
        self._device.setVisible(bool(item.device))
        if item.device:
            name = one_line(device)
            self._device.setText(clip(name, 40).replace("&", "&&"))
            self._device.setAccessibleName(f"Show device {name}")
        self._open.setVisible(bool(item.address))

    def open_device(self) -> None:
        """Ask for the device of the message shown, if it names one."""
        self._go_to_device()

    def _go_to_device(self) -> None:
        if self._item is not None and self._item.device:
            self.device_requested.emit(self._item.device)

    def _show_address(self) -> None:
        if self._item is not None and self._item.address:
            self._show_text(False)
            self._panel.show_address(self._item.address)

    def _leave_address(self) -> None:
        self._show_text(True)
        self._open.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_text(self, shown: bool) -> None:
        # One or the other: in a narrow dock there is no room for both.
        self._panel.hide()
        self._text.setVisible(shown)
        self._buttons.setVisible(shown)

    def _apply_theme(self) -> None:
        self.back.setIcon(action_icon("chevron-left"))
        self._device.setIcon(action_icon("truck"))
        self._open.setIcon(action_icon("external-link"))
        palette = self.palette()
        palette.setColor(palette.ColorRole.WindowText, current_theme().muted_text)
        self._times.setPalette(palette)


def _label() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _sender_text(item: InboxItem) -> str:
    kind = KIND_TEXTS[item.kind]
    name = one_line(item.from_name) or "(no sender)"
    return name if name.casefold() == kind.casefold() else f"{name} · {kind.lower()}"


def _whole(item: InboxItem) -> str:
    text = clip(item.text, _TEXT_LIMIT)
    parts = (text, item.address, _place_text(item))
    return "\n\n".join(part for part in parts if part)


def _place_text(item: InboxItem) -> str:
    if item.place is None:
        return ""
    words, numbers = places().words(*item.place), coordinates_text(*item.place)
    return f"Place: {words} ({COMPUTED}), {numbers}" if words else f"Place: {numbers}"


def _times(item: InboxItem, shown: ShownZone) -> str:
    text = _times_in(item, shown.zone)
    return f"{text} · {shown.note}" if shown.note else text


def _times_in(item: InboxItem, zone: tzinfo) -> str:
    sent_ms = judge_sent(item.sent_ms, item.received_ms)
    if sent_ms is not None:
        received = short_time(item.received_ms, sent_ms, zone)
        return f"Sent {format_time(sent_ms, zone)}, received {received}"
    received = f"received {format_time(item.received_ms, zone)}"
    if item.sent_ms is None:
        return f"Sent: time unknown, {received}"
    if is_believable(item.sent_ms, item.received_ms):
        return f"Sent {format_time(item.sent_ms, zone)} {DOUBTFUL}, {received}"
    return f"Sent: clock not set, {received}"
