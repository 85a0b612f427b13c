"""Reads out of the journal what the statistics count."""

from collections.abc import Awaitable, Callable
from typing import Final

from tftmonitor.history.journal_query import JournalFilter
from tftmonitor.history.rows import JournalEntry
from tftmonitor.model.alarm_statistics import Occurrence
from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Raised
from tftmonitor.model.fields.formatting import one_line

Read = Callable[[int, JournalEntry | None, JournalFilter], Awaitable[list[JournalEntry]]]

MOST: Final = 100_000
"""More occurrences than that are not counted; the page says so."""
_AT_ONCE: Final = 5_000


async def read_occurrences(read: Read, from_ms: int) -> list[Occurrence]:
    """All since then, newest first, at most ``MOST``. Raises JournalError."""
    wanted = JournalFilter(kinds=("raised",), from_ms=from_ms)
    found: list[Occurrence] = []
    last: JournalEntry | None = None
    while len(found) < MOST:
        page = await read(_AT_ONCE, last, wanted)
        found += [each for entry in page if (each := occurrence_of(entry)) is not None]
        if len(page) < _AT_ONCE:
            break
        last = page[-1]
    return found


def occurrence_of(entry: JournalEntry) -> Occurrence | None:
    """What an entry says was raised; None for drills and for what cannot be read.

    Nor for notices, which ask nobody to act: those are events and no alarms.
    """
    event = entry.event
    if not isinstance(event, Raised) or event.source is Source.DRILL or entry.alarm_id is None:
        return None
    if event.severity is Severity.NOTICE:
        return None
    return Occurrence(
        event.at_ms,
        entry.alarm_id,
        one_line(event.name),
        event.severity,
        event.device,
        one_line(event.device_name or event.device or ""),
        event.key.partition(":")[0] if event.source is Source.RULE else "",
    )
