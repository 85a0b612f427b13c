"""More notifications than one person can read become one that counts them."""

from collections import deque

from tftmonitor.base.clock import Clock
from tftmonitor.model.alarms.codes import Severity

# What one person can read: more within the window become one line that counts them.
FLOOD_WINDOW_S = 10.0
FLOOD_LIMIT = 5
# Critical ones come singly, up to where the desktop would drown in them.
CRITICAL_LIMIT = 20


class NotificationFlood:
    """Counts what was shown lately, and the alarms that were held back since the last pause."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._recent: deque[tuple[float, bool]] = deque()
        self._held_back: set[int] = set()
        self._worst = Severity.NOTICE
        self.latest = 0

    def admit(self, severity: Severity) -> bool:
        """True when one more of this severity may be shown singly; it is counted then."""
        now_s = self._clock.monotonic_s()
        while self._recent and now_s - self._recent[0][0] >= FLOOD_WINDOW_S:
            self._recent.popleft()
        critical = severity is Severity.CRITICAL
        limit = CRITICAL_LIMIT if critical else FLOOD_LIMIT
        if sum(kind == critical for _, kind in self._recent) >= limit:
            return False
        if not self._recent:
            # After a pause the next flood counts from one; the line of the last one may stand.
            self._held_back = set()
            self._worst = Severity.NOTICE
        self._recent.append((now_s, critical))
        return True

    def hold_back(self, alarm: int, severity: Severity) -> None:
        """Count this alarm instead of showing it."""
        self._held_back.add(alarm)
        self._worst = max(self._worst, severity)
        self.latest = alarm

    def discard(self, alarm: int) -> bool:
        """Count this alarm no more; True when it was counted."""
        if alarm not in self._held_back:
            return False
        self._held_back.discard(alarm)
        return True

    @property
    def summary(self) -> tuple[str, str, Severity] | None:
        """Title, body and severity of the one notification; None when none is held back."""
        count = len(self._held_back)
        if not count:
            return None
        noun = "alarm" if count == 1 else "alarms"
        body = f"Worst {self._worst.word}. All are in the window."
        return f"{count} more {noun}", body, self._worst
