"""Wall and monotonic time in the program's units; every other module takes a Clock."""

import time
from datetime import UTC, datetime
from typing import Protocol

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


class Clock(Protocol):
    """The two clocks of the computer; tests pass one that they move by hand."""

    def now_ms(self) -> int:
        """Wall time, milliseconds since 1970 UTC."""
        ...

    def monotonic_s(self) -> float:
        """Seconds that never jump, from an arbitrary start."""
        ...


class SystemClock:
    """The computer's own clocks."""

    def now_ms(self) -> int:
        """Wall time, milliseconds since 1970 UTC."""
        return time.time_ns() // 1_000_000

    def monotonic_s(self) -> float:
        """Seconds that never jump, from an arbitrary start."""
        return time.monotonic()


class ManualClock:
    """A clock that stands until it is moved: for tests and for replayed time."""

    def __init__(self, now_ms: int = 1_795_000_000_000) -> None:
        self._now_ms = now_ms
        self._monotonic_s = 0.0

    def now_ms(self) -> int:
        """Wall time as last set, milliseconds since 1970 UTC."""
        return self._now_ms

    def monotonic_s(self) -> float:
        """Seconds advanced so far."""
        return self._monotonic_s

    def advance(self, seconds: float) -> None:
        """Move both clocks forward."""
        self._now_ms += round(seconds * SECOND_MS)
        self._monotonic_s += seconds

    def jump_wall(self, seconds: float) -> None:
        """Move the wall clock alone, as a suspended computer or a clock set by hand does."""
        self._now_ms += round(seconds * SECOND_MS)


def is_plausible(time_ms: float, now_ms: int) -> bool:
    """True when a device or server can have meant this time; others are "clock not set"."""
    return EARLIEST_TIME_MS <= time_ms <= now_ms + LATEST_AHEAD_MS


def is_believable(date_ms: int, received_ms: int) -> bool:
    """True when a clock that was set once can have said so of what came in now."""
    behind_ms = received_ms - date_ms
    return date_ms >= EARLIEST_TIME_MS and -LATEST_AHEAD_MS <= behind_ms <= LONGEST_STORED_MS


def to_iso(time_ms: int) -> str:
    """ISO 8601 in UTC with milliseconds and a trailing Z."""
    moment = datetime.fromtimestamp(time_ms / SECOND_MS, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time_ms % SECOND_MS:03d}Z"
