"""The bar that cannot be closed: account, both channels, sound, proof of the alarm path, time."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenuBar, QSizePolicy, QToolButton, QWidget

from tftmonitor.base.clock import HOUR_MS, SECOND_MS, Clock
from tftmonitor.model.alarm_statistics import BEARABLE_AN_HOUR, AlarmRate
from tftmonitor.model.fields.formatting import format_clock
from tftmonitor.model.fleet.who.rows import MOST_DEVICES
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.protocol.channels import Channel
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.bars.link_chip import LinkChip
from tftmonitor.ui.bars.not_understood import NotUnderstoodButton
from tftmonitor.ui.theme.theme import tabular

_SOUND_TIP = "Click to turn the alarm sound on or off"
_TO_THE_MINUTE = len("14:31")


class TopBar(QWidget):
    """One row: the menus on the left, what must always be seen on the right.

    It reads all but the state of the sound from the model, in ``tick``.
    """

    sound_toggled = Signal()
    drill_requested = Signal()
    statistics_requested = Signal()

    def __init__(
        self,
        monitor: Monitor,
        clock: Clock,
        settings: SettingsStore,
        menus: QMenuBar,
        rate: AlarmRate,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._monitor = monitor
        self._clock = clock
        self._settings = settings
        self._rate = rate
        self.account = QLabel()
        self.account.setTextFormat(Qt.TextFormat.PlainText)
        self.chips = {channel: LinkChip(channel, self) for channel in Channel}
        self.sound = _button("Sound", "Turn the alarm sound on or off")
        self.sound.clicked.connect(self.sound_toggled)
        self.drill = _button("Drill", "Send a marked test alarm down the whole path")
        self.drill.clicked.connect(self.drill_requested)
        self.time = QLabel()
        self.time.setFont(tabular(self.time.font()))
        self.failure = QLabel()
        self.failure.setObjectName("error")
        self.failure.setTextFormat(Qt.TextFormat.PlainText)
        self.unsaved = QLabel("NOT SAVED")
        self.unsaved.setObjectName("error")
        self.unsaved.setTextFormat(Qt.TextFormat.PlainText)
        self.unsaved.hide()
        self.recording = QLabel()
        self.recording.setTextFormat(Qt.TextFormat.PlainText)
        self.recording.hide()
        self.readable = QLabel("NOT ENCRYPTED")
        self.readable.setObjectName("error")
        self.beyond = QLabel()
        self.beyond.setTextFormat(Qt.TextFormat.PlainText)
        self.beyond.setObjectName("error")
        self.shelved = QLabel()
        self.rate = _button("", "")
        self.rate.clicked.connect(self.statistics_requested)
        self.not_understood = NotUnderstoodButton(monitor.counters)
        menus.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 2, 10, 2)
        row.setSpacing(12)
        # In a narrow window the menus fold first.
        row.addWidget(menus)
        row.addStretch(1)
        states = (
            self.failure,
            self.unsaved,
            self.recording,
            self.readable,
            self.beyond,
            self.account,
            *self.chips.values(),
            self.shelved,
            self.rate,
        )
        for widget in (*states, self.not_understood, self.drill, self.sound, self.time):
            row.addWidget(widget)
        settings.on_change(self.tick, "zone", "drill_hours")
        self.tick()

    def tick(self) -> None:
        """Once a second, and when something of it changed: ages, clock, the alarm path."""
        now_ms, zone = self._clock.now_ms(), zone_of(self._settings.values)
        live = "REPLAY" if self._monitor.is_replay else "LIVE"
        for channel, chip in self.chips.items():
            status = self._monitor.link_status(channel)
            chip.show_status(status, self._monitor.last_frame_ms(channel), now_ms, zone, live)
        moment = datetime.fromtimestamp(now_ms / SECOND_MS, zone)
        self.time.setText(f"{moment:%H:%M:%S} {moment.tzname()}")
        # A replay's own bar has it, and goes on faster than by the second.
        self.time.setHidden(self._monitor.is_replay)
        self.account.setText(self._monitor.user or "Not signed in")
        self.not_understood.show_count(zone)
        places = self._monitor.readable_places
        self.readable.setVisible(bool(places))
        self.readable.setToolTip(
            f"Everybody on the way to {' and '.join(places)} can read what signs in, and all data."
        )
        self._show_beyond()
        self._show_alarm_path()
        self._show_rate(now_ms)
        self._show_drill(now_ms)

    def show_unsaved(self, problems: Sequence[str]) -> None:
        """What of the profile the disk refuses, in words; none when all is saved."""
        self.unsaved.setToolTip("\n".join(problems))
        self.unsaved.setVisible(bool(problems))

    def show_recording(self, word: str, tip: str, is_trouble: bool) -> None:
        """Whether what comes in is kept: a word that stands, and a sentence; "" for nothing yet."""
        label = self.recording
        label.setText(word)
        label.setToolTip(tip)
        label.setVisible(bool(word))
        name = "error" if is_trouble else ""
        if label.objectName() != name:
            label.setObjectName(name)
            label.style().polish(label)

    def show_sound(self, state: str) -> None:
        """Whether alarms can be heard: the state, and after a colon the reason."""
        short, _, reason = state.partition(":")
        self.sound.setText(short)
        self.sound.setToolTip(f"{reason.strip()}. {_SOUND_TIP}" if reason else _SOUND_TIP)

    def _show_rate(self, now_ms: int) -> None:
        count = self._rate.last_hour(now_ms)
        noun = "alarm" if count == 1 else "alarms"
        self.rate.setText(f"{count:,} {noun}/h")
        self.rate.setAccessibleName(f"{count:,} {noun} in the last hour")
        too_many = " That is more than one person can handle." if count > BEARABLE_AN_HOUR else ""
        self.rate.setToolTip(
            f"{count:,} {noun} in the last hour; one person bears about {BEARABLE_AN_HOUR} "
            f"(ISA-18.2).{too_many} Click for the statistics."
        )

    def _show_beyond(self) -> None:
        count = self._monitor.fleet.beyond_count
        self.beyond.setVisible(count > 0)
        if count:
            self.beyond.setText(f"{count:,} DEVICE{'S' * (count != 1)} NOT SHOWN")
            self.beyond.setToolTip(
                f"The server speaks of more than {MOST_DEVICES:,} devices. Those that came last "
                "are not shown. Their alarms are."
            )

    def _show_alarm_path(self) -> None:
        service = self._monitor.alarm_service
        failing = service.pipeline.failing
        steps = ", ".join(step.value for step in failing)
        self.failure.setText(f"NOT WORKING: {steps}" if steps else "")
        self.failure.setToolTip(" ".join(failing.values()))
        self.failure.setVisible(bool(failing))
        count = len(service.alarms.shelved())
        self.shelved.setText(f"shelved {count}")
        self.shelved.setVisible(count > 0)

    def _show_drill(self, now_ms: int) -> None:
        if self._monitor.is_replay:
            self.drill.hide()  # it would prove the path of another window
            return
        proven_ms = self._monitor.alarm_service.proven_ms
        if proven_ms is None:
            self.drill.setText("Drill due")
            self.drill.setToolTip("The alarm path was never proven here. Click for a drill.")
            return
        values = self._settings.values
        proven = format_clock(proven_ms, zone_of(values))
        is_due = now_ms - proven_ms > values.drill_hours * HOUR_MS
        self.drill.setText("Drill due" if is_due else f"Proven {proven[:_TO_THE_MINUTE]}")
        self.drill.setToolTip(f"Alarm path proven {proven}. Click for a drill.")


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAutoRaise(True)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button
