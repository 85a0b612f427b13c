"""When Python looks for garbage in cycles: in idle moments, and never through what has grown old.

Whatever messages make has no cycles, and looking through a hundred thousand devices stops the
window for a quarter of a second.
"""

import gc
from typing import Final

# Collections of young objects, and then of all: by default they come a hundred times as often.
_THRESHOLDS: Final = (25_000, 1_000, 1_000)
# A collection of young objects has left something that may stay: some 25,000 objects.
_GROWN: Final = 1
_IDLE_EVERY_S: Final = 60.0
_BUSY_EVERY_S: Final = 600.0


class GcScheduler:
    """Call ``settle`` once the program stands, and ``tick`` each second or so."""

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
        """Collect when it is time, or when much has come; True when it was.

        Devices that join late are put aside as they come, a part at a time, so that no later
        collection goes through all of them. What of them should become garbage in a cycle stays:
        nothing that a fleet is made of does.
        """
        if self._last_s is None:
            return False
        has_grown = gc.get_count()[1] >= _GROWN
        if not has_grown and now_s - self._last_s < (_IDLE_EVERY_S if idle else _BUSY_EVERY_S):
            return False
        gc.collect()
        if has_grown:
            gc.freeze()
        self._last_s = now_s
        return True
