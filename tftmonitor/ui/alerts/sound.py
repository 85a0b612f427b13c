"""How alarms are heard: once, repeated or as a reminder; and what is said when nothing can be."""

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
# A silenced alarm is still nobody's: a soft word a minute.
NAG_S = 60.0
# What is late or a reminder must not startle.
SOFT = 0.45
_BEAT_MS = 1_000

_FILES = {
    Severity.CRITICAL: "critical.wav",
    Severity.HIGH: "high.wav",
    Severity.WARNING: "warning.wav",
    Severity.NOTICE: "warning.wav",
}


class Player(Protocol):
    """What plays one file; ``finished`` says what went wrong, or ""."""

    @property
    def busy(self) -> bool:
        """True while something is being played."""
        ...

    @property
    def finished(self) -> SignalInstance:
        """Told after each sound."""
        ...

    def play(self, file: Path, volume: int, device: str = "") -> None:
        """Play at 0 to 100 percent, on the system's own device where none is named."""
        ...

    def close(self) -> None:
        """Stop for good."""
        ...


class AlarmSound(QObject):
    """Rings for new alarms, repeats while a critical one waits, reminds after silence.

    ``state_changed`` carries words for the top bar, as ``state``: "Sound on", "Sound off",
    "Silenced" or "No sound: why".
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
        self._player.finished.connect(self._heard)
        self._waiting: Severity | None = None
        self._next: tuple[Severity, bool] | None = None
        self._late = False
        self._silenced = False
        self._hushed = False
        self._due_s = 0.0
        self._problem = ""
        self._told = ""
        self._tick_second = QTimer(self)
        self._tick_second.setInterval(_BEAT_MS)
        self._tick_second.setTimerType(Qt.TimerType.CoarseTimer)
        self._tick_second.timeout.connect(self.tick)

    @property
    def state(self) -> str:
        """Whether alarms can be heard, in words."""
        if not self._settings.values.sound:
            return "Sound off"
        if self._problem:
            return f"No sound: {self._problem}"
        if self._waiting is not None and (self._silenced or self._hushed):
            return "Silenced"
        return "Sound on"

    def take(self, changes: Iterable[AlarmChange], book: OpenAlarms) -> None:
        """The sound's step of the alarm path: ring for what is new, follow what waits."""
        worst = book.total.worst_waiting
        top = list(takewhile(lambda alarm: alarm.severity is worst, book.unacknowledged()))
        late = all(alarm.late for alarm in top)
        silenced = all(alarm.silenced_ms is not None for alarm in top if alarm.late is late)
        self.set_waiting(worst, late=late, silenced=silenced)
        ringing = [(c.alarm.severity, c.alarm.late) for c in changes if c.rings]
        if ringing:
            # The worst speaks for all; of equals, one that is not late.
            severity, soft = max(ringing, key=lambda alarm: (alarm[0], not alarm[1]))
            self.ring(severity, late=soft)

    def ring(self, severity: Severity, *, late: bool = False) -> None:
        """Sound for a new alarm, softly for a late one; it ends the silence of lesser ones."""
        if self._waiting is None or severity >= self._waiting:
            self._hushed = False
        self._plan()
        self._sound(severity, soft=late)
        self._tell()

    def set_waiting(
        self, waiting: Severity | None, *, late: bool = False, silenced: bool = False
    ) -> None:
        """The worst severity that nobody acknowledged, None when there is none.

        ``late`` says that all of that severity are late, ``silenced`` that all were silenced.
        """
        if waiting is None:
            self._hushed = False
            self._next = None
        before = (self._waiting, self._late, self._silenced)
        self._waiting, self._late, self._silenced = waiting, late, silenced
        if before != (waiting, late, silenced):
            self._plan()
            if waiting is not None and waiting >= Severity.HIGH:
                self._tick_second.start()
            else:
                self._tick_second.stop()
        self._tell()

    def silence(self) -> None:
        """No more repeats of what waits now; it is not acknowledged by that.

        It works at once, before the journal has it.
        """
        if self._waiting is None:
            return
        self._hushed = True
        self._next = None
        self._plan()
        self._tell()

    def test(self) -> None:
        """Sound once, whatever the settings say, and learn whether it can be heard."""
        self._play(Severity.HIGH, soft=False)

    def refresh(self) -> None:
        """The settings changed."""
        self._tell()

    def tick(self) -> None:
        """Once a second while a critical or high alarm waits: repeat or remind when it is due."""
        if self._waiting is None or self._waiting < Severity.HIGH:
            return
        if self._clock.monotonic_s() < self._due_s:
            return
        self._plan()
        self._sound(self._waiting, soft=not self._insists)

    def close(self) -> None:
        """Stop for good."""
        self._tick_second.stop()
        self._next = None
        self._player.close()

    @property
    def _insists(self) -> bool:
        """True while a critical alarm repeats at full volume."""
        quiet = self._late or self._silenced or self._hushed
        return self._waiting is Severity.CRITICAL and not quiet

    def _plan(self) -> None:
        self._due_s = self._clock.monotonic_s() + (REPEAT_S if self._insists else NAG_S)

    def _sound(self, severity: Severity, *, soft: bool) -> None:
        if not self._settings.values.sound:
            return
        if self._player.busy:
            # A worse one waits for the end of what is heard; the rest is covered by it.
            if self._next is None or severity > self._next[0]:
                self._next = (severity, soft)
            return
        self._play(severity, soft=soft)

    def _play(self, severity: Severity, *, soft: bool) -> None:
        values = self._settings.values
        volume = round(values.volume * SOFT) if soft else values.volume
        self._player.play(resource("sounds", _FILES[severity]), volume, values.sound_device)

    def _heard(self, problem: str) -> None:
        self._problem = problem
        waiting, self._next = self._next, None
        if waiting is not None and not problem:
            self._play(waiting[0], soft=waiting[1])
        self._tell()

    def _tell(self) -> None:
        if self.state != self._told:
            self._told = self.state
            self.state_changed.emit(self._told)
