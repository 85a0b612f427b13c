"""When Python looks for garbage in cycles: in idle moments, and seldom while messages come in.

Whatever messages make has no cycles, and looking through thousands of devices stops the window
for 20 ms.
"""

import gc

# Collections of young objects, and then of all: by default they come a hundred times as often.
_THRESHOLDS = (50_000, 20, 100)
_IDLE_EVERY_S = 60.0
_BUSY_EVERY_S = 600.0


class GcScheduler:
    """Call ``settle`` once the program stands, and ``tick`` now and then."""

    def __init__(self) -> None:
        self._last_s: float | None = None

    def settle(self, now_s: float) -> None:
        """What exists by now lives to the end: it is never looked at again."""
        gc.enable()
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_THRESHOLDS)
        self._last_s = now_s

    def tick(self, now_s: float, *, idle: bool) -> bool:
        """Collect when it is time; True when it was."""
        if self._last_s is None:
            return False
        if now_s - self._last_s < (_IDLE_EVERY_S if idle else _BUSY_EVERY_S):
            return False
        gc.collect()
        self._last_s = now_s
        return True
