"""A clock that runs faster than the wall, and that can be set: the program's time in a soak."""

import time

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.base.listeners import Listeners


class FastClock:
    """``speed`` seconds pass in each second since ``start_s`` (s since 1970), for all who share it.

    A program that starts again later finds the time gone on.
    """

    def __init__(self, start_s: float, speed: float) -> None:
        self.was_set: Listeners[[int]] = Listeners()
        self._start_s, self._speed = start_s, speed
        self._set_ms = 0

    def now_ms(self) -> int:
        """Wall time of the soak, ms since 1970 UTC."""
        return round((self._start_s + self._passed_s()) * SECOND_MS) + self._set_ms

    def monotonic_s(self) -> float:
        """Seconds of the soak since its start."""
        return self._passed_s()

    def asleep_s(self) -> float:
        """Nothing here sleeps; a program that is stopped finds a gap."""
        return 0.0

    def set_to(self, ahead_s: float) -> None:
        """Set the wall clock so far from the true time of the soak."""
        by_ms = round(ahead_s * SECOND_MS) - self._set_ms
        self._set_ms += by_ms
        self.was_set(by_ms)

    def _passed_s(self) -> float:
        return (time.time() - self._start_s) * self._speed
