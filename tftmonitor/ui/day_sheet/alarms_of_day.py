"""The alarms of a day, out of the journal."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from tftmonitor.history.journal_query import JournalFilter
from tftmonitor.history.rows import JournalEntry
from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Raised
from tftmonitor.model.fields.formatting import one_line

Read = Callable[[int, JournalEntry | None, JournalFilter], Awaitable[list[JournalEntry]]]

MOST: Final = 500
"""More alarms of one device and day are not listed; the newest are."""
_AT_ONCE: Final = 5_000
_MOST_COUNTED: Final = 100_000


@dataclass(frozen=True, slots=True)
class DayAlarm:
    """One that was raised, at the time that it is about, ms since 1970."""

    at_ms: int
    severity: Severity
    name: str


async def read_alarms(read: Read, device: str, start_ms: int, end_ms: int) -> list[DayAlarm]:
    """Those of a device within a stretch, oldest first. Raises JournalError."""
    wanted = JournalFilter(device=device, kinds=("raised",), from_ms=start_ms, to_ms=end_ms)
    found = await read(MOST, None, wanted)
    return [
        DayAlarm(entry.event_ms, entry.event.severity, one_line(entry.event.name))
        for entry in reversed(found)
        if isinstance(entry.event, Raised) and entry.event.source is not Source.DRILL
    ]


async def count_alarms(read: Read, start_ms: int, end_ms: int) -> Counter[str]:
    """How many each device has within a stretch. Raises JournalError."""
    wanted = JournalFilter(kinds=("raised",), from_ms=start_ms, to_ms=end_ms)
    counts: Counter[str] = Counter()
    last: JournalEntry | None = None
    while counts.total() < _MOST_COUNTED:
        page = await read(_AT_ONCE, last, wanted)
        for entry in page:
            if isinstance(entry.event, Raised) and entry.event.source is not Source.DRILL:
                counts[entry.device or ""] += 1
        if len(page) < _AT_ONCE:
            break
        last = page[-1]
    return counts
