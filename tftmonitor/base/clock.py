"""Wall and monotonic time in the program's units; every other module takes a Clock."""

import sys
import threading
import time
from datetime import UTC, datetime
from time import monotonic, time_ns
from typing import Final, Protocol

from tftmonitor.base.listeners import Listeners

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

# The feed's devices did not exist before; 2000-01-01 and 1970-01-01 are clocks never set.
EARLIEST_TIME_MS = 1_262_304_000_000  # 2010-01-01 UTC
# A clock that was never set can also lie in the future (2080 was seen).
LATEST_AHEAD_MS = DAY_MS

LONGEST_STORED_MS = 180 * DAY_MS
"""No unit stores records for as long: a date before that is a clock that was never set."""


LEAST_SET_MS: Final = 10 * SECOND_MS
"""Whoever sets a clock by less moves nothing that anybody looks at."""

# The clock that runs on while the computer sleeps. On Windows the monotonic one does, so that a
# sleep is a gap of that.
_WITH_SLEEP: Final[int | None] = (
    time.CLOCK_MONOTONIC if sys.platform == "darwin" else getattr(time, "CLOCK_BOOTTIME", None)
)


class Clock(Protocol):
    """The clocks of the computer; tests pass one that they move by hand.

    ``was_set`` is called with the milliseconds by which the wall clock was set, as soon as anybody
    asks for the time after that, and before the answer.
    """

    was_set: Listeners[[int]]

    def now_ms(self) -> int:
        """Wall time, milliseconds since 1970 UTC."""
        ...

    def monotonic_s(self) -> float:
        """Seconds that never jump, from an arbitrary start."""
        ...

    def asleep_s(self) -> float:
        """Seconds that passed while the computer slept and ``monotonic_s`` stood."""
        ...


class SystemClock:
    """The computer's own clocks. The thread that makes it is told when they are set."""

    def __init__(self) -> None:
        self.was_set: Listeners[[int]] = Listeners()
        self._thread = threading.get_ident()
        self._expect(self._wall_ahead_ms())
        self._asleep_s = self.asleep_s()

    def now_ms(self) -> int:
        """Wall time, milliseconds since 1970 UTC."""
        now_ms = time_ns() // 1_000_000
        # Each message asks, so that nothing is judged by a clock that jumped unnoticed.
        if not self._least_ms < now_ms - monotonic() * 1_000 < self._most_ms:
            self._note_jump()
        return now_ms

    def monotonic_s(self) -> float:
        """Seconds that never jump, from an arbitrary start."""
        return monotonic()

    def asleep_s(self) -> float:
        """Seconds that passed while the computer slept and ``monotonic_s`` stood."""
        return 0.0 if _WITH_SLEEP is None else time.clock_gettime(_WITH_SLEEP) - monotonic()

    def _note_jump(self) -> None:
        if threading.get_ident() != self._thread:
            return
        apart_ms, asleep_s = self._wall_ahead_ms(), self.asleep_s()
        set_ms = apart_ms - self._apart_ms - (asleep_s - self._asleep_s) * SECOND_MS
        self._expect(apart_ms)
        self._asleep_s = asleep_s
        if abs(set_ms) >= LEAST_SET_MS:
            self.was_set(round(set_ms))

    def _expect(self, apart_ms: float) -> None:
        self._apart_ms = apart_ms
        self._least_ms, self._most_ms = apart_ms - LEAST_SET_MS, apart_ms + LEAST_SET_MS

    @staticmethod
    def _wall_ahead_ms() -> float:
        return time_ns() / 1_000_000 - monotonic() * SECOND_MS


class ManualClock:
    """A clock that stands until it is moved: for tests and for replayed time."""

    def __init__(self, now_ms: int = 1_795_000_000_000) -> None:
        self.was_set: Listeners[[int]] = Listeners()
        self._now_ms = now_ms
        self._monotonic_s = self._asleep_s = 0.0

    def now_ms(self) -> int:
        """Wall time as last set, milliseconds since 1970 UTC."""
        return self._now_ms

    def monotonic_s(self) -> float:
        """Seconds advanced so far."""
        return self._monotonic_s

    def asleep_s(self) -> float:
        """Seconds slept so far."""
        return self._asleep_s

    def advance(self, seconds: float) -> None:
        """Move both clocks forward."""
        self._now_ms += round(seconds * SECOND_MS)
        self._monotonic_s += seconds

    def jump_wall(self, seconds: float) -> None:
        """Move the wall clock alone, as one does who sets it."""
        self._now_ms += round(seconds * SECOND_MS)
        self.was_set(round(seconds * SECOND_MS))

    def sleep(self, seconds: float) -> None:
        """Move the clocks as a suspended computer does."""
        self._now_ms += round(seconds * SECOND_MS)
        self._asleep_s += seconds


def is_plausible(time_ms: float, now_ms: int) -> bool:
    """True when a device or server can have meant this time; others are "clock not set"."""
    return EARLIEST_TIME_MS <= time_ms <= now_ms + LATEST_AHEAD_MS


def is_believable(date_ms: int, received_ms: int) -> bool:
    """True when a clock that was set once can have said so of what came in now."""
    behind_ms = received_ms - date_ms
    return date_ms >= EARLIEST_TIME_MS and -LATEST_AHEAD_MS <= behind_ms <= LONGEST_STORED_MS


def to_iso(time_ms: int) -> str:
    """ISO 8601 in UTC with milliseconds and a trailing Z."""
    moment = datetime.fromtimestamp(time_ms // SECOND_MS, UTC)
    return f"{moment.isoformat()[:19]}.{time_ms % SECOND_MS:03d}Z"
