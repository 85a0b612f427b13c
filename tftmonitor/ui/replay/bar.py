"""The bar of a replay, which cannot be closed: that it is none of now, its time, and its keys."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.monitor.replay.replay_clock import SPEEDS
from tftmonitor.monitor.replay.stretch import Stretch
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.replay.track import ReplayTrack
from tftmonitor.ui.theme.theme import tabular
from tftmonitor.ui.widgets.wheel_guard import guard_wheel

WORD: Final = "REPLAY"
_TIP: Final = (
    "What you see was recorded and is played again. Nothing of it is live, recorded or sent: "
    "settings, rules and acknowledging hold for this replay alone. The live window goes on by "
    "itself, and its alarms ring there."
)


class ReplayBar(QWidget):
    """One row. It shows what it is given, and tells what somebody wants.

    ``moment_chosen`` carries ms since 1970 UTC, ``step_requested`` 1 or -1.
    """

    play_toggled = Signal()
    step_requested = Signal(int)
    speed_chosen = Signal(int)
    moment_chosen = Signal(object)
    skip_toggled = Signal(bool)
    sound_toggled = Signal(bool)
    close_requested = Signal()

    def __init__(
        self, stretch: Stretch, settings: SettingsStore, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("replayBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setToolTip(_TIP)
        self._settings = settings
        self._stretch = stretch
        self._now_ms = stretch.start_ms
        self.word = QLabel(WORD)
        self.word.setObjectName("replayWord")
        self.back = _button("◀|", "Step back to the push before")
        self.play = _button("Play", "Play or pause (Space)")
        self.step = _button("|▶", "Step to the next push of the chosen device")
        self.speed = QComboBox()
        for speed in SPEEDS:
            self.speed.addItem(f"{speed}x", speed)
        self.speed.setAccessibleName("Speed of the replay")
        guard_wheel(self.speed)
        self.time = QLabel()
        self.time.setObjectName("replayTime")
        self.time.setFont(tabular(self.time.font()))
        self.state = QLabel()
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.track = ReplayTrack()
        self.skip = QCheckBox("Skip gaps")
        self.skip.setToolTip("Go over stretches of a minute and more in which nothing came in")
        self.skip.setChecked(True)
        self.sound = QCheckBox("With sound")
        self.sound.setToolTip("Let the alarms of the replay sound")
        self.close_button = _button("Close", "Close the replay")
        self._arrange()
        self._connect()
        settings.on_change(self.show_zone, "zone")
        self.show_zone()

    def show_zone(self) -> None:
        """Another time zone holds."""
        zone, stretch = zone_of(self._settings.values), self._stretch
        self.track.show_stretch(stretch.start_ms, stretch.end_ms, stretch.gaps, zone)
        self.show_moment(self._now_ms)

    def show_moment(self, now_ms: int) -> None:
        """It is so late in the replay, ms since 1970 UTC."""
        self._now_ms = now_ms
        moment = datetime.fromtimestamp(now_ms / SECOND_MS, zone_of(self._settings.values))
        text = f"{moment:%Y-%m-%d %H:%M:%S} {moment.tzname()}"
        if text != self.time.text():
            self.time.setText(text)
        self.track.show_moment(now_ms)

    def show_state(self, text: str, speed: float, *, is_playing: bool) -> None:
        """Whether it plays, how fast, and in words what it does."""
        self.play.setText("Pause" if is_playing else "Play")
        self.state.setText(text)
        place = self.speed.findData(int(speed))
        if place != self.speed.currentIndex():
            self.speed.blockSignals(True)
            self.speed.setCurrentIndex(place)
            self.speed.blockSignals(False)

    @property
    def title(self) -> str:
        """The moment for the title of the window, to the minute."""
        moment = datetime.fromtimestamp(self._now_ms / SECOND_MS, zone_of(self._settings.values))
        return f"{WORD} {moment:%Y-%m-%d %H:%M}"

    def _arrange(self) -> None:
        told = QVBoxLayout()
        told.setSpacing(0)
        told.addWidget(self.time)
        told.addWidget(self.state)
        ticks = QVBoxLayout()
        ticks.setSpacing(0)
        ticks.addWidget(self.skip)
        ticks.addWidget(self.sound)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 10, 3)
        row.setSpacing(8)
        row.addWidget(self.word)
        row.addLayout(told)
        for widget in (self.back, self.play, self.step, self.speed):
            row.addWidget(widget)
        row.addWidget(self.track, 1)
        row.addLayout(ticks)
        row.addWidget(self.close_button)
        # The longest of its texts, so that nothing moves under the pointer.
        widest = self.play.fontMetrics().horizontalAdvance("Pause") + 26
        self.play.setMinimumWidth(widest)

    def _connect(self) -> None:
        self.play.clicked.connect(self.play_toggled)
        self.back.clicked.connect(lambda: self.step_requested.emit(-1))
        self.step.clicked.connect(lambda: self.step_requested.emit(1))
        self.speed.currentIndexChanged.connect(
            lambda _place: self.speed_chosen.emit(self.speed.currentData())
        )
        self.track.moment_chosen.connect(self.moment_chosen)
        self.track.moment_shown.connect(self.show_moment)
        self.skip.toggled.connect(self.skip_toggled)
        self.sound.toggled.connect(self.sound_toggled)
        self.close_button.clicked.connect(self.close_requested)


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
