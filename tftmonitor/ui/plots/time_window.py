"""The stretch of time that the plots show: following the newest sample, or held still."""

import math

DAY_S = 86_400.0
# The buttons, and what stands in the menu beside them.
WINDOWS_S = (300.0, 900.0, 3600.0, 21_600.0)
LONG_WINDOWS_S = (DAY_S, 7 * DAY_S, 30 * DAY_S, 91 * DAY_S, 366 * DAY_S)
DEFAULT_WINDOW_S = 900.0
# Closer than this one sample fills the screen; longer nothing is kept by default.
SHORTEST_S = 10.0
LONGEST_S = 366 * DAY_S
# While live the window moves on in steps of a sixtieth. Between steps the axis, the grid and
# a line without new samples need no drawing at all, and clock labels stand still for reading.
_STEPS = 60


class TimeWindow:
    """Start and end in seconds since 1970; live it follows ``follow(now)`` in coarse steps."""

    def __init__(self) -> None:
        self.live = True
        self.span = DEFAULT_WINDOW_S
        self.end = 0.0
        self._newest_end = 0.0

    @property
    def start(self) -> float:
        """The left edge."""
        return self.end - self.span

    def follow(self, now_s: float) -> None:
        """Take note of the time; a live window moves its end to the next step."""
        step = max(1.0, self.span / _STEPS)
        self._newest_end = math.ceil(now_s / step) * step
        if self.live:
            self.end = self._newest_end

    def hold(self) -> None:
        """Stay where it is from now on."""
        self.live = False

    def resume(self, now_s: float) -> None:
        """Follow again."""
        self.live = True
        self.follow(now_s)

    def resize(self, span: float) -> None:
        """Another length, with the same right edge."""
        self.span = min(max(span, SHORTEST_S), LONGEST_S)

    def zoom(self, factor: float, at: float) -> None:
        """Longer (factor above 1) or shorter around a moment; holds the window."""
        span = min(max(self.span * factor, SHORTEST_S), LONGEST_S)
        # The moment keeps its place on the screen.
        share = (self.end - at) / self.span
        self.hold()
        self.span = span
        self.end = min(at + share * span, self._newest_end)

    def pan(self, seconds: float) -> None:
        """Move into the past (negative) or towards now; holds the window."""
        self.hold()
        self.end = min(self.end + seconds, self._newest_end)
