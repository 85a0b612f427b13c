"""The usual reporting interval of each device, learned from its own data, by what it does."""

import enum
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.model.coverage import OVERDUE_FACTOR
from tftmonitor.model.fleet.activity import Activity

# Before a device's own interval is learned.
DRIVING_MS = 10 * MINUTE_MS
PARKED_MS = 65 * MINUTE_MS

# Below this the network's own delays would make a device look overdue.
SHORTEST_MS = 10 * SECOND_MS
# Beyond this the device was out of reach, and did not report "usually".
LONGEST_MS = 48 * HOUR_MS
_KEPT = 16
_LEAST = 4
# What was called overdue teaches nothing, unless it repeats: so often, over so long, alike but for
# one in so many, and with not many more of the usual intervals between.
_HABIT_COUNT = 4
_HABIT_MS = 2 * HOUR_MS
_HABIT_EXCEPTIONS = 8
_HABIT_KEPT = 100
_USUAL_BETWEEN = 2
# Nobody worries for as long, so such intervals are learned at once.
_NEVER_OVERDUE_MS = 2 * MINUTE_MS
# One step of learning makes an interval at most longer by this factor: its normal spread.
_SPREAD = 1.5
# As many changes as a driving unit with a jittery interval makes in the hours that are plotted.
_CHANGES_KEPT = 400

Seconds = npt.NDArray[np.float64]


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


@dataclass(frozen=True, slots=True)
class UsualIntervals:
    """A device's usual interval now, ``present_s``, and at any time before, in seconds.

    From ``since_s[i]`` on (s since 1970, rising) it was ``each_s[i]``, before the first of them
    what it was then.
    """

    present_s: float
    since_s: tuple[float, ...] = ()
    each_s: tuple[float, ...] = ()

    def at(self, times_s: npt.NDArray[np.floating]) -> Seconds:
        """The intervals that were in force at these times, shape (n,)."""
        if not self.since_s:
            return np.full(len(times_s), self.present_s)
        places = np.searchsorted(self.since_s, times_s, side="right") - 1
        return np.asarray(self.each_s)[np.maximum(places, 0)]


@dataclass(slots=True)
class _Habit:
    """Intervals of one pace that were overdue, and how many usual ones came between."""

    intervals: list[int]
    usual_between: int = 0

    @property
    def is_proven(self) -> bool:
        """True when there are enough, over hours, and alike."""
        intervals = self.intervals
        if len(intervals) < _HABIT_COUNT or sum(intervals) < _HABIT_MS:
            return False
        middle_ms = sorted(intervals)[len(intervals) // 2]
        alike = sum(middle_ms / _SPREAD <= each <= middle_ms * _SPREAD for each in intervals)
        return len(intervals) - alike <= len(intervals) // _HABIT_EXCEPTIONS


# Shared by the many devices without any; never written to.
_NO_HABITS: dict[int, _Habit] = {}


class Cadence:
    """One device's intervals. All are differences of the device's own times, so that a burst of
    stored frames, sent in seconds, teaches the interval at which they were taken.

    The usual interval is the second longest of the last sixteen: corners and events make short
    ones, which say nothing about when to worry, and a single long one is an exception. What was
    overdue is learned only when it repeats as a habit over hours, and then, too, step by step.

    Which interval was in force when is kept, for what is past is judged by that.
    """

    __slots__ = ("_changes", "_habits", "_intervals", "_usual")

    def __init__(self) -> None:
        # By pace; thousands of devices have one each, so it is kept small.
        self._intervals: list[array[int] | None] = [None] * len(Pace)
        self._usual = _DEFAULTS
        self._habits: dict[int, _Habit] = _NO_HABITS
        # In turns a time and the interval in force from then on, in ms; None before any change.
        self._changes: array[int] | None = None

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
        if count > _KEPT:
            dropped_ms = kept.pop(0)
            # On the way to a habit each interval is a step.
            if not self._habits and _changes_nothing(dropped_ms, interval_ms, self._usual[pace]):
                return
        if count >= _LEAST:
            usual_ms = max(SHORTEST_MS, sorted(kept)[-2])
            if usual_ms != self._usual[pace]:
                self._set_usual(pace, min(usual_ms, self._step_ms(pace)))

    def _step_ms(self, pace: int) -> int:
        """The longest that may be usual after one more interval."""
        return round(self._usual[pace] * _SPREAD)

    def _set_usual(self, pace: int, usual_ms: int) -> None:
        usual = list(self._usual)
        usual[pace] = usual_ms
        self._usual = tuple(usual)

    def _is_overdue(self, pace: int, interval_ms: int) -> bool:
        """True for an interval that is not to be learned as a usual one."""
        habit = self._habits.get(pace)
        if interval_ms <= max(OVERDUE_FACTOR * self._usual[pace], _NEVER_OVERDUE_MS):
            if habit is not None:
                self._note_usual(pace, habit)
            return False
        if habit is None:
            if self._habits is _NO_HABITS:
                self._habits = {}
            habit = self._habits[pace] = _Habit([])
        habit.intervals.append(interval_ms)
        del habit.intervals[:-_HABIT_KEPT]
        if habit.is_proven:
            self._adopt(pace, habit)
        return True

    def _adopt(self, pace: int, habit: _Habit) -> None:
        """Learn a habit: at once where nothing was learned before, else one step at a time."""
        was_learned = self.is_learned(pace)
        kept = self._intervals[pace] = array("i", habit.intervals[-_KEPT:])
        usual_ms = max(SHORTEST_MS, sorted(kept)[-2])
        if was_learned:
            # What is still overdue after this step is the next one.
            usual_ms = min(usual_ms, self._step_ms(pace))
        else:
            del self._habits[pace]
        self._set_usual(pace, usual_ms)

    def _note_usual(self, pace: int, habit: _Habit) -> None:
        """A usual interval between overdue ones; many of them say that these are no habit."""
        habit.usual_between += 1
        if habit.usual_between > _USUAL_BETWEEN * len(habit.intervals):
            del self._habits[pace]

    def note_change(self, since_ms: int, interval_ms: int) -> None:
        """From this time on (ms since 1970) this interval is in force: that of what it does."""
        changes = self._changes
        if changes is None:
            changes = self._changes = array("q")
        # Where a clock went back, the times after that were never.
        while changes and changes[-2] >= since_ms:
            del changes[-2:]
        changes.extend((since_ms, interval_ms))
        if len(changes) > 2 * _CHANGES_KEPT:
            # Seldom, because all that follow move.
            del changes[: _CHANGES_KEPT // 2 * 2]

    def interval_at(self, time_ms: int, present_ms: int) -> int:
        """The interval that was in force at a time; ``present_ms`` is that of now."""
        changes = self._changes
        if not changes:
            return present_ms
        return changes[2 * max(bisect_right(changes[::2], time_ms) - 1, 0) + 1]

    def in_force(self, present_ms: int) -> UsualIntervals:
        """The interval that was in force at any time; ``present_ms`` is that of now."""
        changes = [each / SECOND_MS for each in self._changes or ()]
        return UsualIntervals(present_ms / SECOND_MS, tuple(changes[::2]), tuple(changes[1::2]))

    def usual_ms(self, pace: int) -> int:
        """The usual interval in this pace, the default until it is learned."""
        return self._usual[pace]

    def is_learned(self, pace: int) -> bool:
        """True once enough intervals of this pace were seen."""
        return len(self._intervals[pace] or ()) >= _LEAST

    @property
    def has_habits(self) -> bool:
        """True while overdue intervals are looked at, which may become a habit."""
        return bool(self._habits)

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
