"""The bar of unacknowledged alarms: never closed by hand, gone only when nothing waits."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.monitor.where.zones import shown_zone_at
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.theme.glyphs import severity_chip
from tftmonitor.ui.theme.icons import severity_icon
from tftmonitor.ui.theme.theme import THEME, Chip, Theme, current_theme, tabular
from tftmonitor.ui.widgets import alarm_text
from tftmonitor.ui.widgets.elided_label import ElidedLabel

_ICON = 22
_SILENCE, _SILENCED = "Silence F9", "Silenced"
_BUTTON = """
QPushButton {{ background: transparent; color: {ink}; border: 1px solid {ink};
  border-radius: 4px; padding: 3px 9px; }}
QPushButton:hover, QPushButton:focus {{ background: {ink}; color: {fill}; }}
QPushButton:pressed {{ padding: 4px 8px 2px 10px; }}
QPushButton:disabled {{ border-color: transparent; }}
"""


class Banner(QWidget):
    """Names the worst unacknowledged alarm; the signals carry its number."""

    acknowledge_requested = Signal(object)
    silence_requested = Signal()
    show_requested = Signal(object)
    all_requested = Signal()

    def __init__(
        self, clock: Clock, settings: SettingsStore, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._settings = settings
        self._top: Alarm | None = None
        self._takes_key: Callable[[int], bool] = lambda _number: True
        self._painted: tuple[Severity, bool, Theme] | None = None
        self.setAutoFillBackground(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._glyph = QLabel()
        self._count = _label(bold=True)
        self._name = ElidedLabel()
        self._name.setFont(self._count.font())
        self._time = ElidedLabel()
        self._time.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._time.setFont(tabular(self._time.font()))
        self._acknowledge = self._button("Ack F8", self._ask_acknowledge)
        self._silence = self._button(_SILENCE, self.silence_requested.emit)
        self._silence.setAccessibleName("Silence the sound (F9)")
        self._show = self._button("Show", self._ask_show)
        self._more = self._button("", self.all_requested.emit)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 10, 3)
        row.setSpacing(9)
        row.addWidget(self._glyph)
        row.addWidget(self._count)
        row.addWidget(self._name, 1)
        # What changes its width stands left of what is clicked in a hurry: nothing moves under
        # a pointer that is on its way to it.
        for part in (self._more, self._time, self._acknowledge, self._silence, self._show):
            row.addWidget(part)
        settings.on_change(self.tick, "zone")
        THEME.changed.connect(self._dress_anew)
        self.hide()

    @property
    def named(self) -> int | None:
        """The number of the alarm that it names, None while it is not seen."""
        return self._top.id if self._top is not None else None

    def set_key_target(self, takes_key: Callable[[int], bool]) -> None:
        """Whether F8 would take the alarm of this number; its button names the key only then."""
        self._takes_key = takes_key
        self.show_key()

    def show_key(self) -> None:
        """What F8 would take may have changed."""
        top = self._top
        if top is None:
            return
        is_ours = self._takes_key(top.id)
        if top.drill:
            text = "Acknowledge drill (F8)" if is_ours else "Acknowledge drill"
        else:
            text = "Ack F8" if is_ours else "Ack"
        self._acknowledge.setText(text)
        key = " (F8)" if is_ours else ""
        self._acknowledge.setAccessibleName(f"Acknowledge {self._name.text()}{key}")

    def show_alarms(self, alarms: Sequence[Alarm]) -> None:
        """Show what waits, worst first; hides when nothing does."""
        self._top = alarms[0] if alarms else None
        if self._top is None:
            self.hide()
            return
        top = self._top
        count = sum(alarm.severity is top.severity for alarm in alarms)
        # Over is less than active, in words and in colour.
        ended = ", ENDED" if top.has_ended else ""
        self._count.setText(f"{count} {top.severity.word.upper()}{ended}")
        name = f"{alarm_text.device_text(top)}  {alarm_text.name_text(top)}"
        place = alarm_text.place_text(top)
        # The place gives way before the name of the alarm does.
        self._name.setText(f"{name}  {place}" if place else name)
        rest = len(alarms) - 1
        self._more.setText(f"+{rest} more")
        self._more.setAccessibleName(f"Show all {len(alarms)} alarms that wait")
        self._more.setVisible(rest > 0)
        quiet = all(alarm.silenced_ms is not None for alarm in alarms)
        self._silence.setEnabled(not quiet)
        self._silence.setText(_SILENCED if quiet else _SILENCE)
        self._show.setAccessibleName(f"Show {self._name.text()}")
        self._apply_theme()
        self.tick()
        self.show()

    def tick(self) -> None:
        """Once a second: the age runs on."""
        top = self._top
        if top is None:
            return
        self.show_key()
        now_ms = self._clock.now_ms()
        zone = shown_zone_at(self._settings.values, top.lat, top.lng)
        time = alarm_text.time_text(top, now_ms, zone)
        age = alarm_text.age_text(top, now_ms)
        # "LATE" and "time doubtful" are worth more than the end of a long name.
        self._time.set_texts(f"{time} ({age})", *([] if top.late or top.doubtful else [age]))
        self.setAccessibleName(
            f"{self._count.text()}: {self._name.text()}, {self._time.text()} {self._more.text()}"
        )
        self._fit()

    def _fit(self) -> None:
        """Where the name has no room the time of day gives way: how long it waits says as much."""
        widest, least = self._time.widths()
        self._time.setFixedWidth(widest)
        # At once: a label that waits for its turn is painted cut.
        self._row.activate()
        if least < widest and self._name.width() < self._name.sizeHint().width():
            self._time.setFixedWidth(least)
            self._row.activate()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _button(self, text: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: act())
        return button

    def _ask_acknowledge(self) -> None:
        if self._top is not None:
            self.acknowledge_requested.emit(self._top.id)

    def _ask_show(self) -> None:
        if self._top is not None:
            self.show_requested.emit(self._top.id)

    def _dress_anew(self) -> None:
        """A theme was put on, which takes our colours off even when it is the same one."""
        self._painted = None
        self._apply_theme()

    def _apply_theme(self) -> None:
        if self._top is None:
            return
        severity, theme = self._top.severity, current_theme()
        is_over = self._top.has_ended
        if self._painted == (severity, is_over, theme):
            return  # style sheets cost more than all the rest of a change
        self._painted = (severity, is_over, theme)
        chip = severity_chip(theme, severity)
        if is_over:
            chip = Chip(theme.raised, theme.text)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(chip.fill))
        palette.setColor(QPalette.ColorRole.WindowText, QColor(chip.ink))
        for part in (self, self._count, self._name, self._time):
            part.setPalette(palette)
        buttons = _BUTTON.format(ink=chip.ink, fill=chip.fill)
        for button in (self._acknowledge, self._silence, self._show, self._more):
            button.setStyleSheet(buttons)
        self._silence.setMinimumWidth(_widest(self._silence, (_SILENCE, _SILENCED)))
        if is_over:
            icon = severity_icon(severity, _ICON, theme, is_over=True)
        else:
            icon = severity_icon(severity, _ICON, _inverted(theme, severity, chip))
        self._glyph.setPixmap(icon.pixmap(_ICON, _ICON))


def _label(*, bold: bool = False) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    font = label.font()
    font.setBold(bold)
    label.setFont(font)
    return label


def _widest(button: QPushButton, texts: Sequence[str]) -> int:
    """The width that it needs for any of these texts, in pixels; its text stays."""
    shown, widths = button.text(), []
    for text in texts:
        button.setText(text)
        widths.append(button.sizeHint().width())
    button.setText(shown)
    return max(widths)


def _inverted(theme: Theme, severity: Severity, chip: Chip) -> Theme:
    """The theme whose sign of this severity stands out on a ground of its own colour."""
    swapped = Chip(chip.ink, chip.fill)
    plain = replace(theme, chip_outline=chip.ink)
    match severity:
        case Severity.CRITICAL:
            return replace(plain, critical=swapped)
        case Severity.HIGH:
            return replace(plain, high=swapped)
        case Severity.WARNING:
            return replace(plain, warning=swapped)
        case _:
            return replace(plain, notice=swapped)
