"""The sound of alarms: once, repeated or as a reminder; and the state when none can be played."""

from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance

from tftmonitor.base.clock import Clock
from tftmonitor.base.paths import resource
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.alerts.sound_player import SoundPlayer

# Often enough not to be missed from the next room, with a pause to speak in.
REPEAT_S = 4.0
# A silenced alarm is still nobody's: a soft reminder a minute.
REMINDER_S = 60.0
# What is late or a reminder must not startle.
SOFT = 0.45
_TICK_MS = 1_000

_FILES = {
    Severity.CRITICAL: "critical.wav",
    Severity.HIGH: "high.wav",
    Severity.WARNING: "warning.wav",
    Severity.NOTICE: "warning.wav",
}


class Player(Protocol):
    """What plays one file; ``finished`` carries what went wrong, or ""."""

    @property
    def busy(self) -> bool:
        """True while something is being played."""
        ...

    @property
    def finished(self) -> SignalInstance:
        """Emitted after each sound."""
        ...

    def play(self, file: Path, volume: int, device: str = "") -> None:
        """Play at 0 to 100 percent, on the system's own device where none is named."""
        ...

    def close(self) -> None:
        """Stop for good."""
        ...


class AlarmSound(QObject):
    """Sounds for new alarms, repeats while a critical one waits, reminds after silence.

    ``state_changed`` carries the text for the top bar, as ``state``: "Sound on", "Sound off",
    "Silenced" or "No sound: why". It follows the settings by itself.
    """

    state_changed = Signal(str)

    def __init__(
        self,
        settings: SettingsStore,
        clock: Clock,
        player: Player | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._clock = clock
        self._player = SoundPlayer(parent=self) if player is None else player
        self._player.finished.connect(self._on_finished)
        self._waiting: Severity | None = None
        # What is played when the present sound ends: severity, and whether softly.
        self._queued: tuple[Severity, bool] | None = None
        self._late = False
        # By the journal, and by the key before the journal has it.
        self._silenced = False
        self._silence_requested = False
        self._due_s = 0.0
        self._problem = ""
        self._emitted_state = ""
        self._tick_timer = QTimer(self)
        self._tick_timer.setInterval(_TICK_MS)
        self._tick_timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._tick_timer.timeout.connect(self.tick)
        self._stop_listening = settings.on_change(
            self._emit_state, "sound", "volume", "sound_device"
        )

    @property
    def state(self) -> str:
        """Whether alarms can be heard, as a text."""
        if not self._settings.values.sound:
            return "Sound off"
        if self._problem:
            return f"No sound: {self._problem}"
        if self._waiting is not None and (self._silenced or self._silence_requested):
            return "Silenced"
        return "Sound on"

    def apply_changes(self, changes: Iterable[AlarmChange], book: OpenAlarms) -> None:
        """The sound's step of the alarm path: sound for what is new, follow what waits."""
        worst = book.total.worst_waiting
        top = list(takewhile(lambda alarm: alarm.severity is worst, book.unacknowledged()))
        all_late = all(alarm.late for alarm in top)
        silenced = all(alarm.silenced_ms is not None for alarm in top if alarm.late is all_late)
        self.set_waiting(worst, late=all_late, silenced=silenced)
        audible = [(c.alarm.severity, c.alarm.late) for c in changes if c.rings]
        if audible:
            # The worst speaks for all; of equals, one that is not late.
            severity, late = max(audible, key=lambda alarm: (alarm[0], not alarm[1]))
            self.annunciate(severity, late=late)

    def annunciate(self, severity: Severity, *, late: bool = False) -> None:
        """Sound for a new alarm, softly for a late one; it ends the silence of lesser ones."""
        if self._waiting is None or severity >= self._waiting:
            self._silence_requested = False
        self._schedule_next()
        self._play_or_queue(severity, soft=late)
        self._emit_state()

    def set_waiting(
        self, waiting: Severity | None, *, late: bool = False, silenced: bool = False
    ) -> None:
        """The worst severity that nobody acknowledged, None when there is none.

        ``late`` says that all of that severity are late, ``silenced`` that all were silenced.
        """
        if waiting is None:
            self._silence_requested = False
            self._queued = None
        before = (self._waiting, self._late, self._silenced)
        self._waiting, self._late, self._silenced = waiting, late, silenced
        if before != (waiting, late, silenced):
            self._schedule_next()
            if waiting is not None and waiting >= Severity.HIGH:
                self._tick_timer.start()
            else:
                self._tick_timer.stop()
        self._emit_state()

    def silence(self) -> None:
        """No more repeats of what waits now; it is not acknowledged by that.

        It works at once, before the journal has it.
        """
        if self._waiting is None:
            return
        self._silence_requested = True
        self._queued = None
        self._schedule_next()
        self._emit_state()

    def test(self) -> None:
        """Sound once, whatever the settings say, and learn whether it can be heard."""
        self._play(Severity.HIGH, soft=False)

    def tick(self) -> None:
        """Once a second while a critical or high alarm waits: repeat or remind when it is due."""
        if self._waiting is None or self._waiting < Severity.HIGH:
            return
        if self._clock.monotonic_s() < self._due_s:
            return
        self._schedule_next()
        self._play_or_queue(self._waiting, soft=not self._repeats)

    def close(self) -> None:
        """Stop for good."""
        self._stop_listening()
        self._tick_timer.stop()
        self._queued = None
        self._player.close()

    @property
    def _repeats(self) -> bool:
        """True while a critical alarm repeats at full volume."""
        quiet = self._late or self._silenced or self._silence_requested
        return self._waiting is Severity.CRITICAL and not quiet

    def _schedule_next(self) -> None:
        self._due_s = self._clock.monotonic_s() + (REPEAT_S if self._repeats else REMINDER_S)

    def _play_or_queue(self, severity: Severity, *, soft: bool) -> None:
        if not self._settings.values.sound:
            return
        if self._player.busy:
            # A worse one waits for the end of what is playing; the rest is covered by it.
            if self._queued is None or severity > self._queued[0]:
                self._queued = (severity, soft)
            return
        self._play(severity, soft=soft)

    def _play(self, severity: Severity, *, soft: bool) -> None:
        values = self._settings.values
        volume = round(values.volume * SOFT) if soft else values.volume
        self._player.play(resource("sounds", _FILES[severity]), volume, values.sound_device)

    def _on_finished(self, problem: str) -> None:
        self._problem = problem
        queued, self._queued = self._queued, None
        if queued is not None and not problem:
            severity, soft = queued
            self._play(severity, soft=soft)
        self._emit_state()

    def _emit_state(self) -> None:
        if self.state != self._emitted_state:
            self._emitted_state = self.state
            self.state_changed.emit(self._emitted_state)
