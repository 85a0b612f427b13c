"""How good the positions and how dense the reports of a stretch are, in numbers."""

from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Final

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.history.export.rows import Row
from tftmonitor.history.export.xml_text import number
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.protocol.messages import Snapshot

_MOST: Final = 200_000
_SATELLITES: Final = STATUS_FIELDS.by_name["satellite_count"]
_HDOP: Final = STATUS_FIELDS.by_name["hdop"]


@dataclass(slots=True)
class Quality:
    """Collects what tells how far snapshots can be believed, of the first 200,000."""

    satellites: list[float] = field(default_factory=list)
    hdop: list[float] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    count: int = 0

    def add(self, row: Row) -> None:
        """Take what a push tells."""
        if not isinstance(row.push, Snapshot):
            return
        self.count += 1
        if self.count > _MOST:
            return
        status, now_ms = row.push.status, row.frame.received_ms
        for kept, told in ((self.satellites, _SATELLITES), (self.hdop, _HDOP)):
            value = told.read(status, now_ms)
            if isinstance(value, int | float):
                kept.append(float(value))
        if row.time_ms is not None:
            self.times.append(row.time_ms)

    def facts(self) -> dict[str, str]:
        """In words, for the manifest and the page."""
        times = sorted(self.times)
        gaps = [(late - early) / SECOND_MS for early, late in pairwise(times)]
        return {
            "satellites": self._span(self.satellites),
            "hdop": self._span(self.hdop),
            "interval_s": _words(gaps) if gaps else "not known",
        }

    def _span(self, values: list[float]) -> str:
        if not values:
            return "not reported"
        some = f"the first {_MOST} of " if self.count > _MOST else ""
        return f"{_words(values)}, reported by {len(values)} of {some}{self.count} snapshots"


def _words(values: list[float]) -> str:
    low, middle, high = (number(each, 1) for each in (min(values), median(values), max(values)))
    return f"{low} to {high}, half of them up to {middle}"
