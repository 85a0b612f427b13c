"""Lines that were not written because their reader was too slow: how many, and of which time."""

from tftmonitor.base.clock import to_iso
from tftmonitor.monitor.watch_format import Line

KIND = "left_out"


class LeftOut:
    """Counts them; times are ms since 1970."""

    def __init__(self) -> None:
        self.count = 0
        self._first_ms = 0
        self._last_ms = 0

    def add(self, received_ms: int) -> bool:
        """One more; True for the first one."""
        self.count += 1
        self._last_ms = received_ms
        if self.count == 1:
            self._first_ms = received_ms
        return self.count == 1

    @property
    def words(self) -> str:
        """What happened, for a person."""
        span = f"{to_iso(self._first_ms)} to {to_iso(self._last_ms)}"
        return f"{self.count} lines were left out, received {span}"

    def line(self, now_ms: int) -> Line:
        """The same for whoever reads the lines."""
        return {
            "received": to_iso(now_ms),
            "kind": KIND,
            "count": self.count,
            "first": to_iso(self._first_ms),
            "last": to_iso(self._last_ms),
        }
