"""The usual reporting interval of each device, learned from its own data, by what it does."""

import enum
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.model.fleet.activity import OVERDUE_FACTOR, Activity

# Before a device's own interval is learned.
DRIVING_MS = 10 * MINUTE_MS
PARKED_MS = 65 * MINUTE_MS

# Below this the network's own delays would make a device look overdue.
SHORTEST_MS = 10 * SECOND_MS
# Beyond this the device was out of reach, and did not report "usually".
LONGEST_MS = 48 * HOUR_MS
_KEPT = 16
_LEAST = 4
# What was called overdue teaches nothing, unless it repeats: so often, over so long, and with not
# many more of the usual intervals between.
_HABIT_COUNT = 4
_HABIT_MS = 2 * HOUR_MS
_USUAL_BETWEEN = 2
# Nobody worries for as long, so such intervals are learned at once.
_NEVER_OVERDUE_MS = 2 * MINUTE_MS
# One step of learning makes an interval at most longer by this factor: its normal spread.
_SPREAD = 1.5


class Pace(enum.IntEnum):
    """What a device does, as far as its reporting interval goes."""

    DRIVING = 0
    PARKED = 1
    SLEEPING = 2


DEFAULTS_MS = {Pace.DRIVING: DRIVING_MS, Pace.PARKED: PARKED_MS, Pace.SLEEPING: PARKED_MS}
_DEFAULTS = tuple(DEFAULTS_MS[pace] for pace in Pace)


def pace_of(activity: Activity, asleep: bool) -> Pace:
    """The pace that an activity goes with; ``asleep`` is a unit whose GNSS sleeps."""
    if activity is Activity.MOVING or activity is Activity.IDLING:
        return Pace.DRIVING
    return Pace.SLEEPING if asleep else Pace.PARKED


@dataclass(slots=True)
class _Habit:
    """Intervals of one pace that were overdue, and how many usual ones came between."""

    intervals: list[int]
    usual_between: int = 0


# Shared by the many devices without any; never written to.
_NO_HABITS: dict[int, _Habit] = {}


class Cadence:
    """One device's intervals. All are differences of the device's own times, so that a burst of
    stored frames, sent in seconds, teaches the interval at which they were taken.

    The usual interval is the second longest of the last sixteen: corners and events make short
    ones, which say nothing about when to worry, and a single long one is an exception. What was
    overdue is learned only when it repeats as a habit over hours.
    """

    __slots__ = ("_habits", "_intervals", "_usual")

    def __init__(self) -> None:
        # By pace; thousands of devices have one each, so it is kept small.
        self._intervals: list[array[int] | None] = [None] * len(Pace)
        self._usual = _DEFAULTS
        self._habits: dict[int, _Habit] = _NO_HABITS

    def learn(self, pace: int, interval_ms: int) -> None:
        """Learn from two successive live frames of the same pace."""
        if not 0 < interval_ms <= LONGEST_MS:
            return
        # Most intervals are so short that nothing has to be asked.
        is_asked = interval_ms > _NEVER_OVERDUE_MS or self._habits
        if is_asked and self._is_overdue(pace, interval_ms):
            return
        kept = self._intervals[pace]
        if kept is None:
            kept = self._intervals[pace] = array("i")  # two days are far below its limit
        kept.append(interval_ms)
        count = len(kept)
        if count > _KEPT and _changes_nothing(kept.pop(0), interval_ms, self._usual[pace]):
            return
        if count >= _LEAST:
            usual = list(self._usual)
            longest_ms = LONGEST_MS if count == _LEAST else round(usual[pace] * _SPREAD)
            usual[pace] = min(longest_ms, max(SHORTEST_MS, sorted(kept)[-2]))
            self._usual = tuple(usual)

    def _is_overdue(self, pace: int, interval_ms: int) -> bool:
        """True for an interval that is not to be learned; a habit begins the learning anew."""
        if interval_ms <= max(OVERDUE_FACTOR * self._usual[pace], _NEVER_OVERDUE_MS):
            self._note_usual(pace)
            return False
        if self._habits is _NO_HABITS:
            self._habits = {}
        habit = self._habits.setdefault(pace, _Habit([]))
        habit.intervals.append(interval_ms)
        if len(habit.intervals) >= _HABIT_COUNT and sum(habit.intervals) >= _HABIT_MS:
            self._intervals[pace] = array("i", habit.intervals[-_LEAST:-1])
            del self._habits[pace]
            return False
        return True

    def _note_usual(self, pace: int) -> None:
        """A usual interval between overdue ones; many of them say that these are no habit."""
        habit = self._habits.get(pace)
        if habit is None:
            return
        habit.usual_between += 1
        if habit.usual_between > _USUAL_BETWEEN * len(habit.intervals):
            del self._habits[pace]

    def usual_ms(self, pace: int) -> int:
        """The usual interval in this pace, the default until it is learned."""
        return self._usual[pace]

    def is_learned(self, pace: Pace) -> bool:
        """True once enough intervals of this pace were seen."""
        return len(self._intervals[pace] or ()) >= _LEAST

    def export(self) -> dict[str, list[int]]:
        """The intervals by pace, to be kept across restarts."""
        return {pace.name.lower(): list(kept) for pace in Pace if (kept := self._intervals[pace])}

    def restore(self, exported: Mapping[str, Iterable[int]]) -> None:
        """Take back what ``export`` gave; paces of another version are ignored."""
        for name, intervals in exported.items():
            pace = next((pace for pace in Pace if pace.name.lower() == name), None)
            if pace is not None:
                for interval_ms in intervals:
                    self.learn(pace, int(interval_ms))


def _changes_nothing(dropped_ms: int, added_ms: int, usual_ms: int) -> bool:
    """True when the second longest stays what it is, which spares sorting for most frames."""
    if dropped_ms == added_ms:
        return True
    # At the least that is usual, the second longest may be anything up to it.
    below = dropped_ms < usual_ms or dropped_ms == usual_ms == SHORTEST_MS
    return below and added_ms <= usual_ms
