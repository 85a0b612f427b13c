"""What one transaction of the journal holds; made by the alarm pipeline, written by the journal."""

from typing import Any

from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.events import AlarmChange, Event
from tftmonitor.model.alarms.known_reports import KnownReport

# While the disk is full: an hour of an alarm a second. Open alarms are all kept.
ENTRIES_KEPT = 3_600
ALARMS_KEPT = 10_000

# The first repeats are journalled each, then every tenth, then every hundredth: the alarm has
# the exact count, and a number that a device sends with every snapshot must not fill the disk.
_EACH_REPEAT = 10
_TENTH_REPEAT = 100


class JournalBatch:
    """Journal entries, the alarms as they are after them, and facts to remember by name.

    ``reports`` are to be known again when they come in once more. ``moves`` are former keys of
    devices, each with the key that all which is filed under it gets, after the rest was written.
    ``waiting`` are events that are not worked off yet, ``done`` the numbers of those that are by
    this batch.
    """

    def __init__(self) -> None:
        self.entries: list[tuple[Event, Alarm | None]] = []
        self.alarms: dict[int, Alarm] = {}
        self.facts: dict[str, Any] = {}
        self.reports: list[KnownReport] = []
        self.moves: list[tuple[str, str]] = []
        self.waiting: list[tuple[int, Event]] = []
        self.done: list[int] = []
        self.dropped = 0

    def __bool__(self) -> bool:
        return bool(
            self.entries
            or self.alarms
            or self.facts
            or self.reports
            or self.moves
            or self.waiting
            or self.done
        )

    def add_changes(self, changes: list[AlarmChange]) -> None:
        """Add what events made of alarms."""
        for change in changes:
            self.alarms[change.alarm.id] = change.alarm
            if not change.counted or _is_worth_a_row(change.alarm.count):
                self.entries.append((change.event, change.alarm))

    def add_event(self, event: Event) -> None:
        """Add an event that is about no alarm."""
        self.entries.append((event, None))

    def copy(self) -> "JournalBatch":
        """A batch with the same contents, which another thread may read."""
        made = JournalBatch()
        made.entries, made.reports = list(self.entries), list(self.reports)
        made.alarms, made.facts = dict(self.alarms), dict(self.facts)
        made.moves, made.dropped = list(self.moves), self.dropped
        made.waiting, made.done = list(self.waiting), list(self.done)
        return made

    def merge(self, later: "JournalBatch") -> None:
        """Append a later batch; of too many entries, and closed alarms, the oldest are given up.

        They are counted. Open alarms are never given up.
        """
        self.entries += later.entries
        self.alarms |= later.alarms
        self.facts |= later.facts
        self.reports = [*self.reports, *later.reports][-ENTRIES_KEPT:]
        self.moves += later.moves
        self.done += later.done
        over = set(self.done)
        self.waiting = [n for n in (*self.waiting, *later.waiting) if n[0] not in over]
        excess = max(0, len(self.entries) - ENTRIES_KEPT)
        del self.entries[:excess]
        self.dropped += excess + later.dropped + self._drop_closed()

    def _drop_closed(self) -> int:
        excess = len(self.alarms) - ALARMS_KEPT
        if excess <= 0:
            return 0
        closed = [number for number, alarm in self.alarms.items() if not alarm.is_open][:excess]
        for number in closed:
            del self.alarms[number]
        return len(closed)


def _is_worth_a_row(count: int) -> bool:
    if count <= _EACH_REPEAT:
        return True
    return count % (10 if count <= _TENTH_REPEAT else 100) == 0
