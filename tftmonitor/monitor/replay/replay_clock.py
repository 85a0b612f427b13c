"""The time of a replay: it runs at a speed, stands, or is put to a moment."""

from collections.abc import Callable
from time import monotonic
from typing import Final

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.base.listeners import Listeners

SPEEDS: Final = (1, 2, 5, 10, 30, 60, 120, 300, 600)


class ReplayClock:
    """A Clock whose wall time is that of what is replayed.

    ``now_ms`` says how far the replay has come, and never more: whoever plays it moves it on, up to
    ``due_ms``. ``monotonic_s`` are the seconds of the computer, by which people see.
    """

    def __init__(self, start_ms: int, passed_s: Callable[[], float] = monotonic) -> None:
        self.was_set: Listeners[[int]] = Listeners()
        self._now_ms = start_ms
        self._passed_s = passed_s
        self._speed = 1.0
        # From where on it has run with this speed, and since when; None while it stands.
        self._began: tuple[float, float] | None = None

    @property
    def speed(self) -> float:
        """Seconds of the replay in one of the computer."""
        return self._speed

    @property
    def is_running(self) -> bool:
        """False while it stands."""
        return self._began is not None

    @property
    def due_ms(self) -> float:
        """How far the replay should have come by now, ms since 1970 UTC."""
        if self._began is None:
            return self._now_ms
        from_ms, since_s = self._began
        return from_ms + (self._passed_s() - since_s) * SECOND_MS * self._speed

    def now_ms(self) -> int:
        """The time of the replay, ms since 1970 UTC."""
        return self._now_ms

    def monotonic_s(self) -> float:
        """Seconds of the computer that never jump."""
        return self._passed_s()

    def asleep_s(self) -> float:
        """None: what the computer slept is nothing to a replay."""
        return 0.0

    def run(self) -> None:
        """Go on from where it stands."""
        if self._began is None:
            self.begin_anew()

    def stand(self) -> None:
        """Stand still where it is."""
        self._began = None

    def set_speed(self, speed: float) -> None:
        """Run so fast from now on."""
        self._speed = speed
        if self._began is not None:
            self.begin_anew()

    def move_to(self, now_ms: int) -> None:
        """It is so late in the replay; never earlier than before."""
        self._now_ms = max(self._now_ms, now_ms)

    def begin_anew(self) -> None:
        """What was not played in time is not made up for."""
        self._began = (self._now_ms, self._passed_s())
